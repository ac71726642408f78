package io.featurebeam.transforms.aggregate;

import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a shard's state depends on, part by part of a spec. State that was saved under other parts
 * would give wrong rows; what may differ is that events are open for less time, and which columns
 * records have beside those that are aggregated.
 */
final class SavedPlan {

  private static final String LATENESS = "lateness";
  private static final String COLUMN = "columns.";

  /** Before what is long, or not to be shown. */
  private static final String HASH = "#";

  private SavedPlan() {}

  /** By the name of the part in a spec. */
  static Map<String, String> of(
      WindowedAggregates aggregates,
      RecordSchema schema,
      long lateness,
      Map<String, String> definitions) {
    Map<String, String> parts = new TreeMap<>();
    parts.put("keys", String.join(", ", aggregates.keys()));
    parts.put("eventTime", aggregates.eventTime());
    parts.put("sequence", aggregates.sequence() == null ? "none" : aggregates.sequence());
    parts.put(LATENESS, String.valueOf(lateness));
    parts.put("aggregate.emit", hash(aggregates.emission().withEarly(0)));
    parts.put("aggregate.rows", hash(aggregates.rowsWhere() + ""));
    parts.put("aggregate.changes", hash(aggregates.changes() + ""));
    List<Object> windows = new ArrayList<>();
    for (Group group : aggregates.groups()) {
      windows.add(group.windows());
      windows.add(group.bounds());
      for (Feature feature : group.features()) {
        parts.put("aggregate.features." + feature.name(), hash(feature.where() + ""));
      }
    }
    parts.put("aggregate.window", hash(windows));
    for (Field field : schema.fields()) {
      parts.put(COLUMN + field.name(), field.type() + (field.nullable() ? "" : " required"));
    }
    definitions.forEach((part, text) -> parts.put(part, hash(text)));
    return parts;
  }

  private static String hash(Object value) {
    return HASH + Integer.toHexString(value.toString().hashCode());
  }

  /** The parts for which saved state cannot serve, each with what it was and is. */
  static List<String> differing(Map<String, String> saved, Map<String, String> now) {
    TreeSet<String> all = new TreeSet<>(saved.keySet());
    all.addAll(now.keySet());
    List<String> differing = new ArrayList<>();
    for (String part : all) {
      String before = saved.getOrDefault(part, "none");
      String after = now.getOrDefault(part, "none");
      if (!serves(part, before, after)) {
        differing.add(
            before.startsWith(HASH) || after.startsWith(HASH)
                ? part
                : part + " (was " + before + ", is " + after + ")");
      }
    }
    return differing;
  }

  private static boolean serves(String part, String before, String after) {
    if (part.equals(LATENESS)) {
      return Long.parseLong(after) <= Long.parseLong(before);
    }
    boolean isColumn = part.startsWith(COLUMN);
    return before.equals(after)
        || (isColumn && after.equals("none"))
        || (isColumn && before.equals("none") && !after.endsWith(" required"));
  }
}
