package io.featurebeam.io.lookup;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where in Redis what is, byte by byte (docs/serving.md says it to those who read it in another
 * language): a string {@code fb:GROUP:KEY} per row, and a hash {@code fb:GROUP} that describes the
 * group.
 */
public final class RedisLayout {

  /** The field of a group's hash with {@link FeatureGroup#json()} as written last. */
  public static final String CURRENT = "group";

  /** Before a schema id, the field with the group as it was when rows bore that id. */
  public static final String SCHEMA = "schema:";

  /** The version and the schema id before a row, both as text. */
  public static final int HEADER = RowVersion.LENGTH + 16;

  private RedisLayout() {}

  /** The key of the hash that describes a group. */
  public static String group(String name) {
    return "fb:" + name;
  }

  /** The key of a row. */
  public static byte[] key(String group, String key) {
    return ("fb:" + group + ":" + key).getBytes(StandardCharsets.UTF_8);
  }

  /** The value of a row. */
  public static byte[] value(LatestRow row, String schemaId) {
    byte[] encoded = row.encoded();
    byte[] value = new byte[HEADER + encoded.length];
    byte[] header = (row.version().text() + schemaId).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(header, 0, value, 0, HEADER);
    System.arraycopy(encoded, 0, value, HEADER, encoded.length);
    return value;
  }

  /** The row of a value of at least {@link #HEADER} bytes. */
  public static StoredRow row(byte[] value) {
    String header = new String(value, 0, HEADER, StandardCharsets.US_ASCII);
    return new StoredRow(
        header.substring(0, RowVersion.LENGTH), header.substring(RowVersion.LENGTH), value, HEADER);
  }

  /** The fields of the hash that describes a group. */
  public static Map<String, String> fields(FeatureGroup group) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(CURRENT, group.json());
    fields.put(SCHEMA + group.schemaId(), group.json());
    return fields;
  }

  /** The group of such a hash. */
  public static FeatureStore.Group group(Map<String, String> fields) {
    String current = fields.get(CURRENT);
    if (current == null) {
      throw new IllegalArgumentException("Invalid feature group: field 'group' is missing");
    }
    Map<String, FeatureGroup> schemas = new LinkedHashMap<>();
    fields.forEach(
        (field, json) -> {
          if (field.startsWith(SCHEMA)) {
            schemas.put(field.substring(SCHEMA.length()), FeatureGroup.parse(json));
          }
        });
    return new FeatureStore.Group(FeatureGroup.parse(current), Map.copyOf(schemas));
  }
}
