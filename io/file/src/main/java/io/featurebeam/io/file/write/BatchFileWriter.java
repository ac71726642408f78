package io.featurebeam.io.file.write;

import io.featurebeam.columnar.RecordBatch;
import java.io.Closeable;
import java.io.IOException;

/**
 * Writes batches of one schema into one file. Not thread-safe. A writer is closed, or {@link
 * #abandon abandoned}: one that threw must be.
 */
public interface BatchFileWriter extends Closeable {

  void write(RecordBatch batch) throws IOException;

  /**
   * Whether a batch may be written into this file; if not, another file is better begun. True for
   * an empty file.
   */
  default boolean accepts(RecordBatch batch) {
    return true;
  }

  /** About how many bytes of memory are held until {@link #flush()} or {@link #close()}. */
  long memoryBytes();

  /**
   * About how long the file would be if it were closed now, in bytes; exact after {@link #close()}.
   */
  long fileBytes();

  /** Hands what is held in memory to the channel, at some cost in file size if done often. */
  void flush() throws IOException;

  /** Completes the file and closes the channel. */
  @Override
  void close() throws IOException;

  /**
   * Gives up what is held, native memory too, and closes the channel; the file is of no use. Does
   * nothing once the writer is closed.
   */
  void abandon() throws IOException;
}
