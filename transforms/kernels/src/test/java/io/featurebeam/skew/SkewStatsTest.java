package io.featurebeam.skew;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SkewStatsTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("mean", FieldType.FLOAT64),
          Field.of("city", FieldType.STRING),
          Field.of("seen", FieldType.TIMESTAMP),
          Field.of("revision", FieldType.INT64));

  private static final SkewPlan PLAN = SkewPlan.of(SCHEMA, SCHEMA, List.of("card"));

  private static RecordBatch rows(@Nullable Object[]... rows) {
    RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
    for (Object[] row : rows) {
      builder.add(row);
    }
    return builder.build();
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  private static SkewStats stats(SkewPlan plan, RecordBatch logged, RecordBatch recomputed) {
    SkewShard shard = new SkewShard(plan);
    shard.add(plan.prepare(Side.LOGGED, logged));
    shard.add(plan.prepare(Side.RECOMPUTED, recomputed));
    return shard.finish();
  }

  /** Of one pair, in which only {@code mean} may differ. */
  private static FeatureSkew means(Tolerance tolerance, @Nullable Double a, @Nullable Double b) {
    return stats(
            PLAN.withTolerance(tolerance),
            rows(row("a", a, "x", 0L, null)),
            rows(row("a", b, "x", 0L, null)))
        .features()
        .get(0);
  }

  private static boolean isEqual(Tolerance tolerance, @Nullable Double a, @Nullable Double b) {
    return means(tolerance, a, b).equal() == 1;
  }

  @Test
  void numbersMatchIfTheyAreEqual() {
    Tolerance none = Tolerance.NONE;
    assertTrue(isEqual(none, 1.5, 1.5));
    assertTrue(isEqual(none, 0.0, -0.0));
    assertTrue(isEqual(none, Double.NaN, Double.NaN));
    assertTrue(isEqual(none, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY));
    assertTrue(isEqual(none, null, null));
    assertEquals(1, means(none, 1.5, Math.nextUp(1.5)).different());
    assertEquals(1, means(none, Double.NaN, 1.5).different());
    assertEquals(1, means(none, Double.MAX_VALUE, Double.POSITIVE_INFINITY).different());
    assertEquals(1, means(none, -Double.MAX_VALUE, Double.MAX_VALUE).different());
    assertEquals(1, means(none, null, 1.5).missing());
    assertEquals(1, means(none, 1.5, null).extra());
  }

  @Test
  void orIfTheirDistanceIsWithinOneOfTheTolerances() {
    assertTrue(isEqual(new Tolerance(0, 0.25, 0), 1.0, 1.25));
    assertEquals(1, means(new Tolerance(0, 0.25, 0), 1.0, 1.26).different());
    assertTrue(isEqual(new Tolerance(0.25, 0, 0), 3.0, 4.0));
    assertTrue(isEqual(new Tolerance(0.25, 0, 0), -4.0, -3.0));
    assertEquals(1, means(new Tolerance(0.25, 0, 0), 2.9, 4.0).different());
    assertTrue(isEqual(new Tolerance(0.25, 100, 0), 1.0, 90.0));
    assertEquals(1, means(new Tolerance(0.5, 9, 0), Double.NaN, 1.0).different());
    assertEquals(1, means(new Tolerance(0.5, 9, 0), Double.POSITIVE_INFINITY, 1.0).different());
  }

  @Test
  void timesMatchWithinTheirTolerance() {
    RecordBatch logged = rows(row("a", 1.0, "x", 1_000_000L, null));
    RecordBatch recomputed = rows(row("a", 1.0, "x", 3_000_000L, null));
    FeatureSkew exact = stats(PLAN, logged, recomputed).features().get(2);
    assertEquals(1, exact.different());
    assertEquals(2.0, exact.absolute().mean(), "seconds");
    assertNull(exact.relative());
    assertEquals(
        "[Example[keys=[a], logged=1970-01-01T00:00:01Z, recomputed=1970-01-01T00:00:03Z,"
            + " distance=2.0, relative=NaN, order="
            + exact.worst().get(0).order()
            + "]]",
        exact.worst().toString());
    SkewPlan tolerant = PLAN.withTolerance(new Tolerance(0, 0, 2_000_000));
    assertEquals(1, stats(tolerant, logged, recomputed).features().get(2).equal());
  }

  @Test
  void everyRowIsCountedOnce() {
    SkewStats stats =
        stats(
            PLAN,
            rows(
                row("a", 1.0, "x", 0L, 0L), // revised
                row("a", 2.0, "x", 0L, 1L),
                row("a", 2.0, "x", 0L, 1L), // said twice
                row("b", 1.0, "x", 0L, null),
                row("b", 9.0, "x", 0L, null), // another value for the same
                row("c", 1.0, "x", 0L, null),
                row(null, 1.0, "x", 0L, null)),
            rows(row("a", 2.0, "x", 0L, null), row("d", 1.0, "x", 0L, null)));
    assertEquals(1, stats.pairs());
    assertEquals(
        "Rows[rows=7, unreadable=0, withoutKey=1, superseded=1, duplicates=1, conflicting=1,"
            + " alone=2]",
        stats.rows(Side.LOGGED).toString());
    assertEquals(
        "Rows[rows=2, unreadable=0, withoutKey=0, superseded=0, duplicates=0, conflicting=0,"
            + " alone=1]",
        stats.rows(Side.RECOMPUTED).toString());
    assertEquals(1, stats.features().get(0).equal());
    assertEquals(List.of("d"), stats.alone(Side.RECOMPUTED).get(0).keys());
    assertEquals(2, stats.alone(Side.LOGGED).size());
  }

  @Test
  void aNullRevisionIsTheLowest() {
    SkewStats stats =
        stats(
            PLAN,
            rows(row("a", 1.0, "x", 0L, null), row("a", 2.0, "x", 0L, -5L)),
            rows(row("a", 2.0, "x", 0L, null)));
    assertEquals(1, stats.features().get(0).equal());
    assertEquals(1, stats.rows(Side.LOGGED).superseded());
  }

  @Test
  void distancesAndTheWorstAreTold() {
    RecordBatch.Builder logged = RecordBatch.builder(SCHEMA);
    RecordBatch.Builder recomputed = RecordBatch.builder(SCHEMA);
    for (int i = 0; i < 100; i++) {
      logged.add("card" + i, 100.0, "x", 0L, null);
      recomputed.add("card" + i, i < 50 ? 100.0 : 100.0 + i, i == 7 ? "y" : "x", 0L, null);
    }
    SkewStats stats = stats(PLAN, logged.build(), recomputed.build());
    FeatureSkew mean = stats.features().get(0);
    assertEquals(0.5, mean.matchRate());
    assertEquals(100, mean.absolute().measured());
    assertEquals(50, mean.absolute().zeros());
    assertEquals(37.25, mean.absolute().mean(), "the sum of 50 to 99, by 100");
    assertEquals(99, mean.absolute().max());
    assertEquals(0, mean.absolute().median());
    assertEquals(89, mean.absolute().p90(), 89.0 / 32);
    assertEquals(98, mean.absolute().p99(), 98.0 / 32);
    assertEquals("[Decade[exponent=1, count=50]]", mean.absolute().decades().toString());
    assertEquals(99.0 / 199, mean.relative().max());
    assertEquals(
        List.of("card99", "card98", "card97", "card96", "card95"),
        mean.worst().stream().map(e -> e.keys().get(0)).toList());
    assertEquals("100.0", mean.worst().get(0).logged());
    assertEquals("199.0", mean.worst().get(0).recomputed());
    FeatureSkew city = stats.features().get(1);
    assertEquals(99, city.equal());
    assertNull(city.absolute());
    assertEquals(List.of("card7"), city.others().get(0).keys());
    assertEquals("y", city.others().get(0).recomputed());
    assertEquals(
        List.of(
            "mean: 50 of 100 pairs match, 0.5 (must be at least 1.0)",
            "city: 99 of 100 pairs match, 0.99 (must be at least 1.0)"),
        SkewLimits.DEFAULT.objections(stats));
    assertEquals(List.of(), new SkewLimits(0.5, 1, 1).objections(stats));
  }

  @Test
  void ofAMaskedColumnOnlyCountsAreTold() {
    SkewStats stats =
        stats(
            PLAN.withMasked(List.of("mean", "card")),
            rows(row("4111", 1.0, "x", 0L, null), row("4222", 1.0, "x", 0L, null)),
            rows(row("4111", 2.0, "y", 0L, null), row("4333", 1.0, "x", 0L, null)));
    FeatureSkew mean = stats.features().get(0);
    assertEquals(1, mean.different());
    assertNull(mean.absolute());
    assertEquals(List.of(), mean.worst());
    assertEquals(List.of("***"), stats.features().get(1).others().get(0).keys());
    assertEquals(List.of("***"), stats.alone(Side.LOGGED).get(0).keys());
    String all =
        stats.features() + " " + stats.alone(Side.LOGGED) + " " + stats.alone(Side.RECOMPUTED);
    assertTrue(!all.contains("4111") && !all.contains("4222") && !all.contains("4333"), all);
  }

  @Test
  void wholeNumbersAreComparedWithFloats() {
    RecordSchema logged =
        RecordSchema.of(
            Field.required("id", FieldType.INT64), Field.required("n", FieldType.INT64));
    RecordSchema recomputed =
        RecordSchema.of(Field.of("n", FieldType.FLOAT64), Field.of("id", FieldType.INT64));
    SkewPlan plan = SkewPlan.of(logged, recomputed, List.of("id"));
    SkewStats stats =
        stats(
            plan,
            RecordBatch.builder(logged).add(1L, 3L).add(2L, 4L).build(),
            RecordBatch.builder(recomputed).add(3.0, 1L).add(4.5, 2L).build());
    assertEquals(1, stats.features().get(0).equal());
    assertEquals(0.5, stats.features().get(0).absolute().max());
  }

  @Test
  void wholeNumbersFarApartHaveADistance() {
    RecordSchema schema =
        RecordSchema.of(Field.of("id", FieldType.INT64), Field.of("n", FieldType.INT64));
    SkewStats stats =
        stats(
            SkewPlan.of(schema, schema, List.of("id")),
            RecordBatch.builder(schema).add(1L, Long.MIN_VALUE).add(2L, Long.MAX_VALUE).build(),
            RecordBatch.builder(schema)
                .add(1L, Long.MAX_VALUE)
                .add(2L, Long.MAX_VALUE - 1)
                .build());
    FeatureSkew n = stats.features().get(0);
    assertEquals(2, n.different());
    assertEquals(0x1p64, n.absolute().max());
    assertEquals(0x1p63, n.absolute().mean());
  }

  @Test
  void listsMatchElementByElement() {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("id", FieldType.INT64), Field.of("tags", FieldType.listOf(FieldType.FLOAT64)));
    SkewStats stats =
        stats(
            SkewPlan.of(schema, schema, List.of("id")),
            RecordBatch.builder(schema)
                .add(1L, List.of(1.0, Double.NaN))
                .add(2L, List.of(1.0))
                .add(3L, List.of(1.0, 2.0))
                .build(),
            RecordBatch.builder(schema)
                .add(1L, List.of(1.0, Double.NaN))
                .add(2L, List.of(1.0, 2.0))
                .add(3L, List.of(1.0, 3.0))
                .build());
    assertEquals(1, stats.features().get(0).equal());
    assertEquals(2, stats.features().get(0).different());
  }

  @Test
  void nothingInCommonFailsAndSaysWhatIsMissing() {
    RecordBatch one = rows(row("a", 1.0, "x", 0L, null));
    RecordBatch other = rows(row("b", 1.0, "x", 0L, null));
    RecordBatch none = rows();
    assertEquals(
        List.of(
            "nothing was compared: no row of the log (1) has the card of a row of the"
                + " recomputation (1)"),
        SkewLimits.DEFAULT.objections(stats(PLAN, one, other)));
    assertEquals(
        List.of("nothing was compared: the log is empty"),
        SkewLimits.DEFAULT.objections(stats(PLAN, none, other)));
    assertEquals(
        List.of("nothing was compared: the recomputation is empty"),
        SkewLimits.DEFAULT.objections(stats(PLAN, one, none)));
    assertEquals(
        List.of("nothing was compared: the log and the recomputation are empty"),
        new SkewLimits(0, 1, 1).objections(stats(PLAN, none, none)));
  }

  @Test
  void rowsOfOneSideAloneFailOnlyIfALimitSaysSo() {
    SkewStats stats =
        stats(
            PLAN,
            rows(row("a", 1.0, "x", 0L, null), row("b", 1.0, "x", 0L, null)),
            rows(row("a", 1.0, "x", 0L, null), row("c", 1.0, "x", 0L, null)));
    assertEquals(List.of(), SkewLimits.DEFAULT.objections(stats));
    assertEquals(
        List.of(
            "1 of 2 keys are missing in the log, 0.5 (must be at most 0.25)",
            "1 of 2 keys are missing in the recomputation, 0.5 (must be at most 0.0)"),
        new SkewLimits(1, 0.25, 0).objections(stats));
  }

  @Test
  void whatDoesNotFitIsRefusedByName() {
    RecordSchema other =
        RecordSchema.of(
            Field.of("card", FieldType.STRING),
            Field.of("mean", FieldType.STRING),
            Field.of("tags", FieldType.listOf(FieldType.STRING)));
    assertRefused(
        "Unknown column: 'cart' of on is not in the log; did you mean 'card'?",
        () -> SkewPlan.of(SCHEMA, SCHEMA, List.of("cart")));
    assertRefused(
        "Unknown column: 'seen' of on is not in the recomputation; known: card, mean, tags",
        () -> SkewPlan.of(SCHEMA, other, List.of("seen")));
    assertRefused(
        "Column 'mean' is float64 in the log and string in the recomputation (give it one type, as"
            + " with columns: of json and csv, or leave it out of columns)",
        () -> SkewPlan.of(SCHEMA, other, List.of("card")));
    assertRefused(
        "Nothing to compare: beside card no column is in both (the log has card, id; the"
            + " recomputation has card, mean, tags)",
        () ->
            SkewPlan.of(
                RecordSchema.of(
                    Field.of("card", FieldType.STRING), Field.of("id", FieldType.INT64)),
                other,
                List.of("card")));
    assertRefused(
        "Invalid on: 'tags' is list<string> (a list identifies no row)",
        () -> SkewPlan.of(other, other, List.of("tags")));
    assertRefused(
        "Missing on: the columns that identify a row, such as entity key and event time",
        () -> SkewPlan.of(SCHEMA, SCHEMA, List.of()));
    assertRefused(
        "Duplicate column: 'card' of columns (it is in on, or there twice; drop one)",
        () -> SkewPlan.of(SCHEMA, SCHEMA, List.of("card"), List.of("mean", "card")));
    assertRefused(
        "Column 'city' is string in the log (a revision must be int64, timestamp, date or time)",
        () -> PLAN.withRevision("city"));
    assertRefused(
        "Unknown column: 'cardd' of mask is on neither side; did you mean 'card'?",
        () -> PLAN.withMasked(List.of("cardd")));
    assertRefused(
        "Unknown column: 'revisio' of revision is on neither side; did you mean 'revision'?",
        () -> PLAN.withRevision("revisio"));
    assertRefused(
        "Invalid relative tolerance: 1.0 (must be 0 or more and below 1)",
        () -> new Tolerance(1, 0, 0));
    assertRefused(
        "Invalid absolute tolerance: NaN (must be a number, 0 or more)",
        () -> new Tolerance(0, Double.NaN, 0));
    assertRefused("Invalid below: 99.0 (a share, must be 0 to 1)", () -> new SkewLimits(99, 1, 1));
  }

  private static void assertRefused(
      String message, org.junit.jupiter.api.function.Executable made) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, made).getMessage());
  }

  @Test
  void columnsOfOneSideAloneAreNamed() {
    RecordSchema fewer =
        RecordSchema.of(Field.of("card", FieldType.STRING), Field.of("mean", FieldType.FLOAT64));
    SkewPlan plan = SkewPlan.of(SCHEMA, fewer, List.of("card"));
    assertEquals(List.of("city", "seen"), plan.unused(Side.LOGGED));
    assertEquals(List.of(), plan.unused(Side.RECOMPUTED));
    assertEquals(List.of("card", "mean", "revision"), plan.needed(Side.LOGGED));
  }

  @Test
  void unreadableRecordsAreCountedBeside() {
    SkewStats stats = SkewStats.of(PLAN);
    stats.addUnreadable(Side.LOGGED, "log.jsonl:7", "not JSON");
    assertEquals(1, stats.rows(Side.LOGGED).unreadable());
    assertEquals(0, stats.rows(Side.LOGGED).rows());
    assertEquals("not JSON", stats.unreadable(Side.LOGGED).get(0).logged());
  }

  @Test
  void otherBytesAreRefused() {
    assertRefused(
        "Invalid skew statistics: a batch of " + SCHEMA,
        () -> SkewStats.fromBytes(PLAN, io.featurebeam.columnar.BatchCodec.encode(rows())));
    byte[] wider = SkewStats.of(PLAN).toBytes();
    SkewPlan narrower = SkewPlan.of(SCHEMA, SCHEMA, List.of("card"), List.of("mean"));
    assertRefused(
        "Invalid skew statistics: of is 1 (must be 0 to 0)",
        () -> SkewStats.fromBytes(narrower, wider));
  }
}
