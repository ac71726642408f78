package io.featurebeam.io.file.read;

import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.text.BatchReader;
import io.featurebeam.io.file.text.Malformed;
import java.io.IOException;
import java.io.Serializable;

/**
 * A part of the input that one worker reads: some row groups of a Parquet file, or a whole text
 * file.
 */
public interface FileSplit extends Serializable {

  /** The name of the file. */
  String file();

  /** The columns of its batches. */
  RecordSchema schema();

  /** About how much there is to read, to begin with the largest. */
  long bytes();

  /** Starts reading; records that cannot be parsed go to {@code malformed}. */
  BatchReader open(Malformed malformed) throws IOException;
}
