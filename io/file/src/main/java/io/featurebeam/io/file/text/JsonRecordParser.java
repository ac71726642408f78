package io.featurebeam.io.file.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One JSON object at a time, as {@link JsonLinesBatchReader} says; line breaks are but spaces. */
public final class JsonRecordParser implements RecordParser {

  private static final JsonFactory JSON = new JsonFactory();

  private final String noun;
  private final RecordSchema schema;
  private final Columns columns;
  private final JsonTree tree;
  private final JsonValue[] values;
  private final JsonTree[] leaves;
  private long record;

  /**
   * Of some columns.
   *
   * @param noun what a reason calls the bytes that hold a record: line, message
   */
  public JsonRecordParser(JsonLinesOptions options, String noun, Columns columns) {
    this.noun = noun;
    this.schema = options.schema();
    this.columns = columns;
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
  }

  @Override
  public @Nullable String parse(byte[] b, int from, int to) throws IOException {
    record++;
    int bad = Text.invalidUtf8(b, from, to);
    if (bad >= 0) {
      return "the " + noun + " is not UTF-8 (byte " + (bad - from) + ")";
    }
    try (JsonParser json = JSON.createParser(b, from, to - from)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return "the " + noun + " is not a JSON object";
      }
      String problem = object(json, tree);
      if (problem != null) {
        return problem;
      }
      if (json.nextToken() != null) {
        return "text follows the JSON object";
      }
    } catch (JsonProcessingException e) {
      return "the " + noun + " is not JSON: " + e.getOriginalMessage();
    }
    for (int c = 0; c < leaves.length; c++) {
      if (leaves[c].filled != record) {
        String problem = missing(c);
        if (problem != null) {
          return problem;
        }
        columns.column(c).appendNull();
      }
    }
    return null;
  }

  private @Nullable String missing(int c) {
    JsonTree object = leaves[c].missing(record);
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
      if (member.seen == record) {
        return "the member '" + member.name + "' comes twice";
      }
      member.seen = record;
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
      member.filled = record;
      return column(json, token, member.column);
    }
    if (token != JsonToken.VALUE_NULL) {
      member.noObject = record; // wrong, unless its members come by their dotted names
      json.skipChildren();
    }
    return null;
  }

  private @Nullable String column(JsonParser json, JsonToken token, int c) throws IOException {
    Field field = schema.field(c);
    ColumnBuilder column = columns.column(c);
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
}
