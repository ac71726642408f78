package io.featurebeam.pipelines.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.pipelines.spec.Shape.Family;
import io.featurebeam.pipelines.spec.Shape.KeyShape;
import io.featurebeam.settings.Parameter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The JSON Schema (draft 2020-12) of a spec file, for editors: it completes keys, explains them and
 * marks what the parser would refuse by form. What only a provider or the data can judge, the
 * parser judges.
 */
public final class SchemaWriter {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Providers providers;

  private SchemaWriter(Providers providers) {
    this.providers = providers;
  }

  /** The schema with the rules, features, aggregates and sources of these providers, indented. */
  public static String write(Providers providers) {
    SchemaWriter writer = new SchemaWriter(providers);
    return write("FeatureBeam pipeline spec", writer, SpecShape.ROOT, writer.definitions());
  }

  /** The schema of the spec of a skew check, likewise. */
  public static String writeSkew(Providers providers) {
    SchemaWriter writer = new SchemaWriter(providers);
    ObjectNode variable = writer.definitions().retain("variable");
    return write("FeatureBeam skew check", writer, SkewShape.ROOT, variable);
  }

  private static String write(
      String title, SchemaWriter writer, Shape.Section root, ObjectNode definitions) {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", title);
    schema.setAll(writer.section(root));
    schema.set("$defs", definitions);
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n")); // the same on every machine
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // cannot be: a tree is always written
    }
  }

  private ObjectNode definitions() {
    ObjectNode definitions = JSON.objectNode();
    definitions.set(
        "variable",
        JSON.objectNode()
            .put("type", "string")
            .put("pattern", "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}")
            .put("description", "An environment variable."));
    ObjectNode rules = anyOf();
    rules.withArray("anyOf").add(false); // so that the list is never empty, which is not allowed
    for (Providers.Offer offer : providers.ruleOffers()) {
      rules.withArray("anyOf").add(rule(offer));
    }
    definitions.set("rule", rules);
    definitions.set("feature", uses(providers.featureOffers(), false));
    definitions.set("aggregate", uses(providers.aggregateOffers(), true));
    return definitions;
  }

  private ObjectNode shape(Shape shape) {
    if (shape instanceof Shape.Plain plain) {
      return parameter(plain.kind());
    }
    if (shape instanceof Shape.Form form) {
      ObjectNode text = JSON.objectNode().put("type", "string");
      text.put("pattern", "^(" + form.pattern() + (form.pattern().equals("\\S") ? ")" : ")$"));
      text.set("examples", JSON.arrayNode().add(form.example()));
      return orVariable(text);
    }
    if (shape instanceof Shape.Choice choice) {
      ArrayNode words = JSON.arrayNode();
      choice.words().forEach(words::add);
      return orVariable(JSON.objectNode().set("enum", words));
    }
    if (shape instanceof Shape.Items items) {
      return oneOrMore(shape(items.of()));
    }
    if (shape instanceof Shape.Named named) {
      ObjectNode map = JSON.objectNode().put("type", "object");
      if (named.name().equals("name")) {
        map.set("propertyNames", JSON.objectNode().put("pattern", "^" + Names.PATTERN + "$"));
      }
      map.set("additionalProperties", shape(named.of()));
      return map;
    }
    if (shape instanceof Shape.Section section) {
      return section(section);
    }
    if (shape instanceof Shape.OneOf oneOf) {
      return oneOf(oneOf);
    }
    if (shape instanceof Shape.OneOfOr either) {
      return oneOfOr(either);
    }
    if (shape instanceof Shape.WordOr wordOr) {
      ObjectNode either = anyOf();
      either.withArray("anyOf").add(shape(wordOr.word())).add(section(wordOr.section()));
      return either;
    }
    if (shape instanceof Shape.ItemsOr itemsOr) {
      ObjectNode either = shape(itemsOr.items());
      either.withArray("anyOf").add(section(itemsOr.section()));
      return either;
    }
    Family family = ((Shape.Provided) shape).family();
    return JSON.objectNode().put("$ref", "#/$defs/" + SpecShape.word(family));
  }

  private ObjectNode section(Shape.Section section) {
    ObjectNode object = object();
    for (KeyShape key : section.keys()) {
      ObjectNode property = JSON.objectNode().put("description", key.description());
      object.withObject("/properties").set(key.name(), property.setAll(shape(key.shape())));
      if (key.required()) {
        object.withArray("required").add(key.name());
      }
    }
    return object;
  }

  private ObjectNode oneOf(Shape.OneOf oneOf) {
    ObjectNode object =
        object().put("minProperties", 1).put("maxProperties", 1 + oneOf.beside().size());
    for (KeyShape key : oneOf.beside()) {
      ObjectNode property = JSON.objectNode().put("description", key.description());
      object.withObject("/properties").set(key.name(), property.setAll(shape(key.shape())));
    }
    for (KeyShape key : oneOf.keys()) {
      ObjectNode property = JSON.objectNode().put("description", key.description());
      object.withObject("/properties").set(key.name(), property.setAll(shape(key.shape())));
    }
    if (oneOf.open()) {
      for (Providers.Offer offer : providers.sourceOffers()) {
        object.withObject("/properties").set(offer.name(), below(offer, nested(offer)));
      }
    }
    return object;
  }

  /** One object, so that an editor offers all keys: one of some, or all of the others. */
  private ObjectNode oneOfOr(Shape.OneOfOr either) {
    ObjectNode object = oneOf(either.oneOf());
    ObjectNode section = section(either.section());
    section
        .withObject("/properties")
        .properties()
        .forEach(key -> object.withObject("/properties").set(key.getKey(), key.getValue()));
    object.put("maxProperties", either.section().keys().size());
    ObjectNode all = JSON.objectNode().set("required", section.get("required"));
    ObjectNode one = JSON.objectNode().put("maxProperties", 1);
    for (KeyShape key : either.section().keys()) {
      one.withArray("/not/anyOf")
          .add(JSON.objectNode().set("required", JSON.arrayNode().add(key.name())));
    }
    object.withArray("anyOf").add(one).add(all);
    return object;
  }

  private ObjectNode rule(Providers.Offer offer) {
    ObjectNode object = object().put("description", offer.description());
    object.withObject("/properties").set("rule", JSON.objectNode().put("const", offer.name()));
    object.withArray("required").add("rule");
    parameters(object, offer, offer.parameters());
    object
        .withObject("/properties")
        .set(
            "onFail",
            JSON.objectNode()
                .put(
                    "description",
                    "What a record that breaks the rule leads to; reject if left out.")
                .setAll(shape(Shape.Choice.of(RuleSpec.OnFail.class))));
    return object;
  }

  private ObjectNode uses(List<Providers.Offer> offers, boolean conditional) {
    ObjectNode any = anyOf();
    any.withArray("anyOf").add(false);
    for (Providers.Offer offer : offers) {
      if (offer.parameters().stream().noneMatch(Parameter::required)) {
        any.withArray("anyOf")
            .add(
                JSON.objectNode()
                    .put("const", offer.name())
                    .put("description", offer.description()));
      }
      any.withArray("anyOf").add(use(offer, conditional));
    }
    return any;
  }

  /** {@code { name: primary, other: ... }} and {@code { name: { primary: ..., other: ... } }}. */
  private ObjectNode use(Providers.Offer offer, boolean conditional) {
    ObjectNode object = object().put("description", offer.description());
    object.withObject("/properties").set(offer.name(), below(offer, nestedOrPartial(offer)));
    object.withArray("required").add(offer.name());
    for (Parameter parameter : offer.parameters()) {
      object.withObject("/properties").set(parameter.name(), described(parameter));
    }
    if (conditional) {
      object
          .withObject("/properties")
          .set(
              "where",
              JSON.objectNode()
                  .put("type", "string")
                  .put("description", "A CEL condition: only records for which it is true count."));
      object.withObject("/properties").set("per", below(UseReader.PER, nested(UseReader.PER)));
    }
    return object;
  }

  /** What may stand below a name: the primary setting alone, settings, or nothing if none must. */
  private static ObjectNode below(Providers.Offer offer, ObjectNode settings) {
    ObjectNode value = anyOf();
    for (Parameter primary : offer.primary()) {
      value.withArray("anyOf").add(described(primary));
    }
    value.withArray("anyOf").add(settings);
    if (offer.parameters().stream().noneMatch(Parameter::required)) {
      value.withArray("anyOf").add(JSON.objectNode().put("type", "null"));
    }
    return value;
  }

  /**
   * Settings below the name; required ones may stand beside it instead, which the parser checks.
   */
  private ObjectNode nestedOrPartial(Providers.Offer offer) {
    ObjectNode object = nested(offer);
    object.remove("required");
    return object;
  }

  private ObjectNode nested(Providers.Offer offer) {
    ObjectNode object = object().put("description", offer.description());
    parameters(object, offer, offer.parameters());
    return object;
  }

  private void parameters(ObjectNode object, Providers.Offer offer, List<Parameter> parameters) {
    for (Parameter parameter : parameters) {
      object.withObject("/properties").set(parameter.name(), described(parameter));
      if (parameter.required()) {
        object.withArray("required").add(parameter.name());
      }
    }
    if (offer.parameters().isEmpty() && !object.has("properties")) {
      object.withObject("/properties");
    }
  }

  private static ObjectNode described(Parameter parameter) {
    return JSON.objectNode()
        .put("description", parameter.description())
        .setAll(parameter(parameter.kind()));
  }

  private static ObjectNode parameter(Parameter.Kind kind) {
    return switch (kind) {
      case COLUMN, EXPRESSION -> JSON.objectNode().put("type", "string");
      case STRING, VALUE -> scalar();
      case NUMBER -> orVariable(JSON.objectNode().put("type", "number"));
      case INTEGER -> orVariable(JSON.objectNode().put("type", "integer"));
      case BOOLEAN -> orVariable(JSON.objectNode().put("type", "boolean"));
      case DURATION ->
          orVariable(
              JSON.objectNode()
                  .put("type", "string")
                  .put("pattern", "^" + SpecShape.SPAN_PATTERN + "$"));
      case COLUMNS -> oneOrMore(JSON.objectNode().put("type", "string"));
      case STRINGS, VALUES -> oneOrMore(scalar());
      case NUMBERS -> oneOrMore(orVariable(JSON.objectNode().put("type", "number")));
      case TUPLES -> list(list(scalar()));
    };
  }

  private static ObjectNode scalar() {
    ObjectNode scalar = JSON.objectNode();
    scalar.withArray("type").add("string").add("number").add("boolean");
    return scalar;
  }

  private static ObjectNode list(ObjectNode items) {
    return JSON.objectNode().put("type", "array").set("items", items);
  }

  private static ObjectNode oneOrMore(ObjectNode one) {
    ObjectNode either = anyOf();
    either
        .withArray("anyOf")
        .add(one)
        .add(JSON.objectNode().put("type", "array").set("items", one.deepCopy()));
    return either;
  }

  private static ObjectNode orVariable(ObjectNode value) {
    ObjectNode either = anyOf();
    either.withArray("anyOf").add(value).add(JSON.objectNode().put("$ref", "#/$defs/variable"));
    return either;
  }

  private static ObjectNode anyOf() {
    ObjectNode node = JSON.objectNode();
    node.putArray("anyOf");
    return node;
  }

  private static ObjectNode object() {
    return JSON.objectNode().put("type", "object").put("additionalProperties", false);
  }
}
