package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;

/** A value is there. Null fails; NaN, the empty string and the empty list are values and pass. */
record NotNull(String column) implements Rule {

  NotNull {
    Objects.requireNonNull(column, "column is null");
  }

  @Override
  public String id() {
    return "not_null(" + column + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    int index = schema.indexOf(column);
    return new Checker() {
      @Override
      public Bitmap check(RecordBatch batch) {
        Bitmap validity = batch.column(index).validity();
        return validity == null ? Bitmap.ones(batch.size()) : validity;
      }

      @Override
      public String observed(RecordBatch batch, int row) {
        return "null";
      }

      @Override
      public String reason(RecordBatch batch, int row) {
        return column + " is null (must have a value)";
      }

      @Override
      public String requirement() {
        return "must have a value";
      }
    };
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "not_null";
    }

    @Override
    public String description() {
      return "The column has a value in every record.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(required("column", Parameter.Kind.COLUMN, "The column."));
    }

    @Override
    public Rule create(Settings settings) {
      return Rules.notNull(settings.string("column"));
    }
  }
}
