package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What one feature learned, and from what.
 *
 * @param feature the {@link Feature#id()} of the feature that learned, with those it reads from
 * @param trainedRows how many records it was shown
 * @param trainedRanges the declared event-time ranges they came from, ascending, without overlap;
 *     empty if none was declared
 * @param state what {@link Feature.Summary#state()} gave
 */
public record FittedFeature(
    String feature, long trainedRows, List<Range> trainedRanges, JsonNode state) {

  /** Event times from {@code from} (inclusive) to {@code to} (exclusive). */
  public record Range(Instant from, Instant to) {}

  public FittedFeature {
    trainedRanges = List.copyOf(trainedRanges);
  }

  static FittedFeature of(String name, JsonNode json) {
    try {
      List<Range> ranges = new ArrayList<>();
      for (JsonNode range : json.path("trainedRanges")) {
        ranges.add(
            new Range(
                Instant.parse(range.path(0).asText()), Instant.parse(range.path(1).asText())));
      }
      if (!json.path("state").isObject()) {
        throw Json.invalid("state", json.path("state"), "an object");
      }
      return new FittedFeature(
          Json.text(json, "feature"), Json.count(json, "trainedRows"), ranges, json.path("state"));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "Feature '"
              + name
              + "': Invalid fitted state: 'trainedRanges' is "
              + json.path("trainedRanges")
              + " (must be pairs of ISO 8601 times)",
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Feature '" + name + "': " + e.getMessage(), e);
    }
  }

  JsonNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("feature", feature);
    json.put("trainedRows", trainedRows);
    ArrayNode ranges = json.putArray("trainedRanges");
    for (Range range : trainedRanges) {
      ranges.addArray().add(range.from().toString()).add(range.to().toString());
    }
    json.set("state", state);
    return json;
  }

  /**
   * Both lists of ranges as one, neighbours joined. An overlap throws: those records would count
   * twice.
   */
  static List<Range> union(List<Range> a, List<Range> b) {
    List<Range> all = new ArrayList<>(a);
    all.addAll(b);
    all.sort(Comparator.comparing(Range::from));
    List<Range> union = new ArrayList<>();
    for (Range range : all) {
      Range last = union.isEmpty() ? null : union.get(union.size() - 1);
      if (last != null && range.from().isBefore(last.to())) {
        throw new IllegalArgumentException(
            "Training ranges overlap: "
                + text(last)
                + " and "
                + text(range)
                + " (their common records would count twice; start where the last fit ended)");
      }
      if (last != null && range.from().equals(last.to())) {
        union.set(union.size() - 1, new Range(last.from(), range.to()));
      } else {
        union.add(range);
      }
    }
    return union;
  }

  private static String text(Range range) {
    return "[" + range.from() + ", " + range.to() + ")";
  }
}
