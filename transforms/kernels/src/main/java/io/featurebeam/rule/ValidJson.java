package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.required;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.featurebeam.expression.Regex;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;

/**
 * A string is JSON that is valid by a JSON Schema (draft 2020-12 unless {@code $schema} names an
 * older one). Null passes, which is not the text {@code null}; what is no JSON fails. A pattern in
 * the schema is RE2, so that it matches in linear time; {@code format} is not checked; nothing is
 * fetched, so {@code $ref} may only point into the schema itself.
 */
record ValidJson(String column, String schema) implements TextRule {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  ValidJson {
    Objects.requireNonNull(column, "column is null");
    schema = minified(schema);
    Schema unused = compiled(schema); // so that a bad one is an error now
  }

  private static String minified(String schema) {
    try {
      JsonNode parsed = JSON.readTree(schema);
      if (parsed.isObject() || parsed.isBoolean()) {
        return JSON.writeValueAsString(parsed);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Invalid schema: no JSON (" + e.getOriginalMessage() + ")", e);
    }
    throw new IllegalArgumentException("Invalid schema: " + schema + " (must be a JSON object)");
  }

  private static Schema compiled(String schema) {
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder()
            .regularExpressionFactory(
                pattern -> {
                  var compiled = Regex.compile(pattern);
                  return text -> compiled.matcher(text).find();
                })
            .build();
    try {
      Schema compiled =
          SchemaRegistry.withDefaultDialect(
                  SpecificationVersion.DRAFT_2020_12,
                  registry ->
                      registry
                          .schemaRegistryConfig(config)
                          .schemaLoader(loader -> loader.fetchRemoteResources(false)))
              .getSchema(JSON.readTree(schema));
      compiled.initializeValidators();
      return compiled;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // was parsed before
    } catch (SchemaException e) {
      throw new IllegalArgumentException("Invalid schema: " + e.getMessage(), e);
    }
  }

  @Override
  public String id() {
    return "json_schema(" + column + ", " + schema + ")";
  }

  @Override
  public String requirement() {
    return "must be valid by the JSON Schema " + schema;
  }

  @Override
  public Test test() {
    Schema compiled = compiled(schema);
    return (values, i) -> {
      try {
        JsonNode value = JSON.readTree(values.string(i));
        return !value.isMissingNode() && compiled.validate(value, OutputFormat.BOOLEAN);
      } catch (JsonProcessingException e) {
        return false;
      }
    };
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "json_schema";
    }

    @Override
    public String description() {
      return "A string is JSON that is valid by a JSON Schema.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A string column."),
          required("schema", Parameter.Kind.STRING, "The JSON Schema, as JSON text."));
    }

    @Override
    public Rule create(Settings settings) {
      return new ValidJson(settings.string("column"), settings.string("schema"));
    }
  }
}
