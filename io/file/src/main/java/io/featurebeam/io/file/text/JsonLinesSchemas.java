package io.featurebeam.io.file.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordSchema;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * A first guess at the schema of a JSON lines file, to be looked at and written down: a later
 * record that does not fit is malformed.
 */
public final class JsonLinesSchemas {

  /** More different members than this are data, not names. */
  private static final int MAX_MEMBERS = 10_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonLinesSchemas() {}

  /**
   * What the first lines allow: none of them is malformed for it but those that would be for any.
   *
   * @param schema the columns, all nullable
   * @param texts the columns that had scalars of several kinds, for {@link
   *     JsonLinesOptions#withTexts}
   * @param leftOut the members that no column can hold, each with the reason
   */
  public record Inferred(RecordSchema schema, Set<String> texts, List<String> leftOut) {
    public Inferred {
      texts = Set.copyOf(texts);
      leftOut = List.copyOf(leftOut);
    }
  }

  /**
   * Looks at {@code sample} lines. A column is boolean, int64, float64, timestamp (all values ISO
   * 8601 with a zone), string, or a list of one of these; whole and other numbers together are
   * float64, any other mixture of scalars the text that stands in the file, as is what had no
   * value. Nested objects are columns by dotted name. Arrays of objects or arrays are left out, and
   * what is an array in some records only.
   *
   * @param maxLineBytes a longer line is not looked at
   */
  public static Inferred infer(ResourceId file, int sample, int maxLineBytes) throws IOException {
    try (InputStream in = Text.open(file)) {
      return infer(file.toString(), in, sample, maxLineBytes);
    }
  }

  static Inferred infer(String source, InputStream in, int sample, int maxLineBytes)
      throws IOException {
    Map<String, JsonKinds> members = new LinkedHashMap<>();
    boolean found = false;
    Lines lines = new Lines(source, in, maxLineBytes);
    for (int i = 0; i < sample && lines.next(); i++) {
      JsonNode object = lines.isTooLong() ? null : object(lines);
      if (object != null) {
        found = true;
        see("", object, members);
      }
      if (members.size() > MAX_MEMBERS) {
        throw new IllegalArgumentException(
            "File "
                + source
                + " has more than "
                + MAX_MEMBERS
                + " different members in its first lines (declare the columns to read)");
      }
    }
    if (!found) {
      throw new IOException(
          "No JSON object in the first "
              + sample
              + " lines of "
              + source
              + " (must hold one object a line)");
    }
    return decide(members);
  }

  /** The line's object; null if it is none: malformed, as the reader will say. */
  private static @Nullable JsonNode object(Lines line) throws IOException {
    if (Text.invalidUtf8(line.bytes(), line.start(), line.end()) >= 0) {
      return null;
    }
    try {
      JsonNode node = JSON.readTree(line.bytes(), line.start(), line.end() - line.start());
      return node != null && node.isObject() ? node : null;
    } catch (JsonProcessingException | CharConversionException e) {
      return null;
    }
  }

  private static void see(String prefix, JsonNode object, Map<String, JsonKinds> members) {
    object
        .fields()
        .forEachRemaining(
            member -> {
              String name = prefix + member.getKey();
              members.computeIfAbsent(name, n -> new JsonKinds()).see(member.getValue());
              if (member.getValue().isObject()) {
                see(name + ".", member.getValue(), members);
              }
            });
  }

  private static Inferred decide(Map<String, JsonKinds> members) {
    Map<String, String> refused = new HashMap<>();
    members.forEach(
        (name, kinds) -> {
          String why = refusal(name, kinds);
          if (why != null) {
            refused.put(name, why);
          }
        });
    Set<String> columns =
        new TreeSet<>(Comparator.comparing(String::length).reversed().thenComparing(n -> n));
    members.forEach(
        (name, kinds) -> {
          if (!kinds.isOnlyObject() && !refused.containsKey(name) && !isBelow(name, refused)) {
            columns.add(name);
          }
        });
    for (String name : List.copyOf(columns)) { // what is below others first
      if (members.get(name).isObjectAlso()
          && columns.stream().noneMatch(other -> other.startsWith(name + "."))) {
        columns.remove(name);
        refused.put(name, "an object in some records and a value in others");
      }
    }
    return new Inferred(
        RecordSchema.of(
            members.keySet().stream()
                .filter(columns::contains)
                .map(name -> Field.of(name, members.get(name).type()))
                .toList()),
        columns.stream().filter(name -> members.get(name).isText()).collect(Collectors.toSet()),
        members.keySet().stream()
            .filter(refused::containsKey)
            .map(name -> (name.isEmpty() ? "''" : name) + " (" + refused.get(name) + ")")
            .toList());
  }

  private static @Nullable String refusal(String name, JsonKinds kinds) {
    if (kinds.isOnlyObject()) {
      return null;
    }
    if (name.isEmpty()) {
      return "a member without a name";
    }
    return JsonLinesOptions.isDeep(name)
        ? "nested more than " + JsonLinesOptions.MAX_PARTS + " deep"
        : kinds.refusal();
  }

  /**
   * Whether it is in, or named as if in, a member that is left out: its object is not looked at.
   */
  private static boolean isBelow(String name, Map<String, String> refused) {
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      if (refused.containsKey(name.substring(0, dot))) {
        return true;
      }
    }
    return false;
  }
}
