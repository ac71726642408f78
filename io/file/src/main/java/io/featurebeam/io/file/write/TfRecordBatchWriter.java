package io.featurebeam.io.file.write;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Writes records in the framing of TFRecord: length, masked CRC-32C of the length, {@code
 * tf.Example}, masked CRC-32C of that; all little-endian.
 */
final class TfRecordBatchWriter implements BatchFileWriter {

  private static final int BUFFER = 1 << 16;
  private static final int FRAME = 16;
  private static final int LENGTH = 8;
  private static final int MASK = 0xA282EAD8;

  private final RecordSchema schema;
  private final CountingOutput file;
  private final OutputStream out;
  private final ExampleEncoder encoder;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer pending = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

  TfRecordBatchWriter(TfRecordFormat format, RecordSchema schema, OutputStream out)
      throws IOException {
    this.schema = schema;
    this.file = new CountingOutput(out);
    this.out = format.compressed(file);
    this.encoder = new ExampleEncoder(schema);
  }

  @Override
  public void write(RecordBatch batch) throws IOException {
    if (!batch.schema().equals(schema)) {
      throw new IllegalArgumentException(
          "Batch of schema " + batch.schema() + " for a file of schema " + schema);
    }
    for (int row = 0; row < batch.size(); row++) {
      encoder.encode(batch, row);
      frame(encoder.bytes(), encoder.from(), encoder.length());
    }
  }

  private void frame(byte[] example, int from, int length) throws IOException {
    if (pending.remaining() < FRAME + length) {
      drain();
    }
    int at = pending.position();
    pending.putLong(length);
    pending.putInt(masked(pending.array(), at, LENGTH));
    if (pending.remaining() < length + Integer.BYTES) {
      drain();
      out.write(example, from, length);
    } else {
      pending.put(example, from, length);
    }
    pending.putInt(masked(example, from, length));
  }

  private int masked(byte[] bytes, int from, int length) {
    crc.reset();
    crc.update(bytes, from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  private void drain() throws IOException {
    out.write(pending.array(), 0, pending.position());
    pending.clear();
  }

  @Override
  public long memoryBytes() {
    return 2L * BUFFER + encoder.bytes().length;
  }

  @Override
  public long fileBytes() {
    return file.bytes() + pending.position();
  }

  @Override
  public void flush() throws IOException {
    drain();
    out.flush();
  }

  @Override
  public void close() throws IOException {
    try (out) {
      drain();
    }
  }

  @Override
  public void abandon() throws IOException {
    try (file) {
      out.close(); // a compressor holds native memory until then
    }
  }
}
