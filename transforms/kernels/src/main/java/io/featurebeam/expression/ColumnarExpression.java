package io.featurebeam.expression;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.List;

/** An expression as nodes over whole columns. */
final class ColumnarExpression implements Expression {

  private final String source;
  private final RecordSchema schema;
  private final List<String> columns;
  private final Node root;
  private final FieldType type;

  ColumnarExpression(
      String source, RecordSchema schema, List<String> columns, Node root, FieldType type) {
    this.source = source;
    this.schema = schema;
    this.columns = columns;
    this.root = root;
    this.type = type;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public FieldType type() {
    return type;
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Column evaluate(RecordBatch batch) {
    Expressions.checkSchema(this, schema, batch);
    int size = batch.size();
    root.evaluate(Frame.of(batch));
    Bitmap validity = Words.bitmap(root.known, size);
    // The nodes keep their arrays for the next batch, so the column gets its own.
    if (root instanceof Node.Booleans node) {
      long[] words = Arrays.copyOf(node.truth, Bitmap.wordCount(size));
      return new BooleanColumn(Bitmap.wrap(words, size), validity);
    }
    if (root instanceof Node.Longs node) {
      return new LongColumn(type, Arrays.copyOf(node.values, size), size, validity);
    }
    if (root instanceof Node.Doubles node) {
      return new DoubleColumn(Arrays.copyOf(node.values, size), size, validity);
    }
    if (root instanceof Node.Texts node) {
      return node.codes == null
          ? BytesColumn.sliced(type, node.slices, validity)
          : BytesColumn.coded(type, node.slices, Arrays.copyOf(node.codes, size), size, validity);
    }
    return ((Node.Lists) root).column();
  }
}
