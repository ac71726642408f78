package io.featurebeam.join;

import io.featurebeam.time.Spans;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Labels joined with what was known of their entities at their time.
 *
 * <pre>{@code
 * PointInTime join = PointInTime.at("decided_at")
 *     .join(WindowGroup.of("card", spending))
 *     .join(AsOfGroup.of("profile", List.of("card"), "valid_from", "country", "limit"));
 * }</pre>
 *
 * <p>Each label comes out once with its columns, and behind them those of each group, null if the
 * group finds nothing for it, or not at all if the group says so. A label whose key has a null
 * finds nothing, as in SQL. Nothing that happened at or after a label's time shows in its features,
 * unless a group's bounds say so openly: the right end closed.
 *
 * @param labelTime the timestamp column of the labels
 * @param groups in the order of their columns
 */
public record PointInTime(String labelTime, List<JoinGroup> groups) implements Serializable {

  /** A time-to-live without an end. */
  public static final long ANY_AGE = Long.MAX_VALUE;

  public PointInTime {
    Objects.requireNonNull(labelTime, "labelTime is null");
    groups = List.copyOf(groups);
    Set<String> names = new HashSet<>();
    for (JoinGroup group : groups) {
      if (!names.add(group.name())) {
        throw new IllegalArgumentException(
            "Duplicate group: '" + group.name() + "' (each needs a name of its own)");
      }
    }
  }

  /** A join without groups yet, at the times of this column of the labels. */
  public static PointInTime at(String labelTime) {
    return new PointInTime(labelTime, List.of());
  }

  /** One group more. */
  public PointInTime join(JoinGroup group) {
    List<JoinGroup> all = new ArrayList<>(groups);
    all.add(group);
    return new PointInTime(labelTime, all);
  }

  static Map<String, String> checkedKeys(
      String name, List<String> keys, Map<String, String> labels) {
    Objects.requireNonNull(name, "name is null");
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid keys of group '" + name + "': none (labels find records by at least one)");
    }
    if (new HashSet<>(keys).size() < keys.size()) {
      throw new IllegalArgumentException(
          "Invalid keys of group '" + name + "': " + keys + " (name each once)");
    }
    for (String key : labels.keySet()) {
      if (!keys.contains(key)) {
        throw new IllegalArgumentException(
            "Unknown key of group '" + name + "': '" + key + "' (its keys are " + keys + ")");
      }
    }
    Map<String, String> ordered = new LinkedHashMap<>();
    keys.forEach(key -> ordered.put(key, labels.getOrDefault(key, key)));
    return Collections.unmodifiableMap(ordered);
  }

  static void checkAges(String name, long ttlMicros, long knownAfterMicros) {
    if (ttlMicros < 0) {
      throw new IllegalArgumentException(
          "Invalid ttl of group '" + name + "': " + ttlMicros + " microseconds (must be >= 0)");
    }
    if (knownAfterMicros < 0) {
      throw new IllegalArgumentException(
          "Invalid knownAfter of group '"
              + name
              + "': "
              + knownAfterMicros
              + " microseconds (must be >= 0)");
    }
  }

  static IllegalArgumentException leak(String name, String features, long knownAfterMicros) {
    String span = Spans.format(knownAfterMicros);
    return new IllegalArgumentException(
        "Leak in group '"
            + name
            + "': "
            + features
            + " may see what is known only after the label's time, as its records are known "
            + span
            + " after theirs (give it bounds: { delay: "
            + span
            + " } or more)");
  }
}
