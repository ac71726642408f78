package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/**
 * What every aggregate must keep, whatever it computes. The test of an aggregate over a column
 * named {@code v} is a few lines; beside it there is a column {@code w} of weights, 1, 2, 0.5, null
 * and again 1. The row that asks is at {@value #ROW_TIME} us, its window an hour long, and the
 * events are a few microseconds after 0:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> count() {
 *   return AggregateLaws.of(Aggregates.count("v"), FieldType.FLOAT64, 0L, 0L)
 *       .given(1L, Double.NaN)
 *       .tests();
 * }
 * }</pre>
 *
 * <p>Results are compared to the last bit, on random values with ties, nulls, NaN, infinities and
 * numbers whose sums overflow on the way.
 */
final class AggregateLaws {

  private static final int ROUNDS = 60;
  private static final long ROW_TIME = 1_000_000;
  private static final Window HOUR = Window.of("1h");
  private static final @Nullable Double[] WEIGHTS = {1.0, 2.0, 0.5, null};

  private final Aggregate aggregate;
  private final FieldType input;
  private final RecordSchema schema;
  private final Random random = new Random(42);
  private final List<DynamicTest> tests = new ArrayList<>();

  private AggregateLaws(Aggregate aggregate, FieldType input) {
    this.aggregate = aggregate;
    this.input = input;
    this.schema = RecordSchema.of(Field.of("v", input), Field.of("w", FieldType.FLOAT64));
  }

  /** The laws, and what an empty window and one of a null give. */
  static AggregateLaws of(
      Aggregate aggregate, FieldType input, @Nullable Object empty, @Nullable Object ofNull) {
    AggregateLaws laws = new AggregateLaws(aggregate, input);
    laws.test("an empty window", () -> laws.gives(empty));
    laws.test("nulls alone", () -> laws.gives(ofNull, null, null));
    laws.test("merge is commutative", laws::mergeIsCommutative);
    laws.test("merge is associative", laws::mergeIsAssociative);
    laws.test("merging many is merging each", laws::mergingManyIsMergingEach);
    laws.test("merge of parts is the whole", laws::mergeOfPartsIsTheWhole);
    laws.test("the order does not matter", laws::orderDoesNotMatter);
    laws.test("saved and merged is the same", laws::savedAndMergedIsTheSame);
    laws.test("cleared is empty", laws::clearedIsEmpty);
    laws.test("cleared and filled again takes as much", laws::clearedAndFilledAgainTakesAsMuch);
    laws.test("sliding is merging", () -> laws.slidingIsMerging(false));
    laws.test("two stacks are merging", () -> laws.slidingIsMerging(true));
    laws.test("slots grow and keep what they hold", laws::slotsGrow);
    laws.test("a negative slot takes nothing", laws::aNegativeSlotTakesNothing);
    laws.test("the type is as declared", laws::theTypeIsAsDeclared);
    if (aggregate.parts().stream().allMatch(Part::canSubtract)) {
      laws.test("a difference undoes accumulating", laws::aDifferenceUndoesAccumulating);
    }
    return laws;
  }

  /** What some values give: the rule for NaN, say. */
  AggregateLaws given(@Nullable Object expected, @Nullable Object... values) {
    test(Arrays.toString(values) + " give " + expected, () -> gives(expected, values));
    return this;
  }

  Stream<DynamicTest> tests() {
    return tests.stream();
  }

  private void test(String name, Executable law) {
    tests.add(DynamicTest.dynamicTest(name, law));
  }

  private void gives(@Nullable Object expected, @Nullable Object... values) {
    States[] states = states(1);
    accumulate(states, batch(Arrays.asList(values)), new int[values.length]);
    assertEquals(expected, result(states, 0));
  }

  private void mergeIsCommutative() {
    for (int round = 0; round < ROUNDS; round++) {
      States[] items = items(2);
      assertEquals(merged(items, 0, 1), merged(items, 1, 0));
    }
  }

  private void mergeIsAssociative() {
    for (int round = 0; round < ROUNDS; round++) {
      States[] items = items(3);
      States[] right = states(1);
      merge(right, 0, items, 1);
      merge(right, 0, items, 2);
      States[] whole = states(1);
      merge(whole, 0, items, 0);
      merge(whole, 0, right, 0);
      assertEquals(merged(items, 0, 1, 2), result(whole, 0));
    }
  }

  private void mergingManyIsMergingEach() {
    for (int round = 0; round < ROUNDS; round++) {
      States[] items = items(4);
      States[] whole = states(2);
      int[] slots = {3, 0, 1, 2, 3};
      for (int p = 0; p < items.length; p++) {
        whole[p].mergeAll(1, items[p], slots, 1, 4);
      }
      assertEquals(merged(items, 0, 1, 2), result(whole, 1));
    }
  }

  private void mergeOfPartsIsTheWhole() {
    for (int round = 0; round < ROUNDS; round++) {
      RecordBatch batch = batch(values(30));
      States[] whole = states(1);
      accumulate(whole, batch, new int[30]);
      States[] parts = states(3);
      accumulate(parts, batch, random.ints(30, 0, 3).toArray());
      assertEquals(result(whole, 0), merged(parts, 0, 1, 2));
    }
  }

  private void orderDoesNotMatter() {
    for (int round = 0; round < ROUNDS; round++) {
      RecordBatch batch = batch(values(30));
      States[] forward = states(1);
      accumulate(forward, batch, new int[30]);
      int[] rows = new int[30];
      Arrays.setAll(rows, i -> 29 - i);
      States[] backward = states(1);
      accumulate(backward, batch.gather(rows), new int[30]);
      assertEquals(result(forward, 0), result(backward, 0));
    }
  }

  private void savedAndMergedIsTheSame() {
    for (int round = 0; round < ROUNDS; round++) {
      States[] items = items(8);
      int[] slots = {5, 0, 7, 3};
      States[] read = states(4);
      for (int p = 0; p < items.length; p++) {
        List<Column> saved = overTheWire(items[p].savedTypes(), items[p].save(slots), 4);
        read[p].mergeSaved(saved, new int[] {0, 1, 2, 3});
      }
      for (int i = 0; i < slots.length; i++) {
        assertEquals(result(items, slots[i]), result(read, i));
      }
    }
  }

  private static List<Column> overTheWire(List<FieldType> types, List<Column> columns, int size) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      fields.add(Field.of("c" + i, types.get(i)));
    }
    RecordBatch batch = RecordBatch.of(RecordSchema.of(fields), size, columns);
    return BatchCodec.decode(BatchCodec.encode(batch)).columns();
  }

  private void clearedIsEmpty() {
    Object empty = result(states(1), 0);
    for (int round = 0; round < ROUNDS; round++) {
      States[] items = items(3);
      Object kept = result(items, 2);
      for (States part : items) {
        part.clear(1);
      }
      assertEquals(empty, result(items, 1));
      assertEquals(kept, result(items, 2));
      merge(items, 1, items, 2);
      assertEquals(kept, result(items, 1));
    }
  }

  private void clearedAndFilledAgainTakesAsMuch() {
    RecordBatch batch = batch(values(90));
    int[] slots = random.ints(90, 0, 3).toArray();
    States[] states = states(3);
    accumulate(states, batch, slots);
    long once = byteSize(states, 3);
    for (int again = 0; again < 3; again++) {
      for (States part : states) {
        for (int slot = 0; slot < 3; slot++) {
          part.clear(slot);
        }
      }
      assertTrue(byteSize(states, 3) <= once);
      accumulate(states, batch, slots);
      assertEquals(once, byteSize(states, 3));
    }
  }

  private static long byteSize(States[] states, int slots) {
    return Arrays.stream(states).mapToLong(part -> part.byteSize(slots)).sum();
  }

  private void slidingIsMerging(boolean twoStacks) {
    for (int round = 0; round < ROUNDS; round++) {
      int count = 1 + random.nextInt(25);
      States[] items = items(count);
      int[] order = shuffled(count);
      Sliding[] sliding = new Sliding[items.length];
      for (int p = 0; p < items.length; p++) {
        sliding[p] = twoStacks ? new TwoStacks(items[p]) : items[p].newSliding();
      }
      for (int run = 0; run < 2; run++) { // begin starts anew
        for (int p = 0; p < items.length; p++) {
          sliding[p].begin(items[p], order);
        }
        slideToTheEnd(items, order, sliding);
      }
    }
  }

  private void slideToTheEnd(States[] items, int[] order, Sliding[] sliding) {
    int lo = random.nextInt(order.length);
    int hi = lo;
    int reached = lo;
    while (hi < order.length || lo < hi) {
      hi = Math.min(order.length, hi + random.nextInt(4));
      lo = Math.min(hi, lo + random.nextInt(4));
      reached = Math.max(lo, reached);
      int without = random.nextBoolean() ? hi : reached + random.nextInt(hi - reached + 1);
      reached = without;
      States[] window = new States[sliding.length];
      for (int p = 0; p < sliding.length; p++) {
        sliding[p].slide(lo, hi, without);
        window[p] = sliding[p].result();
      }
      int[] seen = IntStream.range(lo, hi).filter(i -> i != without).map(i -> order[i]).toArray();
      assertEquals(merged(items, seen), result(window, 0));
    }
  }

  private int[] shuffled(int count) {
    int[] order = new int[count];
    for (int i = 1; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private void slotsGrow() {
    States[] states = states(1);
    List<@Nullable Object> expected = new ArrayList<>();
    for (int slot = 0; slot < 300; slot++) {
      for (States part : states) {
        part.ensure(slot + 1);
      }
      int[] slots = new int[5];
      Arrays.fill(slots, slot);
      accumulate(states, batch(values(5)), slots);
      expected.add(result(states, slot));
    }
    for (int slot = 0; slot < 300; slot++) {
      assertEquals(expected.get(slot), result(states, slot));
    }
  }

  private void aNegativeSlotTakesNothing() {
    States[] states = states(1);
    Object empty = result(states, 0);
    int[] slots = new int[20];
    Arrays.fill(slots, -1);
    accumulate(states, batch(values(20)), slots);
    assertEquals(empty, result(states, 0));
  }

  private void theTypeIsAsDeclared() {
    ColumnBuilder out = ColumnBuilder.of(aggregate.outputType(schema));
    States[] items = items(20);
    for (int slot = 0; slot < 20; slot++) {
      aggregate.finish(
          items, slot, ROW_TIME, HOUR, out); // a builder refuses a value of another type
    }
    assertEquals(20, out.build().size());
  }

  /** Also in a window that slides, and to the last event; what is full stays full. */
  private void aDifferenceUndoesAccumulating() {
    Object empty = result(states(1), 0);
    for (int round = 0; round < ROUNDS; round++) {
      RecordBatch batch = batch(values(24));
      int[] slots = random.ints(24, 0, 2).toArray();
      States[] parted = states(2);
      accumulate(parted, batch, slots);
      States[] whole = states(1);
      accumulate(whole, batch, new int[24]);
      States[] window = new States[whole.length];
      for (int p = 0; p < whole.length; p++) {
        Sliding sliding = parted[p].newSliding();
        sliding.begin(parted[p], new int[] {0, 1});
        sliding.slide(0, 2, 2);
        window[p] = sliding.result();
      }
      boolean full = isFull(whole);
      Object all = result(whole, 0);
      assertEquals(full ? all : result(parted, 0), result(difference(whole, 0, parted, 1), 0));
      assertEquals(full ? all : result(parted, 1), result(difference(window, 0, parted, 0), 0));
      assertEquals(full ? all : empty, result(difference(whole, 0, window, 0), 0));
    }
  }

  private static boolean isFull(States[] states) {
    return Arrays.stream(states).anyMatch(s -> s instanceof Tally.Of tally && tally.isFull(0));
  }

  private States[] difference(States[] all, int slot, States[] taken, int takenSlot) {
    States[] net = items(1); // what was there before does not matter
    for (int p = 0; p < net.length; p++) {
      net[p].difference(all[p], slot, taken[p], takenSlot);
    }
    return net;
  }

  /** Slots of a few random values each; some have none. */
  private States[] items(int slots) {
    States[] items = states(slots);
    int[] slotOf = random.ints(slots * 3L, 0, slots).toArray();
    accumulate(items, batch(values(slotOf.length)), slotOf);
    return items;
  }

  private States[] states(int slots) {
    States[] states =
        aggregate.parts().stream().map(p -> p.newStates(schema)).toArray(States[]::new);
    for (States part : states) {
      part.ensure(slots);
    }
    return states;
  }

  private @Nullable Object merged(States[] items, int... slots) {
    States[] whole = states(1);
    for (int slot : slots) {
      merge(whole, 0, items, slot);
    }
    return result(whole, 0);
  }

  private static void merge(States[] into, int slot, States[] from, int fromSlot) {
    for (int p = 0; p < into.length; p++) {
      into[p].merge(slot, from[p], fromSlot);
    }
  }

  private @Nullable Object result(States[] states, int slot) {
    ColumnBuilder out = ColumnBuilder.of(aggregate.outputType(schema));
    aggregate.finish(states, slot, ROW_TIME, HOUR, out);
    return out.build().value(0);
  }

  /** Times tie often; the content hash orders them by the value. */
  private void accumulate(States[] states, RecordBatch batch, int[] slots) {
    long[] times = new long[batch.size()];
    long[] sequence = new long[batch.size()];
    long[] hashes = new long[batch.size()];
    for (int i = 0; i < batch.size(); i++) {
      Object value = batch.value(i, "v");
      int hash = value == null ? 0 : value.hashCode();
      times[i] = hash & 3;
      sequence[i] = hash & 12;
      hashes[i] = 31L * hash + Objects.hashCode(batch.value(i, "w"));
    }
    List<Part> parts = aggregate.parts();
    for (int p = 0; p < states.length; p++) {
      List<Column> columns = parts.get(p).inputs().stream().map(batch::column).toList();
      Inputs.Ties ties = new Inputs.Ties(sequence, hashes);
      states[p].accumulate(new Inputs(columns, times, ties, batch.size()), slots);
    }
  }

  private RecordBatch batch(List<@Nullable Object> values) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Object value : values) {
      rows.add(Arrays.asList(value, WEIGHTS[rows.size() % WEIGHTS.length]));
    }
    List<Map<String, @Nullable Object>> events = Plans.events(schema, rows);
    return Plans.batch(schema, events, random);
  }

  private List<@Nullable Object> values(int count) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(random.nextInt(6) == 0 ? null : value(random.nextInt(100)));
    }
    return values;
  }

  private Object value(int kind) {
    return switch (input.storage()) {
      case BOOLEAN -> kind % 2 == 0;
      case BYTES -> "text" + kind % 7;
      case LONG ->
          kind < 80 ? (Object) (long) (kind % 10) : (Object) (random.nextLong() >> (8 + kind % 50));
      case DOUBLE ->
          kind == 0
              ? Double.NaN
              : kind == 1
                  ? Double.NEGATIVE_INFINITY
                  : kind < 20
                      ? kind < 6 ? huge() : -0.0
                      : kind < 60 ? kind * 0.1 : Math.scalb(random.nextGaussian(), kind);
      case LIST -> throw new IllegalArgumentException("No random lists");
    };
  }

  /** Two of them overflow, or two of their squares do. */
  private double huge() {
    double size = random.nextBoolean() ? Double.MAX_VALUE : 1.2e154;
    return random.nextBoolean() ? size : -size;
  }
}
