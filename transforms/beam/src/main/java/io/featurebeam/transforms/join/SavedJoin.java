package io.featurebeam.transforms.join;

import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.join.AsOfGroup;
import io.featurebeam.join.JoinGroup;
import io.featurebeam.join.PointInTime;
import io.featurebeam.join.WindowGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a shard's state depends on, part by part of a join: how labels and records are split, what
 * they look like, and what is held of them. Labels and records are held as they came, so what is
 * computed of them may change.
 */
final class SavedJoin {

  private SavedJoin() {}

  /** By the name of the part. */
  static Map<String, String> of(
      PointInTime join,
      RecordSchema labels,
      List<RecordSchema> schemas,
      List<Integer> groups,
      int shards,
      long lateness) {
    Map<String, String> parts = new TreeMap<>();
    parts.put("shards", String.valueOf(shards));
    parts.put("lateness", String.valueOf(lateness));
    parts.put("labels", hash(labels + " at " + join.labelTime()));
    for (int number = 0; number < join.groups().size(); number++) {
      JoinGroup group = join.groups().get(number);
      String is = group.keys() + " " + group.ttlMicros() + " " + schemas.get(number) + held(group);
      parts.put("groups." + number, group.name());
      parts.put("groups." + group.name(), hash(groups.contains(number) ? is : "elsewhere"));
    }
    return parts;
  }

  private static String held(JoinGroup group) {
    if (group instanceof AsOfGroup asOf) {
      return asOf.eventTime()
          + " "
          + asOf.created()
          + " "
          + asOf.columns().keySet()
          + asOf.bounds()
          + asOf.where();
    }
    WindowedAggregates aggregates = ((WindowGroup) group).aggregates();
    List<Object> windows = new ArrayList<>();
    for (WindowedAggregates.Group each : aggregates.groups()) {
      windows.add(each.windows());
      windows.add(each.bounds());
    }
    return aggregates.eventTime() + " " + windows;
  }

  private static String hash(String text) {
    return Integer.toHexString(text.hashCode());
  }

  /** The parts for which saved state cannot serve. */
  static List<String> differing(Map<String, String> saved, Map<String, String> now) {
    TreeSet<String> all = new TreeSet<>(saved.keySet());
    all.addAll(now.keySet());
    List<String> differing = new ArrayList<>();
    for (String part : all) {
      if (!saved.getOrDefault(part, "").equals(now.getOrDefault(part, ""))) {
        differing.add(part);
      }
    }
    return differing;
  }
}
