package io.featurebeam.expression;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of an expression read: the columns of a batch, and inside a list macro the
 * elements of the list, one row each, with the columns repeated for each element.
 */
final class Frame {

  private final @Nullable RecordBatch batch;
  private final @Nullable Frame outer;
  private final int[] parents;
  private final @Nullable Column elements;
  private final int size;

  private Frame(
      @Nullable RecordBatch batch,
      @Nullable Frame outer,
      int[] parents,
      @Nullable Column elements,
      int size) {
    this.batch = batch;
    this.outer = outer;
    this.parents = parents;
    this.elements = elements;
    this.size = size;
  }

  static Frame of(RecordBatch batch) {
    return new Frame(batch, null, new int[0], null, batch.size());
  }

  /**
   * The rows of {@code elements}; {@code parents} holds for each the row of this frame it belongs
   * to.
   */
  Frame within(Column elements, int[] parents) {
    return new Frame(null, this, parents, elements, elements.size());
  }

  int size() {
    return size;
  }

  int words() {
    return Bitmap.wordCount(size);
  }

  /** A column of the batch, a value per row of this frame. */
  Column column(int index) {
    return batch != null ? batch.column(index) : outer().column(index).gather(parents);
  }

  /** The elements of the macro that is {@code up} macros outside of this one, a value per row. */
  Column variable(int up) {
    if (up > 0) {
      return outer().variable(up - 1).gather(parents);
    }
    if (elements == null) {
      throw new IllegalStateException("A batch has no elements");
    }
    return elements;
  }

  private Frame outer() {
    if (outer == null) {
      throw new IllegalStateException("A batch has no outer frame");
    }
    return outer;
  }
}
