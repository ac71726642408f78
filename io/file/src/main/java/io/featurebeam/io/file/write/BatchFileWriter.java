package io.featurebeam.io.file.write;

import io.featurebeam.columnar.RecordBatch;
import java.io.Closeable;
import java.io.IOException;

/**
 * Writes batches of one schema into one file. Not thread-safe. A writer that threw must be
 * abandoned: close the channel under it and delete the file.
 */
public interface BatchFileWriter extends Closeable {

  void write(RecordBatch batch) throws IOException;

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
}
