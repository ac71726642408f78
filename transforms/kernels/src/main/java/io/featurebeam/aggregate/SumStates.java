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
    sums.mergeAll(slot, sums, order, inFrom, inTo);
    sums.subtractAll(slot, sums, order, outFrom, outTo);
    return true;
  }

  @Override
  void subtract(int slot, States from, int fromSlot) {
    sums.subtract(slot, ((SumStates) from).sums, fromSlot);
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
}
