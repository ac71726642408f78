package io.featurebeam.io.file.text;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How to read CSV: {@code CsvOptions.of(schema).withDelimiter(';').withNulls(List.of("NA"))}.
 *
 * @param schema the columns to read, found by name; the file may have more
 * @param columns the names of the file's columns in order; none means that its first record holds
 *     them
 * @param formats of timestamps, dates and times by column: {@code iso} (also if none is given),
 *     {@code epoch-seconds}, {@code epoch-millis}, {@code epoch-micros}, or a pattern such as
 *     {@code dd.MM.yyyy}
 * @param dialect which characters mean what
 * @param nulls what stands for a null when not in quotes, besides nothing at all
 * @param encoding UTF-8 (checked) or ISO-8859-1
 * @param maxRecordBytes a longer record is malformed, which bounds the memory that a stray quote
 *     can take
 */
public record CsvOptions(
    RecordSchema schema,
    List<String> columns,
    Map<String, String> formats,
    Dialect dialect,
    List<String> nulls,
    Charset encoding,
    int maxRecordBytes) {

  /** No such character. */
  public static final char NONE = 0;

  /**
   * Which characters mean what; all ASCII.
   *
   * @param delimiter between fields
   * @param quote around a field; twice within quotes stands for itself; or {@link #NONE}
   * @param escape takes the next character literally; or {@link #NONE}, as in RFC 4180
   * @param comment starts a line to be skipped; or {@link #NONE}
   * @param trim whether spaces and tabs around fields and quotes are dropped
   */
  public record Dialect(char delimiter, char quote, char escape, char comment, boolean trim)
      implements Serializable {

    private static final long serialVersionUID = 1L;

    /** RFC 4180: comma, double quote. */
    public static final Dialect RFC_4180 = new Dialect(',', '"', NONE, NONE, false);

    public Dialect {
      check("delimiter", delimiter);
      check("quote", quote);
      check("escape", escape);
      check("comment", comment);
      if (delimiter == NONE || delimiter == quote || delimiter == escape || delimiter == comment) {
        throw new IllegalArgumentException(
            "Invalid CSV delimiter: '" + delimiter + "' (must be a character of its own)");
      }
    }

    private static void check(String name, char c) {
      if (c > 0x7E || c == '\n' || c == '\r') {
        throw new IllegalArgumentException(
            "Invalid CSV " + name + ": '" + c + "' (must be one ASCII character on one line)");
      }
    }
  }

  public CsvOptions {
    Objects.requireNonNull(schema, "schema is null");
    columns = List.copyOf(columns);
    formats = Map.copyOf(formats);
    nulls = List.copyOf(nulls);
    if (!encoding.equals(StandardCharsets.UTF_8) && !encoding.equals(StandardCharsets.ISO_8859_1)) {
      throw new IllegalArgumentException(
          "Invalid CSV encoding: " + encoding + " (must be UTF-8 or ISO-8859-1)");
    }
    if (maxRecordBytes < 16 || maxRecordBytes > 1 << 28) {
      throw new IllegalArgumentException(
          "Invalid maxRecordBytes: " + maxRecordBytes + " (must be between 16 and 268435456)");
    }
    checkFormats(schema, formats);
    for (Field field : schema.fields()) {
      ValueParser.of(field.name(), field.type(), formats.get(field.name()));
      if (!columns.isEmpty() && !columns.contains(field.name())) {
        throw new IllegalArgumentException(
            "Unknown column: '" + field.name() + "'" + Spelling.hint(field.name(), columns));
      }
    }
  }

  /** RFC 4180 with a header in UTF-8; an empty field is null. */
  public static CsvOptions of(RecordSchema schema) {
    return new CsvOptions(
        schema, List.of(), Map.of(), Dialect.RFC_4180, List.of(), StandardCharsets.UTF_8, 1 << 20);
  }

  static void checkFormats(RecordSchema schema, Map<String, String> formats) {
    formats.keySet().forEach(schema::indexOf);
  }

  /** The file has no header; these are its columns. */
  public CsvOptions withColumns(List<String> names) {
    return new CsvOptions(schema, names, formats, dialect, nulls, encoding, maxRecordBytes);
  }

  public CsvOptions withFormats(Map<String, String> byColumn) {
    return new CsvOptions(schema, columns, byColumn, dialect, nulls, encoding, maxRecordBytes);
  }

  public CsvOptions withDialect(Dialect other) {
    return new CsvOptions(schema, columns, formats, other, nulls, encoding, maxRecordBytes);
  }

  public CsvOptions withDelimiter(char c) {
    return withDialect(
        new Dialect(c, dialect.quote, dialect.escape, dialect.comment, dialect.trim));
  }

  public CsvOptions withNulls(List<String> texts) {
    return new CsvOptions(schema, columns, formats, dialect, texts, encoding, maxRecordBytes);
  }

  public CsvOptions withEncoding(Charset charset) {
    return new CsvOptions(schema, columns, formats, dialect, nulls, charset, maxRecordBytes);
  }

  public CsvOptions withMaxRecordBytes(int bytes) {
    return new CsvOptions(schema, columns, formats, dialect, nulls, encoding, bytes);
  }
}
