package io.featurebeam.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.pipelines.FeaturePipeline;
import io.featurebeam.pipelines.cli.FeaturePipelineOptions;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rows of the table: everything that a spec can say, by the JSON Schema that is made of the
 * code, and what a command line can ask, by its options. What is new there is a row by itself.
 */
final class Capabilities {

  /** Rows that belong together. */
  record Section(String title, List<String> rows) {}

  /** What a user's provider gives. */
  private static final String OWN_SOURCE = "source.NAME";

  /** Told in parts, or of every spec. */
  private static final Set<String> NO_ROWS =
      Set.of("name", "source", "eventTime", "sink", "validate", "rejects", "aggregate");

  /** Say how to run rather than what. */
  private static final Set<String> NO_FLAGS = Set.of("spec", "set", "writeSchema", "verbose");

  private Capabilities() {}

  static List<Section> all() throws IOException {
    List<Section> all = new ArrayList<>(all(schema()));
    all.add(all.size() - 1, new Section("Skew check", skew(read("/featurebeam-skew.schema.json"))));
    return all;
  }

  static JsonNode schema() throws IOException {
    return read("/featurebeam-spec.schema.json");
  }

  private static JsonNode read(String schema) throws IOException {
    try (InputStream in = FeaturePipeline.class.getResourceAsStream(schema)) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static List<String> skew(JsonNode schema) {
    List<String> rows = new ArrayList<>(keys(schema));
    rows.removeAll(required(schema));
    return below("skew", rows);
  }

  static List<Section> all(JsonNode schema) {
    return List.of(
        new Section("Sources", sources(schema)),
        new Section("Records", records(schema)),
        new Section("Windows", windows(schema)),
        new Section("Outputs", outputs(schema)),
        new Section("Command line", flags()));
  }

  private static List<String> sources(JsonNode schema) {
    List<String> rows = new ArrayList<>(below("source", keys(schema.at("/properties/source"))));
    rows.add(OWN_SOURCE);
    return rows;
  }

  private static List<String> records(JsonNode schema) {
    List<String> rows = new ArrayList<>(keys(schema));
    rows.removeAll(NO_ROWS);
    rows.addAll(below("validate.onFail", words(property(schema.at("/$defs/rule"), "onFail"))));
    return rows;
  }

  private static List<String> windows(JsonNode schema) {
    JsonNode group = schema.at("/properties/aggregate/anyOf/0");
    List<String> rows = new ArrayList<>();
    for (String key : keys(group)) {
      List<String> words = words(group.at("/properties/" + key));
      if (!words.isEmpty()) {
        rows.addAll(below("aggregate." + key, words));
      } else if (!required(group).contains(key)) {
        rows.add("aggregate." + key);
      }
    }
    return rows;
  }

  private static List<String> outputs(JsonNode schema) {
    JsonNode sink = schema.at("/properties/sink/anyOf/0"); // one of several
    Set<String> rows = new LinkedHashSet<>(below("sink", keys(sink)));
    for (String kind : keys(sink)) {
      JsonNode section = sink.at("/properties/" + kind);
      List<String> settings = new ArrayList<>(keys(section));
      settings.removeAll(required(section));
      // what a topic or a store takes is the client's, not the runner's
      if (required(section).contains("path")) {
        rows.addAll(below("sink", settings));
      }
    }
    JsonNode format = schema.at("/properties/rejects/properties/format");
    rows.addAll(below("rejects.format", words(format)));
    return List.copyOf(rows);
  }

  private static List<String> flags() {
    return Arrays.stream(FeaturePipelineOptions.class.getDeclaredMethods())
        .map(Method::getName)
        .filter(name -> name.startsWith("set"))
        .map(name -> name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4))
        .filter(name -> !NO_FLAGS.contains(name))
        .map(name -> "--" + (name.equals("dryRun") ? "dry-run" : name))
        .sorted()
        .toList();
  }

  private static List<String> below(String path, List<String> names) {
    return names.stream().map(name -> path + "." + name).toList();
  }

  private static List<String> keys(JsonNode section) {
    List<String> keys = new ArrayList<>();
    section.path("properties").fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static List<String> required(JsonNode section) {
    List<String> names = new ArrayList<>();
    section.path("required").forEach(name -> names.add(name.textValue()));
    return names;
  }

  /** The words that may stand there, and the keys that may. */
  private static List<String> words(JsonNode shape) {
    List<String> words = new ArrayList<>();
    shape.path("enum").forEach(word -> words.add(word.textValue()));
    words.addAll(keys(shape));
    shape.path("anyOf").forEach(one -> words.addAll(words(one)));
    return words;
  }

  /** What a name means wherever it first stands. */
  private static JsonNode property(JsonNode shapes, String name) {
    return Stream.concat(Stream.of(shapes), shapes.findParents("properties").stream())
        .map(section -> section.at("/properties/" + name))
        .filter(found -> !found.isMissingNode())
        .findFirst()
        .orElseThrow();
  }
}
