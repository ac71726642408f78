package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.FieldType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where events are read from. Paths may hold {@code *}, {@code ?} and {@code {a,b}}, and name any
 * file system that Beam knows. No {@code toString} here shows a path or setting: it may hold a
 * secret.
 */
public sealed interface SourceSpec {

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

  /**
   * CSV files, RFC 4180.
   *
   * @param columns name and type of each column in the order of the file; empty to take names from
   *     the header and every value as text
   * @param delimiter one character
   * @param header whether the first line names the columns
   * @param nulls texts that mean null; a quoted one never does
   * @param timestampFormats column to format (as {@link java.time.format.DateTimeFormatter} knows
   *     them) for columns that are not ISO 8601
   */
  record Csv(
      List<String> paths,
      Map<String, FieldType> columns,
      char delimiter,
      boolean header,
      List<String> nulls,
      Map<String, String> timestampFormats)
      implements SourceSpec {

    /** The empty text. */
    public static final List<String> DEFAULT_NULLS = List.of("");

    public Csv {
      paths = checked(paths);
      columns = ordered(columns);
      nulls = List.copyOf(nulls);
      timestampFormats = ordered(timestampFormats);
      if (delimiter == '"' || delimiter == '\n' || delimiter == '\r' || delimiter > 127) {
        throw new IllegalArgumentException(
            "Invalid delimiter: '"
                + (delimiter < ' ' ? "\\u" + (int) delimiter : String.valueOf(delimiter))
                + "' (must be an ASCII character other than a quote or a line break)");
      }
      if (!header && columns.isEmpty()) {
        throw new IllegalArgumentException(
            "Invalid columns: none given (a CSV without a header needs them)");
      }
    }

    /** Comma-separated files with a header and columns of these types. */
    public static Csv of(List<String> paths, Map<String, FieldType> columns) {
      return new Csv(paths, columns, ',', true, DEFAULT_NULLS, Map.of());
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
   * JSON lines: one object per line.
   *
   * @param columns name and type of each column; empty to infer them from the first lines
   */
  record Json(
      List<String> paths, Map<String, FieldType> columns, Map<String, String> timestampFormats)
      implements SourceSpec {
    public Json {
      paths = checked(paths);
      columns = ordered(columns);
      timestampFormats = ordered(timestampFormats);
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
