package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.Arrays;
import java.util.List;

/**
 * How many values of a column lie between declared boundaries. Nulls and NaN are left out; all zero
 * in an empty window; an int64 is taken as the nearest double.
 *
 * <p>The bins are those of the feature {@code bucketize}: boundaries 0, 10 make three, below 0,
 * from 0 to just under 10, and from 10 up, so every number is in one. The result is a list of as
 * many int64 as there are bins.
 *
 * @param column an int64 or float64 column
 * @param boundaries ascending, finite, 1 to 1,000
 */
public record Histogram(String column, List<Double> boundaries) implements Aggregate, Part {

  private static final int MAX_BOUNDARIES = 1000;

  public Histogram {
    boundaries = List.copyOf(boundaries);
    if (boundaries.isEmpty() || boundaries.size() > MAX_BOUNDARIES) {
      throw new IllegalArgumentException(
          "Invalid boundaries: "
              + boundaries.size()
              + " of them (must be 1 to "
              + MAX_BOUNDARIES
              + ")");
    }
    for (int i = 0; i < boundaries.size(); i++) {
      double boundary = boundaries.get(i);
      if (!Double.isFinite(boundary) || (i > 0 && boundary <= boundaries.get(i - 1))) {
        throw new IllegalArgumentException(
            "Invalid boundaries: " + boundary + " (must be finite and above the one before)");
      }
    }
  }

  @Override
  public List<Part> parts() {
    return List.of(this);
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    ColumnTypes.numeric("histogram", schema, column);
    return FieldType.listOf(FieldType.INT64);
  }

  @Override
  public boolean canSubtract() {
    return true;
  }

  @Override
  public States newStates(RecordSchema schema) {
    double[] limits = boundaries.stream().mapToDouble(b -> b).toArray();
    return new Tally.Of(FieldType.INT64, limits.length + 1, false, () -> new Bins(limits));
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    ValueTables tables = ((Tally.Of) parts[0]).tables();
    long[] counts = new long[boundaries.size() + 1];
    for (int p = tables.start(slot), end = tables.end(slot); p < end; p++) {
      counts[(int) tables.key(p)] += tables.number(p);
    }
    for (long count : counts) {
      out.elements().appendLong(count);
    }
    out.endList();
  }

  /** The bin of each value as its key. */
  private static final class Bins extends ValueKeys {
    private final double[] limits;
    private double[] doubles = {};
    private long[] longs = {};

    Bins(double[] limits) {
      this.limits = limits;
    }

    @Override
    void read(Column column) {
      doubles = column instanceof DoubleColumn d ? d.values() : new double[0];
      longs = column instanceof LongColumn l ? l.values() : new long[0];
    }

    private double value(int row) {
      return doubles.length > 0 ? doubles[row] : (double) longs[row];
    }

    @Override
    boolean counts(int row) {
      return !Double.isNaN(value(row));
    }

    @Override
    long key(int row) {
      int place = Arrays.binarySearch(limits, value(row) + 0.0); // so that -0.0 is 0.0
      return place >= 0 ? place + 1 : -place - 1;
    }
  }

  /** {@code histogram: {column: delay, boundaries: [0, 15]}}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "histogram";
    }

    @Override
    public String description() {
      return "How many values lie below the first boundary, between each two, and from the last"
          + " up.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "An int64 or float64 column."),
          Parameter.required(
              "boundaries",
              Parameter.Kind.NUMBERS,
              "Ascending; each is the first value of the bin above it; at most 1000."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Histogram(settings.string("column"), settings.numbers("boundaries"));
    }
  }
}
