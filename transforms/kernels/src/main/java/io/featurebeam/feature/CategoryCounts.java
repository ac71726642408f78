package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How often each value of a column was seen; null and NaN are passed over. The state is {@code
 * {"counts": {"ORD": 123, "ATL": 99}}}, the most frequent first, ties by value: text by code
 * points, numbers by size.
 */
final class CategoryCounts implements Feature.Summary {

  /** The default of the largest number of distinct values that are counted. */
  static final int MAX_DISTINCT = 1_000_000;

  private final CategoryInput input;
  private final KeyCounts counts;

  CategoryCounts(CategoryInput input, int maxDistinct) {
    this.input = input;
    this.counts = new KeyCounts(maxDistinct);
  }

  @Override
  public void accumulate(RecordBatch batch) {
    input.count(batch, counts);
  }

  @Override
  public void load(JsonNode state) {
    for (Map.Entry<String, JsonNode> entry : state.path("counts").properties()) {
      byte[] key = input.key(entry.getKey());
      counts.add(key, 0, key.length, Json.count(state.path("counts"), entry.getKey()));
    }
  }

  @Override
  public JsonNode state() {
    List<Map.Entry<byte[], Long>> all = new ArrayList<>(counts.size());
    for (int k = 0; k < counts.size(); k++) {
      all.add(Map.entry(counts.key(k), counts.count(k)));
    }
    all.sort(
        Map.Entry.<byte[], Long>comparingByValue()
            .reversed()
            .thenComparing(Map.Entry::getKey, input::compare));
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    ObjectNode object = state.putObject("counts");
    all.forEach(counted -> object.put(input.text(counted.getKey()), counted.getValue()));
    return state;
  }

  /**
   * The values of a state that were seen at least {@code minFrequency} times, at most {@code topK}
   * of them, the most frequent first.
   */
  static List<String> top(JsonNode state, int topK, long minFrequency) {
    JsonNode counts = state.path("counts");
    if (!counts.isObject()) {
      throw Json.invalid("counts", counts, "an object of counts");
    }
    return counts.properties().stream()
        .filter(entry -> Json.count(counts, entry.getKey()) >= minFrequency)
        .limit(topK)
        .map(Map.Entry::getKey)
        .toList();
  }
}
