package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * The value of the earliest event in which a column is not null; null if there is none. NaN is a
 * value. Events of equal time are ordered as for {@link Last}, so the result does not depend on the
 * order of arrival.
 *
 * @param column a column of any type but list, whose type is the result's
 */
public record First(String column) implements Aggregate, Part {

  @Override
  public List<Part> parts() {
    return List.of(this);
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public boolean isOrdered() {
    return true;
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    return ColumnTypes.scalar("first", schema, column);
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    ((Last.Latest) parts[0]).append(slot, out);
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Last.Latest(outputType(schema), true);
  }

  /** {@code first: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "first";
    }

    @Override
    public String description() {
      return "The value of the earliest event in which a column is not null.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "A column of any type but list."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new First(settings.string("column"));
    }
  }
}
