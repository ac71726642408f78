package io.featurebeam.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RandomBatches;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SplitTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("user", FieldType.STRING),
          Field.of("shop", FieldType.INT64),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("day", FieldType.DATE));

  private static final Instant NEW_YEAR = Instant.parse("2025-01-01T00:00:00Z");
  private static final long NEW_YEAR_MICROS = 1_735_689_600_000_000L;
  private static final Instant FEBRUARY = Instant.parse("2025-02-01T00:00:00Z");

  private static final KeySplit BY_USER =
      KeySplit.by("user").share("train", 0.7).share("validation", 0.2).rest("test").withSeed(7);

  private static final TimeSplit BY_TIME =
      TimeSplit.by("at").until("train", NEW_YEAR).until("validation", FEBRUARY).rest("test");

  private static final KeySplit BY_BOTH =
      KeySplit.by("user")
          .share("train", 0.8)
          .rest("test")
          .within("train", TimeSplit.by("at").until("train", NEW_YEAR).rest("unused"))
          .within("test", TimeSplit.by("at").until("unused", NEW_YEAR).rest("test"));

  private static void refused(String message, Executable made) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, made).getMessage());
  }

  /** Rows of users u0, u1, ..., at random times around the new year. */
  private static RecordBatch rows(long seed, int users, int rows) {
    SplittableRandom random = new SplittableRandom(seed);
    RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
    for (int i = 0; i < rows; i++) {
      long time = NEW_YEAR_MICROS + random.nextLong(-1L << 45, 1L << 45);
      builder.add(
          "u" + random.nextInt(users),
          random.nextLong(3),
          time,
          Math.floorDiv(time, 86_400_000_000L));
    }
    return builder.build();
  }

  private static List<@Nullable Object> labels(Split split, RecordBatch batch) {
    Column labels = split.bind(batch.schema()).label(batch).column(Splitter.COLUMN);
    List<@Nullable Object> all = new ArrayList<>();
    for (int row = 0; row < batch.size(); row++) {
      all.add(labels.value(row));
    }
    return all;
  }

  private static List<@Nullable Object> labels(Split split, RecordSchema schema, Object... values) {
    RecordBatch.Builder rows = RecordBatch.builder(schema);
    for (Object value : values) {
      rows.add(value == NOTHING ? null : value);
    }
    return labels(split, rows.build());
  }

  private static final Object NOTHING = new Object();

  @Test
  void aRowAtAnEndBelongsToThePartAfterIt() {
    RecordSchema schema = RecordSchema.of(Field.of("at", FieldType.TIMESTAMP));

    assertEquals(
        Arrays.asList("train", "train", "validation", "validation", "test", "test", null),
        labels(
            BY_TIME,
            schema,
            Long.MIN_VALUE,
            NEW_YEAR_MICROS - 1,
            NEW_YEAR_MICROS,
            NEW_YEAR_MICROS + 31 * 86_400_000_000L - 1,
            NEW_YEAR_MICROS + 31 * 86_400_000_000L,
            Long.MAX_VALUE,
            NOTHING));
    assertEquals(List.of("train", "validation", "test"), BY_TIME.names());
  }

  /** 2025-01-01 is day 20089; an end within a day is after its midnight. */
  @Test
  void theMidnightOfADateCounts() {
    RecordSchema schema = RecordSchema.of(Field.of("day", FieldType.DATE));
    TimeSplit split =
        TimeSplit.by("day")
            .until("a", LocalDate.parse("2025-01-01"))
            .until("b", NEW_YEAR.plusSeconds(1))
            .until("c", NEW_YEAR.plusSeconds(2))
            .rest("d");

    assertEquals(
        List.of("a", "b", "d", "a"), labels(split, schema, 20_088L, 20_089L, 20_090L, -1L));
  }

  @Test
  void aNameMayComeAgain() {
    TimeSplit split =
        TimeSplit.by("at")
            .until("train", NEW_YEAR)
            .until("gap", NEW_YEAR.plusSeconds(1))
            .until("test", FEBRUARY)
            .rest("gap");
    RecordSchema schema = RecordSchema.of(Field.of("at", FieldType.TIMESTAMP));

    assertEquals(List.of("train", "gap", "test"), split.names());
    assertEquals(
        List.of("train", "gap", "test", "gap"),
        labels(split, schema, 0L, NEW_YEAR_MICROS, NEW_YEAR_MICROS + 1_000_000, Long.MAX_VALUE));
  }

  @Property(tries = 60)
  void everyRowIsInExactlyOnePart(@ForAll long seed, @ForAll @IntRange(max = 300) int size) {
    RandomBatches random = new RandomBatches(new SplittableRandom(seed));
    RecordBatch batch = random.batch(SCHEMA, size);
    for (Split split : List.of(BY_USER, BY_TIME, BY_BOTH)) {
      Splitter splitter = split.bind(SCHEMA);
      boolean timed = split.columns().contains("at");
      Bitmap seen = Bitmap.zeros(size);
      int rows = 0;
      for (String name : split.names()) {
        Bitmap part = splitter.rows(batch, name);
        seen = seen.or(part);
        rows += part.cardinality();
      }
      int untimed = timed ? batch.column("at").nullCount() : 0;
      assertEquals(size - untimed, rows);
      assertEquals(size - untimed, seen.cardinality());
      assertEquals(untimed, splitter.label(batch).column(Splitter.COLUMN).nullCount());
      assertEquals(splitter.labelled(), splitter.label(batch).schema());
    }
  }

  @Property(tries = 30)
  void noKeyIsInTwoPartsAndNoneMovesWhenDataGrows(@ForAll long seed) {
    RecordBatch few = rows(seed, 50, 200);
    RecordBatch more = rows(seed + 1, 80, 400);
    Map<Object, Object> partOf = new HashMap<>();
    for (RecordBatch batch : List.of(few, RecordBatch.concat(List.of(more, few)))) {
      List<@Nullable Object> labels = labels(BY_USER, batch);
      for (int row = 0; row < batch.size(); row++) {
        Object before = partOf.putIfAbsent(batch.value(row, "user"), labels.get(row));
        assertTrue(before == null || before.equals(labels.get(row)));
      }
    }
    assertTrue(new HashSet<>(partOf.values()).size() > 1);
  }

  /** Rows in another order, cut into other batches, and texts in another form. */
  @Property(tries = 30)
  void aRowsPartDoesNotHangOnWhatIsBesideIt(@ForAll long seed) {
    RecordBatch batch = rows(seed, 40, 150);
    List<@Nullable Object> labels = labels(BY_BOTH, batch);
    List<Integer> order = new ArrayList<>(IntStream.range(0, batch.size()).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    for (int row : order) {
      assertEquals(
          List.of(labels.get(row)), labels(BY_BOTH, batch.gather(new int[] {row})), "row " + row);
    }
  }

  @Test
  void keysRemainInAPartWhenThoseAfterItChange() {
    KeySplit other =
        KeySplit.by("user")
            .share("train", 0.7)
            .share("tuning", 0.1)
            .share("check", 0.1)
            .rest("holdout")
            .withSeed(7);
    RecordBatch batch = rows(1, 5_000, 20_000);
    List<@Nullable Object> before = labels(BY_USER, batch);
    List<@Nullable Object> after = labels(other, batch);
    Map<Object, Set<Object>> moves = new HashMap<>();
    for (int i = 0; i < before.size(); i++) {
      moves.computeIfAbsent(before.get(i), k -> new HashSet<>()).add(after.get(i));
    }

    assertEquals(
        Map.of(
            "train",
            Set.of("train"),
            "validation",
            Set.of("tuning", "check"),
            "test",
            Set.of("holdout")),
        moves);
  }

  /** Six standard deviations of a binomial number: beyond once in 500 million tries. */
  @Property(tries = 20)
  void sharesOfKeysAreThoseAskedForWithinBinomialBounds(@ForAll long seed) {
    int keys = 20_000;
    RecordSchema schema = RecordSchema.of(Field.required("shop", FieldType.INT64));
    RecordBatch.Builder rows = RecordBatch.builder(schema);
    for (long i = 0; i < keys; i++) {
      rows.add(i);
    }
    RecordBatch batch = rows.build();
    Splitter splitter =
        KeySplit.by("shop")
            .share("a", 0.6)
            .share("b", 0.3)
            .share("c", 0.09)
            .rest("d")
            .withSeed(seed)
            .bind(schema);
    double[] shares = {0.6, 0.3, 0.09, 0.01};
    for (int i = 0; i < shares.length; i++) {
      int count = splitter.rows(batch, splitter.names().get(i)).cardinality();
      double deviation = Math.sqrt(keys * shares[i] * (1 - shares[i]));
      assertEquals(keys * shares[i], count, 6 * deviation, splitter.names().get(i));
    }
  }

  @Test
  void anotherSeedIsAnIndependentChoice() {
    RecordBatch batch = rows(1, 20_000, 20_000);
    Bitmap one = BY_USER.bind(SCHEMA).rows(batch, "train");
    Bitmap other = BY_USER.withSeed(8).bind(SCHEMA).rows(batch, "train");

    double expected = 0.7 * 0.7 * batch.size();
    assertEquals(expected, one.and(other).cardinality(), 0.03 * batch.size());
  }

  /**
   * Written down by a program in another language, for a data set of last year must be split alike
   * next year.
   */
  @Test
  void thePartsOfTheseKeysNeverChange() {
    RecordSchema schema = RecordSchema.of(Field.of("user", FieldType.STRING));

    assertEquals(
        List.of(
            "validation", "validation", "train", "train", "test", "train", "train", "validation"),
        labels(BY_USER, schema, "u0", "u1", "u2", "bernhard-of-nowhere", "chi", "", "é", NOTHING));
  }

  @Test
  void equalKeysAreInOnePartWhateverTheirColumns() {
    RecordSchema ints = RecordSchema.of(Field.of("k", FieldType.INT64));
    RecordSchema floats = RecordSchema.of(Field.of("k", FieldType.FLOAT64));
    KeySplit split = KeySplit.by("k").share("a", 0.5).rest("b");
    for (long k = -50; k < 50; k++) {
      assertEquals(labels(split, ints, k), labels(split, floats, (double) k));
    }
    assertEquals(labels(split, floats, 0.0), labels(split, floats, -0.0));
    assertEquals(
        KeySplit.by("a", "b").share("x", 0.5).rest("y"),
        KeySplit.by("b", "a").share("x", 0.5).rest("y"));
  }

  @Test
  void withinAPartTheTimeDecides() {
    RecordBatch batch = rows(3, 200, 2_000);
    List<@Nullable Object> labels = labels(BY_BOTH, batch);
    Splitter keys = KeySplit.by("user").share("train", 0.8).rest("test").bind(SCHEMA);
    Bitmap train = keys.rows(batch, "train");
    for (int row = 0; row < batch.size(); row++) {
      boolean early = (Long) batch.value(row, "at") < NEW_YEAR_MICROS;
      assertEquals(
          train.get(row) == early ? (early ? "train" : "test") : "unused", labels.get(row));
    }
    assertEquals(List.of("train", "unused", "test"), BY_BOTH.names());
    assertEquals(List.of("user", "at"), BY_BOTH.columns());
  }

  @Test
  void mistakesAreRefused() {
    refused(
        "Invalid share of 'a': 1.0 (must be above 0 and below 1)",
        () -> KeySplit.by("k").share("a", 1));
    refused(
        "Invalid shares: 1.0 together leave nothing for 'c' (must be below 1)",
        () -> KeySplit.by("k").share("a", 0.7).share("b", 0.3).rest("c"));
    refused(
        "Invalid names: a, a (must be unique)", () -> KeySplit.by("k").share("a", 0.5).rest("a"));
    refused(
        "Missing keys: a split by key needs at least one column",
        () -> KeySplit.by().share("a", 0.5).rest("b"));
    refused("Invalid name of a part: '' (must not be empty)", () -> KeySplit.by("k").rest(" "));
    refused(
        "Unknown part: 'c' (must be one of a, b)",
        () -> KeySplit.by("k").share("a", 0.5).rest("b").within("c", BY_TIME));
    refused(
        "Invalid end of 'b': 2025-01-01T00:00:00Z (must be after that of 'a',"
            + " 2025-02-01T00:00:00Z)",
        () -> TimeSplit.by("at").until("a", FEBRUARY).until("b", NEW_YEAR).rest("c"));
    refused(
        "Missing parts: a split by time needs at least one end",
        () -> TimeSplit.by("at").rest("a"));
    refused(
        "Column 'user' is string (must be timestamp or date)",
        () -> TimeSplit.by("user").until("a", NEW_YEAR).rest("b").bind(SCHEMA));
    refused(
        "Unknown column: 'usr'; did you mean 'user'?",
        () -> KeySplit.by("usr").share("a", 0.5).rest("b").bind(SCHEMA));
    RecordSchema lists = RecordSchema.of(Field.of("tags", FieldType.listOf(FieldType.STRING)));
    refused(
        "Column 'tags' is list<string> (must not be a list)",
        () -> KeySplit.by("tags").share("a", 0.5).rest("b").bind(lists));
    RecordSchema taken = SCHEMA.with(Field.of("split", FieldType.STRING));
    refused(
        "Column 'split' is there already (a split adds one of that name; rename it)",
        () -> BY_USER.bind(taken).labelled());
    refused(
        "Unknown part: 'tst' (must be one of train, validation, test)",
        () -> BY_USER.bind(SCHEMA).rows(rows(1, 2, 3), "tst"));
  }

  @Test
  void stretchesAreWithoutGaps() {
    Shares shares = Shares.of(List.of(0.5, 0.25));
    long[] words = {0, Long.MAX_VALUE, Long.MIN_VALUE, (-1L << 62) - 1, -1L << 62, -1};

    assertArrayEquals(
        new int[] {0, 0, 1, 1, 2, 2}, Arrays.stream(words).mapToInt(shares::find).toArray());
  }
}
