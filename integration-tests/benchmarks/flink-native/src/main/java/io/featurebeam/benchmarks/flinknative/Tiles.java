package io.featurebeam.benchmarks.flinknative;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Totals of spans of time of one width, of those only in which something happened, the oldest
 * first. Columns instead of objects: a card has some dozens of them.
 */
final class Tiles {
  private static final int NUMBERS = 5;

  private final long width;
  private int from;
  private int to;
  private long[] starts = new long[4];

  /** How many entries of the next finer kind a tile is made of. */
  private int[] members = new int[4];

  private int[] webCounts = new int[4];
  private int[] counts = new int[4];

  /** Of each tile sum, squares, min, max and the sum of web. */
  private double[] numbers = new double[4 * NUMBERS];

  Tiles(long width) {
    this.width = width;
  }

  Tiles copy() {
    Tiles copy = new Tiles(width);
    copy.starts = Arrays.copyOfRange(starts, from, Math.max(to, from + 4));
    copy.members = Arrays.copyOfRange(members, from, Math.max(to, from + 4));
    copy.counts = Arrays.copyOfRange(counts, from, Math.max(to, from + 4));
    copy.webCounts = Arrays.copyOfRange(webCounts, from, Math.max(to, from + 4));
    copy.numbers = Arrays.copyOfRange(numbers, from * NUMBERS, Math.max(to, from + 4) * NUMBERS);
    copy.to = to - from;
    return copy;
  }

  long startOf(long time) {
    return Math.floorDiv(time, width) * width;
  }

  int first() {
    return from;
  }

  int end() {
    return to;
  }

  long start(int tile) {
    return starts[tile];
  }

  long end(int tile) {
    return starts[tile] + width;
  }

  int members(int tile) {
    return members[tile];
  }

  /** The first tile that begins at a time or later. */
  int lowerBound(long time) {
    if (to > from && starts[to - 1] < time) {
      return to;
    }
    int index = Arrays.binarySearch(starts, from, to, time);
    return index >= 0 ? index : -index - 1;
  }

  /** Adds to the tile of a time; says whether there was none so far. */
  boolean add(long time, double amount, byte channel, boolean newMember) {
    long start = startOf(time);
    int tile = lowerBound(start);
    boolean created = tile == to || starts[tile] != start;
    if (created) {
      tile = insert(tile, start);
    }
    members[tile] += newMember ? 1 : 0;
    counts[tile]++;
    int at = tile * NUMBERS;
    numbers[at] += amount;
    numbers[at + 1] += amount * amount;
    numbers[at + 2] = Math.min(numbers[at + 2], amount);
    numbers[at + 3] = Math.max(numbers[at + 3], amount);
    if (channel == Payment.WEB) {
      webCounts[tile]++;
      numbers[at + 4] += amount;
    }
    return created;
  }

  private int insert(int tile, long start) {
    int index = tile;
    if (to == starts.length) {
      int size = to - from;
      int capacity = from > size ? starts.length : 2 * starts.length;
      starts = moved(starts, new long[capacity], 1);
      members = moved(members, new int[capacity], 1);
      counts = moved(counts, new int[capacity], 1);
      webCounts = moved(webCounts, new int[capacity], 1);
      numbers = moved(numbers, new double[capacity * NUMBERS], NUMBERS);
      index -= from;
      from = 0;
      to = size;
    }
    int behind = to - index;
    System.arraycopy(starts, index, starts, index + 1, behind);
    System.arraycopy(members, index, members, index + 1, behind);
    System.arraycopy(counts, index, counts, index + 1, behind);
    System.arraycopy(webCounts, index, webCounts, index + 1, behind);
    System.arraycopy(numbers, index * NUMBERS, numbers, (index + 1) * NUMBERS, behind * NUMBERS);
    to++;
    starts[index] = start;
    members[index] = 0;
    counts[index] = 0;
    webCounts[index] = 0;
    int at = index * NUMBERS;
    numbers[at] = 0;
    numbers[at + 1] = 0;
    numbers[at + 2] = Double.POSITIVE_INFINITY;
    numbers[at + 3] = Double.NEGATIVE_INFINITY;
    numbers[at + 4] = 0;
    return index;
  }

  @SuppressWarnings("SuspiciousSystemArraycopy") // arrays of one type, as the signature says
  private <A> A moved(A old, A fresh, int times) {
    System.arraycopy(old, from * times, fresh, 0, (to - from) * times);
    return fresh;
  }

  void mergeInto(Totals totals, int tile) {
    int at = tile * NUMBERS;
    totals.count += counts[tile];
    totals.sum += numbers[at];
    totals.squares += numbers[at + 1];
    totals.min = Math.min(totals.min, numbers[at + 2]);
    totals.max = Math.max(totals.max, numbers[at + 3]);
    totals.webCount += webCounts[tile];
    totals.webSum += numbers[at + 4];
  }

  void dropFirst() {
    from++;
  }

  boolean isEmpty() {
    return from == to;
  }

  void write(DataOutputView out) throws IOException {
    out.writeInt(to - from);
    for (int tile = from; tile < to; tile++) {
      out.writeLong(starts[tile]);
      out.writeInt(members[tile]);
      out.writeInt(counts[tile]);
      out.writeInt(webCounts[tile]);
      for (int i = 0; i < NUMBERS; i++) {
        out.writeDouble(numbers[tile * NUMBERS + i]);
      }
    }
  }

  static Tiles read(long width, DataInputView in) throws IOException {
    Tiles tiles = new Tiles(width);
    int size = in.readInt();
    int capacity = Math.max(4, size);
    tiles.starts = new long[capacity];
    tiles.members = new int[capacity];
    tiles.counts = new int[capacity];
    tiles.webCounts = new int[capacity];
    tiles.numbers = new double[capacity * NUMBERS];
    for (int tile = 0; tile < size; tile++) {
      tiles.starts[tile] = in.readLong();
      tiles.members[tile] = in.readInt();
      tiles.counts[tile] = in.readInt();
      tiles.webCounts[tile] = in.readInt();
      for (int i = 0; i < NUMBERS; i++) {
        tiles.numbers[tile * NUMBERS + i] = in.readDouble();
      }
    }
    tiles.to = size;
    return tiles;
  }
}
