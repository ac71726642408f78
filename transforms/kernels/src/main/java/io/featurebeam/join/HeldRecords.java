package io.featurebeam.join;

import io.featurebeam.aggregate.KeyTable;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.expression.Condition;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The records of one group in one shard that labels still to come may see, while a stream lasts.
 *
 * <p>What no open label can see goes, but for one record of each key where its age does not matter:
 * of a table the row that holds at the time of the first open label, of events any, as it says that
 * the key has some. When as many records have come as are held, what is held is gone through and
 * written anew; so it stays within one and a half times what open labels can see. Not thread-safe.
 */
final class HeldRecords {

  private static final long MINUTE = 60_000_000L;

  /** In how many steps time passes over what a label can see, while nothing else happens. */
  private static final long STEPS = 64;

  private static final int MAX_STRIDE = 20;
  private static final int CHUNK = 2 * RecordBatch.TARGET_SIZE;

  /** Of a batch that is small for its cost in the journal. */
  private static final int RECORDS_PER_BATCH = 16;

  /** One in so many of those that stay may be in the way of one that goes. */
  private static final int WORTH = 16;

  private final BoundJoin.Group group;
  private final String eventTime;
  private final List<WindowBounds> bounds = new ArrayList<>();
  private final @Nullable Condition where;

  /** Whether the latest row that a label sees stands for all before it. */
  private final boolean isLatestEnough;

  /** How long after its time a record counts, saturated. */
  private final long reach;

  private final long step;
  private final int minBatches;
  private List<Part> parts = new ArrayList<>();
  private int size;

  /** Of those held, how many stay however much time passes; as of the last time it was looked. */
  private int staying;

  /** Of those that do not, the times of the first and last; none if the first is later. */
  private long oldest = Long.MAX_VALUE;

  private long newest = Long.MIN_VALUE;

  /** Since the last sweep. */
  private int arrivedRecords;

  private int arrivedBatches;

  /** Where batches survive. */
  interface Store {
    long put(RecordBatch batch);

    void remove(long id);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Part(long id, RecordBatch batch, int[] keyOf, long[] times) {}

  /**
   * @param every how often labels are answered
   * @param minBatches so few batches are never swept
   */
  HeldRecords(BoundJoin.Group group, BoundJoin join, long every, int minBatches) {
    this.group = group;
    this.minBatches = minBatches;
    long farthest = group.spec.ttlMicros() == PointInTime.ANY_AGE ? 0 : group.spec.ttlMicros();
    if (group.spec instanceof AsOfGroup asOf) {
      eventTime = asOf.eventTime();
      bounds.add(asOf.bounds());
      where =
          asOf.where() == null
              ? null
              : AsOfRows.ofRowsAlone(asOf, group.schema, join.labelSchema(0));
      isLatestEnough = asOf.where() == null || where != null;
      farthest = Math.max(farthest, asOf.bounds().delayMicros());
    } else {
      WindowedAggregates aggregates = ((WindowGroup) group.spec).aggregates();
      eventTime = aggregates.eventTime();
      where = null;
      isLatestEnough = false;
      for (WindowedAggregates.Group windows : aggregates.groups()) {
        bounds.add(windows.bounds());
        for (Window window : windows.windows()) {
          farthest = Math.max(farthest, windows.bounds().reach(window));
        }
      }
    }
    this.reach = Completeness.plus(farthest, 1);
    this.step = Math.max(Math.max(MINUTE, every), reach / STEPS);
  }

  /**
   * Takes records whose keys have values.
   *
   * @return those that a closed label sees, if there are any; they were not taken
   */
  @Nullable RecordBatch add(
      RecordBatch records, Completeness complete, KeyTable keys, Store store) {
    RecordBatch needed = records.project(group.columns);
    LongColumn times = needed.longs(eventTime);
    if (times.nullCount() > 0 && group.spec instanceof WindowGroup) {
      throw new IllegalArgumentException(
          "Column '"
              + eventTime
              + "' has "
              + times.nullCount()
              + " nulls (an event time must not be null; reject such records with a rule before)");
    }
    Bitmap holds = where == null ? null : where.holds(needed);
    long[] late = new long[Bitmap.wordCount(records.size())];
    long[] taken = new long[late.length];
    for (int i = 0; i < records.size(); i++) {
      if (!times.isNull(i) && (holds == null || holds.get(i))) { // no label sees others
        long[] which = isLate(times.get(i), complete) ? late : taken;
        which[i >> 6] |= 1L << i;
      }
    }
    Bitmap isTaken = Bitmap.wrap(taken, records.size());
    if (!isTaken.isEmpty()) {
      RecordBatch batch = needed.select(isTaken).withPositions(Positions.unknown());
      Part part = part(store.put(batch), batch, keys);
      take(part);
      arrivedRecords += batch.size();
      arrivedBatches++;
    }
    Bitmap isLate = Bitmap.wrap(late, records.size());
    return isLate.isEmpty() ? null : records.select(isLate);
  }

  /** Whether a label that is answered would have seen it. */
  private boolean isLate(long time, Completeness complete) {
    return complete.isOver()
        || (complete.open() > Long.MIN_VALUE && isSeen(time, complete.open() - 1));
  }

  /** Whether it is not too late for a label, however old it may be. */
  private boolean isSeen(long time, long label) {
    for (WindowBounds each : bounds) {
      if (!each.endsBefore(time, label)) {
        return true;
      }
    }
    return false;
  }

  /** One that the journal has. */
  void restore(long id, RecordBatch batch, KeyTable keys) {
    take(part(id, batch, keys));
  }

  private Part part(long id, RecordBatch batch, KeyTable keys) {
    int[] keyOf = new int[batch.size()];
    keys.assign(group.keys.stream().map(batch::column).toList(), batch.size(), keyOf);
    return new Part(id, batch, keyOf, batch.longs(eventTime).values());
  }

  private void take(Part part) {
    parts.add(part);
    size += part.batch.size();
    for (int i = 0; i < part.batch.size(); i++) {
      passes(part.times[i]);
    }
  }

  /** There is a record that goes with time. */
  private void passes(long time) {
    oldest = Math.min(oldest, time);
    newest = Math.max(newest, time);
  }

  /** Hands those of some keys to the kernel that labels up to a time may see. */
  void giveTo(JoinShard kernel, int number, boolean[] asked, long last) {
    for (Part part : parts) {
      int[] rows = new int[part.batch.size()];
      int count = 0;
      for (int i = 0; i < rows.length; i++) {
        if (asked[part.keyOf[i]] && part.times[i] <= last) {
          rows[count++] = i;
        }
      }
      if (count > 0) {
        boolean all = count == rows.length;
        kernel.addRecords(number, all ? part.batch : part.batch.gather(Arrays.copyOf(rows, count)));
      }
    }
  }

  /** When nothing is left that goes with time. */
  private long outOfReach(Completeness complete) {
    return complete.closes(Completeness.plus(newest, reach));
  }

  /**
   * The event time that must be complete for it to be told so; ever longer strides where that comes
   * again and again without a record in between.
   */
  OptionalLong nextWake(Completeness complete, int wakesInARow) {
    if (newest < oldest || outOfReach(complete) <= complete.complete()) {
      return OptionalLong.empty();
    }
    long from = Math.max(complete.complete(), oldest);
    long stride = Math.min(wakesInARow, MAX_STRIDE);
    long span = step > Long.MAX_VALUE >> stride ? Long.MAX_VALUE : step << stride;
    return OptionalLong.of(Math.min(outOfReach(complete), Completeness.plus(from, span)));
  }

  boolean isTimeToSweep(Completeness complete) {
    boolean isGone = newest >= oldest && outOfReach(complete) <= complete.complete();
    return arrivedRecords > RECORDS_PER_BATCH * minBatches + size / 2
        || arrivedBatches > minBatches + size / RECORDS_PER_BATCH
        || (isGone && WORTH * (long) (size - staying) >= staying)
        || (complete.isOver() && size > 0);
  }

  /** Drops what no open label can see, and writes the rest anew. */
  void sweep(Completeness complete, KeyTable keys, Store store) {
    if (!parts.isEmpty()) {
      Part all = concat();
      parts.forEach(part -> store.remove(part.id));
      parts = new ArrayList<>();
      size = 0;
      staying = 0;
      oldest = Long.MAX_VALUE;
      newest = Long.MIN_VALUE;
      int[] kept = complete.isOver() ? new int[0] : kept(all, complete.open(), keys.size());
      for (int at = 0; at < kept.length; at += CHUNK) {
        int[] rows = Arrays.copyOfRange(kept, at, Math.min(kept.length, at + CHUNK));
        RecordBatch batch = compacted(all.batch.gather(rows));
        int[] keyOf = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
          keyOf[i] = all.keyOf[rows[i]];
        }
        parts.add(new Part(store.put(batch), batch, keyOf, batch.longs(eventTime).values()));
        size += rows.length;
      }
    }
    arrivedRecords = 0;
    arrivedBatches = 0;
  }

  private Part concat() {
    RecordBatch batch = RecordBatch.concat(parts.stream().map(Part::batch).toList());
    int[] keyOf = new int[batch.size()];
    int at = 0;
    for (Part part : parts) {
      System.arraycopy(part.keyOf, 0, keyOf, at, part.batch.size());
      at += part.batch.size();
    }
    return new Part(-1, batch, keyOf, batch.longs(eventTime).values());
  }

  /** What labels from {@code open} on may see; notes what of it goes with time. */
  private int[] kept(Part all, long open, int keys) {
    boolean anyAge = group.spec.ttlMicros() == PointInTime.ANY_AGE;
    long young = anyAge ? Long.MIN_VALUE : minus(open, group.spec.ttlMicros());
    long first =
        isLatestEnough ? Long.MIN_VALUE : Math.min(firstInWindows(open), firstAlive(young));
    Comparator<Integer> order = order(all);
    int[] lastOf = new int[keys];
    Arrays.fill(lastOf, -1);
    int[] kept = new int[all.batch.size()];
    int count = 0;
    for (int i = 0; i < kept.length; i++) {
      long time = all.times[i];
      boolean isOld = isLatestEnough ? isSeen(time, open) : time < first;
      if (!isOld) {
        kept[count++] = i;
        passes(time);
      } else if (isLatestEnough ? time >= young : anyAge) {
        int key = all.keyOf[i];
        lastOf[key] = lastOf[key] < 0 || order.compare(lastOf[key], i) < 0 ? i : lastOf[key];
      }
    }
    for (int last : lastOf) {
      if (last >= 0) {
        kept[count++] = last;
        if (anyAge) {
          staying++;
        } else {
          passes(all.times[last]);
        }
      }
    }
    return Arrays.copyOf(kept, count);
  }

  /** The first event time that a window shows to labels from {@code open} on. */
  private long firstInWindows(long open) {
    long first = Long.MAX_VALUE;
    if (group.spec instanceof WindowGroup windows) {
      for (WindowedAggregates.Group each : windows.aggregates().groups()) {
        for (Window window : each.windows()) {
          first = Math.min(first, each.bounds().firstSeen(open, window));
        }
      }
    }
    return first;
  }

  /** Age matters only where there is a ttl. */
  private long firstAlive(long young) {
    return group.spec.ttlMicros() == PointInTime.ANY_AGE ? Long.MAX_VALUE : young;
  }

  private static long minus(long time, long span) {
    return time < Long.MIN_VALUE + span ? Long.MIN_VALUE : time - span;
  }

  private Comparator<Integer> order(Part all) {
    Comparator<Integer> byTime = Comparator.comparingLong(i -> all.times[i]);
    return group.spec instanceof AsOfGroup asOf
        ? byTime.thenComparing(AsOfRows.ties(asOf, all.batch))
        : byTime;
  }

  /** Else a dictionary would keep the strings of records that are gone. */
  private static RecordBatch compacted(RecordBatch batch) {
    List<Column> columns = new ArrayList<>();
    for (Column column : batch.columns()) {
      columns.add(column instanceof BytesColumn bytes ? bytes.compacted() : column);
    }
    return RecordBatch.of(batch.schema(), batch.size(), columns);
  }

  /** Keys have other numbers now. */
  void renumber(KeyTable keys) {
    parts = new ArrayList<>(parts.stream().map(p -> part(p.id, p.batch, keys)).toList());
  }

  int size() {
    return size;
  }
}
