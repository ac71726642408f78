package io.featurebeam.join;

import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.time.Emission;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.time.WindowBounds.Ties;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Aggregates over windows of events, at the times of labels. A label whose key has no event that
 * its windows' ends let it see, however long ago, finds nothing; one whose events are all older
 * than the windows finds empty windows: a count of 0.
 *
 * @param name names it in errors and rejects
 * @param aggregates the features with their windows and bounds; what it says of emission and rows
 *     does not matter
 * @param keys by key column of the events the column of the labels
 * @param ttlMicros how old the latest event may be, at least 0
 * @param knownAfterMicros how long after its time an event is known; each window must end as long
 *     before the label: {@code delay}
 * @param dropsUnmatched whether labels that find nothing are dropped
 */
public record WindowGroup(
    String name,
    WindowedAggregates aggregates,
    Map<String, String> keys,
    long ttlMicros,
    long knownAfterMicros,
    boolean dropsUnmatched)
    implements JoinGroup {

  public WindowGroup {
    aggregates =
        new WindowedAggregates(
            aggregates.keys(),
            aggregates.eventTime(),
            aggregates.sequence(),
            Emission.everyEvent(),
            aggregates.groups().stream().map(WindowGroup::atLabels).toList(),
            null,
            aggregates.changes());
    keys = PointInTime.checkedKeys(name, aggregates.keys(), keys);
    PointInTime.checkAges(name, ttlMicros, knownAfterMicros);
    for (WindowedAggregates.Group group : aggregates.groups()) {
      if (group.bounds().delayMicros() < knownAfterMicros) {
        throw PointInTime.leak(
            name,
            String.join(", ", group.features().stream().map(f -> "'" + f.name() + "'").toList()),
            knownAfterMicros);
      }
    }
  }

  /** A label is no event, so it has no ties: to see none of them, the right end is open. */
  private static WindowedAggregates.Group atLabels(WindowedAggregates.Group group) {
    WindowBounds bounds = group.bounds();
    boolean open = bounds.ties() == Ties.NONE && bounds.delayMicros() == 0;
    return new WindowedAggregates.Group(
        group.windows(),
        new WindowBounds(
            bounds.leftClosed(),
            bounds.rightClosed() && !open,
            bounds.delayMicros(),
            bounds.hopMicros(),
            bounds.rowCap(),
            false,
            bounds.rowDelay(),
            bounds.ties() == Ties.NONE ? Ties.ALL : bounds.ties()),
        group.features());
  }

  /** By keys of equal names, of any age, known at once, and null for what is not found. */
  public static WindowGroup of(String name, WindowedAggregates aggregates) {
    Map<String, String> keys = new LinkedHashMap<>();
    aggregates.keys().forEach(key -> keys.put(key, key));
    return new WindowGroup(
        name, aggregates, Collections.unmodifiableMap(keys), PointInTime.ANY_AGE, 0, false);
  }
}
