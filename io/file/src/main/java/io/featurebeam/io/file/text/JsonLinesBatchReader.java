package io.featurebeam.io.file.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
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

  private static final JsonFactory JSON = new JsonFactory();

  private final InputStream in;
  private final Lines lines;
  private final RecordSchema schema;
  private final String tooLong;
  private final JsonTree tree;
  private final JsonValue[] values;
  private final JsonTree[] leaves;
  private final Assembler batch;

  private JsonLinesBatchReader(
      String source, InputStream in, JsonLinesOptions options, Malformed malformed)
      throws IOException {
    this.in = in;
    this.schema = options.schema();
    this.lines = new Lines(source, in, options.maxLineBytes());
    this.tooLong = "the line is longer than " + options.maxLineBytes() + " bytes";
    this.tree = JsonTree.of(schema);
    this.values = new JsonValue[schema.size()];
    this.leaves = new JsonTree[schema.size()];
    for (int c = 0; c < values.length; c++) {
      Field field = schema.field(c);
      values[c] =
          new JsonValue(
              field.name(),
              JsonLinesOptions.scalar(field.type()),
              options.formats().get(field.name()),
              options.texts().contains(field.name()));
      leaves[c] = Objects.requireNonNull(tree.member(field.name()), "member is null");
    }
    this.batch = new Assembler(schema, source, malformed);
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
          lines.isTooLong() ? tooLong : parse(lines.bytes(), lines.start(), lines.end());
      if (problem == null) {
        batch.accept(lines.number(), lines.end() - lines.start());
      } else {
        batch.reject(lines.number(), lines.copy(), problem);
      }
    }
    return batch.build();
  }

  private @Nullable String parse(byte[] b, int from, int to) throws IOException {
    int bad = Text.invalidUtf8(b, from, to);
    if (bad >= 0) {
      return "the line is not UTF-8 (byte " + (bad - from) + ")";
    }
    try (JsonParser json = JSON.createParser(b, from, to - from)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return "the line is not a JSON object";
      }
      String problem = object(json, tree);
      if (problem != null) {
        return problem;
      }
      if (json.nextToken() != null) {
        return "text follows the JSON object";
      }
    } catch (JsonProcessingException e) {
      return Malformed.NOT_JSON + ": " + e.getOriginalMessage();
    }
    for (int c = 0; c < leaves.length; c++) {
      if (leaves[c].filled != lines.number()) {
        String problem = missing(c);
        if (problem != null) {
          return problem;
        }
        batch.column(c).appendNull();
      }
    }
    return null;
  }

  private @Nullable String missing(int c) {
    JsonTree object = leaves[c].missing(lines.number());
    if (object != null) {
      return "the member '" + object.name + "' is not an object";
    }
    return schema.field(c).nullable()
        ? null
        : "column '" + schema.field(c).name() + "' is missing (must not be null)";
  }

  /** The members of the object begun. */
  private @Nullable String object(JsonParser json, JsonTree node) throws IOException {
    while (json.nextToken() != JsonToken.END_OBJECT) {
      JsonTree member = node.member(json.currentName());
      JsonToken token = json.nextToken();
      if (member == null) {
        json.skipChildren();
        continue;
      }
      if (member.seen == lines.number()) {
        return "the member '" + member.name + "' comes twice";
      }
      member.seen = lines.number();
      String problem = value(json, token, member);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private @Nullable String value(JsonParser json, JsonToken token, JsonTree member)
      throws IOException {
    if (token == JsonToken.START_OBJECT && member.isObject()) {
      return object(json, member);
    }
    if (member.column >= 0) {
      member.filled = lines.number();
      return column(json, token, member.column);
    }
    if (token != JsonToken.VALUE_NULL) {
      member.noObject = lines.number(); // wrong, unless its members come by their dotted names
      json.skipChildren();
    }
    return null;
  }

  private @Nullable String column(JsonParser json, JsonToken token, int c) throws IOException {
    Field field = schema.field(c);
    ColumnBuilder column = batch.column(c);
    if (token == JsonToken.VALUE_NULL) {
      if (!field.nullable()) {
        return "column '" + field.name() + "' is null (must not be)";
      }
      column.appendNull();
      return null;
    }
    String problem =
        field.type().kind() == FieldType.Kind.LIST
            ? list(json, token, values[c], column)
            : values[c].append(json, token, column);
    return problem == null ? null : "column '" + field.name() + "': " + problem;
  }

  private static @Nullable String list(
      JsonParser json, JsonToken token, JsonValue value, ColumnBuilder column) throws IOException {
    if (token != JsonToken.START_ARRAY) {
      return "a value that is not an array (must be " + column.type() + ")";
    }
    ColumnBuilder elements = column.elements();
    for (JsonToken each = json.nextToken(); each != JsonToken.END_ARRAY; each = json.nextToken()) {
      if (each == JsonToken.VALUE_NULL) {
        elements.appendNull();
        continue;
      }
      String problem = value.append(json, each, elements);
      if (problem != null) {
        return problem;
      }
    }
    column.endList();
    return null;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
