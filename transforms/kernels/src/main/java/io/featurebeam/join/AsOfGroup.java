package io.featurebeam.join;

import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.expression.Expressions;
import io.featurebeam.time.WindowBounds;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The latest row of a table at the time of each label: what a slowly changing table said then. A
 * null in the row is a null of the label; no earlier row stands in for it.
 *
 * <p>Rows of equal key and time: the one created last, a null being first; of those that tie there
 * too, the one with the greater content hash, so that the result does not depend on their order.
 *
 * @param name names it in errors and rejects
 * @param keys by key column of the table the column of the labels
 * @param eventTime the timestamp column that says from when on a row holds
 * @param created an int64, timestamp, date or time column that orders rows of equal time, or null
 * @param columns by column of the table its name beside the labels
 * @param bounds of these only the right end and the delay count: a row holds from its time on
 *     ({@link WindowBounds#FEAST}), or from right after it if the end is open
 * @param where an expression over the columns of the table, and those of the labels named {@code
 *     label_NAME}: only rows for which it is true are looked at; null for all
 * @param ttlMicros how old the row may be, at least 0
 * @param knownAfterMicros how long after its time a row is known; the delay must be as long
 * @param dropsUnmatched whether labels that find nothing are dropped
 */
public record AsOfGroup(
    String name,
    Map<String, String> keys,
    String eventTime,
    @Nullable String created,
    Map<String, String> columns,
    WindowBounds bounds,
    @Nullable String where,
    long ttlMicros,
    long knownAfterMicros,
    boolean dropsUnmatched)
    implements JoinGroup {

  /** What the columns of the labels begin with in {@code where}. */
  public static final String LABEL = "label_";

  public AsOfGroup {
    Objects.requireNonNull(eventTime, "eventTime is null");
    Objects.requireNonNull(bounds, "bounds is null");
    keys = PointInTime.checkedKeys(name, List.copyOf(keys.keySet()), keys);
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    if (columns.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid columns of group '" + name + "': none (name at least one that labels get)");
    }
    PointInTime.checkAges(name, ttlMicros, knownAfterMicros);
    WindowBounds plain = bounds.rightClosed() ? WindowBounds.FEAST : WindowBounds.DEFAULT;
    if (!bounds.equals(plain.withDelay(bounds.delayMicros()))) {
      throw new IllegalArgumentException(
          "Invalid bounds of group '"
              + name
              + "': more than right and delay (an as-of join looks for one row; its age is the ttl)");
    }
    if (bounds.delayMicros() < knownAfterMicros) {
      throw PointInTime.leak(
          name,
          String.join(", ", columns.values().stream().map(c -> "'" + c + "'").toList()),
          knownAfterMicros);
    }
  }

  /**
   * The columns of the table that it reads, of all there are: keys in the order of the labels'
   * names, then the others as they are named.
   */
  public List<String> neededColumns(RecordSchema table) {
    Map<String, String> byLabel = new TreeMap<>();
    keys.forEach((theirs, label) -> byLabel.put(label, theirs));
    Set<String> needed = new LinkedHashSet<>(byLabel.values());
    needed.add(eventTime);
    if (created != null) {
      needed.add(created);
    }
    needed.addAll(columns.keySet());
    if (where != null) {
      Expressions.columns(where).stream().filter(table::contains).forEach(needed::add);
    }
    return List.copyOf(needed);
  }

  /** By keys of equal names, at or before the label, of any age; null for what is not found. */
  public static AsOfGroup of(String name, List<String> keys, String eventTime, String... columns) {
    return new AsOfGroup(
        name,
        same(keys),
        eventTime,
        null,
        same(List.of(columns)),
        WindowBounds.FEAST,
        null,
        PointInTime.ANY_AGE,
        0,
        false);
  }

  private static Map<String, String> same(List<String> names) {
    Map<String, String> map = new LinkedHashMap<>();
    names.forEach(name -> map.put(name, name));
    return map;
  }
}
