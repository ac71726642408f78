package io.featurebeam.io.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LatestRowsTest {

  private static final RecordSchema ROWS =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("shop", FieldType.INT64),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("amount", FieldType.FLOAT64),
          Field.of("spent", FieldType.FLOAT64),
          Field.of("revision", FieldType.INT64));
  private static final FeatureGroup GROUP =
      FeatureGroup.of("g", ROWS, List.of("card", "shop"), List.of("spent", "at"));
  private static final LatestRows.Plan PLAN =
      LatestRows.Plan.of(GROUP, ROWS, "at", List.of("card", "shop", "at", "amount"));

  private static RecordBatch rows(@Nullable Object[]... rows) {
    RecordBatch.Builder builder = RecordBatch.builder(ROWS);
    for (@Nullable Object[] row : rows) {
      builder.add(row);
    }
    return builder.build();
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  private static Map<String, @Nullable Object> spent(LatestRows rows) {
    Map<String, @Nullable Object> spent = new TreeMap<>();
    rows.take().forEach(row -> spent.put(row.key(), row.value("spent")));
    return spent;
  }

  @Test
  void newestRowOfEachKeyIsKept() {
    LatestRows rows = LatestRows.of(PLAN);
    rows.add(rows(row("a", 1L, 30L, 1.0, 3.0, null), row("a", 1L, 20L, 1.0, 2.0, null)));
    rows.add(rows(row("a", 1L, 25L, 1.0, 4.0, null), row("a", 2L, -5L, 1.0, 5.0, null)));
    assertEquals(4, rows.seen());
    assertEquals(2, rows.size());
    assertEquals("{a:1=3.0, a:2=5.0}", spent(rows).toString());
    assertEquals(0, rows.size());
    assertEquals(0, rows.seen());
  }

  @Test
  void ofOneEventTheHigherRevisionIsKept() {
    LatestRows rows = LatestRows.of(PLAN);
    rows.add(rows(row("a", 1L, 30L, 1.0, 3.0, 9L), row("a", 1L, 30L, 1.0, 2.0, 8L)));
    assertEquals("{a:1=3.0}", spent(rows).toString());
  }

  @Test
  void ofEqualTimesTheOwnColumnsDecideAndNotTheRevision() {
    RecordBatch some = rows(row("a", 1L, 30L, 1.0, 3.0, 9L));
    RecordBatch other = rows(row("a", 1L, 30L, 7.0, 2.0, 8L));
    LatestRows rows = LatestRows.of(PLAN);
    rows.add(some);
    LatestRow first = rows.take().iterator().next();
    rows.add(other);
    LatestRow second = rows.take().iterator().next();
    double greater = first.version().contentHash() > second.version().contentHash() ? 3.0 : 2.0;
    rows.add(some);
    rows.add(other);
    assertEquals(greater, spent(rows).get("a:1"));
    rows.add(other);
    rows.add(some);
    assertEquals(greater, spent(rows).get("a:1"));
  }

  @Test
  void rowsWithoutOwnColumnsAreOrderedByTimeAndRevision() {
    LatestRows rows = LatestRows.of(LatestRows.Plan.of(GROUP, ROWS, "at", List.of()));
    rows.add(rows(row("a", 1L, 30L, 1.0, 3.0, 2L), row("a", 1L, 30L, 9.0, 2.0, 1L)));
    LatestRow row = rows.take().iterator().next();
    assertEquals(new RowVersion(30, 0, 2), row.version());
    assertEquals(30, row.eventTime());
  }

  @Test
  void aRowWithoutRevisionStandsAboveThoseOfAStream() {
    LatestRows rows = LatestRows.of(PLAN);
    rows.add(
        rows(row("a", 1L, 30L, 1.0, 3.0, null), row("a", 1L, 30L, 1.0, 2.0, Long.MAX_VALUE - 1)));
    assertEquals("{a:1=3.0}", spent(rows).toString());
  }

  @Test
  void theSameRowAgainReplaces() {
    LatestRows rows = LatestRows.of(PLAN);
    rows.add(rows(row("a", 1L, 30L, 1.0, 3.0, 1L)));
    rows.add(rows(row("a", 1L, 30L, 1.0, 4.0, 1L)));
    assertEquals("{a:1=4.0}", spent(rows).toString());
  }

  @Test
  void theOrderOfColumnsIsNoContent() {
    List<Field> fields = new ArrayList<>(ROWS.fields());
    Collections.reverse(fields);
    RecordSchema turned = RecordSchema.of(fields);
    LatestRows.Plan plan =
        LatestRows.Plan.of(GROUP, turned, "at", List.of("amount", "at", "shop", "card"));
    LatestRows rows = LatestRows.of(PLAN);
    RecordBatch batch = rows(row("a", 1L, 30L, 1.0, 3.0, 1L));
    rows.add(batch);
    LatestRows others = LatestRows.of(plan);
    others.add(batch.project(turned.names()));
    assertEquals(
        rows.take().iterator().next().version(), others.take().iterator().next().version());
  }

  @Test
  void keysAreEscaped() {
    LatestRows rows = LatestRows.of(PLAN);
    rows.add(rows(row("a:1%", 1L, 30L, 1.0, 3.0, 1L), row("", -1L, 30L, 1.0, 4.0, 1L)));
    assertEquals("{:-1=4.0, a%3A1%25:1=3.0}", spent(rows).toString());
  }

  @Test
  void aRowExpiresAtItsEventTimeAndTtl() {
    LatestRows rows = LatestRows.of(LatestRows.Plan.of(GROUP.withTtl(70), ROWS, "at", List.of()));
    rows.add(rows(row("a", 1L, 30L, 1.0, 3.0, 1L), row("b", 1L, Long.MAX_VALUE - 1, 1.0, 3.0, 1L)));
    Map<String, Long> expiry = new TreeMap<>();
    rows.take().forEach(row -> expiry.put(row.key(), row.expiresAt()));
    assertEquals("{a:1=100, b:1=" + Long.MAX_VALUE + "}", expiry.toString());
  }

  @Test
  void rowsWithoutKeyOrTimeAreErrors() {
    LatestRows rows = LatestRows.of(PLAN);
    assertEquals(
        "Key 'shop' is null (must have a value)",
        assertThrows(
                IllegalArgumentException.class,
                () -> rows.add(rows(row("a", null, 30L, 1.0, 3.0, 1L))))
            .getMessage());
    assertEquals(
        "Event time 'at' is null (a store keeps the latest row of a key)",
        assertThrows(
                IllegalArgumentException.class,
                () -> rows.add(rows(row("a", 1L, null, 1.0, 3.0, 1L))))
            .getMessage());
  }

  @Test
  void eventTimeMustBeATimestamp() {
    assertEquals(
        "Invalid event time: 'shop' is int64 (must be timestamp)",
        assertThrows(
                IllegalArgumentException.class,
                () -> LatestRows.Plan.of(GROUP, ROWS, "shop", List.of()))
            .getMessage());
  }

  @Test
  void fewRowsDoNotHoldTheirBatch() {
    Object[][] many = new Object[1000][];
    for (int i = 0; i < many.length; i++) {
      many[i] = row("a" + i % 10, 1L, (long) i, 1.0, (double) i, 1L);
    }
    LatestRows rows = LatestRows.of(PLAN);
    rows.add(rows(many));
    for (LatestRow row : rows.take()) {
      assertEquals(10, row.features().size());
      assertEquals((double) row.eventTime(), row.value("spent"));
    }
  }

  /** Whatever order and split of rows: what is left of each key is its greatest version. */
  @Property(tries = 200)
  void theNewestRowDoesNotDependOnOrderOrSplit(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 60) int count) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String card = "c" + random.nextInt(3);
      long at = random.nextInt(4) - 2L;
      double amount = random.nextInt(2);
      long revision = random.nextInt(3);
      // a function of the version, as rows of one event and revision are equal
      double spent = at * 100 + amount * 10 + revision;
      rows.add(row(card, 0L, at, amount, spent, revision));
    }
    assertEquals(latest(rows, List.of(count)), latest(rows, splits(random, count)));
    Collections.shuffle(rows, random);
    Map<String, @Nullable Object> shuffled = latest(rows, splits(random, count));
    Collections.shuffle(rows, random);
    assertEquals(shuffled, latest(rows, splits(random, count)));
    shuffled.forEach(
        (key, spent) ->
            assertTrue(
                rows.stream()
                    .filter(r -> (r[0] + ":0").equals(key))
                    .allMatch(r -> (long) r[2] <= Math.floorDiv((long) (double) spent + 50, 100))));
  }

  private static List<Integer> splits(Random random, int count) {
    List<Integer> splits = new ArrayList<>();
    for (int left = count; left > 0; left -= splits.get(splits.size() - 1)) {
      splits.add(1 + random.nextInt(left));
    }
    return splits;
  }

  private static Map<String, @Nullable Object> latest(
      List<@Nullable Object[]> rows, Collection<Integer> splits) {
    LatestRows latest = LatestRows.of(PLAN);
    int at = 0;
    for (int split : splits) {
      latest.add(rows(rows.subList(at, at + split).toArray(Object[][]::new)));
      at += split;
    }
    return spent(latest);
  }
}
