package io.featurebeam.benchmarks.kernels;

import java.util.Arrays;

/** The k largest of some numbers: a binary heap whose root is the least of them. */
final class BoundedHeap {
  private final long[] heap;
  private int size;

  BoundedHeap(int k) {
    heap = new long[k];
  }

  void clear() {
    size = 0;
  }

  void add(long number) {
    if (size < heap.length) {
      heap[size] = number;
      int at = size++;
      while (at > 0 && heap[(at - 1) / 2] > number) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
        heap[at] = number;
      }
    } else if (number > heap[0]) {
      sink(number);
    }
  }

  /** Puts a number in the place of the root. */
  private void sink(long number) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= number) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = number;
  }

  long[] descending() {
    long[] sorted = Arrays.copyOf(heap, size);
    Arrays.sort(sorted);
    for (int i = 0; i < size / 2; i++) {
      long low = sorted[i];
      sorted[i] = sorted[size - 1 - i];
      sorted[size - 1 - i] = low;
    }
    return sorted;
  }
}
