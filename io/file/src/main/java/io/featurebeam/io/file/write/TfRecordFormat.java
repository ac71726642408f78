package io.featurebeam.io.file.write;

import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/**
 * TFRecord files of {@code tf.Example}, a record each: {@code
 * TfRecordFormat.create().withCompression(GZIP)}.
 *
 * <p>A column is a feature of its name. int64 and boolean (0 or 1), timestamp (microseconds since
 * 1970, UTC), date (days since 1970) and time (microseconds since midnight) are an {@code
 * Int64List} of one; float64 is a {@code FloatList} of one and has the precision of float32, beyond
 * whose range it is infinite; string (UTF-8) and bytes are a {@code BytesList} of one. A list has
 * all its elements in one such list; an empty one is a feature whose list is empty. A null is a
 * feature that is absent; NaN is NaN. A null within a list is NaN if it is of float64, and refused
 * if it is not.
 *
 * <p>Features stand in the order of the columns, so that equal records are equal bytes.
 *
 * @param compression of the whole file; none unless told otherwise
 */
public record TfRecordFormat(Compression compression) implements FileFormat {

  private static final long serialVersionUID = 1L;

  /** How the whole file is compressed. */
  public enum Compression {
    NONE(""),
    /** What {@code tf.data.TFRecordDataset} calls {@code GZIP}. */
    GZIP(".gz");

    private final String extension;

    Compression(String extension) {
      this.extension = extension;
    }
  }

  public TfRecordFormat {
    Objects.requireNonNull(compression, "compression is null");
  }

  public static TfRecordFormat create() {
    return new TfRecordFormat(Compression.NONE);
  }

  public TfRecordFormat withCompression(Compression newCompression) {
    return new TfRecordFormat(newCompression);
  }

  @Override
  public String extension() {
    return "tfrecord" + compression.extension;
  }

  @Override
  public void checkSchema(RecordSchema schema) {
    Objects.requireNonNull(schema, "schema is null"); // a feature can hold every type
  }

  @Override
  public BatchFileWriter open(WritableByteChannel channel, RecordSchema schema) throws IOException {
    return new TfRecordBatchWriter(this, schema, Channels.newOutputStream(channel));
  }

  OutputStream compressed(OutputStream out) throws IOException {
    return switch (compression) {
      case NONE -> out;
      case GZIP -> new GZIPOutputStream(out, 1 << 16);
    };
  }
}
