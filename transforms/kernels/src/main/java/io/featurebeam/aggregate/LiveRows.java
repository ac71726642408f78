package io.featurebeam.aggregate;

import io.featurebeam.aggregate.BoundAggregates.Frame;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.time.Emission;
import io.featurebeam.time.WindowBounds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a stream: those of the batch plan, and behind them {@link #REVISION}, {@link #FINAL}
 * and, of hops and sessions, {@link #PANE}. Not thread-safe.
 */
final class LiveRows {

  /** See {@link LiveShard}. */
  static final String REVISION = "revision";

  /** See {@link LiveShard}. */
  static final String FINAL = "final";

  /** See {@link LiveShard}. */
  static final String PANE = "pane";

  /** When a row comes out, as seen from when its hop is complete. */
  enum Pane {
    EARLY(0),
    ON_TIME(1),
    LATE(2);

    /** By code. */
    private static final Slices WORDS =
        Slices.of(
            Arrays.stream(values())
                .map(pane -> pane.word().getBytes(StandardCharsets.UTF_8))
                .toList());

    private final int code;

    Pane(int code) {
      this.code = code;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A window of fewer items is rather merged anew than kept, as are all of a key of fewer. */
  private static final int FEW = 4;

  private final BoundAggregates plan;
  private final LiveItems items;
  private final WindowEmitter emitter;
  private final FirstSeen firstSeen;
  private final List<Frame> frames;

  /** Whether times alone decide what a row sees. */
  private final boolean byTimes;

  private final RunningWindows.Shared shared;
  private final boolean everyEvent;
  private final boolean sessionClose;
  private final RecordSchema schema;

  /** Of the rows of the key at hand. */
  private long[] times = new long[16];

  private int[] places = new int[16];
  private int count;

  /** Of the rows that wait to be handed out. */
  private int[] rowKeys = new int[256];

  private long[] rowTimes = new long[256];
  private long[] rowStarts = new long[256];
  private int[] rowSlots = new int[256];
  private long[] revisions = new long[256];
  private boolean[] finals = new boolean[256];
  private int[] panes = new int[256];
  private int size;

  LiveRows(BoundAggregates plan, LiveItems items) {
    this.plan = plan;
    this.items = items;
    this.emitter = new WindowEmitter(plan);
    this.frames = plan.frames();
    this.byTimes = frames.stream().noneMatch(Frame::tellsItemsApart);
    this.shared = new RunningWindows.Shared(items, frames, emitter.parts());
    this.firstSeen = new FirstSeen(plan);
    this.everyEvent = plan.spec().emission().kind() == Emission.Kind.EVERY_EVENT;
    this.sessionClose = plan.isSessionClose();
    this.schema = schema(plan);
  }

  static RecordSchema schema(BoundAggregates plan) {
    List<Field> fields = new ArrayList<>(plan.outputSchema().fields());
    List<Field> more = new ArrayList<>();
    more.add(Field.required(REVISION, FieldType.INT64));
    more.add(Field.required(FINAL, FieldType.BOOLEAN));
    if (!plan.isEveryEvent()) {
      more.add(Field.required(PANE, FieldType.STRING));
    }
    for (Field added : more) {
      if (plan.outputSchema().names().contains(added.name())) {
        throw new IllegalArgumentException(
            "Duplicate column: '"
                + added.name()
                + "' (a stream adds a column of this name to its rows; rename yours)");
      }
      fields.add(added);
    }
    return RecordSchema.of(fields);
  }

  /**
   * Adds a row of the key at hand; times must ascend. The place is that of the event that asks, or
   * the first of the session that ends.
   */
  void add(long time, int place) {
    if (count == times.length) {
      times = Arrays.copyOf(times, 2 * count);
      places = Arrays.copyOf(places, 2 * count);
    }
    times[count] = time;
    places[count++] = place;
  }

  /** Computes the added rows of a key, which from now on wait to be handed out. */
  void compute(int key, Timeline line, boolean isFinal, Pane pane) {
    reserve(size + count);
    if (count > 0 && byTimes) {
      run(line);
    } else if (count > 0) {
      slide(line);
    }
    for (int row = 0; row < count; row++) {
      rowKeys[size] = key;
      rowTimes[size] = times[row];
      rowStarts[size] = sessionClose ? line.time(places[row]) : 0;
      rowSlots[size] = everyEvent ? line.slot(places[row]) : -1;
      panes[size] = pane.code;
      finals[size++] = isFinal;
    }
    count = 0;
  }

  /** Each row out of the windows of the one before, if the key has so many items. */
  private void run(Timeline line) {
    RunningWindows windows = line.size() < FEW ? null : line.windows(shared);
    for (int row = 0; row < count; row++) {
      long time = times[row];
      int first = Integer.MAX_VALUE;
      int end = 0;
      for (int f = 0; f < frames.size(); f++) {
        WindowBounds bounds = frames.get(f).bounds();
        long start = bounds.firstSeen(time, frames.get(f).window());
        int from = windows == null ? line.from(start) : line.from(start, windows.from(f));
        int to = Math.max(from, line.until(bounds, time));
        show(f, windows, line, from, to, bounds.excludeCurrent() ? places[row] : -1, time);
        first = Math.min(first, from);
        end = Math.max(end, to);
      }
      revisions[size + row] =
          windows == null ? events(line, first, end) : windows.events(first, end, line);
    }
  }

  private long events(Timeline line, int from, int to) {
    long events = 0;
    for (int place = from; place < to; place++) {
      events += items.events(line.slot(place));
    }
    return events;
  }

  private void show(
      int frame,
      @Nullable RunningWindows windows,
      Timeline line,
      int from,
      int to,
      int without,
      long time) {
    boolean parted = from <= without && without < to;
    int until = parted ? without : to;
    boolean runs = windows != null && until - from >= FEW;
    int slot = runs ? windows.move(frame, from, until, line) : -1;
    if (runs && (!parted || without + 1 == to)) {
      emitter.emitWindow(frame, items.states(), slot, time);
      return;
    }
    emitter.begin(frame);
    if (runs) {
      emitter.add(frame, items.states(), slot);
    } else {
      emitter.addAll(frame, items.states(), line.slots(), from, until);
    }
    if (parted) {
      emitter.addAll(frame, items.states(), line.slots(), without + 1, to);
    }
    emitter.emitAdded(frame, time);
  }

  /** All rows by sliding over the items that they see. */
  private void slide(Timeline line) {
    firstSeen.begin(line);
    int from = line.from(firstSeen.at(times[0]));
    emitter.emit(
        items.states(), line.slots(), from, line.size(), line.times(), times, places, count);
    int first = from;
    int end = from;
    long events = 0;
    for (int row = 0; row < count; row++) {
      long firstTime = firstSeen.at(times[row]);
      while (end < line.size() && plan.isSeen(line.time(end), times[row])) {
        events += items.events(line.slot(end++));
      }
      while (first < end && line.time(first) < firstTime) {
        events -= items.events(line.slot(first++));
      }
      revisions[size + row] = events;
    }
  }

  private void reserve(int needed) {
    if (needed > rowKeys.length) {
      int length = States.grown(rowKeys.length, needed);
      rowKeys = Arrays.copyOf(rowKeys, length);
      rowTimes = Arrays.copyOf(rowTimes, length);
      rowStarts = Arrays.copyOf(rowStarts, length);
      rowSlots = Arrays.copyOf(rowSlots, length);
      revisions = Arrays.copyOf(revisions, length);
      finals = Arrays.copyOf(finals, length);
      panes = Arrays.copyOf(panes, length);
    }
  }

  boolean isFull() {
    return size >= RecordBatch.TARGET_SIZE;
  }

  /** Hands out all rows that wait. */
  void flush(KeyTable keys, Consumer<RecordBatch> out) {
    if (size == 0) {
      return;
    }
    RecordBatch head = everyEvent ? items.records(rowSlots, size) : null;
    List<Column> columns = new ArrayList<>();
    if (head == null) {
      columns.addAll(keys.columns(Arrays.copyOf(rowKeys, size)));
      if (sessionClose) {
        columns.add(LongColumn.of(FieldType.TIMESTAMP, Arrays.copyOf(rowStarts, size)));
      }
      columns.add(LongColumn.of(FieldType.TIMESTAMP, Arrays.copyOf(rowTimes, size)));
    } else {
      columns.addAll(head.columns());
    }
    columns.addAll(emitter.build());
    columns.add(LongColumn.of(FieldType.INT64, Arrays.copyOf(revisions, size)));
    columns.add(new BooleanColumn(Bitmap.of(size, i -> finals[i]), null));
    if (!everyEvent) {
      int[] codes = Arrays.copyOf(panes, size);
      columns.add(BytesColumn.coded(FieldType.STRING, Pane.WORDS, codes, size, null));
    }
    RecordBatch batch = RecordBatch.of(schema, size, columns);
    batch = head == null ? batch : batch.withPositions(head.positions());
    int most = 2 * RecordBatch.TARGET_SIZE;
    for (int at = 0; at < size; at += most) {
      out.accept(batch.slice(at, Math.min(size, at + most)));
    }
    size = 0;
  }
}
