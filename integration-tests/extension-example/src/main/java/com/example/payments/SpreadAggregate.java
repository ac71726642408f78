package com.example.payments;

import io.featurebeam.aggregate.Aggregate;
import io.featurebeam.aggregate.AggregateProvider;
import io.featurebeam.aggregate.Part;
import io.featurebeam.aggregate.States;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * The largest value of a column less the smallest. Nulls are left out; null if there is no other
 * value. NaN makes it NaN.
 *
 * @param column a float64 column
 */
public record SpreadAggregate(String column) implements Aggregate, Part {

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
    FieldType type = schema.field(column).type();
    if (!type.equals(FieldType.FLOAT64)) {
      throw new IllegalArgumentException(
          "Invalid column for spread: '" + column + "' is " + type + " (must be float64)");
    }
    return type;
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Extremes();
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    Extremes extremes = (Extremes) parts[0];
    if (extremes.isEmpty(slot)) {
      out.appendNull();
    } else {
      out.appendDouble(extremes.spread(slot));
    }
  }

  /** {@code spread: amount}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "spread";
    }

    @Override
    public String description() {
      return "The largest value of a column less the smallest.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Parameter.required("column", Parameter.Kind.COLUMN, "A float64 column."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new SpreadAggregate(settings.string("column"));
    }
  }
}
