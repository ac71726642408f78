package io.featurebeam.io.kafka;

import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.avro.AvroRecordParser;
import io.featurebeam.io.file.text.Columns;
import io.featurebeam.io.file.text.RecordParser;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Avro records in Confluent's wire format: a zero, the number of a schema, the record. */
final class ConfluentParser implements RecordParser {

  private static final int HEADER = 5;

  private final Schema given;
  private final @Nullable SchemaRegistry registry;
  private final RecordSchema wanted;
  private final Columns out;

  /** By number; a schema that cannot be used is kept as a parser that says why. */
  private final Map<Integer, RecordParser> parsers = new HashMap<>();

  ConfluentParser(
      Schema given, @Nullable SchemaRegistry registry, RecordSchema wanted, Columns out) {
    this.given = given;
    this.registry = registry;
    this.wanted = wanted;
    this.out = out;
  }

  @Override
  public @Nullable String parse(byte[] b, int from, int to) throws IOException {
    if (to - from < HEADER || b[from] != 0) {
      return "the message is not in Confluent's wire format (must begin with a zero and four bytes"
          + " of a schema's number)";
    }
    int id =
        (b[from + 1] & 0xFF) << 24
            | (b[from + 2] & 0xFF) << 16
            | (b[from + 3] & 0xFF) << 8
            | (b[from + 4] & 0xFF);
    RecordParser parser = parsers.get(id);
    if (parser == null) {
      parser = parserOf(id);
      parsers.put(id, parser);
    }
    return parser.parse(b, from + HEADER, to);
  }

  private RecordParser parserOf(int id) throws IOException {
    Schema written = given;
    if (registry != null) {
      written = registry.schema(id);
      if (written == null) {
        return (b, from, to) -> "schema " + id + " is not in the registry";
      }
    }
    try {
      return new AvroRecordParser("of schema " + id, written, wanted, out);
    } catch (IllegalArgumentException e) {
      String problem = "schema " + id + " does not fit: " + e.getMessage();
      return (b, from, to) -> problem;
    }
  }
}
