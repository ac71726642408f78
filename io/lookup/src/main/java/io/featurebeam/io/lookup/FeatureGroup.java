package io.featurebeam.io.lookup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Hashing;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * The features that a store keeps for each key of one output, saved as JSON beside the values.
 *
 * <pre>{@code
 * FeatureGroup group =
 *     FeatureGroup.of("card-features", rows, List.of("card"), List.of("payments_1h", "spent_1h"))
 *         .withSpecHash(hash)
 *         .withTtl(Duration.ofDays(30).toMillis() * 1000);
 * }</pre>
 *
 * <p>Keys may be of any type that is equal to itself by text: not float64, and no list.
 *
 * @param name letters, digits, {@code . _ -}
 * @param keys name and type of the columns that a row is looked up by
 * @param features name and type of the columns that are looked up
 * @param specHash of the spec that wrote last; empty if there is none
 * @param ttlMicros how long after its event time a row is kept; 0 for ever
 */
public record FeatureGroup(
    String name, List<Field> keys, List<Field> features, String specHash, long ttlMicros)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** How rows and this JSON are laid out; another is refused. */
  public static final int FORMAT = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  public FeatureGroup {
    Objects.requireNonNull(specHash, "specHash is null");
    if (!name.matches("[A-Za-z0-9._-]{1,200}")) {
      throw new IllegalArgumentException(
          "Invalid group: '" + name + "' (must be letters, digits, . _ -, at most 200)");
    }
    keys = nullable(keys);
    features = nullable(features);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid keys of group '" + name + "': none (a store keeps one row of each key)");
    }
    for (Field key : keys) {
      FieldType.Kind kind = key.type().kind();
      if (kind == FieldType.Kind.FLOAT64 || kind == FieldType.Kind.LIST) {
        throw new IllegalArgumentException(
            "Invalid key of group '"
                + name
                + "': '"
                + key.name()
                + "' is "
                + key.type()
                + " (must be boolean, int64, string, bytes, timestamp, date or time)");
      }
    }
    List<Field> all = new ArrayList<>(keys);
    all.addAll(features);
    var unused = RecordSchema.of(all); // no name twice
    if (ttlMicros < 0) {
      throw new IllegalArgumentException(
          "Invalid ttl of group '" + name + "': " + ttlMicros + " (must be >= 0)");
    }
  }

  /** Whether a column may hold nulls is nothing that a store knows. */
  private static List<Field> nullable(List<Field> fields) {
    return fields.stream().map(f -> Field.of(f.name(), f.type())).toList();
  }

  /** Columns of {@code rows}, without a spec and kept for ever. */
  public static FeatureGroup of(
      String name, RecordSchema rows, List<String> keys, List<String> features) {
    return new FeatureGroup(
        name, rows.project(keys).fields(), rows.project(features).fields(), "", 0);
  }

  public FeatureGroup withSpecHash(String hash) {
    return new FeatureGroup(name, keys, features, hash, ttlMicros);
  }

  public FeatureGroup withTtl(long micros) {
    return new FeatureGroup(name, keys, features, specHash, micros);
  }

  /**
   * Which schema a row was encoded with, in 16 digits of hex: equal for equal names and types of
   * keys and features, in order.
   */
  public String schemaId() {
    StringBuilder text = new StringBuilder();
    for (List<Field> fields : List.of(keys, features)) {
      fields.forEach(f -> text.append(f.name()).append('\n').append(f.type()).append('\n'));
      text.append('\n');
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().toHexDigits(Hashing.hash(bytes, 0, bytes.length));
  }

  /**
   * Checks that rows of this group may follow those of {@code stored}: equal keys, and every
   * feature still there with its type; new ones are fine.
   *
   * @param store names the store in the error
   */
  public void checkFollows(FeatureGroup stored, String store) {
    String problem = null;
    if (!keys.equals(stored.keys)) {
      problem = "its keys are " + stored.keys + ", those of this run are " + keys;
    }
    for (Field before : stored.features) {
      Field now =
          features.stream().filter(f -> f.name().equals(before.name())).findFirst().orElse(null);
      if (problem == null && now == null) {
        problem = "it has a column '" + before.name() + "', which this run has not";
      } else if (problem == null && !now.type().equals(before.type())) {
        problem =
            "its column '"
                + before.name()
                + "' is "
                + before.type()
                + ", that of this run is "
                + now.type();
      }
    }
    if (problem != null) {
      throw new IllegalArgumentException(
          "Group '"
              + name
              + "' in "
              + store
              + " has another schema: "
              + problem
              + " (take another group, or set overwrite: true to go on with this run's)");
    }
  }

  /** One line, the form that a store keeps; {@link #parse} reads it. */
  public String json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("name", name);
    json.put("schema", schemaId());
    put(json.putArray("keys"), keys);
    put(json.putArray("features"), features);
    json.put("spec", specHash);
    json.put("ttlMicros", ttlMicros);
    return json.toString();
  }

  private static void put(ArrayNode array, List<Field> fields) {
    for (Field field : fields) {
      array.addObject().put("name", field.name()).put("type", field.type().toString());
    }
  }

  /** The group that {@link #json} writes. */
  public static FeatureGroup parse(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      if (node.path("format").asInt(-1) != FORMAT) {
        throw new IllegalArgumentException(
            "Invalid feature group: its format is "
                + (node.has("format") ? node.get("format") : "missing")
                + " (this release reads "
                + FORMAT
                + ")");
      }
      return new FeatureGroup(
          node.path("name").asText(),
          fields(node.path("keys")),
          fields(node.path("features")),
          node.path("spec").asText(),
          node.path("ttlMicros").asLong());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Invalid feature group: it is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static List<Field> fields(JsonNode array) {
    List<Field> fields = new ArrayList<>();
    for (JsonNode field : array) {
      fields.add(
          Field.of(field.path("name").asText(), FieldType.parse(field.path("type").asText())));
    }
    return fields;
  }
}
