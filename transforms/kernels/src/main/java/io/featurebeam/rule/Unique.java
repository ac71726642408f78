package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The values of some columns, taken together, occur once in a run: the first record passes, the
 * others fail. A record with a null in one of the columns passes and equals no other, as in SQL;
 * NaN equals NaN.
 *
 * <p>Its checker takes the rows of a batch for the run, in their order; who has more than one batch
 * brings equal keys together first, and says by {@link RowKeys#firsts} which is the first.
 */
record Unique(List<String> columns) implements Rule {

  Unique {
    columns = List.copyOf(columns);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("Missing columns: unique needs at least one");
    }
  }

  @Override
  public String id() {
    return "unique(" + String.join(", ", columns) + ")";
  }

  @Override
  public Scope scope() {
    return Scope.RUN;
  }

  @Override
  public Checker bind(RecordSchema schema) {
    for (String column : columns) {
      FieldType type = schema.field(column).type();
      if (type.kind() == FieldType.Kind.LIST) {
        throw Literals.cannotJudge(id(), column, type, "must not be a list");
      }
    }
    return new Checker() {
      @Override
      public Bitmap check(RecordBatch batch) {
        List<Column> keys = columns.stream().map(batch::column).toList();
        return RowKeys.of(keys, batch.size()).firsts(Integer::compare);
      }

      @Override
      public String observed(RecordBatch batch, int row) {
        return columns.stream()
            .map(c -> ColumnChecker.shown(BatchPrinter.text(batch.column(c), row)))
            .collect(Collectors.joining(", "));
      }

      @Override
      public String reason(RecordBatch batch, int row) {
        return String.join(", ", columns)
            + (columns.size() == 1 ? " is " : " are ")
            + observed(batch, row)
            + (columns.size() == 1 ? "" : " together")
            + ", as in an earlier record (must be unique)";
      }

      @Override
      public String requirement() {
        return "must be unique";
      }
    };
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "unique";
    }

    @Override
    public String description() {
      return "The values of the columns, taken together, occur once in the run.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(required("columns", Parameter.Kind.COLUMNS, "One or more columns."));
    }

    @Override
    public Rule create(Settings settings) {
      return new Unique(settings.strings("columns"));
    }
  }
}
