package io.featurebeam.anomaly;

import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** The last so many numbers, in the order they came and sorted. */
final class SortedWindow {

  static final int MAX = 100_000;

  private final int capacity;
  private double[] ring = new double[16];
  private double[] sorted = new double[16];
  private int start;
  private int size;

  SortedWindow(int capacity) {
    this.capacity = capacity;
  }

  /** The check of a parameter that says how many. */
  static void check(String name, int window) {
    if (window < 1 || window > MAX) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": " + window + " (must be 1 to " + MAX + ")");
    }
  }

  int size() {
    return size;
  }

  /** Number {@code i} from the smallest up. */
  double sorted(int i) {
    return sorted[i];
  }

  void add(double number) {
    double value = number + 0.0; // turns -0.0 into 0.0
    if (size == capacity) {
      int at = Arrays.binarySearch(sorted, 0, size, ring[start]);
      System.arraycopy(sorted, at + 1, sorted, at, size - at - 1);
      start = (start + 1) % ring.length;
      size--;
    } else if (size == ring.length) {
      grow();
    }
    ring[(start + size) % ring.length] = value;
    int at = Arrays.binarySearch(sorted, 0, size, value);
    int to = at < 0 ? -at - 1 : at;
    System.arraycopy(sorted, to, sorted, to + 1, size - to);
    sorted[to] = value;
    size++;
  }

  private void grow() {
    int length = Math.min(capacity, 2 * ring.length);
    double[] longer = new double[length];
    for (int i = 0; i < size; i++) {
      longer[i] = ring[(start + i) % ring.length];
    }
    ring = longer;
    start = 0;
    sorted = Arrays.copyOf(sorted, length);
  }

  /** Between two numbers on a straight line (type 7 of Hyndman and Fan 1996); NaN of none. */
  double quantile(double rank) {
    if (size == 0) {
      return Double.NaN;
    }
    double place = rank * (size - 1);
    int below = (int) place;
    int above = Math.min(below + 1, size - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
  }

  double median() {
    return quantile(0.5);
  }

  void save(DataOutput out) throws IOException {
    out.writeInt(size);
    for (int i = 0; i < size; i++) {
      out.writeDouble(ring[(start + i) % ring.length]);
    }
  }

  void load(StateReader in) {
    int count = in.readInt();
    if (count < 0 || count > capacity) {
      throw in.corrupt(count + " values (must be 0 to " + capacity + ")");
    }
    for (int i = 0; i < count; i++) {
      add(in.readFinite("a value"));
    }
  }
}
