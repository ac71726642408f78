package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * Several quantiles of a column as one list of float64, each as {@link Quantile} gives it: nulls
 * and NaN are left out; null if there is no other value. Exact while no single tile of the window
 * holds more than 1,024 values, else from one KLL sketch, each rank within 0.67 % with 99 %
 * confidence.
 *
 * @param column an int64 or float64 column
 * @param q ranks from 0 to 1, in the order of the list; 1 to 1,000
 */
public record Quantiles(String column, List<Double> q) implements Aggregate {

  private static final int MAX_RANKS = 1000;

  public Quantiles {
    q = List.copyOf(q);
    if (q.isEmpty() || q.size() > MAX_RANKS) {
      throw new IllegalArgumentException(
          "Invalid q: " + q.size() + " ranks (must be 1 to " + MAX_RANKS + ")");
    }
    q.forEach(rank -> new Quantile(column, rank)); // checks it
  }

  @Override
  public List<Part> parts() {
    return new Quantile(column, 0).parts();
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    ColumnTypes.numeric("quantiles", schema, column);
    return FieldType.listOf(FieldType.FLOAT64);
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    double[] values =
        Quantile.quantiles(parts[0], slot, q.stream().mapToDouble(rank -> rank).toArray());
    if (values.length == 0) {
      out.appendNull();
      return;
    }
    for (double value : values) {
      out.elements().appendDouble(value);
    }
    out.endList();
  }

  /** {@code quantiles: {column: delay, q: [0.5, 0.9]}}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "quantiles";
    }

    @Override
    public String description() {
      return "Several quantiles of a column as a list; exact for up to 1,024 values in a tile, else"
          + " a KLL sketch, each rank within 0.67 %.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "An int64 or float64 column."),
          Parameter.required(
              "q",
              Parameter.Kind.NUMBERS,
              "From 0 to 1, in the order of the list; 0.5 is the median."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Quantiles(settings.string("column"), settings.numbers("q"));
    }
  }

  /**
   * {@code approximate_quantile: {column: delay, q: 0.9}}: what the field calls {@link Quantile}.
   */
  public static final class ApproximateProvider implements AggregateProvider {
    private final Quantile.Provider quantile = new Quantile.Provider();

    @Override
    public String name() {
      return "approximate_quantile";
    }

    @Override
    public String description() {
      return "Another name of quantile: exact for up to 1,024 values in a tile, else a KLL sketch"
          + " whose rank is within 0.67 % with 99 % confidence.";
    }

    @Override
    public List<Parameter> parameters() {
      return quantile.parameters();
    }

    @Override
    public Aggregate create(Settings settings) {
      return quantile.create(settings);
    }
  }
}
