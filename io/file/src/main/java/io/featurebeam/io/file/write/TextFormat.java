package io.featurebeam.io.file.write;

import com.github.luben.zstd.ZstdOutputStream;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/**
 * JSON lines or CSV in UTF-8: {@code TextFormat.jsonLines().withCompression(GZIP)}. Times are ISO
 * 8601 in UTC, bytes base64; a dotted column name is one member. In CSV (RFC 4180, with a header) a
 * null is empty and an empty string is {@code ""}; a list is a JSON array, and a year that has not
 * four digits has a sign, which not every reader takes. In JSON a float that is no number is the
 * string "NaN", "Infinity" or "-Infinity".
 */
public record TextFormat(Kind kind, Compression compression) implements FileFormat {

  private static final long serialVersionUID = 1L;

  /** How a record is written. */
  public enum Kind {
    JSON_LINES("jsonl"),
    CSV("csv");

    private final String extension;

    Kind(String extension) {
      this.extension = extension;
    }
  }

  /** How the whole file is compressed. */
  public enum Compression {
    NONE(""),
    GZIP(".gz"),
    ZSTD(".zst");

    private final String extension;

    Compression(String extension) {
      this.extension = extension;
    }
  }

  public TextFormat {
    Objects.requireNonNull(kind, "kind is null");
    Objects.requireNonNull(compression, "compression is null");
  }

  public static TextFormat jsonLines() {
    return new TextFormat(Kind.JSON_LINES, Compression.NONE);
  }

  public static TextFormat csv() {
    return new TextFormat(Kind.CSV, Compression.NONE);
  }

  public TextFormat withCompression(Compression newCompression) {
    return new TextFormat(kind, newCompression);
  }

  @Override
  public String extension() {
    return kind.extension + compression.extension;
  }

  @Override
  public void checkSchema(RecordSchema schema) {
    Objects.requireNonNull(schema, "schema is null"); // text can hold every type
  }

  @Override
  public BatchFileWriter open(WritableByteChannel channel, RecordSchema schema) throws IOException {
    return new TextBatchWriter(this, schema, Channels.newOutputStream(channel));
  }

  OutputStream compressed(OutputStream out) throws IOException {
    return switch (compression) {
      case NONE -> out;
      case GZIP -> new GZIPOutputStream(out, 1 << 16);
      case ZSTD -> new ZstdOutputStream(out);
    };
  }
}
