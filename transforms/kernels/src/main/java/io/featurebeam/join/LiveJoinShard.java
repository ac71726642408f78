package io.featurebeam.join;

import io.featurebeam.aggregate.KeyTable;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Journal;
import io.featurebeam.columnar.RecordBatch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Labels and records of one shard of a link of a {@link JoinChain} while they arrive, in any order
 * and at any pace. Not thread-safe.
 *
 * <p><b>What comes out.</b> Each label once, final: when the stream is complete up to its time and
 * the allowed lateness. It is answered by the kernel of a bounded join ({@link JoinShard}) over
 * what has arrived, so answers are those of a bounded join over all records that were not late.
 *
 * <p><b>Late.</b> {@link #wake} tells up to which time the stream is complete. A label is late if
 * labels of its time are answered; a record, if one that is answered would have seen it. Late ones
 * are handed back, and nothing else is done with them.
 *
 * <p><b>State.</b> What has arrived goes to a {@link Journal} as it is, and this object is what is
 * computed from it: another one that {@link #restore restores} the journal goes on in its place.
 * Held are labels until they are answered, and the records that open labels may see ({@link
 * HeldRecords}). To answer labels costs a look at the key number of each record held, and the join
 * of those of the labels' keys.
 */
public final class LiveJoinShard {

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

  private static final int MIN_SWEPT_BATCHES = 256;
  private static final int MIN_KEYS = 4096;
  private static final int LABELS = 0;

  private final JoinChain.Link link;
  private final int minKeys;
  private final PendingLabels labels;
  private final List<HeldRecords> groups = new ArrayList<>();
  private KeyTable keys;
  private Completeness complete;
  private long nextId;
  private int wakesInARow;

  LiveJoinShard(JoinChain.Link link, long lateness, long every) {
    this(link, lateness, every, MIN_SWEPT_BATCHES, MIN_KEYS);
  }

  /**
   * Sweeps after so few batches, where little is held.
   *
   * @param minKeys of so many the numbers are never given anew
   */
  LiveJoinShard(JoinChain.Link link, long lateness, long every, int minBatches, int minKeys) {
    this.link = link;
    this.minKeys = minKeys;
    this.labels = new PendingLabels(every, minBatches);
    for (int group : link.groups()) {
      groups.add(new HeldRecords(link.group(group), link.join(), every, minBatches));
    }
    this.keys = newKeys();
    this.complete = new Completeness(Long.MIN_VALUE, lateness);
  }

  private KeyTable newKeys() {
    return new KeyTable(
        link.keys().stream().map(key -> link.join().labelSchema().field(key).type()).toList());
  }

  /** To go on from later, with the journal's batches. */
  public Meta meta() {
    return new Meta(nextId, complete.complete());
  }

  /** Goes on where another object left off. Only before anything else. */
  public void restore(Meta meta, Map<Long, RecordBatch> journal) {
    nextId = meta.nextId();
    complete = new Completeness(meta.complete(), complete.lateness());
    journal.forEach(
        (id, batch) -> {
          int of = (int) (id % kinds());
          if (of == LABELS) {
            labels.restore(id, batch, link.kernel().times(batch), complete);
          } else {
            groups.get(of - 1).restore(id, batch, keys);
          }
        });
  }

  /** Labels, and records of each group. */
  private int kinds() {
    return groups.size() + 1;
  }

  /** An id says whose batch it is. */
  private HeldRecords.Store store(int kind, Journal journal) {
    return new HeldRecords.Store() {
      @Override
      public long put(RecordBatch batch) {
        long id = nextId++ * kinds() + kind;
        journal.put(id, batch);
        return id;
      }

      @Override
      public void remove(long id) {
        journal.remove(id);
      }
    };
  }

  /**
   * Takes labels, whose time must not be null.
   *
   * @return those that are late, if there are any; they were not taken
   */
  public @Nullable RecordBatch addLabels(RecordBatch batch, Journal journal) {
    wakesInARow = 0;
    long[] times = link.kernel().times(batch);
    Bitmap late = Bitmap.of(batch.size(), i -> complete.isClosed(times[i]));
    RecordBatch open = late.isEmpty() ? batch : batch.select(late.not());
    if (open.size() > 0) {
      HeldRecords.Store store = store(LABELS, journal);
      labels.add(open, link.kernel().times(open), store);
      if (labels.isTimeToSweep()) {
        labels.sweep(complete, link.kernel(), store);
      }
    }
    return late.isEmpty() ? null : batch.select(late);
  }

  /**
   * Takes records of a group, whose keys must have values.
   *
   * @param group its number in the whole join
   * @return those that are late, if there are any; they were not taken
   */
  public @Nullable RecordBatch addRecords(int group, RecordBatch records, Journal journal) {
    wakesInARow = 0;
    int at = link.groups().indexOf(group);
    HeldRecords.Store store = store(at + 1, journal);
    RecordBatch late = groups.get(at).add(records, complete, keys, store);
    sweepIfTime(at, journal);
    return late;
  }

  private void sweepIfTime(int at, Journal journal) {
    if (groups.get(at).isTimeToSweep(complete)) {
      groups.get(at).sweep(complete, keys, store(at + 1, journal));
    }
  }

  /**
   * All labels and records up to this time, in microseconds, have arrived, but for late ones.
   *
   * @param out takes the labels that are answered by that
   */
  public void wake(long newComplete, Journal journal, Consumer<RecordBatch> out) {
    if (newComplete <= complete.complete()) {
      return;
    }
    wakesInARow++;
    Completeness before = complete;
    complete = new Completeness(newComplete, before.lateness());
    List<RecordBatch> closed = labels.close(before, complete, store(LABELS, journal));
    if (!closed.isEmpty()) {
      out.accept(answer(RecordBatch.concat(closed)));
    }
    for (int at = 0; at < groups.size(); at++) {
      sweepIfTime(at, journal);
    }
    if (keys.size() > minKeys + 2L * heldRecords()) {
      keys = newKeys();
      groups.forEach(group -> group.renumber(keys));
    }
  }

  private RecordBatch answer(RecordBatch closed) {
    List<Column> columns = link.keys().stream().map(closed::column).toList();
    int[] keyOf = new int[closed.size()];
    keys.assign(columns, keyOf.length, keyOf);
    boolean[] asked = new boolean[keys.size()];
    long[] times = link.kernel().times(closed);
    long last = Long.MIN_VALUE;
    for (int i = 0; i < keyOf.length; i++) {
      asked[keyOf[i]] = true;
      last = Math.max(last, times[i]);
    }
    for (int at = 0; at < groups.size(); at++) {
      groups.get(at).giveTo(link.kernel(), at, asked, last);
    }
    link.kernel().addLabels(closed);
    return link.answer();
  }

  /**
   * The event time that must be complete for {@link #wake} to have something to do; {@link
   * Long#MAX_VALUE} if that is the end of the stream, empty if nothing waits for one.
   */
  public OptionalLong nextWake() {
    OptionalLong next =
        complete.isOver() ? OptionalLong.empty() : labels.nextWake(complete, wakesInARow);
    for (int at = 0; at < groups.size() && !complete.isOver(); at++) {
      OptionalLong other = groups.get(at).nextWake(complete, wakesInARow);
      if (other.isPresent()) {
        long whole = labels.whole(other.getAsLong(), complete.lateness());
        next = OptionalLong.of(next.isPresent() ? Math.min(next.getAsLong(), whole) : whole);
      }
    }
    return next;
  }

  /** A time that is not after any label which waits; empty if none does. */
  public OptionalLong firstLabel() {
    return labels.first();
  }

  /** How many labels wait. */
  public int heldLabels() {
    return labels.size();
  }

  /** How many records it holds. */
  public int heldRecords() {
    return groups.stream().mapToInt(HeldRecords::size).sum();
  }
}
