package com.example.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.aggregate.Inputs;
import io.featurebeam.aggregate.States;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** Values, and the laws of {@link States}: however events are split, the result is the same. */
class SpreadAggregateTest {

  private static final RecordSchema SCHEMA = RecordSchema.of(Field.of("x", FieldType.FLOAT64));

  private static final SpreadAggregate SPREAD = new SpreadAggregate("x");

  /** States of {@code slots} groups that took each value where {@code slotOf} says. */
  private static States states(int slots, List<Double> values, ToIntFunction<Integer> slotOf) {
    ColumnBuilder column = ColumnBuilder.of(FieldType.FLOAT64);
    int[] slotOfRow = new int[values.size()];
    for (int row = 0; row < slotOfRow.length; row++) {
      column.append(values.get(row));
      slotOfRow[row] = slotOf.applyAsInt(row);
    }
    States states = SPREAD.newStates(SCHEMA);
    states.ensure(slots);
    Inputs.Ties none = new Inputs.Ties(new long[0], new long[0]);
    long[] times = new long[slotOfRow.length];
    states.accumulate(
        new Inputs(List.of(column.build()), times, none, slotOfRow.length), slotOfRow);
    return states;
  }

  private static Object result(States states, int slot) {
    ColumnBuilder out = ColumnBuilder.of(SPREAD.outputType(SCHEMA));
    SPREAD.finish(new States[] {states}, slot, out);
    return out.build().value(0);
  }

  private static Object spread(Double... values) {
    return result(states(1, Arrays.asList(values), row -> 0), 0);
  }

  @Test
  void largestLessSmallest() {
    assertEquals(7.5, spread(2.5, -3.0, 4.5));
    assertEquals(0.0, spread(2.5));
  }

  @Test
  void nullsAreLeftOut() {
    assertEquals(1.0, spread(null, 2.0, 3.0));
    assertNull(spread(null, null));
    assertNull(spread());
  }

  @Test
  void nanMakesItNaN() {
    assertEquals(Double.NaN, spread(1.0, Double.NaN, 2.0));
  }

  @Test
  void mergedPartsAreTheWhole() {
    List<Double> values = values();
    Object whole = result(states(1, values, row -> 0), 0);
    States parts = states(4, values, row -> row % 3); // the last stays empty
    for (int[] order : new int[][] {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}}) {
      States merged = parts.newStates();
      merged.ensure(1);
      for (int slot : order) {
        merged.merge(0, parts, slot);
      }
      assertEquals(whole, result(merged, 0));
    }
  }

  @Test
  void whatIsSavedIsWhatIsRead() {
    States states = states(3, values(), row -> row % 2); // the last stays empty
    List<Column> saved = states.save(new int[] {2, 0, 1});
    assertEquals(states.savedTypes(), saved.stream().map(Column::type).toList());
    States read = states.newStates();
    read.ensure(3);
    read.mergeSaved(saved, new int[] {0, 1, 2});
    assertNull(result(read, 0));
    assertEquals(result(states, 0), result(read, 1));
    assertEquals(result(states, 1), result(read, 2));
  }

  @Test
  void slotsGrowAndAreClearedAlone() {
    States states = states(2, List.of(1.0, 5.0), row -> 1);
    states.ensure(100);
    assertEquals(4.0, result(states, 1));
    assertNull(result(states, 99));
    states.clear(1);
    assertNull(result(states, 1));
  }

  @Test
  void negativeSlotTakesNothing() {
    assertNull(result(states(1, List.of(1.0, 5.0), row -> -1), 0));
  }

  @Test
  void textIsRefused() {
    RecordSchema schema = RecordSchema.of(Field.of("x", FieldType.STRING));
    assertEquals(
        "Invalid column for spread: 'x' is string (must be float64)",
        assertThrows(IllegalArgumentException.class, () -> SPREAD.outputType(schema)).getMessage());
  }

  private static List<Double> values() {
    Random random = new Random(1);
    Double[] values = new Double[50];
    Arrays.setAll(values, i -> i % 7 == 3 ? null : Double.valueOf(random.nextGaussian()));
    return Arrays.asList(values);
  }
}
