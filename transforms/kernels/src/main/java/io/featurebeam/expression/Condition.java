package io.featurebeam.expression;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.List;
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

  private Condition(String cel, RecordSchema schema, Expression compiled) {
    this.cel = cel;
    this.schema = schema;
    this.compiled = compiled;
  }

  /** Refuses what is no condition over these columns. */
  public static Condition of(String cel, RecordSchema schema) {
    return of("where", cel, schema);
  }

  /** The same, under another name in the refusal. */
  public static Condition of(String name, String cel, RecordSchema schema) {
    Expression compiled = Expressions.compile(cel, schema);
    if (!compiled.type().equals(FieldType.BOOLEAN)) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": '" + cel + "' is " + compiled.type() + " (must be boolean)");
    }
    return new Condition(cel, schema, compiled);
  }

  /** The columns that it reads. */
  public List<String> columns() {
    return compiled().columns();
  }

  /** Which rows of a batch it is true for. */
  public Bitmap holds(RecordBatch batch) {
    BooleanColumn result = (BooleanColumn) compiled().evaluate(batch);
    Bitmap known = result.validity();
    return known == null ? result.values() : result.values().and(known);
  }

  /** The rows of a batch for which it is true, in their order. */
  public RecordBatch keep(RecordBatch batch) {
    Bitmap wanted = holds(batch);
    return wanted.isAllSet() ? batch : batch.select(wanted);
  }

  private Expression compiled() {
    if (compiled == null) {
      compiled = Expressions.compile(cel, schema);
    }
    return compiled;
  }

  @Override
  public String toString() {
    return cel;
  }
}
