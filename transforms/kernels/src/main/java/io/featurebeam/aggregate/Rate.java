package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import io.featurebeam.time.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events per second (or another span) of the window's length; with a column, its sum per second,
 * for which nulls are left out, NaN makes it NaN, and without a value it is null. Of events it is 0
 * in an empty window. float64.
 *
 * <p>It is divided by the length that the window is declared with, whatever a hop or a cap of rows
 * makes of it; a lifetime or a session has no length and is refused.
 *
 * @param column the int64 or float64 column whose sum counts, or null to count events
 * @param unitMicros per how many microseconds
 */
public record Rate(@Nullable String column, long unitMicros) implements TimedAggregate {

  public Rate {
    if (unitMicros <= 0) {
      throw new IllegalArgumentException(
          "Invalid unit: " + unitMicros + " microseconds (must be > 0)");
    }
  }

  @Override
  public List<Part> parts() {
    return column == null ? List.of(new Count(null)) : List.of(new Sum(column), new Count(column));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    if (column != null) {
      ColumnTypes.numeric("rate", schema, column);
    }
    return FieldType.FLOAT64;
  }

  @Override
  public void checkWindow(Window window) {
    if (!window.hasLength()) {
      throw new IllegalArgumentException(
          "Invalid window for rate: "
              + window
              + " (it has no length to divide by; give rate a window of"
              + " finite length, or divide count by time_since_first)");
    }
  }

  @Override
  public void finish(States[] parts, int slot, long rowTime, Window window, ColumnBuilder out) {
    double spans = (double) window.micros() / unitMicros;
    if (column == null) {
      out.appendDouble(Count.Of.at(parts[0], slot) / spans);
    } else if (Count.Of.at(parts[1], slot) == 0) {
      out.appendNull();
    } else {
      double sum =
          parts[0] instanceof Sum.OfDoubles doubles
              ? doubles.sums.value(slot)
              : ((LongSums) parts[0]).asDouble(slot);
      out.appendDouble(sum / spans);
    }
  }

  /** {@code rate}, {@code rate: {unit: 1m}}, {@code rate: {column: amount, unit: 1h}}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "rate";
    }

    @Override
    public String description() {
      return "Events, or the sum of a column, per second or another span of the window's length.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.optional(
              "column",
              Parameter.Kind.COLUMN,
              "An int64 or float64 column whose sum counts, instead of events."),
          Parameter.optional(
              "unit", Parameter.Kind.DURATION, "Per how long, such as 1m; 1s unless given."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Rate(settings.stringOrNull("column"), settings.integer("unit", 1_000_000));
    }
  }
}
