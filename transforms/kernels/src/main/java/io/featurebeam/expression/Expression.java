package io.featurebeam.expression;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import java.util.List;

/**
 * An expression over the columns of a batch, compiled once and evaluated a batch at a time.
 *
 * <p>Null in, null out, as in SQL: an operator with a null operand gives null, except {@code ==
 * null} and {@code != null}; {@code &&} and {@code ||} are three-valued. What cannot be computed
 * for a row (a division by zero, an overflow, an index out of range) gives null too. NaN compares
 * as IEEE 754 says.
 */
public interface Expression {

  /** The text that was compiled. */
  String source();

  /** The type of the result. */
  FieldType type();

  /** The columns that it reads. */
  List<String> columns();

  /** One value per record; the batch must have the schema that the expression was compiled for. */
  Column evaluate(RecordBatch batch);
}
