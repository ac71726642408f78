package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import java.util.List;

/**
 * The states of one part for many groups: a slot is one group, its numbers lie in primitive arrays.
 * Not thread-safe.
 *
 * <p>Laws, tested for every implementation: merge is associative and commutative; merging parts
 * equals accumulating the whole; {@link #mergeSaved} of {@link #save} into an empty slot is the
 * identity; {@link Sliding} over items equals merging them; {@link #difference} undoes merging.
 */
public abstract class States {

  /** States of the same kind, without a slot. */
  public abstract States newStates();

  /** Makes slots 0 to {@code slots - 1} exist; those that did not are empty. */
  public abstract void ensure(int slots);

  /** Makes a slot empty. */
  public abstract void clear(int slot);

  /** Adds record i to {@code slots[i]}; a negative slot takes nothing. */
  public abstract void accumulate(Inputs in, int[] slots);

  /** Adds a slot of other states of the same kind to a slot. */
  public abstract void merge(int slot, States from, int fromSlot);

  /**
   * The same, but that what is exact stays exact, and grows, where merging would make a sketch of
   * it: so a window over what is merged gives what one over its single events gives.
   */
  void mergeExact(int slot, States from, int fromSlot) {
    merge(slot, from, fromSlot);
  }

  /** Adds {@code fromSlots[begin]} to {@code fromSlots[end - 1]} of other states to a slot. */
  public void mergeAll(int slot, States from, int[] fromSlots, int begin, int end) {
    for (int i = begin; i < end; i++) {
      merge(slot, from, fromSlots[i]);
    }
  }

  /**
   * Makes slot 0, in states that are used for nothing else, hold what one slot has less what
   * another has: what accumulating gives without the records of the other. Called only where {@link
   * Part#canSubtract}; neither slot changes.
   */
  public void difference(States all, int slot, States taken, int takenSlot) {
    clear(0);
    merge(0, all, slot);
    subtract(0, taken, takenSlot);
  }

  /** Takes out of a slot what merging a slot of other states adds, without a rest. */
  void subtract(int slot, States from, int fromSlot) {
    throw new UnsupportedOperationException("Its part cannot subtract");
  }

  /**
   * Makes a slot that is the merge of other slots that of others: {@code order[inFrom]} to {@code
   * order[inTo - 1]} come in, {@code order[outFrom]} to {@code order[outTo - 1]} go out.
   *
   * @return whether it could, as if what is out had never been in; else the slot means nothing any
   *     more, and must be merged anew
   */
  boolean slide(int slot, int[] order, int outFrom, int outTo, int inFrom, int inTo) {
    if (outFrom < outTo) {
      return false;
    }
    mergeAll(slot, this, order, inFrom, inTo);
    return true;
  }

  /** The types of the columns of {@link #save}. */
  public abstract List<FieldType> savedTypes();

  /** The states of these slots as columns, which cross the network. */
  public abstract List<Column> save(int[] slots);

  /** Adds row i of saved columns to {@code slots[i]}. */
  public abstract void mergeSaved(List<Column> saved, int[] slots);

  /**
   * Adds row i of the saved columns of all parts, which follow one another, to {@code slots[i]}.
   */
  static void mergeSaved(States[] parts, List<Column> saved, int[] slots) {
    int column = 0;
    for (States part : parts) {
      int width = part.savedTypes().size();
      part.mergeSaved(saved.subList(column, column + width), slots);
      column += width;
    }
  }

  /** What keeps a window's state while the window slides; two stacks unless taking out is exact. */
  public Sliding newSliding() {
    return new TwoStacks(this);
  }

  /** About how many bytes the first {@code slots} slots take, used ones whole. */
  public abstract long byteSize(int slots);

  /** The next array length that holds {@code needed}. */
  static int grown(int length, int needed) {
    return Math.max(needed, Math.max(16, (int) Math.min(Integer.MAX_VALUE - 8L, length * 3L / 2)));
  }
}
