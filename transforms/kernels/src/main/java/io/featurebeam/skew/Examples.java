package io.featurebeam.skew;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * The few that come first of all that are offered: those of the largest distance, and among equals
 * and those without one, those of the smallest hash. So they do not depend on the order.
 */
final class Examples {

  private static final Comparator<Example> ORDER =
      Comparator.comparingDouble((Example e) -> Double.isNaN(e.distance()) ? -1 : e.distance())
          .reversed()
          .thenComparingLong(Example::order)
          .thenComparing(e -> String.join("\n", e.keys()))
          .thenComparing(e -> e.logged() + "\n" + e.recomputed());

  private final int limit;
  private final List<Example> first = new ArrayList<>();

  Examples(int limit) {
    this.limit = limit;
  }

  /** Makes the example only if it is one of the first. */
  void offer(double distance, long order, Supplier<Example> example) {
    if (first.size() == limit) {
      Example last = first.get(limit - 1);
      double least = Double.isNaN(last.distance()) ? -1 : last.distance();
      double offered = Double.isNaN(distance) ? -1 : distance;
      if (offered < least || (offered == least && order > last.order())) {
        return;
      }
    }
    add(example.get());
  }

  void add(Example example) {
    first.add(example);
    first.sort(ORDER);
    if (first.size() > limit) {
      first.remove(limit);
    }
  }

  void merge(Examples other) {
    other.list().forEach(this::add);
  }

  List<Example> list() {
    return List.copyOf(first);
  }
}
