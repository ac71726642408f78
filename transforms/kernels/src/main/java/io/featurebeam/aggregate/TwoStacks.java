package io.featurebeam.aggregate;

/**
 * Sliding by merging alone: {@code back} is the state of the items since the last flip, {@code
 * suffix} has for each older item the state from it up to the flip. A flip costs one merge per
 * item, and an item is flipped once, so a slide costs a constant number of merges on average. If an
 * item is left out, the window ends before it, and what comes after it is merged for the result.
 */
final class TwoStacks extends Sliding {

  private final States back;
  private final States suffix;
  private final States window;
  private States items;
  private int[] order = {};
  private int lo;
  private int flip;
  private int hi;
  private int suffixBase;

  /** The items behind the one that is left out. */
  private int restFrom;

  private int restTo;

  TwoStacks(States kind) {
    back = kind.newStates();
    suffix = kind.newStates();
    window = kind.newStates();
    back.ensure(1);
    window.ensure(1);
    items = kind;
  }

  @Override
  public void begin(States newItems, int[] newOrder) {
    items = newItems;
    order = newOrder;
    lo = 0;
    flip = 0;
    hi = 0;
    back.clear(0);
  }

  @Override
  public void slide(int newLo, int newHi, int without) {
    slide(newLo, without);
    restFrom = without + 1;
    restTo = newHi;
  }

  private void slide(int newLo, int newHi) {
    if (newLo >= hi) { // nothing of the old window is left
      back.clear(0);
      flip = newLo;
      hi = newLo;
    }
    lo = newLo;
    for (; hi < newHi; hi++) {
      back.merge(0, items, order[hi]);
    }
    if (lo > flip) {
      flip();
    }
  }

  private void flip() {
    suffixBase = lo;
    flip = hi;
    suffix.ensure(hi - lo);
    for (int i = hi - 1; i >= lo; i--) {
      int slot = i - suffixBase;
      suffix.clear(slot);
      suffix.merge(slot, items, order[i]);
      if (i < hi - 1) {
        suffix.merge(slot, suffix, slot + 1);
      }
    }
    back.clear(0);
  }

  @Override
  public States result() {
    window.clear(0);
    if (lo < flip) {
      window.merge(0, suffix, lo - suffixBase);
    }
    window.merge(0, back, 0);
    for (int i = restFrom; i < restTo; i++) {
      window.merge(0, items, order[i]);
    }
    return window;
  }
}
