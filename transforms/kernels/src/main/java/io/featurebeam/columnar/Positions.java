package io.featurebeam.columnar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where each record of a batch was read: a source (a file, or a topic and partition) and a place in
 * it (row, line or offset, counted from 0). Contiguous rows of one source take no memory per
 * record.
 */
public final class Positions {

  private static final Positions UNKNOWN = new Positions(List.of(), null, 0, null);

  private final List<String> sources;
  private final int @Nullable [] sourceOf;
  private final long first;
  private final long @Nullable [] places;

  private Positions(
      List<String> sources, int @Nullable [] sourceOf, long first, long @Nullable [] places) {
    this.sources = sources;
    this.sourceOf = sourceOf;
    this.first = first;
    this.places = places;
  }

  /** Records that no source position is known of, such as computed ones. */
  public static Positions unknown() {
    return UNKNOWN;
  }

  /** Consecutive places of one source, from {@code first}. */
  public static Positions contiguous(String source, long first) {
    return new Positions(List.of(source), null, first, null);
  }

  /** One place per record, all of one source; takes ownership of {@code places}. */
  public static Positions of(String source, long[] places) {
    return new Positions(List.of(source), null, 0, places);
  }

  /**
   * One source (an index into {@code sources}) and place per record; takes ownership of the arrays.
   */
  public static Positions of(List<String> sources, int[] sourceOf, long[] places) {
    return new Positions(List.copyOf(sources), sourceOf, 0, places);
  }

  public boolean isKnown() {
    return !sources.isEmpty();
  }

  /** The distinct sources. */
  public List<String> sources() {
    return sources;
  }

  /** The same places with the sources under other names. */
  public Positions withSources(UnaryOperator<String> renamed) {
    return new Positions(sources.stream().map(renamed).toList(), sourceOf, first, places);
  }

  /** The source of a record, or the empty string if unknown. */
  public String source(int row) {
    return sources.isEmpty() ? "" : sources.get(sourceIndex(row));
  }

  int sourceIndex(int row) {
    return sourceOf == null ? 0 : sourceOf[row];
  }

  /** The place of a record in its source, or -1 if unknown. */
  public long place(int row) {
    return sources.isEmpty() ? -1 : places == null ? first + row : places[row];
  }

  /** Arrays may be longer than the batch, not shorter. */
  void checkSize(int size) {
    int known = places == null ? size : places.length;
    if (sourceOf != null) {
      known = Math.min(known, sourceOf.length);
    }
    if (known < size) {
      throw new IllegalArgumentException("Positions of " + known + " records for " + size);
    }
  }

  boolean isContiguous() {
    return places == null;
  }

  public Positions gather(int[] rows) {
    if (sources.isEmpty()) {
      return this;
    }
    long[] newPlaces = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      newPlaces[i] = place(rows[i]);
    }
    int[] newSources = null;
    if (sourceOf != null) {
      newSources = new int[rows.length];
      for (int i = 0; i < rows.length; i++) {
        newSources[i] = sourceOf[rows[i]];
      }
    }
    return new Positions(sources, newSources, 0, newPlaces);
  }

  public Positions slice(int from, int to) {
    if (sources.isEmpty()) {
      return this;
    }
    return new Positions(
        sources,
        sourceOf == null ? null : Arrays.copyOfRange(sourceOf, from, to),
        first + from,
        places == null ? null : Arrays.copyOfRange(places, from, to));
  }

  /** One after the other; unknown if those of any part that has records are. */
  static Positions concat(List<Positions> parts, int[] sizes) {
    int total = 0;
    boolean adjacent = true;
    Positions head = UNKNOWN;
    for (int p = 0; p < sizes.length; p++) {
      Positions part = parts.get(p);
      if (sizes[p] == 0) {
        continue;
      }
      if (part.sources.isEmpty()) {
        return UNKNOWN;
      }
      head = total == 0 ? part : head;
      adjacent &=
          part.places == null
              && part.sources.equals(head.sources)
              && part.first == head.first + total;
      total += sizes[p];
    }
    if (adjacent) {
      return head;
    }
    List<String> sources = new ArrayList<>();
    int[] sourceOf = new int[total];
    long[] places = new long[total];
    int at = 0;
    for (int p = 0; p < sizes.length; p++) {
      if (sizes[p] == 0) {
        continue;
      }
      Positions part = parts.get(p);
      int[] translation = new int[part.sources.size()];
      for (int s = 0; s < translation.length; s++) {
        int known = sources.indexOf(part.sources.get(s));
        if (known < 0) {
          known = sources.size();
          sources.add(part.sources.get(s));
        }
        translation[s] = known;
      }
      for (int i = 0; i < sizes[p]; i++) {
        sourceOf[at] = translation[part.sourceIndex(i)];
        places[at++] = part.place(i);
      }
    }
    return new Positions(List.copyOf(sources), sources.size() == 1 ? null : sourceOf, 0, places);
  }

  /** Whether the first {@code size} records have the same positions. */
  boolean equal(Positions other, int size) {
    if (sources.isEmpty() || other.sources.isEmpty()) {
      return sources.isEmpty() == other.sources.isEmpty();
    }
    for (int i = 0; i < size; i++) {
      if (place(i) != other.place(i) || !Objects.equals(source(i), other.source(i))) {
        return false;
      }
    }
    return true;
  }
}
