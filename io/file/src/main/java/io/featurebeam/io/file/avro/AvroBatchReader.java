package io.featurebeam.io.file.avro;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.text.Assembler;
import io.featurebeam.io.file.text.BatchReader;
import io.featurebeam.io.file.text.Malformed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * An Avro container file as batches.
 *
 * <pre>{@code
 * BatchReader reader = AvroBatchReader.open(file, schema, rejects::addMalformed);
 * }</pre>
 *
 * <p>The columns are found by name in the schema that the file carries and must have the types of
 * {@link AvroSchemas}; the rest is skipped. A record that cannot be decoded is malformed, and so is
 * each one that follows it in its block, since nobody knows where they start; the next block goes
 * on. A file whose blocks cannot be told apart (it ends early, a mark is missing) or that claims
 * more records than its bytes can hold is an error. Positions are records from 0.
 */
public final class AvroBatchReader implements BatchReader {

  /** Of a damaged block a reject holds this much. */
  private static final int RAW = 1 << 16;

  /** What a packed byte may become; no packing makes more of real records. */
  private static final long MAX_RATIO = 1000;

  private static final byte[] NONE = {};

  private final String source;
  private final AvroContainer container;
  private final RecordSchema schema;
  private final AvroNode root;
  private final Assembler batch;
  private final long leastBytes;
  private AvroCursor block = new AvroCursor(NONE);
  private long left;
  private long record;

  /** Why the block could not be unpacked. */
  private @Nullable String packed;

  /** Why the rest of the block cannot be read. */
  private @Nullable String lost;

  private AvroBatchReader(
      String source, AvroContainer container, @Nullable RecordSchema columns, Malformed malformed) {
    this.source = source;
    this.container = container;
    Schema written = container.schema();
    if (written.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "File " + source + " holds " + written.getType() + " values (must be records)");
    }
    this.schema = columns == null ? AvroSchemas.toRecordSchema(written) : columns;
    for (Field field : schema.fields()) {
      AvroSchemas.check(source, written, field);
    }
    this.leastBytes = AvroSchemas.leastBytes(written);
    this.root = AvroNode.record(written, "", schema);
    this.batch = new Assembler(schema, source, malformed);
  }

  /** The declared columns of a file. */
  public static AvroBatchReader open(ResourceId file, RecordSchema columns, Malformed malformed)
      throws IOException {
    return open(
        file.toString(), Channels.newInputStream(FileSystems.open(file)), columns, malformed);
  }

  /**
   * Bytes of any origin; {@code source} names them in positions and errors.
   *
   * @param columns what to read, or null for everything that can be a column
   */
  public static AvroBatchReader open(
      String source, InputStream in, @Nullable RecordSchema columns, Malformed malformed)
      throws IOException {
    try {
      return new AvroBatchReader(source, new AvroContainer(source, in), columns, malformed);
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  @Override
  public RecordSchema schema() {
    return schema;
  }

  @Override
  public @Nullable RecordBatch next() throws IOException {
    while (!batch.isFull() && (left > 0 || nextBlock())) {
      int start = block.at;
      String problem = lost == null ? read() : lost;
      if (problem == null) {
        batch.accept(record, block.at - start);
      } else {
        batch.reject(record, lost == null ? raw(start) : NONE, problem);
        lost = lost == null ? "lost with record " + record + " of its block" : lost;
      }
      record++;
      left--;
    }
    return batch.build();
  }

  private boolean nextBlock() throws IOException {
    while (left == 0) {
      byte[] stored = container.next();
      if (stored == null) {
        return false;
      }
      left = container.count();
      lost = null;
      packed = null;
      try {
        block = new AvroCursor(container.unpack(stored));
        checkCount(block.left(), " bytes");
      } catch (IllegalArgumentException e) {
        packed = String.valueOf(e.getMessage());
        block = new AvroCursor(stored);
        checkCount(stored.length * MAX_RATIO, " bytes packed in " + stored.length);
      }
    }
    return true;
  }

  private void checkCount(long bytes, String where) throws IOException {
    if (left > bytes / leastBytes) {
      throw new IOException(
          "File "
              + source
              + " is damaged: a block of "
              + left
              + " records in "
              + bytes
              + where
              + " (a record takes "
              + leastBytes
              + " or more)");
    }
  }

  private @Nullable String read() {
    if (packed != null) {
      return packed;
    }
    try {
      root.read(block, batch);
    } catch (IllegalArgumentException e) {
      return "the record cannot be decoded: " + e.getMessage();
    }
    return left == 1 && block.left() > 0
        ? block.left() + " bytes are left over behind the last record of the block"
        : null;
  }

  private byte[] raw(int start) {
    return Arrays.copyOfRange(block.bytes, start, Math.min(block.bytes.length, start + RAW));
  }

  @Override
  public void close() throws IOException {
    container.close();
  }
}
