package io.featurebeam.io.file.text;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One file as batches, from its start to its end. Not thread-safe. */
public interface BatchReader extends Closeable {

  /** The columns of every batch. */
  RecordSchema schema();

  /**
   * The next records, none if all that was read for now were malformed; null at the end of the
   * file.
   */
  @Nullable RecordBatch next() throws IOException;
}
