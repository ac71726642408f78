package io.featurebeam.aggregate;

import io.featurebeam.aggregate.LabelFeatures.Answer;
import io.featurebeam.aggregate.LabelFeatures.Limits;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The features of labels where events are on local disk: labels are answered in order of time, as
 * many at once as ask for no more than {@link Limits} allow, or for twice as many events as the
 * first of them alone; so not even of one key all events are in memory, and each is read few times.
 * Events before those that labels tell apart are folded for windows without a beginning. Not
 * thread-safe.
 */
final class SpilledFeatures implements Closeable {

  private final BoundAggregates plan;
  private final Limits limits;
  private final SpilledRecords events;
  private final LabelRows rows;
  private final BoundAggregates.Accumulator accumulator;

  /** The keys of all labels. */
  private final KeyTable table;

  /** By key the last time of a label. */
  private long[] last = {};

  /** By key whether it has events, and the time of the earliest; once it is known. */
  private boolean[] hasEvents = {};

  private long[] earliest = {};
  private boolean isKnown;

  /** Events before {@code done}; null if no window asks for them. */
  private final @Nullable FoldedEvents folded;

  private long done = Long.MIN_VALUE;

  /** Events before {@code done} that are not folded, as some window counts them. */
  private @Nullable RecordBatch latest;

  SpilledFeatures(BoundAggregates plan, Limits limits) {
    this.plan = plan;
    this.limits = limits;
    events =
        new SpilledRecords(
            plan.spec().eventTime(),
            Path.of(System.getProperty("java.io.tmpdir")),
            limits.blockRows());
    rows = new LabelRows(plan, limits.states());
    accumulator = plan.new Accumulator();
    table = new KeyTable(plan.keyTypes());
    folded = plan.isFinite() ? null : new FoldedEvents(plan);
  }

  /** Adds events, and forgets the batches. */
  void add(Collection<RecordBatch> batches) {
    batches.forEach(plan::times); // checks them
    events.addAll(batches);
  }

  /** Notes labels that will be asked about. */
  void expect(List<Column> keys, long[] times) {
    int[] ids = new int[times.length];
    table.assign(keys, times.length, ids);
    int known = last.length;
    if (table.size() > known) {
      int length = States.grown(known, table.size());
      last = Arrays.copyOf(last, length);
      Arrays.fill(last, known, length, Long.MIN_VALUE);
      earliest = Arrays.copyOf(earliest, length);
      Arrays.fill(earliest, known, length, Long.MAX_VALUE);
      hasEvents = Arrays.copyOf(hasEvents, length);
    }
    for (int i = 0; i < ids.length; i++) {
      last[ids[i]] = Math.max(last[ids[i]], times[i]);
    }
  }

  /** The features of labels that were expected, and are not before those of earlier calls. */
  Answer answer(List<Column> keys, long[] times, long ttlMicros) {
    int size = times.length;
    if (size == 0) {
      return rows.answer(new AskedLabels(plan, keys, times, ttlMicros));
    }
    if (folded == null && ttlMicros == Long.MAX_VALUE && !isKnown) {
      events.read(Long.MIN_VALUE, Long.MAX_VALUE, this::know); // any counts, seen or not
      isKnown = true;
    }
    int[] ids = new int[size];
    table.find(keys, size, ids);
    int[] byTime = KeyedItems.sort(size, 1, new int[size], times, Integer::compare).order();
    List<List<Column>> columns = new ArrayList<>();
    long[] found = new long[Bitmap.wordCount(size)];
    int[] places = new int[size];
    for (int at = 0; at < size; ) {
      long first = from(times[byTime[at]], ttlMicros);
      int[] labels = Arrays.copyOfRange(byTime, at, sliceEnd(first, times, byTime, at));
      Answer answer = rows.answer(asked(first, keys, times, labels, ids, ttlMicros));
      columns.add(answer.columns());
      for (int i = 0; i < labels.length; i++) {
        places[labels[i]] = at + i;
        found[labels[i] >> 6] |= answer.found().get(i) ? 1L << labels[i] : 0;
      }
      at += labels.length;
    }
    List<Column> whole = new ArrayList<>();
    for (int c = 0; c < columns.get(0).size(); c++) {
      int feature = c;
      List<Column> parts = columns.stream().map(part -> part.get(feature)).toList();
      whole.add(Column.concat(parts).gather(places));
    }
    return new Answer(whole, Bitmap.wrap(found, size));
  }

  /** The time of the first event that must be there to answer a label. */
  private long from(long time, long ttlMicros) {
    return folded == null
        ? AskedLabels.from(plan, time, ttlMicros)
        : Math.min(folded.firstToldApart(time), AskedLabels.alive(time, ttlMicros));
  }

  private int sliceEnd(long first, long[] times, int[] byTime, int at) {
    long enough = Math.max(limits.bytes(), 2 * events.bytes(first, times[byTime[at]]));
    int low = at + 1;
    int high = byTime.length;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (events.bytes(first, times[byTime[middle - 1]]) <= enough) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Some of the labels with the events that they see. */
  private AskedLabels asked(
      long first, List<Column> keys, long[] times, int[] labels, int[] ids, long ttlMicros) {
    int[] idOf = Arrays.stream(labels).map(label -> ids[label]).toArray();
    long[] someTimes = Arrays.stream(labels).mapToLong(label -> times[label]).toArray();
    List<Column> someKeys = keys.stream().map(column -> column.gather(labels)).toList();
    AskedLabels some = new AskedLabels(plan, someKeys, someTimes, ttlMicros);
    for (int i = 0; i < idOf.length; i++) {
      if (hasEvents[idOf[i]]) {
        some.know(some.keyOf(i), earliest[idOf[i]]);
      }
    }
    if (folded != null) {
      foldUntil(first);
      some.setFolded(folded, idOf);
      if (latest != null) {
        some.add(latest);
      }
    }
    events.read(first, someTimes[someTimes.length - 1], some::add);
    return some;
  }

  private void know(RecordBatch block) {
    int[] ids = new int[block.size()];
    table.find(plan.keyColumns(block), ids.length, ids);
    long[] times = plan.times(block);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] >= 0) {
        hasEvents[ids[i]] = true;
        earliest[ids[i]] = Math.min(earliest[ids[i]], times[i]);
      }
    }
  }

  /** Folds the events before this time, as many at once as {@code limits} allow. */
  private void foldUntil(long first) {
    while (done < first) {
      long end = events.end(done, first - 1, limits.bytes());
      List<RecordBatch> some = new ArrayList<>();
      events.read(done, end, block -> some.add(asked(block)));
      if (!some.isEmpty()) {
        if (latest != null) {
          some.add(latest);
        }
        fold(RecordBatch.concat(some));
      }
      done = end + 1;
    }
  }

  /** The events that some label sees. */
  private RecordBatch asked(RecordBatch block) {
    int[] ids = new int[block.size()];
    table.find(plan.keyColumns(block), ids.length, ids);
    long[] times = plan.times(block);
    return block.select(
        Bitmap.of(ids.length, i -> ids[i] >= 0 && plan.isSeen(times[i], last[ids[i]])));
  }

  private void fold(RecordBatch batch) {
    int size = batch.size();
    int[] ids = new int[size];
    table.find(plan.keyColumns(batch), size, ids);
    long[] times = plan.times(batch);
    KeyedItems items =
        KeyedItems.sort(size, table.size(), ids, times, EventAggregator.order(plan.ties(batch)));
    int[] fold = new int[size];
    int[] keep = new int[size];
    int folds = 0;
    int keeps = 0;
    for (int key = 0; key < table.size(); key++) {
      int to = items.end(key);
      for (int place = items.start(key); place < to; place++) {
        if (to - place > folded.latest()) {
          fold[folds++] = items.order()[place];
        } else {
          keep[keeps++] = items.order()[place];
        }
      }
    }
    int most = LabelRows.most(plan, limits.states());
    for (int at = 0; at < folds; at += most) {
      fold(batch, Arrays.copyOfRange(fold, at, Math.min(folds, at + most)), ids, times);
    }
    latest = keeps == 0 ? null : batch.gather(Arrays.copyOf(keep, keeps));
  }

  /** Folds some rows, which are by key and time. */
  private void fold(RecordBatch batch, int[] some, int[] ids, long[] times) {
    States[] states = EventAggregator.accumulate(plan, accumulator, batch.gather(some));
    long[] someTimes = new long[some.length];
    int[] slots = new int[some.length];
    for (int i = 0; i < some.length; i++) {
      someTimes[i] = times[some[i]];
      slots[i] = i;
    }
    for (int from = 0, to = 0; from < some.length; from = to) {
      while (to < some.length && ids[some[to]] == ids[some[from]]) {
        to++;
      }
      folded.fold(ids[some[from]], states, slots, someTimes, from, to);
    }
  }

  @Override
  public void close() {
    events.close();
  }
}
