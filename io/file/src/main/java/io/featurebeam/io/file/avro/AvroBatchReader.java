package io.featurebeam.io.file.avro;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import io.featurebeam.io.file.text.Assembler;
import io.featurebeam.io.file.text.BatchReader;
import io.featurebeam.io.file.text.Malformed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
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
 * on. A file whose blocks cannot be told apart (it ends early, a mark is missing) is an error.
 * Positions are records from 0.
 */
public final class AvroBatchReader implements BatchReader {

  /** Of a damaged block a reject holds this much. */
  private static final int RAW = 1 << 16;

  private final String source;
  private final AvroContainer container;
  private final RecordSchema schema;
  private final Malformed malformed;
  private final AvroNode root;
  private final Assembler batch;
  private AvroCursor block = new AvroCursor(new byte[0]);
  private long left;
  private long record;

  private AvroBatchReader(
      String source, AvroContainer container, @Nullable RecordSchema columns, Malformed malformed) {
    this.source = source;
    this.container = container;
    this.malformed = malformed;
    Schema written = container.schema();
    this.schema = columns == null ? AvroSchemas.toRecordSchema(written) : columns;
    if (written.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "File " + source + " holds " + written.getType() + " values (must be records)");
    }
    for (Field field : schema.fields()) {
      check(written, field);
    }
    this.root = AvroNode.record(written, "", schema);
    this.batch = new Assembler(schema, source);
  }

  private void check(Schema written, Field field) {
    Field found;
    try {
      found = AvroNode.find(written, "", field.name(), false);
    } catch (IllegalArgumentException e) {
      List<String> names = written.getFields().stream().map(Schema.Field::name).toList();
      String hint =
          e.getMessage().startsWith("no column") ? Spelling.hint(field.name(), names) : "";
      throw new IllegalArgumentException(
          hint.isEmpty()
              ? "File " + source + ": " + e.getMessage()
              : "File " + source + " has " + e.getMessage() + hint,
          e);
    }
    if (!found.type().equals(field.type())) {
      throw new IllegalArgumentException(
          "Column '"
              + field.name()
              + "' of "
              + source
              + " is "
              + found.type()
              + " (must be "
              + field.type()
              + ")");
    }
    if (found.nullable() && !field.nullable()) {
      throw new IllegalArgumentException(
          "Column '" + field.name() + "' of " + source + " may be null (declare it nullable)");
    }
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
   * @param columns what to read, or null for everything, of which a type that no column holds is an
   *     error
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
      String problem = read();
      if (problem == null) {
        batch.accept(record++, block.at - start);
        left--;
      } else {
        rejectBlock(start, problem);
      }
    }
    return batch.build();
  }

  private boolean nextBlock() throws IOException {
    while (left == 0) {
      byte[] packed = container.next();
      if (packed == null) {
        return false;
      }
      left = container.count();
      try {
        block = new AvroCursor(container.unpack(packed));
        // A record of no bytes is possible (nothing but nulls), a million of them are a false
        // count.
        if (left > block.left() + (1L << 20)) {
          throw new IOException(
              "File "
                  + source
                  + " is damaged: a block of "
                  + left
                  + " records in "
                  + block.left()
                  + " bytes");
        }
      } catch (IllegalArgumentException e) {
        left = Math.min(left, packed.length * 1000L);
        block = new AvroCursor(packed);
        rejectBlock(0, String.valueOf(e.getMessage()));
      }
    }
    return true;
  }

  private @Nullable String read() {
    try {
      root.read(block, batch);
    } catch (IllegalArgumentException e) {
      return "the record cannot be decoded: " + e.getMessage();
    }
    return left == 1 && block.left() > 0
        ? block.left() + " bytes are left over behind the last record of the block"
        : null;
  }

  private void rejectBlock(int start, String problem) {
    batch.drop();
    byte[] raw = Arrays.copyOfRange(block.bytes, start, Math.min(block.bytes.length, start + RAW));
    long first = record;
    for (; left > 0; left--) {
      malformed.add(
          source,
          record,
          record == first ? raw : new byte[0],
          record == first ? problem : "lost with record " + first + " of its block");
      record++;
    }
  }

  @Override
  public void close() throws IOException {
    container.close();
  }
}
