package io.featurebeam.aggregate;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.Journal;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.time.Emission;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The reference model of a stream, run beside the kernel. What the seed draws: the order of arrival
 * (anything from sorted to shuffled), batches, how the watermark moves between them, restarts from
 * the journal. What must hold is said in the plainest words:
 *
 * <ul>
 *   <li>An event is late exactly if the first row that sees it has been complete for longer than
 *       the allowed lateness, as far as the shard was told.
 *   <li>At any moment the highest revisions are the rows of {@link BruteForce} over the events
 *       accepted so far: all of them with {@code everyEvent}, else those of hops that are complete,
 *       or of sessions that are so for longer than the lateness.
 *   <li>A row of the same revision has the same values; after a final row comes no other.
 *   <li>Right after rows were shown early, those of hops that are not complete are there too, and
 *       there are no more to show. A row's pane says when it came.
 *   <li>At the end each row of a hop is final, and nothing is held that no window shows.
 * </ul>
 */
final class LiveRun {

  private final AggregateCase testCase;
  private final long lateness;
  private final Random random;
  private final BoundAggregates plan;
  private final BruteForce oracle;
  private final Map<Long, byte[]> journal = new TreeMap<>();
  private final List<Map<String, @Nullable Object>> accepted = new ArrayList<>();
  private final Map<Object, List<@Nullable Object>> latest = new HashMap<>();
  private final Set<Object> closed = new HashSet<>();
  private final Journal disk =
      new Journal() {
        @Override
        public void put(long id, RecordBatch batch) {
          if (journal.put(id, BatchCodec.encode(batch)) != null) {
            throw new AssertionError("id " + id + " is used twice");
          }
        }

        @Override
        public void remove(long id) {
          if (journal.remove(id) == null) {
            throw new AssertionError("id " + id + " is not there");
          }
        }
      };
  private LiveShard shard;
  private long complete = Long.MIN_VALUE;

  /** What was complete before the wake at hand. */
  private long before = Long.MIN_VALUE;

  private int arrived;
  private @Nullable String problem;

  LiveRun(AggregateCase testCase, long lateness) {
    this.testCase = testCase;
    this.lateness = lateness;
    this.random = new Random(testCase.seed());
    this.plan = testCase.plan();
    this.oracle = new BruteForce(testCase.spec(), AggregateCase.CONDITIONS);
    this.shard = newShard();
  }

  /** The first rule that does not hold, if there is one. */
  Optional<String> problem() {
    List<Map<String, @Nullable Object>> events = inOrderOfArrival();
    int at = 0;
    while (at < events.size() && problem == null) {
      int size = 1 + random.nextInt(Math.min(8, events.size() - at));
      arrive(events.subList(at, at + size));
      at += size;
      compare();
      if (random.nextInt(3) == 0) {
        early();
      }
      if (random.nextInt(3) > 0) {
        Map<String, @Nullable Object> one = events.get(random.nextInt(events.size()));
        advance((Long) one.get("time"));
        compare();
      }
      if (random.nextInt(4) == 0) {
        restart();
      }
      if (random.nextInt(4) == 0) {
        early();
      }
    }
    advance(Long.MAX_VALUE);
    compare();
    if (problem == null
        && testCase.spec().emission().kind() != Emission.Kind.EVERY_EVENT
        && closed.size() != latest.size()) {
      problem = latest.size() - closed.size() + " rows are not final at the end";
    }
    if (problem == null && shard.itemCount() > mostItems()) {
      problem = shard.itemCount() + " items are held at the end (must be " + mostItems() + ")";
    }
    return Optional.ofNullable(problem);
  }

  /** What only windows without a beginning may still want when all is closed. */
  private int mostItems() {
    long keys =
        accepted.stream()
            .map(e -> testCase.spec().keys().stream().map(e::get).toList())
            .distinct()
            .count();
    return (int) keys * (plan.hasLifetime() ? 1 + plan.lifetimeRowCap() : 0);
  }

  private List<Map<String, @Nullable Object>> inOrderOfArrival() {
    List<Map<String, @Nullable Object>> events = new ArrayList<>(testCase.events());
    Collections.shuffle(events, random);
    long disorder = List.of(0L, 1L, 3_600_000_000L, 1L << 60).get(random.nextInt(4));
    Map<Map<String, @Nullable Object>, Long> delays = new HashMap<>();
    events.forEach(e -> delays.put(e, disorder == 0 ? 0 : random.nextLong(disorder)));
    events.sort(Comparator.comparing(e -> big((Long) e.get("time")).add(big(delays.get(e)))));
    return events;
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  private void arrive(List<Map<String, @Nullable Object>> events) {
    RecordBatch batch =
        Plans.batch(AggregateCase.SCHEMA, events, random)
            .withPositions(Positions.contiguous("topic", arrived));
    arrived += events.size();
    Set<Integer> expectedLate = new HashSet<>();
    for (int i = 0; i < events.size(); i++) {
      if (isClosed(events.get(i))) {
        expectedLate.add(arrived - events.size() + i);
      } else {
        accepted.add(events.get(i));
      }
    }
    RecordBatch lateBatch = shard.add(batch, disk, this::take);
    Set<Integer> foundLate = new HashSet<>();
    for (int i = 0; lateBatch != null && i < lateBatch.size(); i++) {
      foundLate.add((int) lateBatch.positions().place(i));
    }
    if (!expectedLate.equals(foundLate)) {
      fail(foundLate + " are late (must be " + expectedLate + ")");
    }
  }

  private boolean isClosed(Map<String, @Nullable Object> event) {
    return isLongComplete(lastOfRow(event));
  }

  private boolean isLongComplete(BigInteger time) {
    return complete > Long.MIN_VALUE
        && time.add(big(lateness)).min(big(Long.MAX_VALUE)).compareTo(big(complete)) <= 0;
  }

  /** Whether the row of a hop sees an event exactly at its end. */
  private boolean isRightClosed() {
    return testCase.spec().groups().stream().anyMatch(g -> g.bounds().rightClosed());
  }

  /** The last event time that the first row sees that sees an event. */
  private BigInteger lastOfRow(Map<String, @Nullable Object> event) {
    BigInteger time = big((Long) event.get("time"));
    if (testCase.spec().emission().kind() == Emission.Kind.EVERY_EVENT
        || testCase.spec().isSessionClose()) {
      return time;
    }
    BigInteger hop = big(testCase.spec().hop());
    BigInteger start = time.subtract(time.mod(hop));
    if (isRightClosed()) {
      return start.equals(time) ? time : start.add(hop);
    }
    return start.add(hop).subtract(BigInteger.ONE);
  }

  /** Wakes the shard as timers do that it sets, one of them at the end of the stream. */
  private void advance(long watermark) {
    while (shard.nextWake() <= watermark && complete < Long.MAX_VALUE) {
      if (shard.nextWake() <= complete) {
        fail("it wants to wake at " + shard.nextWake());
        return;
      }
      before = complete;
      complete = shard.nextWake();
      shard.wake(complete, disk, this::take);
      before = complete;
    }
  }

  private void early() {
    if (testCase.spec().emission().earlyMicros() == 0) {
      return;
    }
    shard.early(this::take);
    compare(true);
    if (shard.hasEarly()) {
      fail("there are rows to show after all were shown");
    }
    shard.early(batch -> fail("shown again: " + Plans.rows(batch)));
  }

  private void restart() {
    Map<Long, RecordBatch> saved = new TreeMap<>();
    journal.forEach((id, bytes) -> saved.put(id, BatchCodec.decode(bytes)));
    LiveShard.Meta meta = shard.meta();
    shard = newShard();
    shard.restore(meta, saved);
  }

  private LiveShard newShard() {
    int minSweptBatches = testCase.seed() % 2 == 0 ? 0 : 3;
    return new LiveShard(plan, lateness, minSweptBatches);
  }

  private void take(RecordBatch batch) {
    List<List<@Nullable Object>> rows = Plans.rows(batch);
    int columns = plan.outputSchema().size();
    int identity = columns - plan.outputs().size();
    for (int i = 0; i < rows.size(); i++) {
      List<@Nullable Object> row = rows.get(i);
      Object id =
          testCase.spec().emission().kind() == Emission.Kind.EVERY_EVENT
              ? (Object) batch.positions().place(i)
              : row.subList(0, identity).toString();
      checkPane(row);
      if (closed.contains(id)) {
        fail("a row comes after the final one: " + row);
      }
      if (row.get(columns + 1).equals(true)) {
        closed.add(id);
      }
      List<@Nullable Object> old = latest.get(id);
      if (old == null || (Long) old.get(columns) < (Long) row.get(columns)) {
        latest.put(id, row);
      } else if (old.get(columns).equals(row.get(columns))
          && !old.subList(0, columns).toString().equals(row.subList(0, columns).toString())) {
        fail("a revision twice: " + old + " and " + row);
      }
    }
  }

  private void checkPane(List<@Nullable Object> row) {
    if (testCase.spec().emission().kind() == Emission.Kind.EVERY_EVENT) {
      return;
    }
    String pane = "on_time";
    if (!testCase.spec().isSessionClose()) {
      BigInteger last = lastOfHop(row);
      boolean isComplete = last.compareTo(big(complete)) <= 0;
      boolean wasComplete = last.compareTo(big(before)) <= 0;
      pane = isComplete ? (wasComplete ? "late" : "on_time") : "early";
    }
    if (!row.get(row.size() - 1).equals(pane)) {
      fail("the pane must be " + pane + ": " + row);
    }
  }

  /** The last event time that the row of a hop sees. */
  private BigInteger lastOfHop(List<@Nullable Object> row) {
    int time = plan.outputSchema().indexOf(WindowedAggregates.WINDOW_END);
    return big((Long) row.get(time)).subtract(isRightClosed() ? BigInteger.ZERO : BigInteger.ONE);
  }

  private void compare() {
    compare(false);
  }

  /** With or without rows of hops that are not complete. */
  private void compare(boolean early) {
    List<List<@Nullable Object>> actual = new ArrayList<>();
    latest.values().forEach(row -> actual.add(row.subList(0, plan.outputSchema().size())));
    List<List<@Nullable Object>> expected = oracle.rows(accepted);
    if (testCase.spec().isSessionClose()) {
      int end = plan.outputSchema().indexOf(WindowedAggregates.WINDOW_END);
      expected.removeIf(row -> !isLongComplete(big((Long) row.get(end) - 1)));
    } else if (testCase.spec().emission().kind() != Emission.Kind.EVERY_EVENT && !early) {
      expected.removeIf(row -> lastOfHop(row).compareTo(big(complete)) > 0);
      actual.removeIf(row -> lastOfHop(row).compareTo(big(complete)) > 0);
    }
    new Differences(plan).first(expected, actual).ifPresent(this::fail);
  }

  private void fail(String message) {
    if (problem == null) {
      problem = message + " after " + arrived + " events, complete to " + complete;
    }
  }
}
