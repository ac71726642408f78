package io.featurebeam.dataset;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows by a seeded hash of their key, so that all rows of a key are in one part, and remain there
 * when data grows.
 *
 * <pre>{@code
 * KeySplit.by("user").share("train", 0.8).share("validation", 0.1).rest("test").withSeed(7)
 * }</pre>
 *
 * <p>A share is one of keys, not of rows: a key of many rows is in one part with all of them. Parts
 * are stretches of the hash in their order, so keys stay in a part as long as its share and those
 * before it stay: to halve the last part, or to rename it, moves no key of the others.
 *
 * <p>Null is a value of a key like any other, and so is NaN; 3 and 3.0 are equal, and so are 0.0
 * and -0.0. The columns of a key are taken by their names, so their order does not matter.
 *
 * <p>A part may be split further by time ({@link #within}), such as that of the keys to train with,
 * whose later rows validate. The parts of that stand in its place; a name may be in several, such
 * as one that nobody uses: the later rows of the first keys and the earlier ones of the last.
 *
 * @param keys the columns, which must not be lists
 * @param seed another seed gives another, independent choice
 * @param parts but the last
 * @param rest takes the keys that are left, which must be some
 * @param within parts that are split by time
 */
public record KeySplit(
    List<String> keys, long seed, List<Part> parts, String rest, Map<String, TimeSplit> within)
    implements Split {

  private static final long serialVersionUID = 1L;

  /**
   * A part of the keys.
   *
   * @param share of all keys, above 0 and below 1
   */
  public record Part(String name, double share) implements Serializable {

    private static final long serialVersionUID = 1L;

    public Part {
      Splitter.checkName(name);
      if (!(share > 0 && share < 1)) {
        throw new IllegalArgumentException(
            "Invalid share of '" + name + "': " + share + " (must be above 0 and below 1)");
      }
    }
  }

  public KeySplit {
    keys = List.copyOf(new TreeSet<>(keys));
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("Missing keys: a split by key needs at least one column");
    }
    Splitter.checkName(rest);
    parts = List.copyOf(parts);
    List<String> names = names(parts, rest);
    if (Set.copyOf(names).size() < names.size()) {
      throw new IllegalArgumentException(
          "Invalid names: " + String.join(", ", names) + " (must be unique)");
    }
    BigDecimal sum = sum(parts);
    if (sum.compareTo(BigDecimal.ONE) >= 0) {
      throw new IllegalArgumentException(
          "Invalid shares: "
              + sum
              + " together leave nothing for '"
              + rest
              + "' (must be below 1)");
    }
    within = Collections.unmodifiableMap(new LinkedHashMap<>(within));
    for (String name : within.keySet()) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "Unknown part: '" + name + "' (must be one of " + String.join(", ", names) + ")");
      }
    }
  }

  private static List<String> names(List<Part> parts, String rest) {
    return Stream.concat(parts.stream().map(Part::name), Stream.of(rest)).toList();
  }

  private static BigDecimal sum(List<Part> parts) {
    return parts.stream()
        .map(part -> BigDecimal.valueOf(part.share()))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** A split by these columns, given its parts next. */
  public static Builder by(String... keys) {
    return new Builder(List.of(keys));
  }

  /** The same of a collection. */
  public static Builder by(Collection<String> keys) {
    return new Builder(List.copyOf(keys));
  }

  /** 0 unless told otherwise. */
  public KeySplit withSeed(long newSeed) {
    return new KeySplit(keys, newSeed, parts, rest, within);
  }

  /** Splits the rows of one part by time. */
  public KeySplit within(String part, TimeSplit split) {
    Map<String, TimeSplit> all = new LinkedHashMap<>(within);
    all.put(part, Objects.requireNonNull(split, "split is null"));
    return new KeySplit(keys, seed, parts, rest, all);
  }

  @Override
  public List<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (String part : names(parts, rest)) {
      TimeSplit split = within.get(part);
      names.addAll(split == null ? List.of(part) : split.names());
    }
    return List.copyOf(names);
  }

  @Override
  public List<String> columns() {
    Set<String> columns = new LinkedHashSet<>(keys);
    within.values().forEach(split -> columns.addAll(split.columns()));
    return List.copyOf(columns);
  }

  @Override
  public Splitter bind(RecordSchema schema) {
    return new Keys(schema, this);
  }

  private static final class Keys extends Splitter {
    private final RowHash hash;
    private final Shares shares;
    private final List<Piece> pieces = new ArrayList<>();

    /** What a stretch of the hash is: one part, or several by time. */
    private static final class Piece {
      final @Nullable Splitter times;
      final int[] codes;

      Piece(@Nullable Splitter times, int[] codes) {
        this.times = times;
        this.codes = codes;
      }
    }

    Keys(RecordSchema schema, KeySplit split) {
      super(schema, split.names());
      this.hash = RowHash.of(schema, split.keys, split.seed);
      this.shares = Shares.of(split.parts.stream().map(Part::share).toList());
      for (String part : KeySplit.names(split.parts, split.rest)) {
        TimeSplit times = split.within.get(part);
        List<String> names = times == null ? List.of(part) : times.names();
        pieces.add(
            new Piece(
                times == null ? null : times.bind(schema),
                names.stream().mapToInt(split.names()::indexOf).toArray()));
      }
    }

    @Override
    public int[] parts(RecordBatch batch) {
      int[][] times = new int[pieces.size()][];
      for (int p = 0; p < times.length; p++) {
        Splitter splitter = pieces.get(p).times;
        times[p] = splitter == null ? new int[batch.size()] : splitter.parts(batch);
      }
      long[] hashes = hash.of(batch);
      int[] result = new int[hashes.length];
      for (int row = 0; row < result.length; row++) {
        int piece = shares.find(hashes[row]);
        int part = times[piece][row];
        result[row] = part == NONE ? NONE : pieces.get(piece).codes[part];
      }
      return result;
    }
  }

  /** Takes parts in their order, which counts. */
  public static final class Builder {
    private final List<String> keys;
    private final List<Part> parts = new ArrayList<>();

    private Builder(List<String> keys) {
      this.keys = keys;
    }

    /** A part of this share of all keys. */
    public Builder share(String name, double share) {
      parts.add(new Part(name, share));
      return this;
    }

    /** The part of all other keys. */
    public KeySplit rest(String name) {
      return new KeySplit(keys, 0, parts, name, Map.of());
    }
  }
}
