package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SortedDoublesTest {

  @Property(tries = 60, seed = "1")
  void anyAddsAndRemovesGiveTheSortedList(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4000) int distinct) {
    Random random = new Random(seed);
    SortedDoubles sorted = new SortedDoubles();
    List<Double> list = new ArrayList<>();
    for (int phase = 0; phase < 6; phase++) { // grows, shrinks, grows ...
      double adds = phase % 2 == 0 ? 0.8 : 0.25;
      for (int step = 0; step < 4000; step++) {
        if (list.isEmpty() || random.nextDouble() < adds) {
          double value = value(random, distinct);
          sorted.add(value);
          int at = Collections.binarySearch(list, value);
          list.add(at < 0 ? -at - 1 : at, value);
        } else {
          sorted.remove(list.remove(random.nextInt(list.size())));
        }
      }
      assertEquals(list, all(sorted));
    }
    sorted.clear();
    assertEquals(List.of(), all(sorted));
    sorted.add(1);
    assertEquals(List.of(1.0), all(sorted));
  }

  private static double value(Random random, int distinct) {
    int number = random.nextInt(distinct);
    return switch (number) {
      case 0 -> -0.0;
      case 1 -> 0.0;
      case 2 -> Double.NEGATIVE_INFINITY;
      case 3 -> Double.POSITIVE_INFINITY;
      default -> number - distinct / 2.0;
    };
  }

  private static List<Double> all(SortedDoubles sorted) {
    List<Double> all = new ArrayList<>();
    for (int rank = 0; rank < sorted.size(); rank++) {
      all.add(sorted.get(rank));
    }
    return all;
  }

  @Test
  void aSlidingWindowMakesNoGarbage() {
    int window = 20_000;
    double[] values = new Random(3).doubles(200_000).toArray();
    SortedDoubles sorted = new SortedDoubles();
    for (int i = 0; i < 4 * window; i++) {
      slide(sorted, values, i, window);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    for (int i = 4 * window; i < values.length; i++) {
      slide(sorted, values, i, window);
    }
    double bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    double perValue = bytes / (values.length - 4 * window);
    assertTrue(perValue < 4, perValue + " bytes per value");
  }

  @Test
  @Timeout(30) // a second or two; an array to insert into took the better part of a minute
  void aMillionValuesSlideInNoTime() {
    int window = 500_000;
    double[] values = new Random(4).doubles(1_000_000).toArray();
    SortedDoubles sorted = new SortedDoubles();
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      slide(sorted, values, i, window);
      sum += sorted.get(sorted.size() / 2);
    }
    assertEquals(0.5, sum / values.length, 0.01);
  }

  private static void slide(SortedDoubles sorted, double[] values, int i, int window) {
    sorted.add(values[i]);
    if (i >= window) {
      sorted.remove(values[i - window]);
    }
  }
}
