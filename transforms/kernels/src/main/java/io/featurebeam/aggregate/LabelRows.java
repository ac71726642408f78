package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes the features of labels from the events that they see. States take much more memory than
 * the events that they are made of, so only those of some keys are there at a time; of a key with
 * more events than that, only those of some of its labels, and what windows without a beginning
 * show of the events before is folded. Not thread-safe.
 */
final class LabelRows {

  private final BoundAggregates plan;
  private final BoundAggregates.Accumulator accumulator;

  /** How many events have states at a time, if few enough are seen. */
  private final int most;

  LabelRows(BoundAggregates plan, int maxStates) {
    this.plan = plan;
    this.accumulator = plan.new Accumulator();
    this.most = most(plan, maxStates);
  }

  static int most(BoundAggregates plan, int maxStates) {
    return Math.max(1, maxStates / Math.max(1, plan.partCount()));
  }

  LabelFeatures.Answer answer(AskedLabels asked) {
    long[] times = asked.times;
    Places places = new Places(plan, asked);
    Emitting emitting = new Emitting(places, asked.folded());
    long[] found = new long[Bitmap.wordCount(times.length)];
    int[] rowOf = new int[times.length];
    for (int key = 0, row = 0; key < asked.keys(); key++) {
      int start = asked.labels.start(key);
      long[] rowTimes = new long[asked.labels.end(key) - start];
      for (int i = 0; i < rowTimes.length; i++) {
        int label = asked.labels.order()[start + i];
        rowTimes[i] = times[label];
        rowOf[label] = row++;
      }
      emitting.emitKey(key, asked.keys(), rowTimes);
      int from = places.starts[key];
      int to = places.starts[key + 1];
      int seen = from;
      for (int i = 0; i < rowTimes.length; i++) {
        while (seen < to && plan.isSeen(places.times[seen], rowTimes[i])) {
          seen++;
        }
        boolean isFound =
            seen > from
                ? isYoung(places.times[seen - 1], rowTimes[i], asked.ttlMicros)
                : asked.ttlMicros == Long.MAX_VALUE && asked.hasSeen(key, rowTimes[i]);
        if (isFound) {
          int label = asked.labels.order()[start + i];
          found[label >> 6] |= 1L << label;
        }
      }
    }
    Bitmap isFound = Bitmap.wrap(found, times.length);
    List<Column> columns = emitting.build().stream().map(c -> picked(c, rowOf, isFound)).toList();
    return new LabelFeatures.Answer(columns, isFound);
  }

  private static boolean isYoung(long event, long time, long ttlMicros) {
    long age = time - event; // below 0 if it overflows, which is older than any ttl
    return ttlMicros == Long.MAX_VALUE || event >= time || (age >= 0 && age <= ttlMicros);
  }

  /** The values of the found rows, in the order of the labels; null for the others. */
  private static Column picked(Column column, int[] rowOf, Bitmap found) {
    if (found.isAllSet()) {
      return column.gather(rowOf);
    }
    int[] rows = rowOf.clone();
    for (int i = 0; i < rows.length; i++) {
      rows[i] = found.get(i) ? rows[i] : column.size();
    }
    return Column.concat(List.of(column, Column.nulls(column.type(), 1))).gather(rows);
  }

  /** The events of the labels' keys by key and time, each key's behind what is folded of it. */
  private static final class Places {
    final RecordBatch events;

    /** By place the row of its event; of what is folded, the negative key there, less 1. */
    final int[] rows;

    final long[] times;

    /** By key its first place. */
    final int[] starts;

    Places(BoundAggregates plan, AskedLabels asked) {
      events = asked.seen();
      int size = events.size();
      int keys = asked.keys();
      long[] eventTimes = plan.times(events);
      KeyedItems items =
          KeyedItems.sort(
              size,
              keys,
              asked.keysOf(events),
              eventTimes,
              EventAggregator.order(plan.ties(events)));
      starts = new int[keys + 1];
      for (int key = 0; key < keys; key++) {
        int places = items.end(key) - items.start(key) + (asked.foldedKey(key) < 0 ? 0 : 1);
        starts[key + 1] = starts[key] + places;
      }
      rows = starts[keys] == size ? items.order() : rows(asked, items);
      times = new long[rows.length];
      FoldedEvents folded = asked.folded();
      for (int place = 0; place < rows.length; place++) {
        times[place] =
            rows[place] >= 0 || folded == null
                ? eventTimes[rows[place]]
                : folded.last(-1 - rows[place]);
      }
    }

    private int[] rows(AskedLabels asked, KeyedItems items) {
      int[] all = new int[starts[asked.keys()]];
      for (int key = 0; key < asked.keys(); key++) {
        int count = items.end(key) - items.start(key);
        int behind = starts[key + 1] - count;
        if (behind > starts[key]) {
          all[starts[key]] = -1 - asked.foldedKey(key);
        }
        System.arraycopy(items.order(), items.start(key), all, behind, count);
      }
      return all;
    }

    boolean isFolded(int place) {
      return rows[place] < 0;
    }
  }

  /** Makes the rows of one key after the other. */
  private final class Emitting {
    private final Places places;
    private final WindowEmitter emitter = new WindowEmitter(plan);
    private final @Nullable FoldedEvents folded;

    /** Of a key with many events those before some label, as its key 0. */
    private @Nullable FoldedEvents before;

    /** The states of the events at the places up to {@code end}, and which is whose. */
    private States[] states = {};

    private final int[] slots;
    private int end;
    private int[] none = {};

    Emitting(Places places, @Nullable FoldedEvents folded) {
      this.places = places;
      this.folded = folded;
      this.slots = new int[places.rows.length];
    }

    void emitKey(int key, int keys, long[] rowTimes) {
      int from = places.starts[key];
      int to = places.starts[key + 1];
      if (to - from > most) {
        if (plan.isFinite()) {
          emitInRuns(from, to, rowTimes);
        } else {
          emitFolding(from, to, rowTimes);
        }
        return;
      }
      if (to > end) {
        int last = key;
        while (last + 1 < keys && places.starts[last + 2] - from <= most) {
          last++;
        }
        accumulate(from, places.starts[last + 1]);
      }
      emit(from, to, rowTimes, from < to && places.isFolded(from) ? folded : null);
    }

    /**
     * As many rows at a time as see no more than {@code most} events together, or twice as many as
     * the first of them alone: so an event is in few runs however long windows are.
     */
    private void emitInRuns(int from, int to, long[] rowTimes) {
      int left = from;
      int right = from;
      for (int row = 0; row < rowTimes.length; ) {
        long first = plan.firstSeen(rowTimes[row]);
        while (left < to && places.times[left] < first) {
          left++;
        }
        right = end(Math.max(left, right), to, rowTimes[row]);
        int until = runEnd(row, left, right, to, rowTimes);
        right = end(right, to, rowTimes[until - 1]);
        accumulate(left, right);
        emit(left, right, Arrays.copyOfRange(rowTimes, row, until), null);
        row = until;
      }
    }

    /** The same behind the events that are folded, which come to be more from run to run. */
    private void emitFolding(int from, int to, long[] rowTimes) {
      FoldedEvents old = before == null ? new FoldedEvents(plan) : before;
      before = old;
      old.clear(0);
      int done = from;
      if (folded != null && places.isFolded(from)) {
        old.set(0, folded, -1 - places.rows[from]);
        done++;
      }
      int left = done;
      int right = done;
      for (int row = 0; row < rowTimes.length; ) {
        long first = old.firstToldApart(rowTimes[row]);
        while (left < to && places.times[left] < first) {
          left++;
        }
        int fold = Math.max(done, left - old.latest());
        for (; done < fold; done = end) {
          accumulate(done, Math.min(fold, done + most));
          old.fold(0, states, slots, places.times, done, end);
        }
        right = end(Math.max(done, right), to, rowTimes[row]);
        int until = runEnd(row, done, right, to, rowTimes);
        right = end(right, to, rowTimes[until - 1]);
        accumulate(done, right);
        long[] times = Arrays.copyOfRange(rowTimes, row, until);
        if (old.has(0)) { // it takes the place of the last event that it holds
          slots[done - 1] = right - done;
          put(old, 0, right - done);
          emit(done - 1, right, times, old);
        } else {
          emit(done, right, times, null);
        }
        row = until;
      }
    }

    /** Behind the last row of a run that begins with this row and place. */
    private int runEnd(int row, int from, int right, int to, long[] rowTimes) {
      long enough = Math.max(most, 2L * (right - from));
      int until = row + 1;
      int more = right;
      while (until < rowTimes.length) {
        more = end(more, to, rowTimes[until]);
        if (more - from > enough) {
          break;
        }
        until++;
      }
      return until;
    }

    /** The first place whose event a row does not see. */
    private int end(int from, int to, long rowTime) {
      int place = from;
      while (place < to && plan.isSeen(places.times[place], rowTime)) {
        place++;
      }
      return place;
    }

    private void accumulate(int from, int to) {
      int[] rows = new int[to - from];
      int count = 0;
      for (int place = from; place < to; place++) {
        if (!places.isFolded(place)) {
          slots[place] = count;
          rows[count++] = places.rows[place];
        }
      }
      RecordBatch some = places.events.gather(Arrays.copyOf(rows, count));
      states = EventAggregator.accumulate(plan, accumulator, some);
      for (int place = from, slot = count; count < rows.length && place < to; place++) {
        if (folded != null && places.isFolded(place)) {
          slots[place] = slot;
          put(folded, -1 - places.rows[place], slot);
          slot += folded.width();
        }
      }
      end = to;
    }

    private void put(FoldedEvents from, int key, int slot) {
      for (States part : states) {
        part.ensure(slot + from.width());
      }
      from.copy(key, states, slot);
    }

    /**
     * @param at what is folded at the first of these places; null for nothing
     */
    private void emit(int from, int to, long[] rowTimes, @Nullable FoldedEvents at) {
      if (none.length < rowTimes.length) {
        none = new int[States.grown(none.length, rowTimes.length)];
        Arrays.fill(none, -1);
      }
      int rows = rowTimes.length;
      if (at == null) {
        emitter.emit(states, slots, from, to, places.times, rowTimes, none, rows);
        return;
      }
      int slot = slots[from];
      for (int frame = 0; frame < plan.frames().size(); frame++) {
        slots[from] = slot + at.windowOf(frame);
        emitter.emitFrame(frame, states, slots, from, to, places.times, rowTimes, none, rows);
      }
      slots[from] = slot;
    }

    List<Column> build() {
      return emitter.build();
    }
  }
}
