package io.featurebeam.expression;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are wanted: those for which an expression is true. One that is null (it compares with
 * a null) is not wanted, as in SQL's WHERE.
 *
 * <pre>{@code
 * Condition large = Condition.of("amount > 1000.0", schema);
 * RecordBatch some = large.keep(batch);
 * }</pre>
 *
 * <p>Can be sent to workers; compiled where it is used, by one thread at a time.
 */
public final class Condition implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String cel;
  private final RecordSchema schema;
  private transient @Nullable Expression compiled;

  private Condition(String cel, RecordSchema schema) {
    this.cel = cel;
    this.schema = schema;
  }

  /** Refuses what is no condition over these columns. */
  public static Condition of(String cel, RecordSchema schema) {
    FieldType type = Expressions.compile(cel, schema).type();
    if (!type.equals(FieldType.BOOLEAN)) {
      throw new IllegalArgumentException(
          "Invalid where: '" + cel + "' is " + type + " (must be boolean)");
    }
    return new Condition(cel, schema);
  }

  /** The rows of a batch for which it is true, in their order. */
  public RecordBatch keep(RecordBatch batch) {
    if (compiled == null) {
      compiled = Expressions.compile(cel, schema);
    }
    BooleanColumn holds = (BooleanColumn) compiled.evaluate(batch);
    Bitmap known = holds.validity();
    Bitmap wanted = known == null ? holds.values() : holds.values().and(known);
    return wanted.isAllSet() ? batch : batch.select(wanted);
  }

  @Override
  public String toString() {
    return cel;
  }
}
