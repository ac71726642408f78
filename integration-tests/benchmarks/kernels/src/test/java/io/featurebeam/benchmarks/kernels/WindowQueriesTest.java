package io.featurebeam.benchmarks.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WindowQueriesTest {

  @Test
  void allWaysGiveTheSame() {
    WindowQueries workload = new WindowQueries(3_000, 500, 7);
    WindowQueries.Sums ours = workload.kernels();
    assertTrue(ours.isSame(workload.naive()), ours + ", naive " + workload.naive());
    assertTrue(ours.isSame(workload.twoStacks()), ours + ", two-stack " + workload.twoStacks());
    assertFalse(ours.isSame(new WindowQueries(3_000, 500, 8).naive()));
  }

  @Test
  void aHeapKeepsTheLargest() {
    BoundedHeap heap = new BoundedHeap(4);
    for (long number : new long[] {3, 9, 1, 7, 5, 9, 2}) {
      heap.add(number);
    }
    assertArrayEquals(new long[] {9, 9, 7, 5}, heap.descending());
    heap.clear();
    heap.add(1);
    assertArrayEquals(new long[] {1}, heap.descending());
  }
}
