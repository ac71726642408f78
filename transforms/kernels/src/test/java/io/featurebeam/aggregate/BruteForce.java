package io.featurebeam.aggregate;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Hashing;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the features are, in the plainest words: for each row and window it looks at every event of
 * the key, asks whether the window shows it, and computes the aggregate from scratch ({@link
 * NaiveAggregates}). O(n^2), and no code shared with the kernels: only the values that say what is
 * wanted, and {@link Hashing}, by whose hash events that tie in time and sequence are ordered.
 *
 * <p>An event is a map from column to value, in the order of the schema; a row is a list of values
 * in the order of the output columns.
 *
 * @param spec what is wanted
 * @param conditions what each {@code where} of the spec means
 */
public record BruteForce(
    WindowedAggregates spec, Map<String, Predicate<Map<String, @Nullable Object>>> conditions) {

  /** The rows of all keys, in no order. */
  public List<List<@Nullable Object>> rows(List<Map<String, @Nullable Object>> events) {
    Map<List<@Nullable Object>, List<Map<String, @Nullable Object>>> byKey = new LinkedHashMap<>();
    for (Map<String, @Nullable Object> event : events) {
      byKey.computeIfAbsent(key(event), k -> new ArrayList<>()).add(event);
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    byKey.forEach(
        (key, ofKey) -> {
          if (spec.emission().kind() == Emission.Kind.EVERY_EVENT) {
            for (Map<String, @Nullable Object> event : ofKey) {
              rows.add(row(event.values(), time(event), event, ofKey));
            }
          } else {
            for (long end : hopEnds(ofKey)) {
              List<@Nullable Object> start = new ArrayList<>(key);
              start.add(end);
              rows.add(row(start, end, null, ofKey));
            }
          }
        });
    return rows;
  }

  private List<@Nullable Object> key(Map<String, @Nullable Object> event) {
    List<@Nullable Object> key = new ArrayList<>();
    for (String column : spec.keys()) {
      key.add(NaiveAggregates.normalized(event.get(column)));
    }
    return key;
  }

  private long time(Map<String, @Nullable Object> event) {
    return (Long) event.get(spec.eventTime());
  }

  /** The end of each hop with an event; whether an event at the end is in it, as in the windows. */
  private TreeSet<Long> hopEnds(List<Map<String, @Nullable Object>> events) {
    long hop =
        spec.emission().kind() == Emission.Kind.EVERY
            ? spec.emission().everyMicros()
            : spec.groups().get(0).windows().get(0).micros();
    TreeSet<Long> ends = new TreeSet<>();
    for (Map<String, @Nullable Object> event : events) {
      long start = Math.floorDiv(time(event), hop) * hop;
      boolean atEnd = start == time(event) && spec.groups().get(0).bounds().rightClosed();
      ends.add(atEnd ? start : start + hop);
    }
    return ends;
  }

  private List<@Nullable Object> row(
      Collection<@Nullable Object> start,
      long time,
      @Nullable Map<String, @Nullable Object> current,
      List<Map<String, @Nullable Object>> events) {
    List<@Nullable Object> row = new ArrayList<>(start);
    for (Group group : spec.groups()) {
      for (Feature feature : group.features()) {
        for (Window window : group.windows()) {
          List<Map<String, @Nullable Object>> seen = new ArrayList<>();
          for (Map<String, @Nullable Object> event : events) {
            boolean itself = event == current && group.bounds().excludeCurrent();
            if (!itself && shows(window, group.bounds(), time, time(event))) {
              seen.add(event);
            }
          }
          seen.sort(order());
          if (group.bounds().rowCap() > 0 && seen.size() > group.bounds().rowCap()) {
            seen = seen.subList(seen.size() - group.bounds().rowCap(), seen.size());
          }
          if (feature.where() != null) {
            seen = seen.stream().filter(conditions.get(feature.where())).toList();
          }
          row.add(NaiveAggregates.of(feature.aggregate(), seen));
        }
      }
    }
    return row;
  }

  private static boolean shows(Window window, WindowBounds bounds, long t, long event) {
    long right = t - bounds.delayMicros();
    boolean before = bounds.rightClosed() ? event <= right : event < right;
    if (window.isLifetime()) {
      return before;
    }
    long left = right - window.micros();
    if (bounds.hopMicros() > 0) {
      left = Math.floorDiv(left, bounds.hopMicros()) * bounds.hopMicros();
    }
    return before && (bounds.leftClosed() ? event >= left : event > left);
  }

  /** By time, then by sequence, null first, then by a hash of the columns that are read. */
  private Comparator<Map<String, @Nullable Object>> order() {
    return Comparator.<Map<String, @Nullable Object>>comparingLong(this::time)
        .thenComparingLong(
            e -> {
              Object value = spec.sequence() == null ? null : e.get(spec.sequence());
              return value == null ? Long.MIN_VALUE : (Long) value;
            })
        .thenComparingLong(this::contentHash);
  }

  private long contentHash(Map<String, @Nullable Object> event) {
    TreeSet<String> columns = new TreeSet<>(spec.keys());
    for (Group group : spec.groups()) {
      for (Feature feature : group.features()) {
        feature.aggregate().parts().forEach(part -> columns.addAll(part.inputs()));
        if (feature.where() != null) {
          Stream.of(feature.where().split("\\W+")).filter(event::containsKey).forEach(columns::add);
        }
      }
    }
    long hash = 0;
    for (String column : columns) {
      Object value = event.get(column);
      hash =
          Hashing.combine(
              hash,
              value == null
                  ? 0
                  : value instanceof Long number
                      ? Hashing.hash(number)
                      : value instanceof Double number
                          ? Hashing.hash(Double.doubleToRawLongBits(number))
                          : value instanceof String text ? textHash(text) : value.hashCode());
    }
    return hash;
  }

  private static long textHash(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Hashing.hash(bytes, 0, bytes.length);
  }
}
