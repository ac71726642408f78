package io.featurebeam.aggregate;

/** Sliding where an item can be taken out of the window exactly: items go in and out one by one. */
abstract class TakingOut extends Sliding {

  private static final int NONE = -1;

  private int[] order = {};
  private int lo;
  private int hi;

  /** The item of the window that is left out. */
  private int out = NONE;

  /** The items to slide over from now on. */
  abstract void items(States items);

  abstract void clear();

  abstract void add(int item);

  /** Takes out an item that was added. */
  abstract void remove(int item);

  /** Adds the items at some places of the order. */
  void addAll(int[] places, int from, int to) {
    for (int i = from; i < to; i++) {
      add(places[i]);
    }
  }

  /** Takes out the items at some places of the order. */
  void removeAll(int[] places, int from, int to) {
    for (int i = from; i < to; i++) {
      remove(places[i]);
    }
  }

  @Override
  public void begin(States items, int[] newOrder) {
    items(items);
    order = newOrder;
    clear();
    lo = 0;
    hi = 0;
    out = NONE;
  }

  @Override
  public void slide(int newLo, int newHi, int without) {
    if (newLo >= hi) { // nothing of the old window is left
      clear();
      lo = newLo;
      hi = newLo;
    } else if (out != NONE) {
      add(order[out]);
    }
    addAll(order, hi, newHi);
    hi = newHi;
    removeAll(order, lo, newLo);
    lo = newLo;
    out = without < newHi ? without : NONE;
    if (out != NONE) {
      remove(order[out]);
    }
  }
}
