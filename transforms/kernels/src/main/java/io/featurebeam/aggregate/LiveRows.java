package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The rows of a stream: those of the batch plan, and behind them {@link #REVISION} and {@link
 * #FINAL}. Not thread-safe.
 */
final class LiveRows {

  /** See {@link LiveShard}. */
  static final String REVISION = "revision";

  /** See {@link LiveShard}. */
  static final String FINAL = "final";

  private final BoundAggregates plan;
  private final LiveItems items;
  private final WindowEmitter emitter;
  private final FirstSeen firstSeen;
  private final boolean everyEvent;
  private final boolean sessionClose;
  private final RecordSchema schema;

  /** Of the rows of the key at hand. */
  private long[] times = new long[16];

  private int[] places = new int[16];
  private int count;

  /** Of the items of the key at hand, by place: when each was, and the events in those before. */
  private long[] itemTimes = {};

  private long[] eventsBefore = {0};

  /** Of the rows that wait to be handed out. */
  private int[] rowKeys = new int[256];

  private long[] rowTimes = new long[256];
  private long[] rowStarts = new long[256];
  private int[] rowSlots = new int[256];
  private long[] revisions = new long[256];
  private boolean[] finals = new boolean[256];
  private int size;

  LiveRows(BoundAggregates plan, LiveItems items) {
    this.plan = plan;
    this.items = items;
    this.emitter = new WindowEmitter(plan);
    this.firstSeen = new FirstSeen(plan);
    this.everyEvent = plan.spec().emission().kind() == Emission.Kind.EVERY_EVENT;
    this.sessionClose = plan.isSessionClose();
    this.schema = schema(plan);
  }

  static RecordSchema schema(BoundAggregates plan) {
    List<Field> fields = new ArrayList<>(plan.outputSchema().fields());
    for (Field added :
        List.of(
            Field.required(REVISION, FieldType.INT64), Field.required(FINAL, FieldType.BOOLEAN))) {
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
  void compute(int key, Timeline line, boolean isFinal) {
    if (count == 0) {
      return;
    }
    firstSeen.begin(line);
    int from = line.from(firstSeen.at(times[0]));
    int to = line.size();
    if (itemTimes.length < to) {
      itemTimes = new long[States.grown(itemTimes.length, to)];
      eventsBefore = new long[itemTimes.length + 1];
    }
    eventsBefore[from] = 0;
    for (int i = from; i < to; i++) {
      itemTimes[i] = line.time(i);
      eventsBefore[i + 1] = eventsBefore[i] + items.events(line.slot(i));
    }
    emitter.emit(items.states(), line.slots(), from, to, itemTimes, times, places, count);
    reserve(size + count);
    int first = from;
    int end = from;
    for (int row = 0; row < count; row++) {
      long firstTime = firstSeen.at(times[row]);
      while (first < to && itemTimes[first] < firstTime) {
        first++;
      }
      while (end < to && plan.isSeen(itemTimes[end], times[row])) {
        end++;
      }
      rowKeys[size] = key;
      rowTimes[size] = times[row];
      rowStarts[size] = sessionClose ? line.time(places[row]) : 0;
      rowSlots[size] = everyEvent ? line.slot(places[row]) : -1;
      revisions[size] = eventsBefore[end] - eventsBefore[Math.min(first, end)];
      finals[size++] = isFinal;
    }
    count = 0;
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
    RecordBatch batch = RecordBatch.of(schema, size, columns);
    batch = head == null ? batch : batch.withPositions(head.positions());
    int most = 2 * RecordBatch.TARGET_SIZE;
    for (int at = 0; at < size; at += most) {
      out.accept(batch.slice(at, Math.min(size, at + most)));
    }
    size = 0;
  }
}
