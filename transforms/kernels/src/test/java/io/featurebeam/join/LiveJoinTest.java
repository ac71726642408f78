package io.featurebeam.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.WindowedAggregates;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A join of a stream is that of a bounded run over what was not late, and holds little. */
class LiveJoinTest {

  private static final long SECOND = 1_000_000L;
  private static final long HOUR = JoinCases.HOUR;

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void answersEqualANestedLoopOverWhatWasNotLate(
      @ForAll("cases") JoinCase c, @ForAll("latenesses") long lateness) {
    LiveJoinRun run = new LiveJoinRun(c, lateness);

    assertEquals(Optional.empty(), c.difference(run.expected(), run.rows()));
    assertEquals(0, run.waiting());
  }

  @Property(seed = "2", edgeCases = EdgeCasesMode.NONE, tries = 200)
  void nothingIsLateThatWaitsLongEnough(@ForAll("cases") JoinCase c) {
    assertEquals(0, new LiveJoinRun(c, 7 * HOUR).late());
  }

  @Provide
  Arbitrary<Long> latenesses() {
    return Arbitraries.of(0L, 1L, HOUR, 3 * HOUR);
  }

  @Provide
  Arbitrary<JoinCase> cases() {
    return JoinCases.any().map(LiveJoinTest::bounded);
  }

  /** With lengths where windows have none, and ages where rows could be of any. */
  private static JoinCase bounded(JoinCase c) {
    PointInTime join = PointInTime.at(c.join().labelTime());
    Map<String, WindowedAggregates> asked = new LinkedHashMap<>();
    for (JoinGroup group : c.join().groups()) {
      if (group instanceof WindowGroup windows) {
        WindowedAggregates finite = finite(c.asked().get(group.name()));
        asked.put(group.name(), finite);
        join =
            join.join(
                new WindowGroup(
                    group.name(),
                    finite,
                    group.keys(),
                    group.ttlMicros(),
                    windows.knownAfterMicros(),
                    group.dropsUnmatched()));
      } else {
        AsOfGroup asOf = (AsOfGroup) group;
        boolean any = asOf.where() != null && asOf.ttlMicros() == PointInTime.ANY_AGE;
        join = join.join(any ? withTtl(asOf, 3 * HOUR) : asOf);
      }
    }
    return c.with(join, asked);
  }

  private static WindowedAggregates finite(WindowedAggregates all) {
    List<Group> groups = new ArrayList<>();
    for (Group group : all.groups()) {
      List<Window> windows =
          group.windows().stream().map(w -> w.isLifetime() ? Window.of("3h") : w).toList();
      groups.add(new Group(windows, group.bounds(), group.features()));
    }
    return new WindowedAggregates(
        all.keys(), all.eventTime(), all.sequence(), all.emission(), groups);
  }

  private static AsOfGroup withTtl(AsOfGroup asOf, long ttl) {
    return new AsOfGroup(
        asOf.name(),
        asOf.keys(),
        asOf.eventTime(),
        asOf.created(),
        asOf.columns(),
        asOf.bounds(),
        asOf.where(),
        ttl,
        asOf.knownAfterMicros(),
        asOf.dropsUnmatched());
  }

  private static final RecordSchema LABELS =
      RecordSchema.of(
          Field.required("card", FieldType.INT64), Field.required("at", FieldType.TIMESTAMP));

  private static final RecordSchema EVENTS =
      RecordSchema.of(
          Field.required("card", FieldType.INT64),
          Field.required("time", FieldType.TIMESTAMP),
          Field.required("limit", FieldType.INT64));

  private static WindowedAggregates count(Window window) {
    return new WindowedAggregates(
        List.of("card"),
        "time",
        null,
        Emission.everyEvent(),
        List.of(
            new Group(
                List.of(window),
                WindowBounds.DEFAULT,
                List.of(Feature.of("events", Aggregates.count())))));
  }

  /** What they can see is 3,600 events at a time, and a row of each of 100 cards. */
  @Example
  void aLongStreamHoldsNoMoreThanLabelsCanSee() {
    PointInTime join =
        PointInTime.at("at")
            .join(WindowGroup.of("events", count(Window.of("1h"))))
            .join(AsOfGroup.of("latest", List.of("card"), "time", "limit"));
    LiveJoinShard shard =
        JoinChain.of(join, LABELS, List.of(EVENTS, EVENTS)).links().get(0).shard(0, SECOND);
    Map<Long, RecordBatch> journal = new HashMap<>();
    Random random = new Random(1);
    int most = 0;
    int mostBatches = 0;
    long answered = 0;
    for (long second = 0; second < 200_000; second++) {
      RecordBatch event =
          RecordBatch.builder(EVENTS)
              .add((long) random.nextInt(100), second * SECOND, second)
              .build();
      shard.addRecords(0, event, Journal.in(journal));
      shard.addRecords(1, event, Journal.in(journal));
      if (second % 50 == 0) {
        RecordBatch label =
            RecordBatch.builder(LABELS).add((long) random.nextInt(100), second * SECOND).build();
        shard.addLabels(label, Journal.in(journal));
      }
      long[] rows = {0};
      while (shard.nextWake().isPresent() && shard.nextWake().getAsLong() < second * SECOND) {
        shard.wake(shard.nextWake().getAsLong(), Journal.in(journal), b -> rows[0] += b.size());
      }
      answered += rows[0];
      most = Math.max(most, shard.heldRecords());
      mostBatches = Math.max(mostBatches, journal.size());
    }
    assertEquals(4_000, answered);
    assertEquals(0, shard.heldLabels());
    assertTrue(most < 1.5 * (3_600 + 100 + 100), "held " + most);
    assertTrue(mostBatches < 1_000, "batches " + mostBatches);
  }

  @Example
  void anIdleShardOfAgedRecordsHoldsNothing() {
    AsOfGroup aged = withTtl(AsOfGroup.of("latest", List.of("card"), "time", "limit"), HOUR);
    WindowGroup events =
        new WindowGroup("events", count(Window.of("1h")), Map.of("card", "card"), HOUR, 0, false);
    PointInTime join = PointInTime.at("at").join(events).join(aged);
    LiveJoinShard shard =
        JoinChain.of(join, LABELS, List.of(EVENTS, EVENTS)).links().get(0).shard(0, SECOND);
    Map<Long, RecordBatch> journal = new HashMap<>();
    for (long card = 0; card < 10; card++) {
      RecordBatch event = RecordBatch.builder(EVENTS).add(card, card * SECOND, card).build();
      shard.addRecords(0, event, Journal.in(journal));
      shard.addRecords(1, event, Journal.in(journal));
    }
    int wakes = 0;
    while (shard.nextWake().isPresent()) {
      shard.wake(shard.nextWake().getAsLong(), Journal.in(journal), batch -> {});
      wakes++;
    }
    assertEquals(0, shard.heldRecords());
    assertEquals(Map.of(), journal);
    assertTrue(wakes <= 10, "wakes " + wakes);
  }

  /** Of a day of labels that come at once, one wake for each would be 86,400. */
  @Example
  void aStreamThatIsBehindCatchesUpInFewWakes() {
    PointInTime join = PointInTime.at("at").join(WindowGroup.of("events", count(Window.of("1h"))));
    LiveJoinShard shard =
        JoinChain.of(join, LABELS, List.of(EVENTS)).links().get(0).shard(0, SECOND);
    Map<Long, RecordBatch> journal = new HashMap<>();
    RecordBatch.Builder labels = RecordBatch.builder(LABELS);
    for (long second = 0; second < 86_400; second++) {
      labels.add(second % 7, second * SECOND);
    }
    shard.addLabels(labels.build(), Journal.in(journal));
    long[] rows = {0};
    int wakes = 0;
    while (shard.nextWake().isPresent()) {
      shard.wake(shard.nextWake().getAsLong(), Journal.in(journal), b -> rows[0] += b.size());
      wakes++;
    }
    assertEquals(86_400, rows[0]);
    assertTrue(wakes <= 20, "wakes " + wakes);
  }

  @Example
  void windowWithoutALengthIsRefusedByName() {
    for (Window window : List.of(Window.LIFETIME, Window.session(HOUR))) {
      PointInTime join = PointInTime.at("at").join(WindowGroup.of("card", count(window)));
      assertEquals(
          "Invalid window of group 'card' in a stream: "
              + window
              + " (its events would be held for ever; give it a length, such as 30d)",
          assertThrows(
                  IllegalArgumentException.class, () -> JoinChain.of(join, LABELS, List.of(EVENTS)))
              .getMessage());
    }
  }

  @Example
  void whereOfLabelsWithoutATtlIsRefusedByName() {
    AsOfGroup group =
        new AsOfGroup(
            "latest",
            Map.of("card", "card"),
            "time",
            null,
            Map.of("limit", "limit"),
            WindowBounds.FEAST,
            "limit > label_card",
            PointInTime.ANY_AGE,
            0,
            false);
    assertEquals(
        "Missing ttl of group 'latest' in a stream: its where asks for columns of the labels, so a"
            + " row of any age may be the one that a label sees, and would be held for ever (say"
            + " how old it may be)",
        assertThrows(
                IllegalArgumentException.class,
                () -> JoinChain.of(PointInTime.at("at").join(group), LABELS, List.of(EVENTS)))
            .getMessage());
    JoinChain chain =
        JoinChain.of(PointInTime.at("at").join(withTtl(group, HOUR)), LABELS, List.of(EVENTS));
    assertEquals(List.of("card", "at", "limit"), chain.outputSchema().names());
  }

  @Example
  void lateOnesAreHandedBackWhole() {
    PointInTime join = PointInTime.at("at").join(WindowGroup.of("events", count(Window.of("1h"))));
    LiveJoinShard shard =
        JoinChain.of(join, LABELS, List.of(EVENTS)).links().get(0).shard(5 * SECOND, SECOND);
    Map<Long, RecordBatch> journal = new HashMap<>();
    shard.wake(105 * SECOND, Journal.in(journal), batch -> {});

    RecordBatch labels =
        RecordBatch.builder(LABELS).add(1L, 100 * SECOND).add(1L, 100 * SECOND + 1).build();
    RecordBatch events =
        RecordBatch.builder(EVENTS)
            .add(1L, 100 * SECOND - 1, 7L) // a label at 100 would have seen it
            .add(1L, 100 * SECOND, 8L)
            .build();
    assertEquals(labels.slice(0, 1), shard.addLabels(labels, Journal.in(journal)));
    assertEquals(events.slice(0, 1), shard.addRecords(0, events, Journal.in(journal)));
    assertEquals(1, shard.heldLabels());
    assertEquals(1, shard.heldRecords());
  }
}
