package io.featurebeam.transforms.join;

import static io.featurebeam.transforms.join.PointInTimeJoinTest.HOUR;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.LABELS;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.PAYMENTS;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.SHOPS;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.SPENDING;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.assertFacts;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.assertRejects;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.assertRows;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.latest;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.shop;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.aggregate.Plans;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.join.NaiveJoin;
import io.featurebeam.join.PointInTime;
import io.featurebeam.join.WindowGroup;
import io.featurebeam.time.Window;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels and records that arrive one after another, with a watermark that passes some by. */
@ExtendWith(PipelineExtension.class)
class PointInTimeStreamTest {

  private static final long SECOND = 1_000_000L;

  private TestStream.Builder<RecordBatch> stream = TestStream.create(BatchCoder.of());

  private void label(@Nullable Object... values) {
    add("labels", LABELS, 2, values);
  }

  private void payment(@Nullable Object... values) {
    add("payments", PAYMENTS, 1, values);
  }

  private void shopRow(@Nullable Object... values) {
    add("shops", SHOPS, 1, values);
  }

  private void add(String source, RecordSchema schema, int time, @Nullable Object... values) {
    RecordBatch batch =
        RecordBatch.builder(schema).add(values).build(Positions.contiguous(source, 7));
    stream = stream.addElements(TimestampedValue.of(batch, instant((Long) values[time])));
  }

  private void complete(long micros) {
    stream = stream.advanceWatermarkTo(instant(micros));
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochMilli(Math.floorDiv(micros, 1000L));
  }

  private PCollection<RecordBatch> all(TestPipeline pipeline) {
    return pipeline.apply("all", stream.advanceWatermarkToInfinity());
  }

  private static PCollection<RecordBatch> of(
      PCollection<RecordBatch> all, String name, RecordSchema schema) {
    return all.apply(name, Filter.by(batch -> batch.schema().equals(schema)))
        .setCoder(BatchCoder.of());
  }

  private static PointInTimeJoin spending(PCollection<RecordBatch> all) {
    return PointInTimeJoin.at("decided_at", LABELS)
        .join(WindowGroup.of("spending", SPENDING), of(all, "payments", PAYMENTS), PAYMENTS);
  }

  /** What comes after the answer shows when it was given. */
  @Test
  void labelIsAnsweredWhenItsSecondIsComplete(TestPipeline pipeline) {
    payment("a", 9 * HOUR + 1, 2.0);
    label("a", 1L, 10 * HOUR, true);
    payment("a", 10 * HOUR - 1, 4.0);
    complete(10 * HOUR + SECOND - 1000); // not yet
    payment("a", 10 * HOUR - 2, 8.0);
    payment("a", 10 * HOUR, 16.0); // at its very time: not seen
    complete(10 * HOUR + SECOND + 1000);
    payment("a", 10 * HOUR - 3, 32.0);
    PCollection<RecordBatch> all = all(pipeline);
    PCollection<RecordBatch> joined =
        of(all, "labels", LABELS).apply(spending(all).withRejects(Set.of(), 77));
    assertRows(joined, "[a, 1, 36000000000, true, 3, 14.0]");
    assertRejects(
        joined,
        "late | time | 1970-01-01T09:59:59.999997Z | time 1970-01-01T09:59:59.999997Z comes after"
            + " labels were answered for which group 'spending' would have seen it, with the stream"
            + " complete up to 1970-01-01T10:00:00.999999Z (lateness 0) | payments-7 | 35999999997 |"
            + " {\"card\":\"a\",\"time\":\"1970-01-01T09:59:59.999997Z\",\"amount\":32.0} | 77");
    assertFacts(joined, "join late=1, join records_in=6, join records_out=1");
    pipeline.run();
  }

  @Test
  void labelWaitsForWhatIsLateWithinTheAllowance(TestPipeline pipeline) {
    label("a", 1L, 10 * HOUR, true);
    complete(11 * HOUR);
    payment("a", 10 * HOUR - 1, 4.0);
    label("a", 2L, 10 * HOUR, false); // late itself
    complete(11 * HOUR + SECOND + 1000);
    label("a", 3L, 10 * HOUR, false);
    payment("a", 10 * HOUR, 8.0);
    label("a", 4L, 10 * HOUR + SECOND, false);
    PCollection<RecordBatch> all = all(pipeline);
    PCollection<RecordBatch> joined =
        of(all, "labels", LABELS)
            .apply(spending(all).withLateness(HOUR).withRejects(Set.of("card"), 77));
    assertRows(
        joined,
        "[a, 1, 36000000000, true, 1, 4.0]",
        "[a, 2, 36000000000, false, 1, 4.0]",
        "[a, 4, 36001000000, false, 1, 4.0]");
    assertRejects(
        joined,
        "late | decided_at | 1970-01-01T10:00:00Z | decided_at 1970-01-01T10:00:00Z comes after"
            + " labels of its time were answered, with the stream complete up to"
            + " 1970-01-01T11:00:00.999999Z (lateness 1h) | labels-7 | 36000000000 |"
            + " {\"card\":\"***\",\"shop\":3,\"decided_at\":\"1970-01-01T10:00:00Z\",\"fraud\":false}"
            + " | 77",
        "late | time | 1970-01-01T10:00:00Z | time 1970-01-01T10:00:00Z comes after labels were"
            + " answered for which group 'spending' would have seen it, with the stream complete up"
            + " to 1970-01-01T11:00:00.999999Z (lateness 1h) | payments-7 | 36000000000 |"
            + " {\"card\":\"***\",\"time\":\"1970-01-01T10:00:00Z\",\"amount\":8.0} | 77");
    pipeline.run();
  }

  @Test
  void boundedTableIsReadBeforeALabelIsAnswered(TestPipeline pipeline) {
    label("a", 1L, 10 * HOUR, true);
    complete(20 * HOUR);
    label("b", 2L, 30 * HOUR, null);
    PCollection<RecordBatch> labels = all(pipeline);
    PCollection<RecordBatch> joined =
        labels.apply(
            PointInTimeJoin.at("decided_at", LABELS)
                .join(
                    shop(false),
                    PointInTimeJoinTest.create(
                        pipeline,
                        "shops",
                        SHOPS,
                        List.of(
                            Arrays.asList(1L, -9 * HOUR, "NP"),
                            Arrays.asList(1L, 10 * HOUR, "FR"),
                            Arrays.asList(2L, 10 * HOUR, "DE"),
                            Arrays.asList(2L, null, "XX"))),
                    SHOPS));
    assertRows(joined, "[a, 1, 36000000000, true, FR]", "[b, 2, 108000000000, null, DE]");
    assertRejects(joined);
    pipeline.run();
  }

  @Test
  void boundedLabelsWaitForAStreamOfRecords(TestPipeline pipeline) {
    payment("a", 9 * HOUR + 1, 2.0);
    complete(9 * HOUR + 2);
    payment("a", 9 * HOUR + 3000, 4.0);
    PCollection<RecordBatch> all = all(pipeline);
    PCollection<RecordBatch> joined =
        PointInTimeJoinTest.create(
                pipeline, "labels", LABELS, List.of(Arrays.asList("a", 1L, 10 * HOUR, true)))
            .apply(spending(all));
    assertRows(joined, "[a, 1, 36000000000, true, 2, 6.0]");
    pipeline.run();
  }

  @Test
  void groupWithoutRecordsHoldsNothingUp(TestPipeline pipeline) {
    label("a", 1L, 10 * HOUR, true);
    complete(11 * HOUR);
    label("a", 2L, 10 * HOUR, true); // late: the first is answered
    PCollection<RecordBatch> all = all(pipeline);
    PCollection<RecordBatch> joined =
        of(all, "labels", LABELS)
            .apply(spending(all).join(shop(false), of(all, "shops", SHOPS), SHOPS));
    assertRows(joined, "[a, 1, 36000000000, true, null, null, null]");
    assertFacts(joined, "join late=1, join records_in=2, join records_out=1");
    pipeline.run();
  }

  @Test
  void ofEqualLabelsEachComesOut(TestPipeline pipeline) {
    shopRow(1L, 9 * HOUR, "FR");
    label("a", 1L, 10 * HOUR, true);
    label("a", 1L, 10 * HOUR, true);
    PCollection<RecordBatch> all = all(pipeline);
    PCollection<RecordBatch> joined =
        of(all, "labels", LABELS)
            .apply(spending(all).join(shop(false), of(all, "shops", SHOPS), SHOPS));
    assertRows(
        joined,
        "[a, 1, 36000000000, true, null, null, FR]",
        "[a, 1, 36000000000, true, null, null, FR]");
    pipeline.run();
  }

  /** The first group of the join that found nothing says why, in whichever order they answer. */
  @Test
  void labelThatGroupsDropIsARejectOfTheFirst(TestPipeline pipeline) {
    label("a", 1L, 10 * HOUR, true);
    PCollection<RecordBatch> all = all(pipeline);
    PCollection<RecordBatch> joined =
        of(all, "labels", LABELS)
            .apply(
                PointInTimeJoin.at("decided_at", LABELS)
                    .join(latest("amount"), of(all, "latest", PAYMENTS), PAYMENTS)
                    .join(shop(true), of(all, "shops", SHOPS), SHOPS)
                    .join(
                        new WindowGroup(
                            "spending", SPENDING, Map.of(), PointInTime.ANY_AGE, 0, true),
                        of(all, "payments", PAYMENTS),
                        PAYMENTS)
                    .withRejects(Set.of(), 77));
    assertRows(joined);
    assertRejects(
        joined,
        "unmatched(shop) | shop | shop=1 | group 'shop' has no record of shop=1 at the label's time"
            + " | labels-7 | 36000000000 | {\"card\":\"a\",\"shop\":1,\"decided_at\":"
            + "\"1970-01-01T10:00:00Z\",\"fraud\":true} | 77");
    assertFacts(joined, "join records_in=1, join rejected=1");
    pipeline.run();
  }

  @Test
  void rejectsAndFactsOfAllFlowsGoOnOnceEach(TestPipeline pipeline) {
    Rejects.Builder rejects = new Rejects.Builder("read", Set.of(), 5);
    rejects.addMalformed("labels", 0, new byte[] {1}, "bad");
    RecordBatch facts = new Facts.Builder().add("read", Facts.RECORDS_IN, 100).build();
    label("a", 1L, 10 * HOUR, true);
    stream =
        stream
            .addElements(TimestampedValue.of(rejects.build(), instant(0)))
            .addElements(TimestampedValue.of(facts, instant(0)));
    PCollection<RecordBatch> labels = all(pipeline);
    PCollection<RecordBatch> joined =
        labels.apply(
            PointInTimeJoin.at("decided_at", LABELS)
                .join(
                    WindowGroup.of("spending", SPENDING),
                    PointInTimeJoinTest.create(pipeline, "payments", PAYMENTS, List.of()),
                    PAYMENTS)
                .join(
                    shop(false),
                    PointInTimeJoinTest.create(pipeline, "shops", SHOPS, List.of()),
                    SHOPS));
    assertRejects(joined, "malformed | null | null | bad | labels-0 | null | null | 5");
    assertFacts(joined, "join records_in=1, join records_out=1, read records_in=100");
    pipeline.run();
  }

  @Test
  void windowWithoutALengthIsRefusedByName() {
    TestPipeline pipeline = TestPipeline.create();
    WindowedAggregates ever =
        new WindowedAggregates(
            SPENDING.keys(),
            SPENDING.eventTime(),
            null,
            SPENDING.emission(),
            List.of(
                new WindowedAggregates.Group(
                    List.of(Window.LIFETIME),
                    SPENDING.groups().get(0).bounds(),
                    SPENDING.groups().get(0).features())));
    PCollection<RecordBatch> labels = all(pipeline);
    PointInTimeJoin join =
        PointInTimeJoin.at("decided_at", LABELS)
            .join(
                WindowGroup.of("spending", ever),
                PointInTimeJoinTest.create(pipeline, "payments", PAYMENTS, List.of()),
                PAYMENTS);
    assertEquals(
        "Invalid window of group 'spending' in a stream: lifetime (its events would be held for"
            + " ever; give it a length, such as 30d)",
        assertThrows(IllegalArgumentException.class, () -> labels.apply(join)).getMessage());
  }

  private record Arrival(String source, List<@Nullable Object> values, long time, long at) {}

  @ParameterizedTest
  @CsvSource({"1, 0", "4, 60", "2, 6000"})
  void answersEqualANestedLoopOverWhatIsNotLate(
      int shards, int latenessMinutes, TestPipeline pipeline) {
    List<Arrival> arrivals = arrivals();
    Map<String, RecordSchema> schemas =
        Map.of("labels", LABELS, "payments", PAYMENTS, "shops", SHOPS);
    Map<String, List<List<@Nullable Object>>> sent = new HashMap<>();
    schemas.keySet().forEach(source -> sent.put(source, new ArrayList<>()));
    Random random = new Random(6);
    long newest = Long.MIN_VALUE;
    for (int at = 0; at < arrivals.size(); ) {
      List<Arrival> some =
          arrivals.subList(at, Math.min(arrivals.size(), at + 1 + random.nextInt(60)));
      for (String source : List.of("labels", "payments", "shops")) {
        List<List<@Nullable Object>> rows =
            some.stream().filter(a -> a.source.equals(source)).map(Arrival::values).toList();
        if (!rows.isEmpty()) {
          RecordSchema schema = schemas.get(source);
          RecordBatch batch =
              Plans.batch(schema, Plans.events(schema, rows), random)
                  .withPositions(Positions.contiguous(source, sent.get(source).size()));
          long first = some.stream().mapToLong(Arrival::time).min().orElseThrow();
          stream = stream.addElements(TimestampedValue.of(batch, instant(first)));
          sent.get(source).addAll(rows);
        }
      }
      newest = Math.max(newest, some.stream().mapToLong(Arrival::time).max().orElseThrow());
      complete(newest - HOUR);
      at += some.size();
    }
    PCollection<RecordBatch> all = all(pipeline);
    PCollection<RecordBatch> joined =
        of(all, "labels", LABELS)
            .apply(
                spending(all)
                    .join(shop(true), of(all, "shops", SHOPS), SHOPS)
                    .join(latest("last_amount"), of(all, "latest", PAYMENTS), PAYMENTS)
                    .withShards(shards)
                    .withEvery(600 * SECOND)
                    .withLateness(60 * SECOND * latenessMinutes));
    PAssert.that(joined)
        .satisfies(
            batches -> {
              check(sent, batches, latenessMinutes);
              return null;
            });
    pipeline.run();
  }

  /** Payments are read by two groups, of which each judges them alike. */
  private static void check(
      Map<String, List<List<@Nullable Object>>> sent,
      Iterable<RecordBatch> batches,
      int latenessMinutes) {
    Map<String, Set<Integer>> late = new HashMap<>();
    sent.keySet().forEach(source -> late.put(source, new HashSet<>()));
    List<String> actual = new ArrayList<>();
    int dropped = 0;
    for (RecordBatch batch : batches) {
      for (int i = 0; i < batch.size() && Flow.isRejects(batch); i++) {
        if ("late".equals(batch.value(i, "rule"))) {
          late.get(batch.value(i, "source")).add(Math.toIntExact(batch.longs("position").get(i)));
        } else {
          assertEquals("unmatched(shop)", batch.value(i, "rule"));
          dropped++;
        }
      }
      if (Flow.isRecords(batch)) {
        Plans.rows(batch).forEach(row -> actual.add(row.toString()));
      }
    }
    assertEquals(latenessMinutes < 6000, !late.get("labels").isEmpty());
    assertEquals(latenessMinutes < 6000, !late.get("payments").isEmpty());
    assertEquals(latenessMinutes < 6000, !late.get("shops").isEmpty());
    PointInTime join =
        PointInTime.at("decided_at")
            .join(WindowGroup.of("spending", SPENDING))
            .join(shop(true))
            .join(latest("last_amount"));
    List<List<@Nullable Object>> payments = without(sent, late, "payments");
    List<List<@Nullable Object>> rows =
        new NaiveJoin(join, Map.of("spending", SPENDING), Map.of(), Map.of())
            .rows(
                Plans.events(LABELS, without(sent, late, "labels")),
                List.of(
                    Plans.events(PAYMENTS, payments),
                    Plans.events(SHOPS, without(sent, late, "shops")),
                    Plans.events(PAYMENTS, payments)));
    List<String> expected =
        rows.stream()
            .filter(row -> row.size() > LABELS.size() + 1)
            .map(Object::toString)
            .sorted()
            .toList();
    actual.sort(Comparator.naturalOrder());
    assertEquals(expected, actual);
    assertEquals(rows.size() - expected.size(), dropped);
    assertTrue(expected.size() > 50, "too few rows");
    assertTrue(dropped > 0, "none dropped");
  }

  private static List<List<@Nullable Object>> without(
      Map<String, List<List<@Nullable Object>>> sent, Map<String, Set<Integer>> late, String of) {
    List<List<@Nullable Object>> accepted = new ArrayList<>();
    for (int i = 0; i < sent.get(of).size(); i++) {
      if (!late.get(of).contains(i)) {
        accepted.add(sent.get(of).get(i));
      }
    }
    return accepted;
  }

  /** Two days; most in order, some up to an hour late, a few much later. */
  private static List<Arrival> arrivals() {
    Random random = new Random(8);
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long[] times = {time(random), time(random), time(random)};
      arrivals.add(
          arrival(
              "labels",
              Arrays.asList(card(random), (long) random.nextInt(6), times[0], i % 3 == 0),
              times[0],
              random));
      arrivals.add(
          arrival(
              "payments",
              Arrays.asList(card(random), times[1], (double) random.nextInt(9)),
              times[1],
              random));
      arrivals.add(
          arrival(
              "shops",
              Arrays.asList((long) random.nextInt(5), times[2], "country" + i % 7),
              times[2],
              random));
    }
    arrivals.sort(Comparator.comparingLong(Arrival::at));
    return arrivals;
  }

  private static Arrival arrival(
      String source, List<@Nullable Object> values, long time, Random random) {
    long delay = random.nextInt(3) > 0 ? 0 : random.nextLong(HOUR);
    delay = random.nextInt(20) == 0 ? 10 * HOUR : delay;
    return new Arrival(source, values, time, time + delay);
  }

  private static @Nullable String card(Random random) {
    int card = random.nextInt(8);
    return card == 7 ? null : "card" + card;
  }

  /** Minutes around 1970, so that some tie. */
  private static long time(Random random) {
    return 60 * SECOND * (random.nextInt(2 * 24 * 60) - 24 * 60);
  }
}
