package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.FieldType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where events are read from. Paths may hold {@code *}, {@code ?} and {@code {a,b}}, and name any
 * file system that Beam knows. No {@code toString} here shows a path or setting: it may hold a
 * secret.
 */
public sealed interface SourceSpec
    permits SourceSpec.Parquet,
        SourceSpec.Csv,
        SourceSpec.Json,
        SourceSpec.Avro,
        SourceSpec.Provided,
        SourceSpec.Hybrid,
        KafkaSource,
        UnionSource {

  /** The word in YAML: {@code parquet}, {@code csv}, ..., or the provider's name. */
  String kind();

  /** Parquet files, of which the columns are read that the pipeline needs. */
  static SourceSpec parquet(String... paths) {
    return new Parquet(List.of(paths), List.of());
  }

  /**
   * Parquet files.
   *
   * @param columns the columns to read; empty for those that the pipeline needs
   */
  record Parquet(List<String> paths, List<String> columns) implements SourceSpec {
    public Parquet {
      paths = checked(paths);
      columns = List.copyOf(columns);
    }

    @Override
    public String kind() {
      return "parquet";
    }

    @Override
    public String toString() {
      return "parquet source";
    }
  }

  /** What a record of text may take at most unless said otherwise: 1 MiB. */
  long DEFAULT_MAX_RECORD = 1 << 20;

  /**
   * CSV files.
   *
   * @param columns name and type of each column (without a header in the order of the file); empty
   *     to take names from the header and types from the first records
   * @param header whether the first line names the columns
   * @param dialect which characters mean what
   * @param nulls texts that mean null; a quoted one never does
   * @param encoding UTF-8 or ISO-8859-1
   * @param timestampFormats by column, for those that are not ISO 8601: a pattern of {@link
   *     java.time.format.DateTimeFormatter}, or {@code epoch-seconds}, {@code epoch-millis} or
   *     {@code epoch-micros}
   * @param maxRecord bytes; a longer record is malformed
   */
  record Csv(
      List<String> paths,
      Map<String, FieldType> columns,
      boolean header,
      Dialect dialect,
      List<String> nulls,
      Charset encoding,
      Map<String, String> timestampFormats,
      long maxRecord)
      implements SourceSpec {

    /** The empty text. */
    public static final List<String> DEFAULT_NULLS = List.of("");

    public Csv {
      paths = checked(paths);
      columns = ordered(columns);
      Objects.requireNonNull(dialect, "dialect is null");
      nulls = List.copyOf(nulls);
      timestampFormats = ordered(timestampFormats);
      if (!encoding.equals(StandardCharsets.UTF_8)
          && !encoding.equals(StandardCharsets.ISO_8859_1)) {
        throw new IllegalArgumentException(
            "Invalid encoding: " + encoding + " (must be UTF-8 or ISO-8859-1)");
      }
      checkMaxRecord(maxRecord);
      if (!header && columns.isEmpty()) {
        throw new IllegalArgumentException(
            "Invalid columns: none given (a CSV without a header needs them)");
      }
    }

    /** Files as RFC 4180 says, in UTF-8, with a header and columns of these types. */
    public static Csv of(List<String> paths, Map<String, FieldType> columns) {
      return new Csv(
          paths,
          columns,
          true,
          Dialect.RFC_4180,
          DEFAULT_NULLS,
          StandardCharsets.UTF_8,
          Map.of(),
          DEFAULT_MAX_RECORD);
    }

    @Override
    public String kind() {
      return "csv";
    }

    @Override
    public String toString() {
      return "csv source";
    }
  }

  /**
   * Which characters of a CSV file mean what; all ASCII.
   *
   * @param delimiter between fields
   * @param quote around a field, or {@link #NONE}; twice in quotes it stands for itself
   * @param escape takes the next character literally, or {@link #NONE}
   * @param comment starts a line to be skipped, or {@link #NONE}
   * @param trim whether spaces and tabs around fields and quotes are dropped
   */
  record Dialect(char delimiter, char quote, char escape, char comment, boolean trim) {

    /** No such character. */
    public static final char NONE = 0;

    /** Comma, double quote, and nothing else. */
    public static final Dialect RFC_4180 = new Dialect(',', '"', NONE, NONE, false);

    public Dialect {
      if (delimiter == NONE) {
        throw new IllegalArgumentException("Invalid delimiter: none (must be a character)");
      }
      Map<Character, String> meanings = new HashMap<>();
      check("delimiter", delimiter, meanings);
      check("quote", quote, meanings);
      check("escape", escape, meanings);
      check("comment", comment, meanings);
    }

    private static void check(String name, char c, Map<Character, String> meanings) {
      if (c == NONE) {
        return;
      }
      if (c > 0x7E || c == '\n' || c == '\r') {
        throw new IllegalArgumentException(
            "Invalid "
                + name
                + ": '"
                + (c < ' ' ? "\\u" + (int) c : String.valueOf(c))
                + "' (must be an ASCII character other than a line break)");
      }
      String other = meanings.put(c, name);
      if (other != null) {
        throw new IllegalArgumentException(
            "Invalid " + name + ": '" + c + "' (must not be that of the " + other + ")");
      }
    }
  }

  /**
   * JSON lines: one object per line.
   *
   * @param columns name and type of each column; empty to infer them from the first lines
   * @param timestampFormats as in {@link Csv}
   * @param maxRecord bytes; a longer line is malformed
   */
  record Json(
      List<String> paths,
      Map<String, FieldType> columns,
      Map<String, String> timestampFormats,
      long maxRecord)
      implements SourceSpec {
    public Json {
      paths = checked(paths);
      columns = ordered(columns);
      timestampFormats = ordered(timestampFormats);
      checkMaxRecord(maxRecord);
    }

    /** Files with columns of these types, times in ISO 8601. */
    public static Json of(List<String> paths, Map<String, FieldType> columns) {
      return new Json(paths, columns, Map.of(), DEFAULT_MAX_RECORD);
    }

    @Override
    public String kind() {
      return "json";
    }

    @Override
    public String toString() {
      return "json source";
    }
  }

  /**
   * Avro object container files.
   *
   * @param columns the columns to read; empty for those that the pipeline needs
   */
  record Avro(List<String> paths, List<String> columns) implements SourceSpec {
    public Avro {
      paths = checked(paths);
      columns = List.copyOf(columns);
    }

    @Override
    public String kind() {
      return "avro";
    }

    @Override
    public String toString() {
      return "avro source";
    }
  }

  /** A source of a {@link SourceProvider}. */
  record Provided(Use use) implements SourceSpec {
    public Provided {
      Objects.requireNonNull(use, "use is null");
    }

    @Override
    public String kind() {
      return use.provider();
    }
  }

  /**
   * History and its continuation as one input: records before the cut from {@code batch}, and those
   * that it lacks from {@code stream}; records from the cut on from {@code stream} alone.
   *
   * @param batch a source with an end
   * @param stream what goes on behind it, without an end or with one
   * @param cutMicros the first event time that is the stream's alone, microseconds since 1970 UTC
   */
  record Hybrid(SourceSpec batch, SourceSpec stream, long cutMicros) implements SourceSpec {
    public Hybrid {
      Objects.requireNonNull(batch, "batch is null");
      Objects.requireNonNull(stream, "stream is null");
      if (batch instanceof Hybrid || stream instanceof Hybrid) {
        throw new IllegalArgumentException(
            "Invalid source: batch and stream below batch and stream (must be one source each)");
      }
      if (batch instanceof KafkaSource kafka && !kafka.bounded()) {
        throw new IllegalArgumentException(
            "Invalid batch: kafka without an end (add until: latest, or give files)");
      }
    }

    @Override
    public String kind() {
      return batch.kind() + " and " + stream.kind();
    }
  }

  private static void checkMaxRecord(long bytes) {
    if (bytes < 16 || bytes > 256L << 20) {
      throw new IllegalArgumentException(
          "Invalid maxRecord: " + Sizes.format(bytes) + " (must be 16B to 256MiB)");
    }
  }

  private static List<String> checked(List<String> paths) {
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("Invalid path: none given (must be at least one)");
    }
    paths.forEach(path -> Names.path("path", path));
    return List.copyOf(paths);
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    map.forEach((k, v) -> Objects.requireNonNull(v, () -> k + " is null"));
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
