package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import java.util.List;

/** States that are one exact sum per slot; what is added up is the subclass's. */
abstract class SumStates extends States {
  final ExactSums sums = new ExactSums();

  /** Adds x * y without error; a product beyond the doubles makes the sum not finite. */
  static void addProduct(ExactSums sums, int slot, double x, double y) {
    double product = x * y;
    sums.add(slot, product);
    if (Double.isFinite(product)) {
      double rest = Math.fma(x, y, -product);
      if (rest != 0) {
        sums.add(slot, rest);
      }
    }
  }

  @Override
  public void ensure(int slots) {
    sums.ensure(slots);
  }

  @Override
  public void clear(int slot) {
    sums.clear(slot);
  }

  @Override
  public void merge(int slot, States from, int fromSlot) {
    sums.merge(slot, ((SumStates) from).sums, fromSlot);
  }

  @Override
  public void mergeAll(int slot, States from, int[] fromSlots, int begin, int end) {
    sums.mergeAll(slot, ((SumStates) from).sums, fromSlots, begin, end);
  }

  @Override
  boolean slide(int slot, int[] order, int outFrom, int outTo, int inFrom, int inTo) {
    mergeAll(slot, this, order, inFrom, inTo);
    subtractAll(slot, this, order, outFrom, outTo);
    return true;
  }

  @Override
  public Sliding newSliding() {
    return new Running(this);
  }

  @Override
  void subtract(int slot, States from, int fromSlot) {
    sums.subtract(slot, ((SumStates) from).sums, fromSlot);
  }

  /** Takes out some slots. */
  void subtractAll(int slot, States from, int[] fromSlots, int begin, int end) {
    sums.subtractAll(slot, ((SumStates) from).sums, fromSlots, begin, end);
  }

  @Override
  public List<FieldType> savedTypes() {
    return ExactSums.SAVED_TYPES;
  }

  @Override
  public List<Column> save(int[] slots) {
    return sums.save(slots);
  }

  @Override
  public void mergeSaved(List<Column> saved, int[] slots) {
    sums.mergeSaved(saved, slots);
  }

  @Override
  public long byteSize(int slots) {
    return sums.byteSize(slots);
  }

  /** Exact sums can be taken out again, and nothing is left of them. */
  private static final class Running extends TakingOut {
    private final SumStates window;
    private States items;

    Running(SumStates kind) {
      window = (SumStates) kind.newStates();
      window.ensure(1);
      items = window;
    }

    @Override
    void items(States newItems) {
      items = newItems;
    }

    @Override
    void clear() {
      window.clear(0);
    }

    @Override
    void add(int item) {
      window.merge(0, items, item);
    }

    @Override
    void remove(int item) {
      window.subtract(0, items, item);
    }

    @Override
    void addAll(int[] places, int from, int to) {
      window.mergeAll(0, items, places, from, to);
    }

    @Override
    void removeAll(int[] places, int from, int to) {
      window.subtractAll(0, items, places, from, to);
    }

    @Override
    public States result() {
      return window;
    }
  }
}
