package io.featurebeam.transforms.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.Plans;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.join.AsOfGroup;
import io.featurebeam.join.NaiveJoin;
import io.featurebeam.join.PointInTime;
import io.featurebeam.join.WindowGroup;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PipelineExtension.class)
class PointInTimeJoinTest {

  static final long HOUR = 3_600_000_000L;

  static final RecordSchema LABELS =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("shop", FieldType.INT64),
          Field.required("decided_at", FieldType.TIMESTAMP),
          Field.of("fraud", FieldType.BOOLEAN));
  static final RecordSchema PAYMENTS =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.required("time", FieldType.TIMESTAMP),
          Field.of("amount", FieldType.FLOAT64));
  static final RecordSchema SHOPS =
      RecordSchema.of(
          Field.of("id", FieldType.INT64),
          Field.of("valid_from", FieldType.TIMESTAMP),
          Field.of("country", FieldType.STRING));

  private static final List<List<@Nullable Object>> LABEL_ROWS =
      List.of(
          Arrays.asList("a", 1L, 10 * HOUR, true),
          Arrays.asList("a", 2L, 10 * HOUR + 1, false),
          Arrays.asList("a", 2L, 10 * HOUR + 1, false),
          Arrays.asList("b", 1L, -5 * HOUR, null),
          Arrays.asList(null, 1L, 10 * HOUR, true),
          Arrays.asList("c", null, 10 * HOUR, false));
  private static final List<List<@Nullable Object>> PAYMENT_ROWS =
      List.of(
          Arrays.asList("a", 9 * HOUR, 1.0),
          Arrays.asList("a", 9 * HOUR, null),
          Arrays.asList("a", 10 * HOUR, 4.0),
          Arrays.asList("b", -5 * HOUR - 1, 2.5),
          Arrays.asList(null, 9 * HOUR, 8.0));
  private static final List<List<@Nullable Object>> SHOP_ROWS =
      List.of(
          Arrays.asList(1L, -9 * HOUR, "NP"),
          Arrays.asList(1L, 10 * HOUR, "FR"),
          Arrays.asList(2L, 10 * HOUR + 2, "DE"),
          Arrays.asList(1L, null, "XX"));

  static final WindowedAggregates SPENDING =
      new WindowedAggregates(
          List.of("card"),
          "time",
          null,
          Emission.everyEvent(),
          List.of(
              new Group(
                  List.of(Window.of("1h")),
                  WindowBounds.DEFAULT,
                  List.of(
                      Feature.of("payments", Aggregates.count()),
                      Feature.of("spent", Aggregates.sum("amount"))))));

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void oneStageGivesEachLabelItsFeatures(int shards, TestPipeline pipeline) {
    PCollection<RecordBatch> joined =
        labels(pipeline)
            .apply(
                PointInTimeJoin.at("decided_at", LABELS)
                    .join(WindowGroup.of("spending", SPENDING), payments(pipeline), PAYMENTS)
                    .withShards(shards));
    assertRows(
        joined,
        "[a, 1, 36000000000, true, 2, 1.0]",
        "[a, 2, 36000000001, false, 1, 4.0]",
        "[a, 2, 36000000001, false, 1, 4.0]",
        "[b, 1, -18000000000, null, 1, 2.5]",
        "[c, null, 36000000000, false, null, null]",
        "[null, 1, 36000000000, true, null, null]");
    assertFacts(joined, "join records_in=11, join records_out=6");
    pipeline.run();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void twoStagesGiveEachLabelTheFeaturesOfBoth(int shards, TestPipeline pipeline) {
    PCollection<RecordBatch> joined =
        labels(pipeline).apply(ofTwoStages(pipeline, false).withShards(shards));
    assertRows(
        joined,
        "[a, 1, 36000000000, true, FR, 2, 1.0]",
        "[a, 2, 36000000001, false, null, 1, 4.0]",
        "[a, 2, 36000000001, false, null, 1, 4.0]",
        "[b, 1, -18000000000, null, NP, 1, 2.5]",
        "[c, null, 36000000000, false, null, null, null]",
        "[null, 1, 36000000000, true, FR, null, null]");
    assertFacts(joined, "join records_in=15, join records_out=6");
    pipeline.run();
  }

  @Test
  void labelsThatAGroupDropsAreRejectsWithTheReason(TestPipeline pipeline) {
    PCollection<RecordBatch> joined =
        labels(pipeline).apply(ofTwoStages(pipeline, true).withRejects(Set.of("card"), 77));
    assertRows(
        joined, "[a, 1, 36000000000, true, FR, 2, 1.0]", "[b, 1, -18000000000, null, NP, 1, 2.5]");
    assertRejects(
        joined,
        "unmatched(shop) | shop | shop=2 | group 'shop' has no record of shop=2 at the label's"
            + " time | labels-1 | 36000000001 |"
            + " {\"card\":\"***\",\"shop\":2,\"decided_at\":\"1970-01-01T10:00:00.000001Z\","
            + "\"fraud\":false} | 77",
        "unmatched(shop) | shop | shop=2 | group 'shop' has no record of shop=2 at the label's"
            + " time | labels-2 | 36000000001 |"
            + " {\"card\":\"***\",\"shop\":2,\"decided_at\":\"1970-01-01T10:00:00.000001Z\","
            + "\"fraud\":false} | 77",
        "unmatched(shop) | shop | shop=null | group 'shop' has no record of shop=null at the"
            + " label's time | labels-5 | 36000000000 |"
            + " {\"card\":\"***\",\"shop\":null,\"decided_at\":\"1970-01-01T10:00:00Z\","
            + "\"fraud\":false} | 77",
        "unmatched(spending) | card | *** | a masked value fails unmatched(spending) | labels-4 |"
            + " 36000000000 |"
            + " {\"card\":\"***\",\"shop\":1,\"decided_at\":\"1970-01-01T10:00:00Z\","
            + "\"fraud\":true} | 77");
    assertFacts(joined, "join records_in=15, join records_out=2, join rejected=4");
    pipeline.run();
  }

  @Test
  void aRejectSaysThatARecordMayBeTooOld(TestPipeline pipeline) {
    AsOfGroup young =
        new AsOfGroup(
            "shop",
            Map.of("id", "shop"),
            "valid_from",
            null,
            Map.of("country", "country"),
            WindowBounds.FEAST,
            null,
            2 * HOUR,
            0,
            true);
    PCollection<RecordBatch> joined =
        labels(pipeline)
            .apply(PointInTimeJoin.at("decided_at", LABELS).join(young, shops(pipeline), SHOPS));
    assertRows(joined, "[a, 1, 36000000000, true, FR]", "[null, 1, 36000000000, true, FR]");
    PAssert.that(joined)
        .satisfies(
            batches -> {
              assertEquals(
                  List.of(
                      "group 'shop' has no record of shop=1 at the label's time, or only one older"
                          + " than 2h",
                      "group 'shop' has no record of shop=2 at the label's time, or only one older"
                          + " than 2h",
                      "group 'shop' has no record of shop=2 at the label's time, or only one older"
                          + " than 2h",
                      "group 'shop' has no record of shop=null at the label's time, or only one"
                          + " older than 2h"),
                  texts(batches, "reason"));
              return null;
            });
    pipeline.run();
  }

  @Test
  void rejectsAndFactsOfAllFlowsGoOnOnceEach(TestPipeline pipeline) {
    PCollection<RecordBatch> labels = flow(pipeline, "labels", LABELS, LABEL_ROWS, "label");
    PCollection<RecordBatch> payments =
        flow(pipeline, "payments", PAYMENTS, PAYMENT_ROWS, "payment");
    PCollection<RecordBatch> shops = flow(pipeline, "shops", SHOPS, SHOP_ROWS, "shop");
    PCollection<RecordBatch> joined =
        labels.apply(
            PointInTimeJoin.at("decided_at", LABELS)
                .join(WindowGroup.of("spending", SPENDING), payments, PAYMENTS)
                .join(shop(false), shops, SHOPS)
                .join(latest("last_amount"), payments, PAYMENTS) // read twice
                .join(earlier(), labels, LABELS)); // of itself
    assertRejects(
        joined,
        "malformed | null | null | bad label | labels-0 | null | null | 5",
        "malformed | null | null | bad payment | payments-0 | null | null | 5",
        "malformed | null | null | bad shop | shops-0 | null | null | 5");
    assertFacts(
        joined,
        "join records_in=26, join records_out=6, label records_in=100, payment records_in=100,"
            + " shop records_in=100");
    pipeline.run();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void manyLabelsEqualANestedLoop(int shards, TestPipeline pipeline) {
    Random random = new Random(3);
    List<List<@Nullable Object>> labels = new ArrayList<>();
    List<List<@Nullable Object>> payments = new ArrayList<>();
    List<List<@Nullable Object>> shops = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      labels.add(Arrays.asList(card(random), (long) random.nextInt(6), time(random), i % 3 == 0));
      payments.add(Arrays.asList(card(random), time(random), (double) random.nextInt(9)));
      shops.add(Arrays.asList((long) random.nextInt(5), time(random), "country" + i % 7));
    }
    PCollection<RecordBatch> joined =
        create(pipeline, "labels", LABELS, labels)
            .apply(
                PointInTimeJoin.at("decided_at", LABELS)
                    .join(
                        WindowGroup.of("spending", SPENDING),
                        create(pipeline, "payments", PAYMENTS, payments),
                        PAYMENTS)
                    .join(shop(true), create(pipeline, "shops", SHOPS, shops), SHOPS)
                    .withShards(shards));
    PointInTime join =
        PointInTime.at("decided_at").join(WindowGroup.of("spending", SPENDING)).join(shop(true));
    List<List<@Nullable Object>> expected =
        new NaiveJoin(join, Map.of("spending", SPENDING), Map.of(), Map.of())
            .rows(
                Plans.events(LABELS, labels),
                List.of(Plans.events(PAYMENTS, payments), Plans.events(SHOPS, shops)));
    int dropped = (int) expected.stream().filter(row -> row.size() == LABELS.size() + 1).count();
    assertRows(
        joined,
        expected.stream()
            .filter(row -> row.size() > LABELS.size() + 1)
            .map(Object::toString)
            .sorted()
            .toArray(String[]::new));
    assertFacts(
        joined,
        "join records_in=1200, join records_out=" + (400 - dropped) + ", join rejected=" + dropped);
    pipeline.run();
  }

  @Test
  void noLabelsGiveNoRows(TestPipeline pipeline) {
    PCollection<RecordBatch> joined =
        create(pipeline, "labels", LABELS, List.of()).apply(ofTwoStages(pipeline, true));
    assertRows(joined);
    assertFacts(joined, "join records_in=9");
    pipeline.run();
  }

  @Test
  void noRecordsGiveLabelsWithNulls(TestPipeline pipeline) {
    PCollection<RecordBatch> joined =
        create(pipeline, "labels", LABELS, LABEL_ROWS.subList(0, 1))
            .apply(
                PointInTimeJoin.at("decided_at", LABELS)
                    .join(
                        WindowGroup.of("spending", SPENDING),
                        create(pipeline, "payments", PAYMENTS, List.of()),
                        PAYMENTS)
                    .join(shop(false), create(pipeline, "shops", SHOPS, List.of()), SHOPS));
    assertRows(joined, "[a, 1, 36000000000, true, null, null, null]");
    pipeline.run();
  }

  @Test
  void mistakesAreToldWhenAGroupIsJoined() {
    TestPipeline pipeline = TestPipeline.create();
    PCollection<RecordBatch> shops = create(pipeline, "shops", SHOPS, SHOP_ROWS);
    PointInTimeJoin join = PointInTimeJoin.at("decided_at", LABELS);
    assertEquals(
        "Missing key of group 'shop': the labels have no column 'id' (say which of theirs it is:"
            + " labelKeys: { id: ... }); known: card, shop, decided_at, fraud",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    join.join(
                        AsOfGroup.of("shop", List.of("id"), "valid_from", "country"), shops, SHOPS))
            .getMessage());
    assertEquals(
        "Invalid groups: none (labels need at least one)",
        assertThrows(IllegalArgumentException.class, join::outputSchema).getMessage());
    assertEquals(
        "Invalid shards: 0 (must be > 0)",
        assertThrows(IllegalArgumentException.class, () -> join.withShards(0)).getMessage());
    assertEquals(
        "Invalid lateness: -1 microseconds (must be >= 0)",
        assertThrows(IllegalArgumentException.class, () -> join.withLateness(-1)).getMessage());
    assertEquals(
        "Invalid every: 999 microseconds (must be >= 1000)",
        assertThrows(IllegalArgumentException.class, () -> join.withEvery(999)).getMessage());
  }

  @Test
  void defaultsAreAsDocumented() {
    TestPipeline pipeline = TestPipeline.create();
    List<String> items =
        DisplayData.from(ofTwoStages(pipeline, false)).items().stream()
            .map(i -> i.getKey() + "=" + i.getValue())
            .sorted()
            .toList();
    assertEquals(List.of("every=1s", "groups=shop, spending", "lateness=0", "shards=32"), items);
  }

  /** What it was built from stays behind; it works on a worker as it was. */
  @Test
  void itIsSentToWorkersWithoutItsInputs() {
    TestPipeline pipeline = TestPipeline.create();
    PointInTimeJoin join = ofTwoStages(pipeline, true);
    PointInTimeJoin sent = SerializableUtils.clone(join);
    assertEquals(join.outputSchema(), sent.outputSchema());
    assertEquals(2, sent.plan().stages());
  }

  private static String card(Random random) {
    int card = random.nextInt(3) == 0 ? 0 : random.nextInt(20);
    return card == 7 ? null : "card" + card;
  }

  /** Minutes of two days around 1970. */
  private static long time(Random random) {
    return (random.nextInt(2 * 24 * 60) - 24 * 60) * 60_000_000L;
  }

  static AsOfGroup shop(boolean drops) {
    return new AsOfGroup(
        "shop",
        Map.of("id", "shop"),
        "valid_from",
        null,
        Map.of("country", "country"),
        WindowBounds.FEAST,
        null,
        PointInTime.ANY_AGE,
        0,
        drops);
  }

  static AsOfGroup latest(String name) {
    return new AsOfGroup(
        name,
        Map.of("card", "card"),
        "time",
        null,
        Map.of("amount", name),
        WindowBounds.DEFAULT,
        null,
        PointInTime.ANY_AGE,
        0,
        false);
  }

  private static AsOfGroup earlier() {
    return new AsOfGroup(
        "earlier",
        Map.of("card", "card"),
        "decided_at",
        null,
        Map.of("fraud", "was_fraud"),
        WindowBounds.DEFAULT,
        null,
        PointInTime.ANY_AGE,
        0,
        false);
  }

  private static PointInTimeJoin ofTwoStages(TestPipeline pipeline, boolean drops) {
    WindowGroup spending =
        new WindowGroup("spending", SPENDING, Map.of(), PointInTime.ANY_AGE, 0, drops);
    return PointInTimeJoin.at("decided_at", LABELS)
        .join(shop(drops), shops(pipeline), SHOPS)
        .join(spending, payments(pipeline), PAYMENTS);
  }

  private static PCollection<RecordBatch> labels(TestPipeline pipeline) {
    return create(pipeline, "labels", LABELS, LABEL_ROWS);
  }

  private static PCollection<RecordBatch> payments(TestPipeline pipeline) {
    return create(pipeline, "payments", PAYMENTS, PAYMENT_ROWS);
  }

  private static PCollection<RecordBatch> shops(TestPipeline pipeline) {
    return create(pipeline, "shops", SHOPS, SHOP_ROWS);
  }

  /** In batches of up to five, which know where they are from. */
  private static List<RecordBatch> batches(
      String name, RecordSchema schema, List<List<@Nullable Object>> rows) {
    List<RecordBatch> batches = new ArrayList<>();
    for (int at = 0; at < rows.size(); at += 5) {
      List<List<@Nullable Object>> some = rows.subList(at, Math.min(rows.size(), at + 5));
      batches.add(
          Plans.batch(schema, Plans.events(schema, some), new Random(at))
              .withPositions(Positions.contiguous(name, at)));
    }
    Collections.reverse(batches);
    return batches;
  }

  static PCollection<RecordBatch> create(
      TestPipeline pipeline, String name, RecordSchema schema, List<List<@Nullable Object>> rows) {
    return pipeline.apply(name, Create.of(batches(name, schema, rows)).withCoder(BatchCoder.of()));
  }

  /** With a reject and a fact of a step before. */
  private static PCollection<RecordBatch> flow(
      TestPipeline pipeline,
      String name,
      RecordSchema schema,
      List<List<@Nullable Object>> rows,
      String what) {
    List<RecordBatch> batches = batches(name, schema, rows);
    Rejects.Builder rejects = new Rejects.Builder(what, Set.of(), 5);
    rejects.addMalformed(name, 0, new byte[] {1}, "bad " + what);
    batches.add(rejects.build());
    batches.add(new Facts.Builder().add(what, Facts.RECORDS_IN, 100).build());
    return pipeline.apply(name, Create.of(batches).withCoder(BatchCoder.of()));
  }

  static void assertRows(PCollection<RecordBatch> joined, String... expected) {
    List<String> wanted = Arrays.stream(expected).sorted().toList();
    PAssert.that(joined)
        .satisfies(
            batches -> {
              List<String> rows = new ArrayList<>();
              for (RecordBatch batch : batches) {
                if (Flow.isRecords(batch)) {
                  Plans.rows(batch).forEach(row -> rows.add(row.toString()));
                }
              }
              Collections.sort(rows);
              assertEquals(wanted, rows);
              return null;
            });
  }

  static void assertRejects(PCollection<RecordBatch> joined, String... expected) {
    List<String> wanted = List.of(expected);
    PAssert.that(joined)
        .satisfies(
            batches -> {
              assertEquals(
                  wanted,
                  texts(
                      batches,
                      "rule",
                      "columns",
                      "observed",
                      "reason",
                      "source",
                      "event_time",
                      "record",
                      "rejected_at"));
              return null;
            });
  }

  /** Columns of the rejects; the source with the place in it. */
  private static List<String> texts(Iterable<RecordBatch> batches, String... columns) {
    List<String> rows = new ArrayList<>();
    for (RecordBatch batch : batches) {
      for (int i = 0; Flow.isRejects(batch) && i < batch.size(); i++) {
        List<String> values = new ArrayList<>();
        for (String column : columns) {
          String value = String.valueOf(batch.value(i, column));
          values.add(column.equals("source") ? value + "-" + batch.value(i, "position") : value);
        }
        rows.add(String.join(" | ", values));
      }
    }
    Collections.sort(rows);
    return rows;
  }

  /** The sums of the facts but for the time that it took. */
  static void assertFacts(PCollection<RecordBatch> joined, String expected) {
    PAssert.that(joined)
        .satisfies(
            batches -> {
              Map<String, Long> sums = new TreeMap<>();
              for (RecordBatch batch : batches) {
                if (Flow.isFacts(batch)) {
                  Facts.read(
                      batch,
                      (step, fact, value, bytes) ->
                          sums.merge(step + " " + fact, value, Long::sum));
                }
              }
              sums.keySet().removeIf(fact -> fact.endsWith(Facts.NANOS));
              assertEquals("{" + expected + "}", sums.toString());
              return null;
            });
  }
}
