package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Values, texts and categories beyond what is kept: what they give, and what they cost. */
class FrequencyLimitsTest {

  private static final RecordSchema NUMBERS = RecordSchema.of(Field.of("v", FieldType.INT64));
  private static final RecordSchema TEXTS = RecordSchema.of(Field.of("v", FieldType.STRING));

  @Test
  void aMillionValuesTakeNoMoreThanTheLimit() {
    for (Aggregate aggregate :
        List.of(
            Aggregates.distinct("v"),
            Aggregates.distinctList("v"),
            Aggregates.mostFrequent("v"),
            Aggregates.entropy("v"),
            Aggregates.frequentItems("v", 3),
            Aggregates.perCategory(Aggregates.count(), "v"))) {
      States states = states(aggregate, NUMBERS);
      long largest = 0;
      for (int i = 0; i < 1000; i++) {
        add(states, numbers(LongStream.range(i * 1000L, (i + 1) * 1000L)));
        largest = Math.max(largest, states.byteSize(1));
      }
      assertTrue(largest < 500_000, aggregate + " took " + largest);
      Object result = result(aggregate, states, NUMBERS);
      if (aggregate instanceof Distinct) {
        assertEquals((long) Distinct.DEFAULT_MAX, result);
      } else if (aggregate instanceof FrequentItems) {
        assertEquals(3, ((List<?>) result).size());
      } else {
        assertEquals(null, result);
      }
    }
  }

  @Test
  void longTextsTakeNoMoreThanTheLimit() {
    for (Aggregate aggregate :
        List.of(
            Aggregates.distinctList("v"),
            Aggregates.mostFrequent("v"),
            Aggregates.frequentItems("v", 3),
            Aggregates.perCategory(Aggregates.count(), "v"))) {
      States states = states(aggregate, TEXTS);
      long largest = 0;
      for (int i = 0; i < 40; i++) {
        add(states, BytesColumn.ofStrings(i + "x".repeat(100_000)));
        largest = Math.max(largest, states.byteSize(1));
      }
      assertTrue(largest < 1_300_000, aggregate + " took " + largest);
      Object result = result(aggregate, states, TEXTS);
      assertEquals(aggregate instanceof FrequentItems ? List.of() : null, result);
    }
    Aggregate distinct = Aggregates.distinct("v");
    States states = states(distinct, TEXTS);
    for (int i = 0; i < 40; i++) {
      add(states, BytesColumn.ofStrings(i + "x".repeat(100_000)));
    }
    assertEquals(40L, result(distinct, states, TEXTS));
    assertTrue(states.byteSize(1) < 2000);
  }

  @Test
  void aSketchOfLongTextsSaysAboutHowMuchItTakes() {
    Aggregate aggregate = Aggregates.frequentItems("v", 3);
    States states = states(aggregate, TEXTS);
    for (int i = 0; i < 5000; i++) {
      add(states, BytesColumn.ofStrings(i + "x".repeat(1000)));
    }
    long size = states.byteSize(1);
    assertTrue(size > 700_000 && size < 900_000, "is " + size);
    add(states, BytesColumn.ofStrings("x".repeat(1025)));
    assertEquals(
        3, ((List<?>) result(aggregate, states, TEXTS)).size(), "of those that are short enough");
  }

  @Test
  void fullIsForgottenWhenCleared() {
    for (Aggregate aggregate :
        List.of(new DistinctList("v", 3), new PerCategory(Aggregates.count(), "v", 3))) {
      States states = states(aggregate, NUMBERS);
      add(states, numbers(LongStream.range(0, 5)));
      assertEquals(null, result(aggregate, states, NUMBERS));
      states.clear(0);
      add(states, numbers(LongStream.of(7, 7)));
      assertNotEquals(null, result(aggregate, states, NUMBERS));
    }
  }

  @Test
  void aCategoryThatComesAfterTheLimitLeavesOtherSlotsAlone() {
    Aggregate aggregate = new PerCategory(Aggregates.sum("v"), "v", 3);
    States states = states(aggregate, NUMBERS);
    states.ensure(2);
    int[] slots = {0, 0, 0, 1, 0, 1, 1};
    Column column = LongColumn.of(FieldType.INT64, new long[] {1, 2, 3, 5, 4, 6, 5});
    states.accumulate(new Inputs(List.of(column, column), new long[7], Inputs.Ties.NONE, 7), slots);
    assertEquals(null, result(aggregate, states, NUMBERS));
    assertEquals("{\"5\":10,\"6\":6}", result(aggregate, states, 1, NUMBERS));

    States read = states(aggregate, NUMBERS);
    read.ensure(2);
    read.mergeSaved(states.save(new int[] {1, 0, 1}), new int[] {0, 1, 1});
    assertEquals("{\"5\":10,\"6\":6}", result(aggregate, read, NUMBERS));
    assertEquals(null, result(aggregate, read, 1, NUMBERS));
  }

  @Test
  void frequentItemsAreExactUpToTheLimitInATile() {
    long[] values = LongStream.range(0, FrequentItems.EXACT).toArray();
    States states = states(Aggregates.frequentItems("v", 2), NUMBERS);
    add(states, numbers(Arrays.stream(values)));
    add(states, numbers(LongStream.of(700, 700, 31)));
    assertEquals(List.of(700L, 31L), result(Aggregates.frequentItems("v", 2), states, NUMBERS));
    assertEquals(List.of(3L, 2L), result(Aggregates.frequentCounts("v", 2), states, NUMBERS));
  }

  @Test
  void frequentItemsAreWithinTheirErrorInWhateverOrderTheyAreMerged() {
    for (int seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      long[] values = new long[200_000];
      Map<Long, Long> truth = new HashMap<>();
      for (int i = 0; i < values.length; i++) {
        values[i] = (long) (1 / (random.nextDouble() + 1e-6)); // many once, few often
        if (values[i] > 20) {
          values[i] = values[i] * 100_000 + random.nextInt(5000);
        }
        truth.merge(values[i], 1L, Long::sum);
      }
      States whole = merged(values, random);
      List<?> items = (List<?>) result(Aggregates.frequentItems("v", 256), whole, NUMBERS);
      List<?> counts = (List<?>) result(Aggregates.frequentCounts("v", 256), whole, NUMBERS);
      double error = 0.0035 * values.length;
      for (int i = 0; i < items.size(); i++) {
        long count = (Long) counts.get(i);
        long exact = truth.get((Long) items.get(i));
        assertTrue(count >= exact && count - exact <= error, count + " for " + exact);
      }
      truth.forEach(
          (value, count) ->
              assertTrue(
                  count <= error || items.contains(value), value + " is " + count + " times"));
    }
  }

  /** States of parts, saved or not, merged in any order. */
  private static States merged(long[] values, Random random) {
    Aggregate aggregate = Aggregates.frequentItems("v", 1);
    List<States> parts = new ArrayList<>();
    for (int at = 0; at < values.length; ) {
      int end = Math.min(values.length, at + 1 + random.nextInt(20_000));
      States part = states(aggregate, NUMBERS);
      add(part, numbers(Arrays.stream(values, at, end)));
      parts.add(part);
      at = end;
    }
    while (parts.size() > 1) {
      States from = parts.remove(random.nextInt(parts.size()));
      States into = parts.get(random.nextInt(parts.size()));
      if (random.nextBoolean()) {
        into.merge(0, from, 0);
      } else {
        into.mergeSaved(from.save(new int[1]), new int[1]);
      }
    }
    return parts.get(0);
  }

  @Test
  void sketchesOfTextsAreSavedWithThem() {
    Aggregate aggregate = Aggregates.frequentItems("v", 1);
    States states = states(aggregate, TEXTS);
    add(
        states,
        BytesColumn.ofStrings(
            IntStream.range(0, 5000)
                .mapToObj(i -> i % 3 == 0 ? "often é" : "text" + i)
                .toArray(String[]::new)));
    States read = states(aggregate, TEXTS);
    read.mergeSaved(states.save(new int[1]), new int[1]);
    assertEquals(List.of("often é"), result(aggregate, read, TEXTS));
    assertEquals(List.of("often é"), result(aggregate, states, TEXTS));
  }

  @Test
  void aSketchInTheWindowGoesWhenItsTileDoes() {
    Aggregate aggregate = Aggregates.frequentCounts("v", 1);
    States items = states(aggregate, NUMBERS);
    items.ensure(3);
    accumulate(items, numbers(LongStream.range(0, 5000)), 1);
    accumulate(items, numbers(LongStream.of(4, 4)), 0);
    accumulate(items, numbers(LongStream.of(4, 4, 4)), 2);
    Sliding sliding = items.newSliding();
    sliding.begin(items, new int[] {0, 1, 2});
    sliding.slide(0, 3, 3);
    long withSketch = (Long) ((List<?>) result(aggregate, sliding.result(), NUMBERS)).get(0);
    assertTrue(withSketch >= 5 && withSketch <= 6 + 0.0035 * 5005, "is " + withSketch);
    sliding.slide(2, 3, 3);
    assertEquals(List.of(3L), result(aggregate, sliding.result(), NUMBERS));
  }

  @Test
  void categoriesComeAndGoWithTheWindow() {
    Aggregate aggregate = new PerCategory(Aggregates.quantile("v", 0.5), "v", 2);
    int count = 3000;
    States items = states(aggregate, NUMBERS);
    items.ensure(count);
    int[] order = IntStream.range(0, count).toArray();
    Column column = numbers(LongStream.range(0, count).map(i -> i / 10));
    items.accumulate(
        new Inputs(List.of(column, column), new long[count], Inputs.Ties.NONE, count), order);
    Sliding sliding = items.newSliding();
    sliding.begin(items, order);
    for (int hi = 1; hi <= count; hi++) {
      int lo = Math.max(0, hi - 11);
      sliding.slide(lo, hi, hi);
      int old = lo / 10;
      int current = (hi - 1) / 10;
      assertEquals(
          old == current
              ? "{\"" + old + "\":" + old + ".0}"
              : json(old, current), // in the order of their texts: 9 is after 10
          result(aggregate, sliding.result(), NUMBERS));
    }
  }

  private static String json(int a, int b) {
    String first = "\"" + a + "\":" + a + ".0";
    String second = "\"" + b + "\":" + b + ".0";
    boolean ordered = String.valueOf(a).compareTo(String.valueOf(b)) < 0;
    return "{" + (ordered ? first + "," + second : second + "," + first) + "}";
  }

  @Test
  void limitsAreChecked() {
    assertFails("Invalid maxDistinct: 0 (must be 1 to 1000000)", () -> new Distinct("v", 0));
    assertFails(
        "Invalid maxDistinct: 1000001 (must be 1 to 1000000)",
        () -> new DistinctList("v", 1_000_001));
    assertFails("Invalid topK: 257 (must be 1 to 256)", () -> new FrequentItems("v", 257, true));
    assertFails(
        "Invalid maxCategories: -1 (must be 1 to 10000)",
        () -> new PerCategory(Aggregates.count(), "v", -1));
    assertFails(
        "Invalid boundaries: 0 of them (must be 1 to 1000)", () -> Aggregates.histogram("v"));
    assertFails(
        "Invalid boundaries: 1.0 (must be finite and above the one before)",
        () -> Aggregates.histogram("v", 1.0, 1.0));
    assertFails("Invalid q: 1.5 (must be from 0 to 1)", () -> Aggregates.quantiles("v", 0.5, 1.5));
    assertFails("Invalid q: 0 ranks (must be 1 to 1000)", () -> Aggregates.quantiles("v"));
  }

  @Test
  void columnsOfAWrongTypeAreRefused() {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("x", FieldType.FLOAT64), Field.of("tags", FieldType.listOf(FieldType.STRING)));
    assertFails(
        "Invalid column for distinct: 'tags' is list<string> (must be anything but a list)",
        () -> Aggregates.distinct("tags").outputType(schema));
    assertFails(
        "Invalid column for histogram: 'tags' is list<string> (must be int64 or float64)",
        () -> Aggregates.histogram("tags", 1.0).outputType(schema));
    assertFails(
        "Invalid column for per: 'x' is float64 (must be string, int64, boolean, timestamp, date or time)",
        () -> Aggregates.perCategory(Aggregates.count(), "x").outputType(schema));
    assertFails(
        "Invalid per: 'v' beside an aggregate that gives list<int64> (must be one that gives a"
            + " single value)",
        () -> Aggregates.perCategory(Aggregates.distinctList("v"), "v").outputType(NUMBERS));
  }

  private static void assertFails(String message, Executable executable) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, executable).getMessage());
  }

  private static Column numbers(LongStream values) {
    return LongColumn.of(FieldType.INT64, values.toArray());
  }

  private static States states(Aggregate aggregate, RecordSchema schema) {
    States states = aggregate.parts().get(0).newStates(schema);
    states.ensure(1);
    return states;
  }

  private static void add(States states, Column column) {
    accumulate(states, column, 0);
  }

  private static void accumulate(States states, Column column, int slot) {
    int[] slots = new int[column.size()];
    Arrays.fill(slots, slot);
    states.accumulate(
        new Inputs(
            List.of(column, column), new long[column.size()], Inputs.Ties.NONE, column.size()),
        slots);
  }

  private static @Nullable Object result(Aggregate aggregate, States states, RecordSchema schema) {
    return result(aggregate, states, 0, schema);
  }

  private static @Nullable Object result(
      Aggregate aggregate, States states, int slot, RecordSchema schema) {
    ColumnBuilder out = ColumnBuilder.of(aggregate.outputType(schema));
    aggregate.finish(new States[] {states}, slot, 0, Window.LIFETIME, out);
    return out.build().value(0);
  }
}
