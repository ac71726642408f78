package io.featurebeam.transforms.records;

import io.featurebeam.columnar.Journal;
import io.featurebeam.columnar.RecordBatch;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The shards of a step that keeps state, each by its key. They live in memory; Beam's state holds
 * their journals, which are written with every batch and read only when a shard is not in memory as
 * the state says: after a restart, or a retried bundle. Not thread-safe.
 */
public final class HeldShards<S> {

  /** A timer at the end of time would never fire. */
  private static final long LAST_TIMER = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

  private final Map<Integer, Held<S>> shards = new HashMap<>();

  /** A shard in memory, as of a version of its state. */
  public static final class Held<S> {
    private final S shard;
    private long version;
    private long wakesAt = Long.MAX_VALUE;
    private long holdsAt = Long.MAX_VALUE;

    private Held(S shard, long version) {
      this.shard = shard;
      this.version = version;
    }

    public S shard() {
      return shard;
    }

    /**
     * Its timer has fired; gives the event time, in microseconds, up to which the stream is
     * complete now: the watermark has passed the millisecond that it is in.
     */
    public long woken(Instant timer) {
      wakesAt = Long.MAX_VALUE;
      holdsAt = Long.MAX_VALUE;
      long millis = timer.getMillis();
      return millis >= LAST_TIMER ? Long.MAX_VALUE : millis * 1000 - 1;
    }

    /**
     * Notes that it has changed.
     *
     * @param nextWake the event time that must be complete for it to be woken; empty if nothing
     *     waits for one
     */
    public void changed(
        long nextId, long time, OptionalLong nextWake, ValueState<ShardState> state, Timer timer) {
      changed(nextId, time, nextWake, OptionalLong.empty(), state, timer);
    }

    /**
     * Notes that it has changed.
     *
     * @param holds the event time that the watermark behind this step must not pass until it is
     *     woken, and that what comes out then bears; empty for the time at which it is woken
     */
    public void changed(
        long nextId,
        long time,
        OptionalLong nextWake,
        OptionalLong holds,
        ValueState<ShardState> state,
        Timer timer) {
      do {
        version = ThreadLocalRandom.current().nextLong();
      } while (version == 0); // which means none
      state.write(new ShardState(nextId, time, version));
      if (nextWake.isPresent()) {
        long millis = Math.min(LAST_TIMER, Math.floorDiv(nextWake.getAsLong(), 1000L) + 1);
        long hold =
            holds.isPresent() ? Math.min(millis, Math.floorDiv(holds.getAsLong(), 1000L)) : millis;
        if (millis != wakesAt || hold != holdsAt) {
          wakesAt = millis;
          holdsAt = hold;
          long first = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
          Instant at = Instant.ofEpochMilli(Math.max(millis, first));
          if (holds.isPresent()) {
            timer.withOutputTimestamp(Instant.ofEpochMilli(Math.max(hold, first))).set(at);
          } else {
            timer.set(at);
          }
        }
      }
    }
  }

  /**
   * The shard of a key.
   *
   * @param load begins one, anew or from what state holds
   */
  public Held<S> get(
      Integer key, ValueState<ShardState> state, Function<@Nullable ShardState, S> load) {
    ShardState saved = state.read();
    Held<S> held = shards.get(key);
    long version = saved == null ? 0 : saved.version();
    if (held == null || held.version != version) {
      held = new Held<>(load.apply(saved), version);
      shards.put(key, held);
    }
    return held;
  }

  /** The journal in Beam's state. */
  public static Journal journal(MapState<Long, RecordBatch> state) {
    return Journal.of(state::put, state::remove);
  }

  /** What the journal in Beam's state holds. */
  public static Map<Long, RecordBatch> batches(MapState<Long, RecordBatch> state) {
    Map<Long, RecordBatch> batches = new HashMap<>();
    state.entries().read().forEach(e -> batches.put(e.getKey(), e.getValue()));
    return batches;
  }
}
