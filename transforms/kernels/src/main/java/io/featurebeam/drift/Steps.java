package io.featurebeam.drift;

import io.featurebeam.profile.Distribution.Numbers;

/** Going along the steps of two columns at once. */
final class Steps {

  private Steps() {}

  /** The next point of either, of which steps {@code i} and {@code j} are next; one there is. */
  static double next(Numbers before, int i, Numbers after, int j) {
    if (i == before.size()) {
      return after.point(j);
    }
    return j == after.size() ? before.point(i) : Math.min(before.point(i), after.point(j));
  }

  /** The share of what lies before step {@code i}. */
  static double upTo(Numbers numbers, int i) {
    return i == 0 ? 0 : numbers.shareUpToPoint(i - 1);
  }
}
