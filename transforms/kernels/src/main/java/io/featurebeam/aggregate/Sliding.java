package io.featurebeam.aggregate;

/**
 * A window's state while the window slides over items in order of time. Both of its ends only move
 * forward.
 */
public abstract class Sliding {

  /** Starts anew over the items {@code items[order[i]]}; the window is empty. */
  public abstract void begin(States items, int[] order);

  /**
   * Moves the window to items {@code lo} (inclusive) to {@code hi} (exclusive) of the order.
   *
   * @param without the item in between that is left out, until the next call; {@code hi} for none.
   *     It does not move back either
   */
  public abstract void slide(int lo, int hi, int without);

  /** States of which slot 0 holds the window; valid until the next call. */
  public abstract States result();
}
