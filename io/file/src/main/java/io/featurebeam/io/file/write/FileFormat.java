package io.featurebeam.io.file.write;

import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.WritableByteChannel;

/**
 * What a file of records looks like: {@link ParquetFormat}, {@link TextFormat}, {@link
 * TfRecordFormat} or {@link NumpyFormat}.
 */
public interface FileFormat extends Serializable {

  /** What file names end in, without the dot: {@code parquet}. */
  String extension();

  /** Refuses a schema that this format cannot hold, with the column's name and the way out. */
  void checkSchema(RecordSchema schema);

  /** A writer of one file; it owns the channel and closes it. */
  BatchFileWriter open(WritableByteChannel channel, RecordSchema schema) throws IOException;
}
