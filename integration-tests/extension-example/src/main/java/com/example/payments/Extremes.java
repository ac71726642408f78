package com.example.payments;

import io.featurebeam.aggregate.Inputs;
import io.featurebeam.aggregate.States;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import java.util.Arrays;
import java.util.List;

/** Per slot the smallest and the largest value seen; an empty slot has them the wrong way round. */
final class Extremes extends States {

  private double[] smallest = {};
  private double[] largest = {};

  boolean isEmpty(int slot) {
    return smallest[slot] > largest[slot];
  }

  double spread(int slot) {
    return largest[slot] - smallest[slot];
  }

  private void take(int slot, double low, double high) {
    smallest[slot] = Math.min(smallest[slot], low);
    largest[slot] = Math.max(largest[slot], high);
  }

  @Override
  public States newStates() {
    return new Extremes();
  }

  @Override
  public void ensure(int slots) {
    int old = smallest.length;
    if (slots > old) {
      int length = Math.max(slots, old + old / 2);
      smallest = Arrays.copyOf(smallest, length);
      largest = Arrays.copyOf(largest, length);
      for (int slot = old; slot < length; slot++) {
        clear(slot);
      }
    }
  }

  @Override
  public void clear(int slot) {
    smallest[slot] = Double.POSITIVE_INFINITY;
    largest[slot] = Double.NEGATIVE_INFINITY;
  }

  @Override
  public void accumulate(Inputs in, int[] slots) {
    DoubleColumn column = (DoubleColumn) in.columns().get(0);
    double[] values = column.values();
    for (int i = 0; i < in.size(); i++) {
      if (slots[i] >= 0 && !column.isNull(i)) {
        take(slots[i], values[i], values[i]);
      }
    }
  }

  @Override
  public void merge(int slot, States from, int fromSlot) {
    Extremes other = (Extremes) from;
    take(slot, other.smallest[fromSlot], other.largest[fromSlot]);
  }

  @Override
  public List<FieldType> savedTypes() {
    return List.of(FieldType.FLOAT64, FieldType.FLOAT64);
  }

  @Override
  public List<Column> save(int[] slots) {
    double[] lows = new double[slots.length];
    double[] highs = new double[slots.length];
    for (int i = 0; i < slots.length; i++) {
      lows[i] = smallest[slots[i]];
      highs[i] = largest[slots[i]];
    }
    return List.of(DoubleColumn.of(lows), DoubleColumn.of(highs));
  }

  @Override
  public void mergeSaved(List<Column> saved, int[] slots) {
    double[] lows = ((DoubleColumn) saved.get(0)).values();
    double[] highs = ((DoubleColumn) saved.get(1)).values();
    for (int i = 0; i < slots.length; i++) {
      take(slots[i], lows[i], highs[i]);
    }
  }

  @Override
  public long byteSize(int slots) {
    return 16L * slots;
  }
}
