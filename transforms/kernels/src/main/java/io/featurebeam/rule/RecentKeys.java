package io.featurebeam.rule;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Journal;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which records of one shard of keys are copies of one that came before, while they arrive in any
 * order and at any pace. Not thread-safe.
 *
 * <p>A record is a copy if one with an equal key ({@link RowKeys} says what is equal; a key with a
 * null equals none) was accepted whose event time is at most {@code within} away. So the first that
 * arrives is accepted, whatever its time. Where the records of a key arrive in the order of their
 * times, or bear equal times, the answers are those of {@link RowKeys#firsts(RowKeys.Order, long[],
 * long)} over all of them.
 *
 * <p><b>Forgetting.</b> {@link #wake} tells up to which time the stream is complete. A key is
 * forgotten once that is {@code within} and the allowed lateness beyond its time. A record is late
 * if it might be a copy of what was forgotten: so it is more than the allowed lateness behind. Late
 * records are not remembered.
 *
 * <p><b>State.</b> Keys are exact, not their hashes: no record is ever taken for a copy of another
 * one. Keys and times lie in batches of columns, parted by time so that they are forgotten whole; a
 * hash table of 8-byte references, at most half full, and the hashes find them. Each batch is in
 * the {@link Journal} too, and 16 small ones become one, so that an accepted record is written at
 * most four times. A record costs one look-up; forgetting a sixteenth of the span costs one pass
 * over the table. Held are at most the keys of {@code within}, the lateness, and a sixteenth of it.
 */
public final class RecentKeys {

  /**
   * What is not in the journal's batches.
   *
   * @param nextId the next id in the journal
   * @param forgotten the last event time, in microseconds, up to which keys are forgotten
   */
  public record Meta(long nextId, long forgotten) implements Serializable {
    /** Before anything has arrived. */
    public static final Meta NEW = new Meta(0, Long.MIN_VALUE);
  }

  /**
   * Of the records of a batch those that are accepted, and those that are late; the others are
   * copies.
   */
  public record Verdict(Bitmap accepted, Bitmap late) {}

  private static final int SPANS = 16;

  /** So many batches of one size become one of the next. */
  private static final int MERGED = 16;

  /** A batch of so many keys stays as it is. */
  private static final int LARGE = MERGED * MERGED * MERGED;

  private final List<String> keys;
  private final String eventTime;
  private final RecordSchema schema;
  private final long within;
  private final long memory;
  private final long span;

  /** The batches of each span of time, by its last microsecond. */
  private final TreeMap<Long, List<Part>> spans = new TreeMap<>();

  private @Nullable Part[] parts = {};
  private int partCount;
  private int freeCount;
  private int[] free = {};

  /** The number of a part and a row in it, both in 32 bits, plus one; 0 where there is none. */
  private long[] table = new long[64];

  private int size;
  private long nextId;
  private long forgotten;

  /** Accepted keys and their times, in a batch that the journal has by an id. */
  private static final class Part {
    final int number;
    final List<Column> keys;
    final long[] times;
    final long[] hashes;
    final RecordBatch batch;
    final long id;

    Part(int number, List<Column> keys, long[] times, long[] hashes, RecordBatch batch, long id) {
      this.number = number;
      this.keys = keys;
      this.times = times;
      this.hashes = hashes;
      this.batch = batch;
      this.id = id;
    }
  }

  /**
   * @param schema of the records
   * @param within how far apart copies may be, in microseconds
   * @param lateness how far behind a record may be and still be judged
   */
  public RecentKeys(
      RecordSchema schema, List<String> keys, String eventTime, long within, long lateness) {
    if (within <= 0) {
      throw new IllegalArgumentException(
          "Invalid within: " + within + " microseconds (must be > 0)");
    }
    if (lateness < 0) {
      throw new IllegalArgumentException(
          "Invalid lateness: " + lateness + " microseconds (must be >= 0)");
    }
    this.keys = List.copyOf(keys);
    this.eventTime = eventTime;
    this.schema = schema(schema, keys);
    this.within = within;
    this.memory = plus(within, lateness);
    this.span = Math.max(1, memory / SPANS);
    load(Meta.NEW);
  }

  /** Of what is held. */
  private static RecordSchema schema(RecordSchema records, List<String> keys) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      fields.add(Field.required("key" + i, records.field(keys.get(i)).type()));
    }
    fields.add(Field.required("time", FieldType.TIMESTAMP));
    return RecordSchema.of(fields);
  }

  private void load(Meta meta) {
    nextId = meta.nextId();
    forgotten = meta.forgotten();
  }

  /** To go on from later, with the journal's batches. */
  public Meta meta() {
    return new Meta(nextId, forgotten);
  }

  /** Goes on where another object left off. Only before anything else. */
  public void restore(Meta meta, Map<Long, RecordBatch> journal) {
    load(meta);
    journal.forEach(
        (id, batch) -> {
          Part part = part(batch, id);
          for (int row = 0; row < batch.size(); row++) {
            insert(part, row);
          }
          spans.computeIfAbsent(endOfSpan(part.times[0]), end -> new ArrayList<>()).add(part);
        });
  }

  /** Judges records, whose event time must not be null, in their order. */
  public Verdict add(RecordBatch records, Journal journal) {
    int count = records.size();
    LongColumn timeColumn = records.longs(eventTime);
    if (timeColumn.nullCount() > 0) {
      throw new IllegalArgumentException("Missing event time: '" + eventTime + "' is null");
    }
    List<Column> columns = keys.stream().map(records::column).toList();
    long[] times = timeColumn.values();
    long[] hashes = RowKeys.hashes(columns, count);
    Bitmap complete = null;
    for (Column column : columns) {
      complete = Bitmap.both(complete, column.validity());
    }
    long[] accepted = new long[Bitmap.wordCount(count)];
    long[] late = new long[Bitmap.wordCount(count)];
    Part arriving = new Part(number(), columns, times, hashes, records, -1);
    parts[arriving.number] = arriving;
    TreeMap<Long, List<Integer>> bySpan = new TreeMap<>();
    for (int row = 0; row < count; row++) {
      boolean isKey = complete == null || complete.get(row);
      if (isKey && isCopy(arriving, row)) {
        continue;
      }
      if (mayBeForgotten(times[row])) {
        late[row >> 6] |= 1L << row;
        continue;
      }
      accepted[row >> 6] |= 1L << row;
      if (isKey) {
        insert(arriving, row);
        bySpan.computeIfAbsent(endOfSpan(times[row]), end -> new ArrayList<>()).add(row);
      }
    }
    bySpan.forEach((end, rows) -> keep(arriving, rows, end, journal));
    remove(arriving);
    return new Verdict(Bitmap.wrap(accepted, count), Bitmap.wrap(late, count));
  }

  private boolean isCopy(Part arriving, int row) {
    int mask = table.length - 1;
    for (int at = home(arriving.hashes[row]) & mask; table[at] != 0; at = (at + 1) & mask) {
      Part part = parts[(int) ((table[at] - 1) >>> 32)];
      int other = (int) (table[at] - 1);
      if (part.hashes[other] == arriving.hashes[row]
          && RowKeys.isWithin(part.times[other], arriving.times[row], within)
          && RowKeys.equal(part.keys, other, arriving.keys, row)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a record of this time may be a copy of one that is forgotten. */
  private boolean mayBeForgotten(long time) {
    return forgotten > Long.MIN_VALUE && time <= plus(forgotten, within);
  }

  /** The lower bits of a hash say in which shard its key is: here they are all alike. */
  private static int home(long hash) {
    return (int) (hash >>> 32);
  }

  private void insert(Part part, int row) {
    if (2 * (size + 1) > table.length) {
      rebuild(2 * table.length);
    }
    put(part, row);
    size++;
  }

  private void put(Part part, int row) {
    int mask = table.length - 1;
    int at = home(part.hashes[row]) & mask;
    while (table[at] != 0) {
      at = (at + 1) & mask;
    }
    table[at] = reference(part, row);
  }

  private static long reference(Part part, int row) {
    return (((long) part.number << 32) | row) + 1;
  }

  private void rebuild(int length) {
    long[] old = table;
    table = new long[length];
    for (long reference : old) {
      if (reference != 0) {
        put(parts[(int) ((reference - 1) >>> 32)], (int) (reference - 1));
      }
    }
  }

  /** Moves what arrived to a part of its span. */
  private void keep(Part arriving, List<Integer> rows, long end, Journal journal) {
    int[] picked = rows.stream().mapToInt(row -> row).toArray();
    List<Column> columns = new ArrayList<>();
    arriving.keys.forEach(column -> columns.add(plain(column, picked)));
    long[] times = new long[picked.length];
    for (int i = 0; i < picked.length; i++) {
      times[i] = arriving.times[picked[i]];
    }
    columns.add(LongColumn.of(FieldType.TIMESTAMP, times));
    Part part = write(RecordBatch.of(schema, picked.length, columns), journal);
    for (int i = 0; i < picked.length; i++) {
      move(arriving, picked[i], part, i);
    }
    List<Part> there = spans.computeIfAbsent(end, e -> new ArrayList<>());
    there.add(part);
    merge(there, journal);
  }

  /** Keys seldom repeat: a dictionary would only cost. */
  private static Column plain(Column column, int[] rows) {
    if (column instanceof BytesColumn bytes) {
      int[] slices = new int[rows.length];
      for (int i = 0; i < rows.length; i++) {
        slices[i] = bytes.code(rows[i]);
      }
      return BytesColumn.sliced(bytes.type(), bytes.slices().gather(slices), null);
    }
    return column.gather(rows);
  }

  private Part write(RecordBatch batch, Journal journal) {
    journal.put(nextId, batch);
    return part(batch, nextId++);
  }

  private Part part(RecordBatch batch, long id) {
    List<Column> columns = batch.columns().subList(0, keys.size());
    Part part =
        new Part(
            number(),
            columns,
            batch.longs("time").values(),
            RowKeys.hashes(columns, batch.size()),
            batch,
            id);
    parts[part.number] = part;
    return part;
  }

  private int number() {
    if (freeCount > 0) {
      return free[--freeCount];
    }
    if (partCount == parts.length) {
      parts = Arrays.copyOf(parts, Math.max(64, 2 * partCount));
      free = Arrays.copyOf(free, parts.length);
    }
    return partCount++;
  }

  private void remove(Part part) {
    parts[part.number] = null;
    free[freeCount++] = part.number;
  }

  private void move(Part from, int row, Part to, int newRow) {
    int mask = table.length - 1;
    long reference = reference(from, row);
    int at = home(from.hashes[row]) & mask;
    while (table[at] != reference) {
      at = (at + 1) & mask;
    }
    table[at] = reference(to, newRow);
  }

  private static int sizeClass(Part part) {
    return (31 - Integer.numberOfLeadingZeros(part.batch.size())) / 4;
  }

  /** Makes one batch of many small ones of a size, so that no span has more than a few dozen. */
  private void merge(List<Part> there, Journal journal) {
    int merged = sizeClass(there.get(there.size() - 1));
    List<Part> alike = there.stream().filter(part -> sizeClass(part) == merged).toList();
    if (alike.size() < MERGED || alike.get(0).batch.size() >= LARGE) {
      return;
    }
    Part one = write(RecordBatch.concat(alike.stream().map(part -> part.batch).toList()), journal);
    int at = 0;
    for (Part part : alike) {
      for (int row = 0; row < part.batch.size(); row++) {
        move(part, row, one, at++);
      }
      journal.remove(part.id);
      remove(part);
    }
    there.removeAll(alike);
    there.add(one);
    merge(there, journal);
  }

  /** Saturates. */
  private static long plus(long time, long micros) {
    return time > Long.MAX_VALUE - micros ? Long.MAX_VALUE : time + micros;
  }

  private long endOfSpan(long time) {
    return plus(time, span - 1 - Math.floorMod(time, span));
  }

  /**
   * The event time that must be complete for {@link #wake} to have something to do; {@link
   * Long#MAX_VALUE} if that is the end of the stream, or nothing is held.
   */
  public long nextWake() {
    boolean isEndless = memory == Long.MAX_VALUE; // may stand for more, and so is not added
    return spans.isEmpty() || isEndless ? Long.MAX_VALUE : plus(spans.firstKey(), memory);
  }

  /** All records up to this time, in microseconds, have arrived, but for late ones. */
  public void wake(long complete, Journal journal) {
    boolean forgets = false;
    while (!spans.isEmpty() && nextWake() <= complete) {
      Map.Entry<Long, List<Part>> gone = spans.pollFirstEntry();
      forgotten = Math.max(forgotten, gone.getKey());
      for (Part part : gone.getValue()) {
        journal.remove(part.id);
        remove(part);
        size -= part.batch.size();
      }
      forgets = true;
    }
    if (forgets) {
      forgetReferences();
    }
  }

  private void forgetReferences() {
    table = new long[Math.max(64, 4 * Integer.highestOneBit(Math.max(1, size)))];
    for (List<Part> kept : spans.values()) {
      for (Part part : kept) {
        for (int row = 0; row < part.batch.size(); row++) {
          put(part, row);
        }
      }
    }
  }

  /** How many keys it holds. */
  public int size() {
    return size;
  }

  /** About how many bytes it takes, the journal's batches among them. */
  public long byteSize() {
    long bytes = 8L * table.length;
    for (List<Part> kept : spans.values()) {
      for (Part part : kept) {
        bytes += part.batch.byteSize() + 8L * part.hashes.length;
      }
    }
    return bytes;
  }
}
