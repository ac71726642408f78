package io.featurebeam.aggregate;

import io.featurebeam.aggregate.LiveRows.Pane;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Journal;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The features of one shard of keys while its events arrive, in any order and at any pace. Not
 * thread-safe.
 *
 * <p><b>What comes out.</b> With {@code everyEvent} a row for each event at once, and again each
 * row that a later arrival changes. With {@code every} and {@code windowClose} the rows of a hop
 * once its end is complete, again each that a late event changes, and at the end of the allowed
 * lateness all of them, final. Before all of these come {@link #early}, whenever that is asked for,
 * the rows of hops that are not complete. Rows have the columns of the batch plan and more:
 *
 * <ul>
 *   <li>{@code revision}: how many events of the key the row has seen, over its longest window. So
 *       a row with more replaces one with less, also after a restart; the highest equals the row of
 *       a batch run over the same events.
 *   <li>{@code final}: whether no further revision comes. A row of {@code everyEvent} cannot know.
 *   <li>{@code pane}, not with {@code everyEvent}: {@code early} before the hop (or session) is
 *       complete, {@code on_time} at the moment it is, {@code late} after that. A row that only a
 *       late event made has no other. The pane's number is the revision; with the same number the
 *       values are the same, and the later pane says more of them.
 * </ul>
 *
 * <p>With {@code windowClose} over sessions a session's row comes once, final, when it is over: the
 * stream is complete up to its end for longer than the lateness.
 *
 * <p>A delete (see {@link Changes}), and an event that {@link WindowedAggregates#rowsWhere} leaves
 * out, has no row, and changes those of others all the same; of it no record is kept once the
 * journal is written anew.
 *
 * <p><b>Late.</b> {@link #wake} tells up to which time the stream is complete. An event is late if
 * the first row that sees it is closed: complete for longer than the allowed lateness. Late events
 * are handed back, and nothing else is done with them. With a row per session an event is late like
 * one of {@code everyEvent}: if it is complete for longer than that. So none that is taken can
 * belong to a session whose row is out: with gap g, last event l and lateness d, the row came at a
 * time c of completeness with {@code l + g - 1 + d <= c}; what is taken then or later is at {@code
 * e > c - d}, so {@code e >= l + g}, which begins another session.
 *
 * <p><b>State.</b> What has arrived goes to a {@link Journal} as it is, and this object is what is
 * computed from it: another one that {@link #restore restores} the journal goes on in its place. An
 * event costs one append; when as many events have come as the shard holds, what no window reaches
 * any more is dropped and the journal is written anew, with accumulated states in place of records
 * that are closed. So both stay within twice what the windows reach back over. The events of a
 * session are held until it is over.
 */
public final class LiveShard {

  /**
   * What is not in the journal's batches.
   *
   * @param nextId the next id in the journal
   * @param complete the last event time, in microseconds, up to which the stream is complete
   */
  public record Meta(long nextId, long complete) implements Serializable {
    /** Before anything has arrived. */
    public static final Meta NEW = new Meta(0, Long.MIN_VALUE);
  }

  private static final long MINUTE = 60_000_000L;
  private static final int MIN_SWEPT_BATCHES = 256;

  /** As a power of two. */
  private static final int MAX_STRIDE = 20;

  /** Of a batch that is small for its cost in the journal. */
  private static final int EVENTS_PER_BATCH = 16;

  private static final List<Field> ITEM_FIELDS =
      List.of(
          Field.required("time", FieldType.INT64),
          Field.required("sequence", FieldType.INT64),
          Field.required("hash", FieldType.INT64),
          Field.required("events", FieldType.INT64));

  private final BoundAggregates plan;
  private final long lateness;
  private final int minSweptBatches;
  private final boolean everyEvent;
  private final boolean early;
  private final long step;
  private final long finiteReach;
  private final TileGrid hops;
  private final TileGrid seenHops;

  /** With a row per session. */
  private final @Nullable Window session;

  private final FirstSeen firstSeen;
  private final BoundAggregates.Accumulator accumulator;
  private final RecordSchema itemSchema;
  private final LiveItems items;
  private final LiveRows rows;
  private KeyTable keys;
  private @Nullable Timeline[] lines = {};

  /** With {@code everyEvent}: steps of time in which an event is open. */
  private final TreeSet<Long> openSteps = new TreeSet<>();

  /** One of them, if not the least number there is: the step of the last event. */
  private long lastStep = Long.MIN_VALUE;

  /**
   * Else: the keys of each hop that is not closed, by its end; of a key its first session alone.
   */
  private final TreeMap<Long, Set<Integer>> openHops = new TreeMap<>();

  /** Of hops that are not complete: the keys whose row has changed since it was shown, by end. */
  private final TreeMap<Long, Set<Integer>> unshown = new TreeMap<>();

  /** The journal's batches. */
  private final List<Long> journaled = new ArrayList<>();

  private long nextId;
  private long complete;

  /** The latest time of an event that no sweep has found out of reach. */
  private long newest = Long.MIN_VALUE;

  /** Since the last sweep. */
  private long arrivedEvents;

  private long arrivedBatches;

  private int wakesInARow;

  /** How many batches have come; marks the items of the one at hand. */
  private int arrival;

  /**
   * Of the batch at hand: its keys, and per key the last of its records, each with the one before.
   */
  private int[] touched = {};

  private int touchedCount;
  private int[] lastOfKey = {};
  private int[] before = {};
  private int[] ids = {};
  private int[] slots = {};
  private long[] itemTimes = {};
  private long[] newTimes = {};

  /**
   * @param latenessMicros for how long after its end a hop, or after its time a row, still takes
   *     events
   */
  public LiveShard(BoundAggregates plan, long latenessMicros) {
    this(plan, latenessMicros, MIN_SWEPT_BATCHES);
  }

  /** Sweeps after so few batches, where little is held. */
  LiveShard(BoundAggregates plan, long latenessMicros, int minSweptBatches) {
    if (latenessMicros < 0) {
      throw new IllegalArgumentException(
          "Invalid lateness: " + latenessMicros + " microseconds (must be >= 0)");
    }
    this.plan = plan;
    this.lateness = latenessMicros;
    this.minSweptBatches = minSweptBatches;
    this.everyEvent = plan.spec().emission().kind() == Emission.Kind.EVERY_EVENT;
    this.early = plan.spec().emission().earlyMicros() > 0;
    this.step = Math.max(1000, Math.min(MINUTE, plan.spec().reach() / 256 / 1000 * 1000));
    this.finiteReach = plan.finiteReach();
    this.hops = plan.hops();
    this.seenHops = plan.seenHops();
    this.session = plan.isSessionClose() ? plan.frames().get(0).window() : null;
    this.firstSeen = new FirstSeen(plan);
    this.accumulator = plan.new Accumulator();
    this.items = new LiveItems(plan.newStates());
    this.rows = new LiveRows(plan, items);
    this.keys = new KeyTable(plan.keyTypes());
    this.itemSchema = itemSchema(plan, items.states());
    load(Meta.NEW);
  }

  /** The columns of the rows; refuses names that are taken. */
  public static RecordSchema rowSchema(BoundAggregates plan) {
    return LiveRows.schema(plan);
  }

  private static RecordSchema itemSchema(BoundAggregates plan, States[] states) {
    List<Field> fields = new ArrayList<>(ITEM_FIELDS);
    fields.addAll(TileAggregator.keyFields(plan));
    fields.addAll(TileAggregator.partFields(states));
    return RecordSchema.of(fields);
  }

  private void load(Meta meta) {
    nextId = meta.nextId();
    complete = meta.complete();
  }

  /** To go on from later, with the journal's batches. */
  public Meta meta() {
    return new Meta(nextId, complete);
  }

  /**
   * Goes on where another object left off; nothing comes out. Only before anything else. Records
   * may have been saved with other columns beside those that are aggregated: what they lack is
   * null.
   */
  public void restore(Meta meta, Map<Long, RecordBatch> journal) {
    load(meta);
    journal.forEach(
        (id, batch) -> {
          journaled.add(id);
          if (batch.schema().equals(itemSchema)) {
            takeItems(batch);
          } else {
            take(plan.conform(batch));
          }
        });
    arrivedEvents = 0;
    if (early) { // as nobody knows what was shown
      openHops.forEach((end, open) -> open.forEach(key -> changeEarly(end, key)));
    }
    if (session != null) {
      for (int key = 0; key < keys.size(); key++) {
        forgetFirst(key, line(key), firstOpenSession(line(key), session));
      }
    }
  }

  /**
   * Takes records, whose event time must not be null.
   *
   * @return those that are late, if there are any; they were not taken
   */
  public @Nullable RecordBatch add(
      RecordBatch records, Journal journal, Consumer<RecordBatch> out) {
    long[] times = plan.times(records);
    Bitmap late = Bitmap.of(records.size(), i -> isClosed(times[i]));
    RecordBatch accepted = late.isEmpty() ? records : records.select(late.not());
    wakesInARow = 0;
    if (accepted.size() > 0) {
      write(accepted, journal);
      arrivedBatches++;
      take(accepted);
      for (int t = 0; t < touchedCount; t++) {
        emitChanged(touched[t]);
        if (rows.isFull()) {
          rows.flush(keys, out);
        }
      }
      rows.flush(keys, out);
      if (isTimeToSweep()) {
        sweep(journal);
      }
    }
    return late.isEmpty() ? null : records.select(late);
  }

  private void take(RecordBatch batch) {
    for (int t = 0; t < touchedCount; t++) {
      lastOfKey[touched[t]] = -1;
    }
    touchedCount = 0;
    int size = batch.size();
    if (ids.length < size) {
      ids = new int[size];
      slots = new int[size];
      itemTimes = new long[size];
      before = new int[size];
      newTimes = new long[size];
      touched = new int[size];
    }
    arrival++;
    arrivedEvents += size;
    keys.assign(plan.keyColumns(batch), size, ids);
    if (lastOfKey.length < keys.size()) {
      int old = lastOfKey.length;
      lastOfKey = Arrays.copyOf(lastOfKey, States.grown(old, keys.size()));
      Arrays.fill(lastOfKey, old, lastOfKey.length, -1);
    }
    long[] times = batch.longs(plan.spec().eventTime()).values();
    if (plan.isTiled()) {
      takeTiles(times, size);
    } else {
      takeEvents(batch, times, size);
    }
    for (int i = 0; i < size; i++) {
      items.addEvents(slots[i], 1);
      open(ids[i], times[i]);
      int key = ids[i];
      if (lastOfKey[key] < 0) {
        touched[touchedCount++] = key;
      }
      before[i] = lastOfKey[key];
      lastOfKey[key] = i;
    }
    accumulator.accumulate(batch, items.states(), slots);
  }

  private void takeTiles(long[] times, int size) {
    TileGrid grid = plan.grid();
    for (int i = 0; i < size; i++) {
      long start = grid.start(grid.tile(times[i]));
      Timeline line = line(ids[i]);
      int slot = line.changing(start);
      if (slot < 0) {
        slot = items.add(0, 0, arrival);
        line.insert(slot, start);
      }
      slots[i] = slot;
      itemTimes[i] = start;
    }
  }

  private void takeEvents(RecordBatch batch, long[] times, int size) {
    Inputs.Ties ties = plan.ties(batch);
    Bitmap asking = accumulator.asking(batch);
    for (int i = 0; i < size; i++) {
      slots[i] = items.add(ties.sequence()[i], ties.contentHash()[i], arrival);
      itemTimes[i] = times[i];
      line(ids[i]).insert(slots[i], times[i]);
      if (everyEvent && (asking == null || asking.get(i))) {
        items.setRecord(slots[i], batch, i);
      }
    }
  }

  private void takeItems(RecordBatch batch) {
    int size = batch.size();
    int first = ITEM_FIELDS.size();
    int keyCount = plan.keyTypes().size();
    int[] keyIds = new int[size];
    keys.assign(batch.columns().subList(first, first + keyCount), size, keyIds);
    long[] times = batch.longs("time").values();
    long[] sequences = batch.longs("sequence").values();
    long[] hashes = batch.longs("hash").values();
    long[] events = batch.longs("events").values();
    int[] itemSlots = new int[size];
    for (int i = 0; i < size; i++) {
      Timeline line = line(keyIds[i]);
      int slot = plan.isTiled() ? line.changing(times[i]) : -1;
      if (slot < 0) {
        slot = items.add(sequences[i], hashes[i], arrival);
        line.insert(slot, times[i]);
      }
      itemSlots[i] = slot;
      items.addEvents(slot, events[i]);
      open(keyIds[i], times[i]);
    }
    List<Column> columns = batch.columns();
    States.mergeSaved(items.states(), columns.subList(first + keyCount, columns.size()), itemSlots);
  }

  private Timeline line(int key) {
    if (key >= lines.length) {
      lines = Arrays.copyOf(lines, States.grown(lines.length, key + 1));
    }
    Timeline line = lines[key];
    if (line == null) {
      line = new Timeline(items);
      lines[key] = line;
    }
    return line;
  }

  /** Remembers that there is something to do when the row is complete, or closed. */
  private void open(int key, long time) {
    if (outOfReach(time) > complete) {
      newest = Math.max(newest, time);
    }
    if (everyEvent) {
      long number = Math.floorDiv(time, step);
      if (number != lastStep && !isLongComplete(endOfStep(number))) {
        openSteps.add(number);
        lastStep = number;
      }
    } else if (session != null) {
      openSession(key, time + session.micros());
    } else if (!isLongComplete(lastOf(hopEnd(time)))) {
      openHops.computeIfAbsent(hopEnd(time), e -> new LinkedHashSet<>()).add(key);
    }
  }

  /** The first session of a key may end then. */
  private void openSession(int key, long end) {
    Timeline line = line(key);
    boolean isFirst = line.firstEnd() == Timeline.NO_END || end < line.firstEnd();
    if (!isFirst || isLongComplete(end - 1)) {
      return;
    }
    Set<Integer> others = openHops.get(line.firstEnd());
    if (others != null) {
      others.remove(key);
      if (others.isEmpty()) {
        openHops.remove(line.firstEnd());
      }
    }
    line.setFirstEnd(end);
    openHops.computeIfAbsent(end, e -> new LinkedHashSet<>()).add(key);
  }

  private long hopEnd(long time) {
    return hops.end(hops.tile(time));
  }

  /** The last event time that the row of a hop sees. */
  private long lastOf(long hopEnd) {
    return seenHops.rightClosed() ? hopEnd : hopEnd - 1;
  }

  /** Whether the first row that sees an event is closed. */
  private boolean isClosed(long time) {
    boolean byItself = everyEvent || session != null;
    return isLongComplete(byItself ? time : lastOf(seenHops.end(seenHops.tile(time))));
  }

  /** For longer than the allowed lateness. */
  private boolean isLongComplete(long time) {
    return complete > Long.MIN_VALUE && plus(time, lateness) <= complete;
  }

  /** Saturates. */
  private static long plus(long time, long span) {
    return time > Long.MAX_VALUE - span ? Long.MAX_VALUE : time + span;
  }

  /** The rows of a key that what is new in it makes or changes, as far as they are out already. */
  private void emitChanged(int key) {
    if (session != null) {
      return; // which nothing changes once it is out
    }
    Timeline line = line(key);
    firstSeen.begin(line);
    int count = 0;
    for (int i = lastOfKey[key]; i >= 0; i = before[i]) {
      newTimes[count++] = itemTimes[i];
    }
    Arrays.sort(newTimes, 0, count);
    int seen = -1; // the last new time that the row sees
    long lastHop = Long.MIN_VALUE;
    for (int place = line.from(firstAsking(newTimes[0]), line.size() - 1);
        place < line.size();
        place++) {
      long time = line.time(place);
      if (!everyEvent) {
        long end = hopEnd(time);
        if (lastOf(end) > complete && !early) {
          break; // this hop and those after it come out when they are complete
        }
        if (end == lastHop) {
          continue;
        }
        lastHop = end;
        time = end;
      }
      while (seen + 1 < count && plan.isSeen(newTimes[seen + 1], time)) {
        seen++;
      }
      long first = firstSeen.at(time);
      if (first > newTimes[count - 1] && line.time(place) > newTimes[count - 1]) {
        break; // nor does any row after it see what is new
      }
      if (everyEvent && !items.hasRecord(line.slot(place))) {
        continue; // of an open event: it has no row
      }
      boolean changed = seen >= 0 && newTimes[seen] >= first;
      if (changed || isOwnRow(line, place)) {
        if (!everyEvent && lastOf(time) > complete) {
          changeEarly(time, key);
        } else {
          rows.add(time, everyEvent ? place : -1);
        }
      }
    }
    rows.compute(key, line, false, Pane.LATE);
  }

  private void changeEarly(long hopEnd, int key) {
    if (lastOf(hopEnd) > complete) {
      unshown.computeIfAbsent(hopEnd, e -> new LinkedHashSet<>()).add(key);
    }
  }

  /** Whether {@link #early} has rows to show. */
  public boolean hasEarly() {
    return !unshown.isEmpty();
  }

  /** Shows the rows of hops that are not complete, as far as they have changed since. */
  public void early(Consumer<RecordBatch> out) {
    unshown.forEach(
        (end, changed) -> {
          for (int key : changed) {
            rows.add(end, -1);
            rows.compute(key, line(key), false, Pane.EARLY);
            if (rows.isFull()) {
              rows.flush(keys, out);
            }
          }
        });
    rows.flush(keys, out);
    unshown.clear();
  }

  /** The first time at which an item may have a row that sees an event. */
  private long firstAsking(long event) {
    if (everyEvent) {
      return event;
    }
    long end = seenHops.end(seenHops.tile(event));
    return end < Long.MIN_VALUE + hops.micros() ? Long.MIN_VALUE : end - hops.micros();
  }

  /** Whether a row is there because of an item that is new. */
  private boolean isOwnRow(Timeline line, int place) {
    if (everyEvent) {
      return items.arrival(line.slot(place)) == arrival;
    }
    long end = hopEnd(line.time(place));
    for (int i = place; i < line.size() && hopEnd(line.time(i)) == end; i++) {
      if (items.arrival(line.slot(i)) == arrival) {
        return true;
      }
    }
    return false;
  }

  /**
   * The event time that must be complete for {@link #wake} to have something to do; {@link
   * Long#MAX_VALUE} if that is the end of the stream, or nothing is held.
   */
  public long nextWake() {
    long next = outOfReach();
    if (!openSteps.isEmpty()) {
      // Woken again and again without an event in between, it is behind: ever longer strides then.
      long last = openSteps.first() + (1L << Math.min(wakesInARow, MAX_STRIDE)) - 1;
      next =
          Math.min(
              next, plus(endOfStep(openSteps.floor(Math.max(last, openSteps.first()))), lateness));
    }
    if (session != null && !openHops.isEmpty()) {
      long last = Math.max(lastOf(openHops.firstKey()), Long.MIN_VALUE + 1); // which is after none
      next = Math.min(next, plus(last, lateness));
    } else if (!openHops.isEmpty()) {
      next = Math.min(next, plus(lastOf(openHops.firstKey()), lateness));
      Long notOut = openHops.higherKey(seenHops.rightClosed() ? complete : plus(complete, 1));
      next = notOut == null ? next : Math.min(next, lastOf(notOut));
    }
    return next;
  }

  private long endOfStep(long number) {
    return number >= Long.MAX_VALUE / step ? Long.MAX_VALUE : (number + 1) * step - 1;
  }

  /** All events up to this time, in microseconds, have arrived, but for late ones. */
  public void wake(long newComplete, Journal journal, Consumer<RecordBatch> out) {
    if (newComplete <= complete) {
      return;
    }
    long old = complete;
    complete = newComplete;
    wakesInARow++;
    if (everyEvent) {
      while (!openSteps.isEmpty() && isLongComplete(endOfStep(openSteps.first()))) {
        openSteps.pollFirst();
      }
      lastStep = Long.MIN_VALUE;
    } else if (session != null) {
      emitSessions(session, out);
    } else {
      emitHops(old, out);
    }
    if (isTimeToSweep()) {
      sweep(journal);
    }
  }

  private void emitHops(long old, Consumer<RecordBatch> out) {
    List<Long> closed = new ArrayList<>();
    for (Map.Entry<Long, Set<Integer>> hop : openHops.entrySet()) {
      long end = hop.getKey();
      if (lastOf(end) > complete) {
        break;
      }
      boolean isFinal = isLongComplete(lastOf(end));
      if (isFinal) {
        closed.add(end);
      }
      if (isFinal || lastOf(end) > old) {
        for (int key : hop.getValue()) {
          rows.add(end, -1);
          rows.compute(key, line(key), isFinal, lastOf(end) > old ? Pane.ON_TIME : Pane.LATE);
          if (rows.isFull()) {
            rows.flush(keys, out);
          }
        }
      }
    }
    rows.flush(keys, out);
    closed.forEach(openHops::remove);
    while (!unshown.isEmpty() && lastOf(unshown.firstKey()) <= complete) {
      unshown.pollFirstEntry();
    }
  }

  private void emitSessions(Window window, Consumer<RecordBatch> out) {
    while (!openHops.isEmpty() && isLongComplete(lastOf(openHops.firstKey()))) {
      for (int key : openHops.pollFirstEntry().getValue()) {
        Timeline line = line(key);
        line.setFirstEnd(Timeline.NO_END);
        int open = firstOpenSession(line, window);
        for (int first = 0; first < open; ) {
          int last = line.sessionLast(window, first);
          rows.add(line.time(last) + window.micros(), first);
          first = last + 1;
        }
        rows.compute(key, line, true, Pane.ON_TIME);
        forgetFirst(key, line, open);
        if (line.size() > 0) {
          openSession(key, line.time(line.sessionLast(window, 0)) + window.micros());
        }
        if (rows.isFull()) {
          rows.flush(keys, out);
        }
      }
    }
    rows.flush(keys, out);
  }

  /** The place at which the first session begins that is not over. */
  private int firstOpenSession(Timeline line, Window window) {
    int first = 0;
    while (first < line.size()) {
      int last = line.sessionLast(window, first);
      if (!isLongComplete(line.time(last) + window.micros() - 1)) {
        break;
      }
      first = last + 1;
    }
    return first;
  }

  private void forgetFirst(int key, Timeline line, int count) {
    for (int place = 0; place < count; place++) {
      items.remove(line.slot(place));
    }
    line.removeFirst(count);
    lines[key] = line.size() == 0 ? null : line;
  }

  /** Often enough to hold no more than twice what is needed, and no more often. */
  private boolean isTimeToSweep() {
    return arrivedEvents > (long) EVENTS_PER_BATCH * minSweptBatches + items.size() / 2
        || arrivedBatches > minSweptBatches + items.size() / EVENTS_PER_BATCH
        || outOfReach() <= complete;
  }

  /** When no window shows any more what is held; what has no beginning aside. */
  private long outOfReach() {
    return newest == Long.MIN_VALUE ? Long.MAX_VALUE : outOfReach(newest);
  }

  private long outOfReach(long time) {
    return plus(plus(time, lateness), finiteReach);
  }

  /** Drops what no window reaches any more, and writes the journal anew. */
  private void sweep(Journal journal) {
    newest = outOfReach() <= complete ? Long.MIN_VALUE : newest;
    long firstOpen = firstOpenRow();
    for (int key = 0; key < keys.size(); key++) {
      Timeline line = lines[key];
      if (line != null) {
        drop(line, firstOpen);
        lines[key] = line.size() == 0 ? null : line;
      }
    }
    compactKeys();
    rewrite(journal);
    arrivedEvents = 0;
    arrivedBatches = 0;
  }

  /** The earliest time that a row still to come may have. */
  private long firstOpenRow() {
    if (complete == Long.MAX_VALUE || complete < Long.MIN_VALUE + lateness) {
      return complete == Long.MAX_VALUE ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
    long lastClosed = complete - lateness;
    return everyEvent ? lastClosed + 1 : hopEnd(lastClosed);
  }

  private void drop(Timeline line, long firstOpen) {
    if (session != null) {
      return; // what is not open is dropped already
    }
    boolean atTheEnd = firstOpen == Long.MAX_VALUE;
    int closed = atTheEnd ? line.size() : line.from(firstOpen);
    for (int place = 0; everyEvent && place < closed; place++) {
      items.forgetRecord(line.slot(place));
    }
    int before = atTheEnd ? closed : firstToldApart(line, firstOpen);
    int dropped = Math.max(0, before - plan.lifetimeRowCap());
    if (plan.hasEndlessLifetime()) { // they become one item, that no other window sees
      dropped = Math.max(0, dropped - 1);
      for (int place = 0; place < dropped; place++) {
        items.fold(line.slot(dropped), line.slot(place));
      }
      if (dropped > 0) {
        line.changed(dropped);
      }
    } else {
      boolean counted = plan.lifetimeRowCap() > 0; // a row's revision never falls
      for (int place = 0; place < dropped; place++) {
        if (counted) {
          items.addEvents(line.slot(dropped), items.events(line.slot(place)));
        }
        items.remove(line.slot(place));
      }
    }
    line.removeFirst(dropped);
  }

  /** The first place that rows still to come tell from those before it. */
  private int firstToldApart(Timeline line, long firstOpen) {
    long hop = hops.micros();
    long own = firstOpen < Long.MIN_VALUE + hop ? Long.MIN_VALUE : firstOpen - hop;
    int place = line.from(Math.min(own, plan.firstToldApart(firstOpen))); // even if it sees no item
    for (BoundAggregates.Frame frame : plan.frames()) {
      if (place > 0 && frame.window().isSession()) {
        place = Math.min(place, firstOfSessions(line, frame));
      }
    }
    return place;
  }

  /** The first place in a session that a row still to come may see, or an event still to come. */
  private int firstOfSessions(Timeline line, BoundAggregates.Frame frame) {
    long back = Math.max(frame.bounds().delayMicros(), plan.spec().hop());
    back = plus(plus(lateness, back), frame.window().micros());
    if (complete < Long.MIN_VALUE + back) {
      return 0;
    }
    int place = line.from(complete - back);
    return place == line.size() ? place : line.sessionStart(frame.window(), place);
  }

  /** Numbers the keys anew once most are gone. */
  private void compactKeys() {
    int[] live = new int[keys.size()];
    int count = 0;
    for (int key = 0; key < keys.size(); key++) {
      if (lines[key] != null) {
        live[count++] = key;
      }
    }
    if (keys.size() <= 2 * count + minSweptBatches) {
      return;
    }
    int[] kept = Arrays.copyOf(live, count);
    KeyTable compact = new KeyTable(plan.keyTypes());
    compact.assign(keys.columns(kept), count, new int[count]); // numbered in this order
    Map<Integer, Integer> newIds = new HashMap<>();
    @Nullable Timeline[] newLines = new Timeline[count];
    for (int key = 0; key < count; key++) {
      newLines[key] = lines[kept[key]];
      newIds.put(kept[key], key);
    }
    for (TreeMap<Long, Set<Integer>> hops : List.of(openHops, unshown)) {
      hops.replaceAll(
          (end, old) -> {
            Set<Integer> renumbered = new LinkedHashSet<>();
            old.forEach(key -> renumbered.add(newIds.get(key)));
            return renumbered;
          });
    }
    keys = compact;
    lines = newLines;
    lastOfKey = new int[0];
    touchedCount = 0;
  }

  /** Open events as records, as they may come out again; the rest as states. */
  private void rewrite(Journal journal) {
    journaled.forEach(journal::remove);
    journaled.clear();
    Picked records = new Picked();
    Picked states = new Picked();
    for (int key = 0; key < keys.size(); key++) {
      Timeline line = lines[key];
      for (int place = 0; line != null && place < line.size(); place++) {
        int slot = line.slot(place);
        if (items.hasRecord(slot)) {
          records.add(key, slot, line.time(place));
        } else {
          states.add(key, slot, line.time(place));
        }
        if (records.isFull()) {
          saveRecords(records, journal);
        }
        if (states.isFull()) {
          saveStates(states, journal);
        }
      }
    }
    saveRecords(records, journal);
    saveStates(states, journal);
  }

  /** Items of one batch of the journal. */
  private static final class Picked {
    private int[] keys = new int[64];
    private int[] slots = new int[64];
    private long[] times = new long[64];
    private int size;

    void add(int key, int slot, long time) {
      if (size == keys.length) {
        keys = Arrays.copyOf(keys, 2 * size);
        slots = Arrays.copyOf(slots, 2 * size);
        times = Arrays.copyOf(times, 2 * size);
      }
      times[size] = time;
      keys[size] = key;
      slots[size++] = slot;
    }

    boolean isFull() {
      return size == RecordBatch.TARGET_SIZE;
    }
  }

  private void saveRecords(Picked picked, Journal journal) {
    if (picked.size > 0) {
      RecordBatch batch = items.records(picked.slots, picked.size);
      for (int i = 0; i < picked.size; i++) {
        items.setRecord(picked.slots[i], batch, i);
      }
      write(batch, journal);
      picked.size = 0;
    }
  }

  private void write(RecordBatch batch, Journal journal) {
    journal.put(nextId, batch);
    journaled.add(nextId++);
  }

  private void saveStates(Picked picked, Journal journal) {
    int size = picked.size;
    if (size == 0) {
      return;
    }
    int[] itemSlots = Arrays.copyOf(picked.slots, size);
    long[] times = Arrays.copyOf(picked.times, size);
    long[] sequences = new long[size];
    long[] hashes = new long[size];
    long[] events = new long[size];
    for (int i = 0; i < size; i++) {
      sequences[i] = items.sequence(itemSlots[i]);
      hashes[i] = items.hash(itemSlots[i]);
      events[i] = items.events(itemSlots[i]);
    }
    List<Column> columns = new ArrayList<>();
    for (long[] values : List.of(times, sequences, hashes, events)) {
      columns.add(LongColumn.of(FieldType.INT64, values));
    }
    columns.addAll(keys.columns(Arrays.copyOf(picked.keys, size)));
    for (States part : items.states()) {
      columns.addAll(part.save(itemSlots));
    }
    write(RecordBatch.of(itemSchema, size, columns), journal);
    picked.size = 0;
  }

  /** How many tiles or events it holds. */
  public int itemCount() {
    return items.size();
  }

  /** About how many bytes it takes, without records that are still open. */
  public long byteSize() {
    return items.byteSize() + keys.byteSize();
  }
}
