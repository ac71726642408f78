package io.featurebeam.io.file.write;

import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/**
 * Files that {@code numpy.load} reads, without pickle: an {@code .npz} with an array per column,
 * whose length is the number of records.
 *
 * <pre>{@code
 * f = numpy.load("part.npz")                                   # f["delay"], f["origin"], ...
 * delay = numpy.ma.array(f["delay"], mask=f["delay.mask"])
 * lists = numpy.split(f["tags.values"], f["tags.offsets"][1:-1])
 * }</pre>
 *
 * <p>int64 is {@code <i8}, float64 {@code <f8}, boolean {@code |b1}, timestamp {@code <M8[us]} in
 * UTC, date {@code <M8[D]}, time {@code <m8[us]} since midnight, and string {@code <U}, as wide as
 * the longest in the file. A column that may hold nulls has an array {@code NAME.mask} besides,
 * true where it does; the value there is 0, NaN, false, NaT or the empty text. A list is two
 * arrays: {@code NAME.values} of all elements one after the other, with {@code NAME.values.mask},
 * and {@code NAME.offsets} ({@code <i8}, one more than records) of where each begins and the last
 * ends. bytes are a list of {@code |u1}, without a mask of values.
 *
 * <p>NumPy takes zeros at the end of a text for padding. A writer holds the records of its file in
 * memory. Text whose array would take more than 1 GiB is refused, such as one of 40,000 characters
 * among 8,192 records.
 *
 * @param compression of each array; none unless told otherwise
 */
public record NumpyFormat(Compression compression) implements FileFormat {

  private static final long serialVersionUID = 1L;

  /** How each array is compressed. */
  public enum Compression {
    /** As {@code numpy.savez} writes. */
    NONE,
    /** As {@code numpy.savez_compressed} writes. */
    DEFLATE
  }

  public NumpyFormat {
    Objects.requireNonNull(compression, "compression is null");
  }

  public static NumpyFormat create() {
    return new NumpyFormat(Compression.NONE);
  }

  public NumpyFormat withCompression(Compression newCompression) {
    return new NumpyFormat(newCompression);
  }

  @Override
  public String extension() {
    return "npz";
  }

  @Override
  public void checkSchema(RecordSchema schema) {
    NpyArrays.of(schema);
  }

  @Override
  public BatchFileWriter open(WritableByteChannel channel, RecordSchema schema) throws IOException {
    return new NpzBatchWriter(this, schema, Channels.newOutputStream(channel));
  }
}
