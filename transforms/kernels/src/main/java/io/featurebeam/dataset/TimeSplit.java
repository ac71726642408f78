package io.featurebeam.dataset;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Micros;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Rows by their time: the first part takes those before its end, the next those before its own, and
 * the last the rest. A row without a time belongs to none.
 *
 * <pre>{@code
 * TimeSplit.by("at")
 *     .until("train", Instant.parse("2025-01-01T00:00:00Z"))
 *     .until("validation", Instant.parse("2025-02-01T00:00:00Z"))
 *     .rest("test")
 * }</pre>
 *
 * <p>A row at an end belongs to the part after it. A part's name may come again: train, a gap that
 * nobody uses, test, the same gap.
 *
 * @param column a timestamp or a date, of which the midnight in UTC counts
 * @param parts at least one, their ends ascending
 * @param rest takes what is at the last end or after it
 */
public record TimeSplit(String column, List<Part> parts, String rest) implements Split {

  private static final long serialVersionUID = 1L;
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  /**
   * The rows before a time and not before that of the part before.
   *
   * @param end not part of it
   */
  public record Part(String name, Instant end) implements Serializable {

    private static final long serialVersionUID = 1L;

    public Part {
      Splitter.checkName(name);
      Objects.requireNonNull(end, "end is null");
    }
  }

  public TimeSplit {
    Objects.requireNonNull(column, "column is null");
    Splitter.checkName(rest);
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("Missing parts: a split by time needs at least one end");
    }
    for (int i = 1; i < parts.size(); i++) {
      if (!parts.get(i).end().isAfter(parts.get(i - 1).end())) {
        throw new IllegalArgumentException(
            "Invalid end of '"
                + parts.get(i).name()
                + "': "
                + parts.get(i).end()
                + " (must be after that of '"
                + parts.get(i - 1).name()
                + "', "
                + parts.get(i - 1).end()
                + ")");
      }
    }
  }

  /** A split by this column, given its parts next. */
  public static Builder by(String column) {
    return new Builder(column);
  }

  @Override
  public List<String> names() {
    return Stream.concat(parts.stream().map(Part::name), Stream.of(rest)).distinct().toList();
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  @Override
  public Splitter bind(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    long unit =
        switch (type.kind()) {
          case TIMESTAMP -> 1;
          case DATE -> MICROS_PER_DAY;
          default ->
              throw new IllegalArgumentException(
                  "Column '" + column + "' is " + type + " (must be timestamp or date)");
        };
    List<String> names = names();
    long[] ends = new long[parts.size()];
    int[] codes = new int[ends.length + 1];
    for (int i = 0; i < ends.length; i++) {
      // the first value at or after the end
      ends[i] = -Math.floorDiv(-Micros.ceil(parts.get(i).end()), unit);
      codes[i] = names.indexOf(parts.get(i).name());
    }
    codes[ends.length] = names.indexOf(rest);
    return new Times(schema, names, schema.indexOf(column), ends, codes);
  }

  private static final class Times extends Splitter {
    private final int column;
    private final long[] ends;
    private final int[] codes;

    Times(RecordSchema schema, List<String> names, int column, long[] ends, int[] codes) {
      super(schema, names);
      this.column = column;
      this.ends = ends;
      this.codes = codes;
    }

    @Override
    public int[] parts(RecordBatch batch) {
      LongColumn times = (LongColumn) batch.column(column);
      long[] values = times.values();
      int[] result = new int[times.size()];
      for (int i = 0; i < result.length; i++) {
        result[i] = times.isNull(i) ? NONE : codes[place(values[i])];
      }
      return result;
    }

    /** How many ends are at a time or before it. */
    private int place(long time) {
      int place = 0;
      while (place < ends.length && ends[place] <= time) {
        place++;
      }
      return place;
    }
  }

  /** Takes parts in the order of their ends. */
  public static final class Builder {
    private final String column;
    private final List<Part> parts = new ArrayList<>();

    private Builder(String column) {
      this.column = column;
    }

    /** A part up to a time, not part of it. */
    public Builder until(String name, Instant end) {
      parts.add(new Part(name, end));
      return this;
    }

    /** The same up to midnight of a day, in UTC. */
    public Builder until(String name, LocalDate end) {
      return until(name, end.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** The part of all that is later. */
    public TimeSplit rest(String name) {
      return new TimeSplit(column, parts, name);
    }
  }
}
