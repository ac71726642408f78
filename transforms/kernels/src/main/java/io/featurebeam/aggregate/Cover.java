package io.featurebeam.aggregate;

import io.featurebeam.aggregate.BoundAggregates.Frame;
import io.featurebeam.time.WindowBounds;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The pieces that some rows of a key are computed from, in order of time: {@link Blocks} between
 * the places where the windows of these rows begin or end, and items there. Not thread-safe.
 */
final class Cover {

  private final List<Frame> frames;
  private final Set<WindowBounds> bounds = new LinkedHashSet<>();
  private final boolean whole;
  private final boolean excludeCurrent;

  /** Where pieces must be items, as {@code from << 32 | to}. */
  private final long[] edges;

  private int[] slots = new int[16];
  private int[] places = new int[16];
  private long[] times = new long[16];
  private long[] eventsBefore = new long[17];
  private int size;

  Cover(List<Frame> frames) {
    this.frames = frames;
    frames.forEach(f -> bounds.add(f.bounds()));
    whole = frames.stream().anyMatch(Frame::tellsItemsApart);
    excludeCurrent = bounds.stream().anyMatch(WindowBounds::excludeCurrent);
    edges = new long[frames.size() + bounds.size() + 1];
  }

  /**
   * Takes the items of a key for rows from one time to another.
   *
   * @param from the first place that the first row sees
   * @param place the place of the event that asks first, and {@code lastPlace} last
   */
  void of(Timeline line, int from, long time, long lastTime, int place, int lastPlace) {
    int count = 0;
    int to = from;
    for (Frame frame : whole ? List.<Frame>of() : frames) {
      int first = line.from(frame.bounds().firstSeen(time, frame.window()));
      int last =
          time == lastTime ? first : line.from(frame.bounds().firstSeen(lastTime, frame.window()));
      edges[count++] = edge(first, last);
    }
    for (WindowBounds bound : bounds) {
      int first = line.until(bound, time);
      int last = time == lastTime ? first : line.until(bound, lastTime);
      edges[count++] = edge(first, last);
      to = Math.max(to, last);
    }
    if (excludeCurrent) {
      edges[count++] = edge(place, lastPlace + 1);
    }
    size = 0;
    take(line, from, to, count);
  }

  private static long edge(int from, int to) {
    return (long) from << 32 | to;
  }

  private void take(Timeline line, int from, int to, int edgeCount) {
    if (whole) {
      line.addItems(from, to, this);
      return;
    }
    Arrays.sort(edges, 0, edgeCount);
    int place = from;
    for (int e = 0; e < edgeCount; e++) {
      int first = Math.min(to, (int) (edges[e] >>> 32));
      int last = Math.min(to, (int) edges[e]);
      if (first > place) {
        line.addBlocks(place, first, this);
        place = first;
      }
      if (last > place) {
        line.addItems(place, last, this);
        place = last;
      }
    }
    if (place < to) {
      line.addBlocks(place, to, this);
    }
  }

  void add(int place, int slot, long time, long events) {
    if (size == slots.length) {
      slots = Arrays.copyOf(slots, 2 * size);
      places = Arrays.copyOf(places, 2 * size);
      times = Arrays.copyOf(times, 2 * size);
      eventsBefore = Arrays.copyOf(eventsBefore, 2 * size + 1);
    }
    slots[size] = slot;
    places[size] = place;
    times[size] = time;
    eventsBefore[size + 1] = eventsBefore[size] + events;
    size++;
  }

  int size() {
    return size;
  }

  int[] slots() {
    return slots;
  }

  /** Of the first item of each piece. */
  long[] times() {
    return times;
  }

  /** The piece that is the item at a place, if there is one; looked for from {@code piece} on. */
  int piece(int place, int piece) {
    int found = piece;
    while (found < size && places[found] < place) {
      found++;
    }
    return found;
  }

  /** How many events there are from one piece to another, exclusive. */
  long events(int from, int to) {
    return eventsBefore[Math.max(from, to)] - eventsBefore[from];
  }
}
