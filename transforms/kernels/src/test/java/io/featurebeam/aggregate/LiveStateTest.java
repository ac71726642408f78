package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Journal;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream that goes on holds what its windows reach over, and no more. */
class LiveStateTest {

  private static final long SECOND = 1_000_000;
  private static final long HOUR = 3600 * SECOND;
  private static final int KEYS = 50;
  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("card", FieldType.INT64),
          Field.required("time", FieldType.TIMESTAMP),
          Field.required("amount", FieldType.FLOAT64));

  private final Map<Long, RecordBatch> journal = new HashMap<>();
  private final Journal disk = Journal.in(journal);
  private long rows;

  private static BoundAggregates plan(Emission emission) {
    return plan(emission, List.of(Window.of("10m"), Window.of("1h")), null);
  }

  private static BoundAggregates plan(
      Emission emission, List<Window> windows, @Nullable String rowsWhere) {
    return BoundAggregates.bind(
        new WindowedAggregates(
            List.of("card"),
            "time",
            null,
            emission,
            List.of(
                new Group(
                    windows,
                    WindowBounds.DEFAULT,
                    List.of(
                        Feature.of("count", Aggregates.count()),
                        Feature.of("sum", Aggregates.sum("amount")),
                        Feature.of("max", Aggregates.max("amount")),
                        Feature.of("stddev", Aggregates.stddev("amount")),
                        Feature.of("mean", Aggregates.mean("amount"))))),
            rowsWhere,
            null),
        SCHEMA);
  }

  /** A record a second, in batches of 20; the watermark follows by a minute. */
  private void run(LiveShard shard, int fromHour, int toHour) {
    for (long second = fromHour * 3600L; second < toHour * 3600L; second += 20) {
      RecordBatch.Builder batch = RecordBatch.builder(SCHEMA);
      for (long s = second; s < second + 20; s++) {
        batch.add(s * 7919 % KEYS, s * SECOND, s % 100 / 4.0);
      }
      assertEquals(null, shard.add(batch.build(), disk, out -> rows += out.size()));
      while (shard.nextWake() <= (second - 60) * SECOND) {
        shard.wake(shard.nextWake(), disk, out -> rows += out.size());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void staysFlatOnceTheLongestWindowIsFull(boolean everyEvent) {
    LiveShard shard =
        new LiveShard(plan(everyEvent ? Emission.everyEvent() : Emission.every(HOUR / 60)), 0);
    run(shard, 0, 10);
    int most = 2 * 3600 + 2 * 4096; // what is held, and what comes between two sweeps

    assertTrue(shard.itemCount() <= most, "items: " + shard.itemCount());
    assertTrue(shard.byteSize() < 250L * most, "bytes: " + shard.byteSize());
    assertTrue(journal.size() < 600, "batches: " + journal.size());
    assertTrue(rows >= (everyEvent ? 36_000 : 20_000), "rows: " + rows);
  }

  /** Each card pays once in 50 seconds, so a payment is a session or goes on for ever. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sessionsAreForgottenWhenTheyAreOver(boolean everyEvent) {
    Emission emission = everyEvent ? Emission.everyEvent() : Emission.windowClose();
    LiveShard shard =
        new LiveShard(plan(emission, List.of(Window.session(49 * SECOND)), null), 60 * SECOND);
    run(shard, 0, 10);

    int most = everyEvent ? 2 * 4096 : 250;
    assertTrue(shard.itemCount() <= most, "items: " + shard.itemCount());
    assertTrue(journal.size() < 600, "batches: " + journal.size());
    assertTrue(rows >= 35_800, "rows: " + rows);
  }

  @Test
  void aSessionIsHeldWhileItIsOpen() {
    BoundAggregates plan = plan(Emission.windowClose(), List.of(Window.session(51 * SECOND)), null);
    LiveShard shard = new LiveShard(plan, 60 * SECOND);
    run(shard, 0, 2);
    assertEquals(7200, shard.itemCount());
    assertEquals(0, rows);

    while (shard.nextWake() < Long.MAX_VALUE) {
      shard.wake(shard.nextWake(), disk, out -> rows += out.size());
    }

    assertEquals(KEYS, rows);
    assertEquals(0, shard.itemCount());
    assertEquals(Map.of(), journal);
  }

  @Test
  void aQuietShardForgetsAll() {
    LiveShard shard = new LiveShard(plan(Emission.everyEvent()), HOUR);
    run(shard, 0, 1);
    assertEquals(3600, shard.itemCount());

    while (shard.nextWake() < Long.MAX_VALUE) {
      shard.wake(shard.nextWake(), disk, out -> {});
    }

    assertEquals(0, shard.itemCount());
    assertEquals(Map.of(), journal);
  }

  @Test
  void ofAnEventWithoutARowNoRecordIsKept() {
    LiveShard shard =
        new LiveShard(
            plan(Emission.everyEvent(), List.of(Window.of("10m"), Window.of("1h")), "card == 3"),
            100 * HOUR);
    run(shard, 0, 3);

    long asked = LongStream.range(0, 3 * 3600).filter(s -> s * 7919 % KEYS == 3).count();
    assertEquals(asked, rows);
    assertEquals(3 * 3600, shard.itemCount());
    long records = journal.values().stream().filter(b -> b.schema().equals(SCHEMA)).count();
    long states = journal.size() - records;
    assertTrue(states > 0, "batches of states: " + states);
  }

  @Test
  void aJournalOfLongAgoIsSmallToReadAgain() {
    BoundAggregates plan = plan(Emission.everyEvent());
    LiveShard shard = new LiveShard(plan, 0);
    run(shard, 0, 10);

    LiveShard again = new LiveShard(plan, 0);
    again.restore(shard.meta(), Map.copyOf(journal));

    assertEquals(shard.itemCount(), again.itemCount());
    long open = again.nextWake(); // it takes no strides yet
    assertTrue(again.meta().complete() < open && open <= shard.nextWake(), "wakes at " + open);
  }

  /** An event of before comes out again, as one comes that it has not seen. */
  @Test
  void aColumnThatIsNewIsNullInRecordsOfBefore() {
    LiveShard before = new LiveShard(plan(Emission.everyEvent()), HOUR);
    before.add(RecordBatch.builder(SCHEMA).add(7L, 100 * SECOND, 1.5).build(), disk, out -> {});
    RecordSchema wider = SCHEMA.with(Field.of("fee", FieldType.INT64));
    LiveShard after =
        new LiveShard(BoundAggregates.bind(plan(Emission.everyEvent()).spec(), wider), HOUR);
    after.restore(before.meta(), Map.copyOf(journal));
    List<String> out = new ArrayList<>();

    after.add(
        RecordBatch.builder(wider).add(7L, 99 * SECOND, 2.5, 3L).build(),
        disk,
        rows -> {
          for (int row = 0; row < rows.size(); row++) {
            out.add(rows.value(row, "time") + " " + rows.value(row, "fee"));
          }
        });

    assertEquals(List.of(99 * SECOND + " 3", 100 * SECOND + " null"), out);
  }
}
