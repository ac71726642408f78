package io.featurebeam.io.file.text;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.io.InputStream;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * A file of one JSON object per line as batches of declared columns.
 *
 * <pre>{@code
 * BatchReader reader = JsonLinesBatchReader.open(file, JsonLinesOptions.of(schema), rejects::addMalformed);
 * }</pre>
 *
 * <p>Column {@code a.b} is the member of that very name, or member b of the object a. A member that
 * is missing or null is null. int64 takes whole numbers, float64 any number and "NaN", "Infinity",
 * "-Infinity", string only strings (but for {@link JsonLinesOptions#texts()}), bytes base64
 * strings, times strings (or whole numbers if the format is an epoch), lists arrays. Malformed,
 * each with its reason: what is not one JSON object in UTF-8, a value of another type or too large,
 * a member that comes twice, a null where none may be, an over-long line. Members that are no
 * columns are checked for syntax only. Positions are lines from 0; blank lines are skipped.
 */
public final class JsonLinesBatchReader implements BatchReader {

  private final InputStream in;
  private final Lines lines;
  private final RecordSchema schema;
  private final String tooLong;
  private final Assembler batch;
  private final JsonRecordParser parser;

  private JsonLinesBatchReader(
      String source, InputStream in, JsonLinesOptions options, Malformed malformed)
      throws IOException {
    this.in = in;
    this.schema = options.schema();
    this.lines = new Lines(source, in, options.maxLineBytes());
    this.tooLong = "the line is longer than " + options.maxLineBytes() + " bytes";
    this.batch = new Assembler(schema, source, malformed);
    this.parser = new JsonRecordParser(options, "line", batch);
  }

  /** The file, decompressed as its name says. */
  public static JsonLinesBatchReader open(
      ResourceId file, JsonLinesOptions options, Malformed malformed) throws IOException {
    return open(file.toString(), Text.open(file), options, malformed);
  }

  /** Bytes of any origin; {@code source} names them in positions and errors. */
  public static JsonLinesBatchReader open(
      String source, InputStream in, JsonLinesOptions options, Malformed malformed)
      throws IOException {
    try {
      return new JsonLinesBatchReader(source, in, options, malformed);
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
    while (!batch.isFull() && lines.next()) {
      String problem =
          lines.isTooLong() ? tooLong : parser.parse(lines.bytes(), lines.start(), lines.end());
      if (problem == null) {
        batch.accept(lines.number(), lines.end() - lines.start());
      } else {
        batch.reject(lines.number(), lines.copy(), problem);
      }
    }
    return batch.build();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
