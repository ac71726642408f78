package io.featurebeam.transforms.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.rule.RuleCount;
import io.featurebeam.rule.RuleSet;
import io.featurebeam.rule.Rules;
import io.featurebeam.rule.Validation;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PipelineExtension.class)
class ValidateRecordsTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("date", FieldType.TIMESTAMP),
          Field.of("origin", FieldType.STRING),
          Field.of("destination", FieldType.STRING),
          Field.of("delay", FieldType.FLOAT64));

  private static final RuleSet RULES =
      RuleSet.of(
          Validation.reject(Rules.matches("origin", "[A-Z]{3}")),
          Validation.warn(Rules.between("delay", -180, 1440)),
          Validation.fail(Rules.expression("origin != destination")));

  private static RecordBatch batch(String source, long first, Object[]... records) {
    RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
    for (Object[] record : records) {
      builder.add(record);
    }
    return builder.build(Positions.contiguous(source, first));
  }

  private static Object[] flight(Long date, String origin, String destination, Double delay) {
    return new Object[] {date, origin, destination, delay};
  }

  private static ValidateRecords transform(RuleSet rules) {
    return ValidateRecords.of(rules, SCHEMA).withEventTime("date").withRejectedAt(7);
  }

  private static PCollection<RecordBatch> create(TestPipeline pipeline, List<RecordBatch> batches) {
    return pipeline.apply(Create.of(batches).withCoder(BatchCoder.of()));
  }

  /** Every record of some batches as text, sorted: column=value of the named columns. */
  private static List<String> rows(Iterable<RecordBatch> batches, String... columns) {
    List<String> rows = new ArrayList<>();
    for (RecordBatch batch : batches) {
      for (int row = 0; row < batch.size(); row++) {
        List<String> values = new ArrayList<>();
        for (String column : columns) {
          values.add(String.valueOf(batch.value(row, column)));
        }
        rows.add(String.join(" | ", values));
      }
    }
    Collections.sort(rows);
    return rows;
  }

  private static SerializableFunction<Iterable<RecordBatch>, Void> rowsAre(
      List<String> expected, String... columns) {
    return batches -> {
      assertEquals(expected, rows(batches, columns));
      return null;
    };
  }

  private static SerializableFunction<Iterable<RuleCount>, Void> countsAre(String... expected) {
    List<String> lines = List.of(expected);
    return counts -> {
      Map<String, RuleCount> total = new TreeMap<>();
      counts.forEach(c -> total.merge(c.rule(), c, RuleCount::plus));
      assertEquals(
          lines,
          total.values().stream()
              .map(
                  c ->
                      c.rule()
                          + " "
                          + c.onFail()
                          + " "
                          + c.passed()
                          + "/"
                          + c.checked()
                          + " "
                          + c.samples().stream().map(s -> s.value() + "@" + s.place()).toList())
              .toList());
      return null;
    };
  }

  private static List<RecordBatch> flights() {
    return List.of(
        batch(
            "a.parquet",
            0,
            flight(1L, "SFO", "LAX", 5.0),
            flight(2L, "sfo", "sfo", 2000.0),
            flight(3L, "OAK", "OAK", null),
            flight(4L, null, "LAX", -999.0)),
        batch("a.parquet", 4, flight(5L, "LAX", "SFO", 0.0)));
  }

  @Test
  void aRecordIsRejectedOnceAndCountedByEachRuleItBreaks(TestPipeline pipeline) {
    ValidateRecords.Result result = create(pipeline, flights()).apply(transform(RULES));
    PAssert.that(result.valid())
        .satisfies(
            rowsAre(
                List.of("1 | SFO | 5.0", "4 | null | -999.0", "5 | LAX | 0.0"),
                "date",
                "origin",
                "delay"));
    PAssert.that(result.rejected())
        .satisfies(
            rowsAre(
                List.of(
                    "validate | expression(origin != destination) | origin, destination | origin=OAK,"
                        + " destination=OAK | origin != destination is false (origin=OAK,"
                        + " destination=OAK) | a.parquet | 2 | 3 | 7 |"
                        + " {\"date\":\"1970-01-01T00:00:00.000003Z\",\"origin\":\"OAK\",\"destination\":\"OAK\",\"delay\":null}"
                        + " | null",
                    "validate | matches(origin, [A-Z]{3}) | origin | sfo | origin is sfo (must match"
                        + " [A-Z]{3}) | a.parquet | 1 | 2 | 7 |"
                        + " {\"date\":\"1970-01-01T00:00:00.000002Z\",\"origin\":\"sfo\",\"destination\":\"sfo\",\"delay\":2000.0}"
                        + " | null"),
                "step",
                "rule",
                "columns",
                "observed",
                "reason",
                "source",
                "position",
                "event_time",
                "rejected_at",
                "record",
                "raw"));
    PAssert.that(result.counts())
        .satisfies(
            countsAre(
                "between(delay, -180, 1440) WARN 3/5 [2000.0@1, -999.0@3]",
                "expression(origin != destination) FAIL 3/5 [origin=sfo, destination=sfo@1,"
                    + " origin=OAK, destination=OAK@2]",
                "matches(origin, [A-Z]{3}) REJECT 4/5 [sfo@1]"));
    pipeline.run();
  }

  @Test
  void maskedValuesAreSeenNowhere(TestPipeline pipeline) {
    ValidateRecords.Result result =
        create(pipeline, flights()).apply(transform(RULES).withMasked(List.of("origin")));
    PAssert.that(result.rejected())
        .satisfies(
            rowsAre(
                List.of(
                    "*** | a masked value fails expression(origin != destination)",
                    "*** | a masked value fails matches(origin, [A-Z]{3})"),
                "observed",
                "reason"));
    PAssert.that(result.counts())
        .satisfies(
            countsAre(
                "between(delay, -180, 1440) WARN 3/5 [2000.0@1, -999.0@3]",
                "expression(origin != destination) FAIL 3/5 [***@-1]",
                "matches(origin, [A-Z]{3}) REJECT 4/5 [***@-1]"));
    pipeline.run();
  }

  @Test
  void withoutRulesEveryRecordIsValid(TestPipeline pipeline) {
    ValidateRecords.Result result = create(pipeline, flights()).apply(transform(RuleSet.of()));
    PAssert.that(result.valid()).satisfies(rowsAre(List.of("1", "2", "3", "4", "5"), "date"));
    PAssert.that(result.rejected()).empty();
    PAssert.that(result.counts()).empty();
    pipeline.run();
  }

  /**
   * Duplicates of random keys, cut into batches and shuffled by the seed; the same records each
   * time.
   */
  private static List<RecordBatch> duplicates(long seed) {
    Random records = new Random(1);
    List<RecordBatch> batches = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String origin = records.nextInt(10) == 0 ? null : "K" + records.nextInt(20);
      Object[] flight =
          flight((long) records.nextInt(30), origin, "X" + records.nextInt(2), 1.0 * i);
      batches.add(batch("part-" + i % 3, i / 3, flight));
    }
    Random order = new Random(seed);
    Collections.shuffle(batches, order);
    List<RecordBatch> joined = new ArrayList<>();
    for (int at = 0, to; at < batches.size(); at = to) {
      to = Math.min(batches.size(), at + 1 + order.nextInt(40));
      joined.add(RecordBatch.concat(batches.subList(at, to)));
    }
    return joined;
  }

  /** The delay of each first record by (date, source, place) per key, and of each without a key. */
  private static List<String> firstByBruteForce() {
    Map<String, List<Object>> first = new TreeMap<>();
    for (RecordBatch batch : duplicates(0)) {
      for (int row = 0; row < batch.size(); row++) {
        Object origin = batch.value(row, "origin");
        String order =
            String.format(
                "%05d %s %05d",
                (Long) batch.value(row, "date"),
                batch.positions().source(row),
                batch.positions().place(row));
        String key =
            origin == null ? "none " + order : origin + " " + batch.value(row, "destination");
        List<Object> candidate = List.of(order, batch.value(row, "delay"));
        first.merge(
            key,
            candidate,
            (a, b) -> a.get(0).toString().compareTo(b.get(0).toString()) <= 0 ? a : b);
      }
    }
    List<String> delays = new ArrayList<>();
    first.values().forEach(v -> delays.add(v.get(1).toString()));
    Collections.sort(delays);
    return delays;
  }

  @Test
  void uniqueKeepsTheFirstWhateverTheOrderOfArrival(TestPipeline pipeline) {
    RuleSet rules = RuleSet.of(Validation.reject(Rules.unique("origin", "destination")));
    List<String> expected = firstByBruteForce();
    for (int seed = 0; seed < 3; seed++) {
      PCollection<RecordBatch> input =
          pipeline.apply("Create " + seed, Create.of(duplicates(seed)).withCoder(BatchCoder.of()));
      ValidateRecords.Result result =
          input.apply("Validate " + seed, transform(rules).withShards(1 + 4 * seed));
      PAssert.that(result.valid()).satisfies(rowsAre(expected, "delay"));
      int duplicates = 300 - expected.size();
      PAssert.that(result.rejected())
          .satisfies(
              batches -> {
                assertEquals(duplicates, rows(batches, "rule").size());
                return null;
              });
      PAssert.that(result.counts())
          .satisfies(
              counts -> {
                long failed = 0;
                for (RuleCount count : counts) {
                  failed += count.failed();
                }
                assertEquals(duplicates, failed);
                return null;
              });
    }
    pipeline.run();
  }

  @Test
  void uniqueComesAfterTheOtherRulesAndSaysWhy(TestPipeline pipeline) {
    RuleSet rules =
        RuleSet.of(
            Validation.reject(Rules.unique("origin")),
            Validation.reject(Rules.notNull("delay")),
            Validation.warn(Rules.unique("destination")));
    ValidateRecords.Result result =
        create(
                pipeline,
                List.of(
                    batch(
                        "a",
                        0,
                        flight(1L, "SFO", "LAX", null),
                        flight(3L, "SFO", "LAX", 1.0),
                        flight(2L, "SFO", "OAK", 2.0),
                        flight(4L, "LAX", "OAK", 3.0))))
            .apply(transform(rules));
    PAssert.that(result.valid()).satisfies(rowsAre(List.of("2.0", "3.0"), "delay"));
    PAssert.that(result.rejected())
        .satisfies(
            rowsAre(
                List.of(
                    "delay is null (must have a value)",
                    "origin is SFO, as in an earlier record (must be unique)"),
                "reason"));
    PAssert.that(result.counts())
        .satisfies(
            countsAre(
                "not_null(delay) REJECT 3/4 [null@0]",
                "unique(destination) WARN 1/2 [OAK@3]",
                "unique(origin) REJECT 2/3 [SFO@1]"));
    pipeline.run();
  }

  @Test
  void aRecordIsCountedOnceByTheStepHoweverManyUniqueRulesItPasses(TestPipeline pipeline) {
    RuleSet rules =
        RuleSet.of(
            Validation.reject(Rules.unique("origin")), Validation.reject(Rules.unique("delay")));
    PCollection<RecordBatch> flow =
        create(
                pipeline,
                List.of(
                    batch(
                        "a.csv",
                        0,
                        flight(1L, "SFO", "OAK", 1.0),
                        flight(2L, "SFO", "OAK", 2.0),
                        flight(3L, "LAX", "OAK", 1.0),
                        flight(4L, "JFK", "OAK", 4.0))))
            .apply(transform(rules).inFlow());
    PAssert.that(flow)
        .satisfies(
            batches -> {
              Map<String, Long> numbers = new TreeMap<>();
              for (RecordBatch batch : batches) {
                if (Flow.isFacts(batch)) {
                  Facts.read(
                      batch, (step, fact, value, x) -> numbers.merge(fact, value, Long::sum));
                }
              }
              numbers.keySet().removeAll(List.of(Facts.NANOS, ValidateRecords.RULE_COUNT));
              assertEquals(
                  Map.of(Facts.RECORDS_IN, 4L, Facts.RECORDS_OUT, 2L, Facts.REJECTED, 2L), numbers);
              return null;
            });
    pipeline.run();
  }

  @Test
  void uniqueRefusesAnUnboundedInput(TestPipeline pipeline) {
    PCollection<RecordBatch> stream =
        pipeline.apply(TestStream.create(BatchCoder.of()).advanceWatermarkToInfinity());
    pipeline.enableAbandonedNodeEnforcement(false);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> stream.apply(transform(RuleSet.of(Validation.reject(Rules.unique("origin"))))));
    assertEquals(
        "Rule unique(origin) needs a bounded input: '" + stream.getName() + "' is unbounded",
        e.getMessage());
  }

  private static final long MINUTE = 60_000_000L;

  private static TimestampedValue<RecordBatch> at(int minute, long place) {
    return TimestampedValue.of(
        batch("topic", place, flight(minute * MINUTE, "SFO", null, null)),
        Instant.ofEpochMilli(minute * 60_000L));
  }

  @Test
  void aStreamKeepsWhatIsNewWithinItsHorizon(TestPipeline pipeline) {
    TestStream<RecordBatch> stream =
        TestStream.create(BatchCoder.of())
            .addElements(at(0, 0))
            .addElements(at(10, 1))
            .advanceWatermarkTo(Instant.ofEpochMilli(180 * 60_000L))
            .addElements(at(20, 2))
            .addElements(at(120, 3))
            .addElements(at(150, 4))
            .addElements(at(240, 5))
            .advanceWatermarkToInfinity();

    Flow.Parts parts =
        pipeline
            .apply(stream)
            .apply(
                transform(RuleSet.of(Validation.reject(Rules.unique("origin"))))
                    .withHorizon(60 * MINUTE, 0)
                    .inFlow())
            .apply(Flow.split());

    PAssert.that(parts.records())
        .satisfies(rowsAre(List.of("0", "14400000000", "7200000000"), "date"));
    PAssert.that(parts.rejects())
        .satisfies(
            rowsAre(
                List.of(
                    "1 | unique(origin) | SFO | origin is SFO, as in an earlier record (must be"
                        + " unique)",
                    "2 | late | 1970-01-01T00:20:00Z | date 1970-01-01T00:20:00Z comes too late to"
                        + " be told from copies: those up to 1970-01-01T00:03:44.999999Z are"
                        + " forgotten (within 1h)",
                    "4 | unique(origin) | SFO | origin is SFO, as in an earlier record (must be"
                        + " unique)"),
                "position",
                "rule",
                "observed",
                "reason"));
    pipeline.run();
  }

  @Test
  void aBoundedRunKeepsWhatIsNewWithinItsHorizon(TestPipeline pipeline) {
    List<RecordBatch> batches = new ArrayList<>();
    for (int minute : new int[] {250, 130, 0, 60, 61, 125}) {
      batches.add(at(minute, minute).getValue());
    }

    ValidateRecords.Result checked =
        create(pipeline, batches)
            .apply(
                transform(RuleSet.of(Validation.reject(Rules.unique("origin"))))
                    .withHorizon(60 * MINUTE, 0));

    PAssert.that(checked.valid())
        .satisfies(rowsAre(List.of("0", "15000000000", "3660000000", "7500000000"), "date"));
    pipeline.run();
  }

  @Test
  void aHorizonNeedsAnEventTimeAndALength() {
    ValidateRecords validate = ValidateRecords.of(RULES, SCHEMA);
    assertEquals(
        "Invalid horizon: no event time given (call withEventTime before)",
        assertThrows(IllegalArgumentException.class, () -> validate.withHorizon(1, 0))
            .getMessage());
    assertEquals(
        "Invalid horizon: 0 microseconds with a lateness of 0 (must be > 0, and >= 0)",
        assertThrows(
                IllegalArgumentException.class,
                () -> validate.withEventTime("date").withHorizon(0, 0))
            .getMessage());
  }

  @Test
  void whatDoesNotFitTheSchemaIsAnErrorWhenBuilt() {
    RuleSet rules = RuleSet.of(Validation.reject(Rules.notNull("delya")));
    assertEquals(
        "Unknown column: 'delya'; did you mean 'delay'?",
        assertThrows(IllegalArgumentException.class, () -> ValidateRecords.of(rules, SCHEMA))
            .getMessage());
    assertEquals(
        "Invalid event time: 'delay' is float64 (must be timestamp)",
        assertThrows(
                IllegalArgumentException.class,
                () -> ValidateRecords.of(RULES, SCHEMA).withEventTime("delay"))
            .getMessage());
    assertEquals(
        "Invalid shards: 0 (must be > 0)",
        assertThrows(
                IllegalArgumentException.class,
                () -> ValidateRecords.of(RULES, SCHEMA).withShards(0))
            .getMessage());
    assertEquals(
        "Duplicate rule: not_null(delay) (each rule must be given once)",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    RuleSet.of(
                        Validation.warn(Rules.notNull("delay")),
                        Validation.reject(Rules.notNull("delay"))))
            .getMessage());
  }

  @Test
  void defaultsArePinned() {
    Map<String, String> shown = new TreeMap<>();
    DisplayData.from(ValidateRecords.of(RULES, SCHEMA))
        .items()
        .forEach(item -> shown.put(item.getKey(), String.valueOf(item.getValue())));
    assertEquals("64", shown.get("shards"));
    assertEquals("validate", shown.get("step"));
    assertEquals(
        "matches(origin, [A-Z]{3}); between(delay, -180, 1440); expression(origin != destination)",
        shown.get("rules"));
  }
}
