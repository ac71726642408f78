package io.featurebeam.rule;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Objects;

/**
 * A string is one JSON value (RFC 8259) and nothing more. Null passes; the text {@code null} is
 * JSON, the empty string is not, nor is {@code NaN}. A name that an object has twice fails, as do
 * more than 1,000 levels and a number of more than 1,000 digits, which no reader is sure to take.
 */
record ParseableJson(String column) implements TextRule {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  ParseableJson {
    Objects.requireNonNull(column, "column is null");
  }

  @Override
  public String id() {
    return "json(" + column + ")";
  }

  @Override
  public String requirement() {
    return "must be JSON";
  }

  @Override
  public Test test() {
    return (values, i) -> isJson(values.string(i));
  }

  private static boolean isJson(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) { // what is wrong with the text
      return false;
    }
  }

  /** Makes it usable in YAML. */
  public static final class Provider extends ColumnRuleProvider {
    public Provider() {
      super("json", "A string is JSON.", "A string column.", ParseableJson::new);
    }
  }
}
