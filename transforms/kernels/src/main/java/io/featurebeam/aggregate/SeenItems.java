package io.featurebeam.aggregate;

import io.featurebeam.time.WindowBounds;
import io.featurebeam.time.WindowBounds.Ties;

/**
 * Which items of those between the two edges of a window a row sees: a run of them, of which one
 * may be left out, or beside which there is one more. {@link WindowBounds} says what the rules
 * mean; here they are places in the order of items.
 */
final class SeenItems {

  private static final int NONE = -1;

  private int lo;
  private int hi;
  private int without;
  private int beside;

  /** The first of the run. */
  int lo() {
    return lo;
  }

  /** Behind the last of the run. */
  int hi() {
    return hi;
  }

  /** The item of the run that is left out; negative for none. */
  int without() {
    return without;
  }

  /** The item behind the run that is seen too; negative for none. */
  int beside() {
    return beside;
  }

  /**
   * Finds what a row sees.
   *
   * @param left the first item that is not before the window
   * @param end behind the last item that is not after it
   * @param current the event that asks; negative for none
   */
  void find(WindowBounds bounds, int left, int end, long[] itemTimes, int current) {
    hi = end;
    without = NONE;
    beside = NONE;
    if (current >= 0 && current < end) { // the window reaches to the event that asks
      end(bounds, left, itemTimes, current);
    }
    leaveOutLatest(bounds.rowDelay());
    lo = Math.min(left, hi);
    if (bounds.rowCap() > 0) {
      cap(bounds.rowCap());
    }
  }

  private void end(WindowBounds bounds, int left, long[] itemTimes, int current) {
    boolean itself = !bounds.excludeCurrent();
    if (bounds.ties() == Ties.BEFORE) {
      hi = itself ? current + 1 : current;
    } else if (bounds.ties() == Ties.NONE) {
      beside = itself ? current : NONE;
      hi = firstAt(itemTimes, left, current);
    } else if (!itself) {
      without = current;
    }
  }

  /** The first place of the time of this one. */
  private static int firstAt(long[] itemTimes, int left, int place) {
    int low = left;
    int high = place;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (itemTimes[middle] < itemTimes[place]) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void leaveOutLatest(int count) {
    int rest = count;
    if (rest > 0 && beside != NONE) {
      beside = NONE;
      rest--;
    }
    if (without != NONE && rest > hi - 1 - without) { // all behind it, so that it is out anyway
      rest -= hi - 1 - without;
      hi = without;
      without = NONE;
    }
    hi -= Math.min(rest, hi);
  }

  private void cap(int rows) {
    int ofRun = beside == NONE ? rows : rows - 1;
    if (without != NONE && without < hi - ofRun) {
      without = NONE; // the cap leaves it out
    }
    lo = Math.max(lo, hi - ofRun - (without == NONE ? 0 : 1));
  }
}
