package io.featurebeam.benchmarks.flinknative;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What is held of a card where each event emits: the events of the longest window in order of time,
 * and tiles of an hour over them. A window takes whole tiles and, at its edges, single events, so
 * it is exact to the microsecond.
 */
final class CardEvents {
  static final long TILE = 3_600_000_000L;

  private int from;
  private int to;
  private long[] times = new long[4];
  private long[] ids = new long[4];
  private double[] amounts = new double[4];
  private byte[] channels = new byte[4];
  private Tiles tiles = new Tiles(TILE);

  /** When a timer looks whether all this is needed, in milliseconds; 0 if there is no timer. */
  long cleanUpAt;

  CardEvents copy() {
    CardEvents copy = new CardEvents();
    int end = Math.max(to, from + 4);
    copy.times = Arrays.copyOfRange(times, from, end);
    copy.ids = Arrays.copyOfRange(ids, from, end);
    copy.amounts = Arrays.copyOfRange(amounts, from, end);
    copy.channels = Arrays.copyOfRange(channels, from, end);
    copy.to = to - from;
    copy.tiles = tiles.copy();
    copy.cleanUpAt = cleanUpAt;
    return copy;
  }

  int end() {
    return to;
  }

  long time(int event) {
    return times[event];
  }

  long id(int event) {
    return ids[event];
  }

  double amount(int event) {
    return amounts[event];
  }

  byte channel(int event) {
    return channels[event];
  }

  /** Takes an event in behind those of its time; gives its place. */
  int add(long id, long time, double amount, byte channel) {
    if (to == times.length) {
      makeRoom();
    }
    int index = to;
    while (index > from && times[index - 1] > time) {
      index--;
    }
    int behind = to - index;
    if (behind > 0) {
      System.arraycopy(times, index, times, index + 1, behind);
      System.arraycopy(ids, index, ids, index + 1, behind);
      System.arraycopy(amounts, index, amounts, index + 1, behind);
      System.arraycopy(channels, index, channels, index + 1, behind);
    }
    to++;
    times[index] = time;
    ids[index] = id;
    amounts[index] = amount;
    channels[index] = channel;
    tiles.add(time, amount, channel, true);
    return index;
  }

  private void makeRoom() {
    int size = to - from;
    int capacity = from > size ? times.length : 2 * times.length;
    long[] newTimes = new long[capacity];
    long[] newIds = new long[capacity];
    double[] newAmounts = new double[capacity];
    byte[] newChannels = new byte[capacity];
    System.arraycopy(times, from, newTimes, 0, size);
    System.arraycopy(ids, from, newIds, 0, size);
    System.arraycopy(amounts, from, newAmounts, 0, size);
    System.arraycopy(channels, from, newChannels, 0, size);
    times = newTimes;
    ids = newIds;
    amounts = newAmounts;
    channels = newChannels;
    from = 0;
    to = size;
  }

  /**
   * The windows {@code [time - length, time)} of an event, the shorter ones first, in one walk back
   * through time that stops at the beginning of each.
   */
  void windows(int event, long[] lengths, Totals totals, FeatureWriter row) throws IOException {
    long time = times[event];
    int next = event;
    while (next > from && times[next - 1] == time) {
      next--;
    }
    totals.clear();
    int tile = tiles.lowerBound(tiles.startOf(time) + 1) - 1;
    boolean whole = false; // the event's own tile holds the event
    if (next > from && times[next - 1] < tiles.start(tile)) {
      tile--;
      whole = true;
    }
    for (int window = 0; window < lengths.length; window++) {
      long start = time - lengths[window];
      while (next > from && times[next - 1] >= start) {
        if (whole && tiles.start(tile) >= start) {
          tiles.mergeInto(totals, tile);
          next -= tiles.members(tile);
          tile--;
        } else {
          next--;
          totals.add(amounts[next], channels[next]);
          whole = next > from && times[next - 1] < tiles.start(tile);
          if (whole) {
            tile--;
          }
        }
      }
      row.window(window, totals);
    }
  }

  /** Forgets tiles, with their events, that end at a time or before. */
  void evict(long time) {
    while (!tiles.isEmpty() && tiles.end(tiles.first()) <= time) {
      from += tiles.members(tiles.first());
      tiles.dropFirst();
    }
  }

  boolean isEmpty() {
    return from == to;
  }

  void write(DataOutputView out) throws IOException {
    out.writeLong(cleanUpAt);
    out.writeInt(to - from);
    for (int i = from; i < to; i++) {
      out.writeLong(times[i]);
      out.writeLong(ids[i]);
      out.writeDouble(amounts[i]);
      out.writeByte(channels[i]);
    }
    tiles.write(out);
  }

  static CardEvents read(DataInputView in) throws IOException {
    CardEvents events = new CardEvents();
    events.cleanUpAt = in.readLong();
    int size = in.readInt();
    int capacity = Math.max(4, size);
    events.times = new long[capacity];
    events.ids = new long[capacity];
    events.amounts = new double[capacity];
    events.channels = new byte[capacity];
    for (int i = 0; i < size; i++) {
      events.times[i] = in.readLong();
      events.ids[i] = in.readLong();
      events.amounts[i] = in.readDouble();
      events.channels[i] = in.readByte();
    }
    events.to = size;
    events.tiles = Tiles.read(TILE, in);
    return events;
  }
}
