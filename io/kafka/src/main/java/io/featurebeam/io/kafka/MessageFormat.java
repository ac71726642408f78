package io.featurebeam.io.kafka;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.avro.AvroRecordParser;
import io.featurebeam.io.file.avro.AvroSchemas;
import io.featurebeam.io.file.text.Columns;
import io.featurebeam.io.file.text.CsvOptions;
import io.featurebeam.io.file.text.CsvRecordParser;
import io.featurebeam.io.file.text.JsonLinesOptions;
import io.featurebeam.io.file.text.JsonRecordParser;
import io.featurebeam.io.file.text.RecordParser;
import io.featurebeam.io.file.text.Text;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What the value of a message holds: one record, of one of these forms. */
public sealed interface MessageFormat extends Serializable {

  /** All columns that can be read. */
  RecordSchema schema();

  /** Parses some of the columns. */
  RecordParser parser(RecordSchema wanted, Columns out, int maxBytes);

  /** Whether a value may hold nothing at all. */
  default boolean takesEmpty() {
    return false;
  }

  /**
   * One JSON object. What is no column is skipped.
   *
   * @param formats of timestamps, dates and times by column, where they are not ISO 8601
   */
  static MessageFormat json(RecordSchema columns, Map<String, String> formats) {
    return new Json(columns, new TreeMap<>(formats));
  }

  /** One JSON object; times are ISO 8601. */
  static MessageFormat json(RecordSchema columns) {
    return json(columns, Map.of());
  }

  /**
   * One CSV record, with a field per column, in order.
   *
   * @param formats as of JSON
   * @param options the dialect, nulls and encoding; the rest is not looked at
   */
  static MessageFormat csv(RecordSchema columns, Map<String, String> formats, CsvOptions options) {
    return new Csv(
        columns,
        new TreeMap<>(formats),
        options.dialect(),
        List.copyOf(options.nulls()),
        options.encoding().name());
  }

  /** One CSV record as RFC 4180 says. */
  static MessageFormat csv(RecordSchema columns, Map<String, String> formats) {
    return csv(columns, formats, CsvOptions.of(RecordSchema.of()));
  }

  /** One CSV record as RFC 4180 says; times are ISO 8601. */
  static MessageFormat csv(RecordSchema columns) {
    return csv(columns, Map.of());
  }

  /** One Avro record in binary form, all written with this schema. */
  static MessageFormat avro(Schema schema) {
    return new Avro(schema.toString(), Avro.Framing.NONE, null);
  }

  /**
   * One Avro record behind a zero and the number of a schema, as Confluent's serializers write it,
   * all written with this schema whatever the number says.
   */
  static MessageFormat confluentAvro(Schema schema) {
    return new Avro(schema.toString(), Avro.Framing.CONFLUENT, null);
  }

  /**
   * The same, each written with the schema that its number has in a registry. Fields are found by
   * name; a column that an older schema lacks is null.
   *
   * @param schema says which columns there are
   */
  static MessageFormat confluentAvro(Schema schema, SchemaRegistry registry) {
    return new Avro(schema.toString(), Avro.Framing.CONFLUENT, registry);
  }

  /** Text in UTF-8, as it is, in one column. */
  static MessageFormat text(String column) {
    return new Raw(column, FieldType.STRING);
  }

  /** Bytes, as they are, in one column. */
  static MessageFormat bytes(String column) {
    return new Raw(column, FieldType.BYTES);
  }

  /** See {@link #json}. */
  record Json(RecordSchema schema, TreeMap<String, String> formats) implements MessageFormat {
    public Json {
      var unused = JsonLinesOptions.of(schema).withFormats(formats); // what is wrong is told now
    }

    @Override
    public RecordParser parser(RecordSchema wanted, Columns out, int maxBytes) {
      return new JsonRecordParser(
          JsonLinesOptions.of(wanted).withFormats(known(formats, wanted)), "message", out);
    }
  }

  /** See {@link #csv}. */
  record Csv(
      RecordSchema schema,
      TreeMap<String, String> formats,
      CsvOptions.Dialect dialect,
      List<String> nulls,
      String encoding)
      implements MessageFormat {
    public Csv {
      var unused = options(schema, schema, formats, dialect, nulls, encoding);
    }

    private static CsvOptions options(
        RecordSchema wanted,
        RecordSchema all,
        Map<String, String> formats,
        CsvOptions.Dialect dialect,
        List<String> nulls,
        String encoding) {
      return CsvOptions.of(wanted)
          .withColumns(all.names())
          .withFormats(known(formats, wanted))
          .withDialect(dialect)
          .withNulls(nulls)
          .withEncoding(Charset.forName(encoding));
    }

    @Override
    public RecordParser parser(RecordSchema wanted, Columns out, int maxBytes) {
      return new CsvRecordParser(
          options(wanted, schema, formats, dialect, nulls, encoding).withMaxRecordBytes(maxBytes),
          out);
    }
  }

  /**
   * See {@link #avro} and {@link #confluentAvro}.
   *
   * @param text the schema as JSON, since not every version of Avro's own class is serializable
   */
  record Avro(String text, Framing framing, @Nullable SchemaRegistry registry)
      implements MessageFormat {

    /** What stands before a record. */
    public enum Framing {
      NONE,
      CONFLUENT
    }

    public Avro {
      Objects.requireNonNull(framing, "framing is null");
    }

    private Schema parsed() {
      return new Schema.Parser().parse(text);
    }

    @Override
    public RecordSchema schema() {
      return AvroSchemas.toRecordSchema(parsed());
    }

    @Override
    public RecordParser parser(RecordSchema wanted, Columns out, int maxBytes) {
      if (framing == Framing.NONE) {
        return new AvroRecordParser("of messages", parsed(), wanted, out);
      }
      return new ConfluentParser(parsed(), registry, wanted, out);
    }
  }

  /** See {@link #text} and {@link #bytes}. */
  record Raw(String column, FieldType type) implements MessageFormat {
    @Override
    public RecordSchema schema() {
      return RecordSchema.of(Field.of(column, type));
    }

    @Override
    public boolean takesEmpty() {
      return true;
    }

    @Override
    public RecordParser parser(RecordSchema wanted, Columns out, int maxBytes) {
      if (wanted.size() == 0) {
        return (b, from, to) -> null;
      }
      if (type.equals(FieldType.BYTES)) {
        return (b, from, to) -> {
          out.column(0).appendBytes(b, from, to - from);
          return null;
        };
      }
      return (b, from, to) -> {
        String problem = Text.notUtf8(b, from, to);
        if (problem != null) {
          return "column '" + column + "': " + problem;
        }
        out.column(0).appendBytes(b, from, to - from);
        return null;
      };
    }
  }

  private static Map<String, String> known(Map<String, String> formats, RecordSchema schema) {
    TreeMap<String, String> known = new TreeMap<>(formats);
    known.keySet().retainAll(schema.names());
    return known;
  }
}
