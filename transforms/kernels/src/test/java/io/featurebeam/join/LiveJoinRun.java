package io.featurebeam.join;

import io.featurebeam.aggregate.Plans;
import io.featurebeam.aggregate.ShardSplitter;
import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.Journal;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A join of a stream as a pipeline runs it: labels and records arrive out of order in batches, some
 * behind the watermark, the watermark moves by leaps, timers wake shards, shards are restored from
 * their journals, and each link's labels go on to the next while its timers hold the watermark
 * behind it. What may not matter is drawn from the seed.
 */
final class LiveJoinRun {

  private static final int LABELS = -1;

  /** The last milliseconds for which a timer can be set. */
  private static final long LAST_TIMER = Long.MAX_VALUE / 1000 - 86_400_000;

  private final JoinCase c;
  private final long lateness;
  private final Random random;
  private final JoinChain chain;
  private final int shards;
  private final long every;
  private final int minBatches;
  private final List<Map<Integer, Shard>> links = new ArrayList<>();

  /** Rows that came out, as of {@link JoinPlans}. */
  private final List<List<@Nullable Object>> rows = new ArrayList<>();

  private final List<List<@Nullable Object>> lateLabels = new ArrayList<>();
  private final List<List<List<@Nullable Object>>> lateRecords = new ArrayList<>();

  /** A shard, and the journal from which another one can go on. */
  private static final class Shard {
    LiveJoinShard shard;
    final Map<Long, RecordBatch> journal = new HashMap<>();

    Shard(LiveJoinShard shard) {
      this.shard = shard;
    }
  }

  private record Arrival(int of, Map<String, @Nullable Object> record, long time, long at) {}

  LiveJoinRun(JoinCase c, long lateness) {
    this.c = c;
    this.lateness = lateness;
    this.random = new Random(c.seed());
    this.chain = JoinChain.of(c.join(), JoinCase.LABELS, c.schemas());
    this.shards = 1 + random.nextInt(3);
    this.every = List.of(1_000L, 1_000_000L, JoinCases.HOUR).get(random.nextInt(3));
    this.minBatches = random.nextInt(4);
    chain.links().forEach(link -> links.add(new TreeMap<>()));
    c.join().groups().forEach(group -> lateRecords.add(new ArrayList<>()));
    List<Arrival> arrivals = arrivals();
    long newest = Long.MIN_VALUE;
    for (int at = 0; at < arrivals.size(); ) {
      int end = Math.min(arrivals.size(), at + 1 + random.nextInt(6));
      List<Arrival> some = arrivals.subList(at, end);
      for (int of = LABELS; of < c.join().groups().size(); of++) {
        arrive(of, some);
      }
      for (Arrival arrival : some) {
        newest = Math.max(newest, arrival.time);
      }
      if (random.nextInt(3) > 0) { // behind the newest by as much as most are out of order
        advance(minus(newest, 2 * JoinCases.HOUR));
      }
      at = end;
    }
    advance(Long.MAX_VALUE);
  }

  private List<Arrival> arrivals() {
    List<Arrival> arrivals = new ArrayList<>();
    c.labels().forEach(label -> add(arrivals, LABELS, label, "at"));
    for (int g = 0; g < c.join().groups().size(); g++) {
      String time = c.join().groups().get(g) instanceof WindowGroup ? "time" : "valid_from";
      int group = g;
      c.records().get(g).forEach(record -> add(arrivals, group, record, time));
    }
    arrivals.sort(Comparator.comparingLong(Arrival::at));
    return arrivals;
  }

  private void add(
      List<Arrival> arrivals, int of, Map<String, @Nullable Object> record, String column) {
    Long time = (Long) record.get(column);
    long known = time == null ? Long.MIN_VALUE : time;
    long delay = random.nextInt(2) * random.nextLong(2 * JoinCases.HOUR);
    delay = random.nextInt(8) == 0 ? 6 * JoinCases.HOUR : delay;
    long at = known > Long.MAX_VALUE - delay ? Long.MAX_VALUE : known + delay;
    arrivals.add(new Arrival(of, record, known, at));
  }

  private static long minus(long time, long span) {
    return time < Long.MIN_VALUE + span ? Long.MIN_VALUE : time - span;
  }

  private void arrive(int of, List<Arrival> some) {
    List<Map<String, @Nullable Object>> records = new ArrayList<>();
    some.stream().filter(arrival -> arrival.of == of).forEach(a -> records.add(a.record));
    if (records.isEmpty()) {
      return;
    }
    RecordSchema schema = of == LABELS ? JoinCase.LABELS : c.schemas().get(of);
    RecordBatch batch = Plans.batch(schema, records, random);
    for (int link = 0; link < links.size(); link++) {
      if (of == LABELS ? link == 0 : chain.links().get(link).groups().contains(of)) {
        send(link, of, batch);
      }
    }
  }

  private void send(int number, int of, RecordBatch batch) {
    JoinChain.Link link = chain.links().get(number);
    ShardSplitter splitter =
        of == LABELS ? link.labelSplitter(shards) : link.recordSplitter(of, shards);
    splitter.add(batch);
    splitter.drain(
        (slice, to) -> take(number, of, to, BatchCodec.decode(BatchCodec.encode(slice))));
  }

  private void take(int number, int of, int to, RecordBatch slice) {
    Shard held = links.get(number).computeIfAbsent(to, s -> new Shard(begin(number)));
    restart(number, held);
    Journal journal = Journal.in(held.journal);
    if (of == LABELS) {
      RecordBatch late = held.shard.addLabels(slice, journal);
      if (late != null) {
        lateLabels.addAll(Plans.rows(late.project(JoinCase.LABELS.names())));
      }
    } else {
      RecordBatch late = held.shard.addRecords(of, slice, journal);
      if (late != null) {
        lateRecords.get(of).addAll(Plans.rows(late));
      }
    }
  }

  private LiveJoinShard begin(int number) {
    return new LiveJoinShard(
        chain.links().get(number), lateness, every, minBatches, random.nextInt(8));
  }

  private void restart(int number, Shard held) {
    if (random.nextInt(5) == 0) {
      Map<Long, RecordBatch> saved = new LinkedHashMap<>();
      held.journal.forEach((id, b) -> saved.put(id, BatchCodec.decode(BatchCodec.encode(b))));
      LiveJoinShard other = begin(number);
      other.restore(held.shard.meta(), saved);
      held.shard = other;
    }
  }

  /** The watermark passes this time; behind each link it is held by the labels that wait there. */
  private void advance(long complete) {
    long passed = complete;
    for (int number = 0; number < links.size(); number++) {
      for (Shard held : links.get(number).values()) {
        wake(number, held, passed);
      }
      for (Shard held : links.get(number).values()) {
        OptionalLong first = held.shard.firstLabel();
        if (first.isPresent()) {
          passed = Math.min(passed, Math.floorDiv(first.getAsLong(), 1000L) * 1000 - 1);
        }
      }
    }
  }

  private void wake(int number, Shard held, long passed) {
    while (held.shard.nextWake().isPresent()) {
      long timer = Math.floorDiv(held.shard.nextWake().getAsLong(), 1000L) + 1;
      long complete = timer >= LAST_TIMER ? Long.MAX_VALUE : timer * 1000 - 1;
      if (complete > passed) {
        return;
      }
      restart(number, held);
      held.shard.wake(complete, Journal.in(held.journal), batch -> answered(number, batch));
    }
  }

  private void answered(int number, RecordBatch answers) {
    if (number < links.size() - 1) {
      send(number + 1, LABELS, answers);
    } else {
      chain.finish(answers, new JoinPlans.Rows(rows));
    }
  }

  /** The rows that must have come out: a nested loop over what was not late. */
  List<List<@Nullable Object>> expected() {
    List<List<Map<String, @Nullable Object>>> accepted = new ArrayList<>();
    for (int g = 0; g < lateRecords.size(); g++) {
      accepted.add(without(c.records().get(g), lateRecords.get(g)));
    }
    return new NaiveJoin(c.join(), c.asked(), JoinCase.CONDITIONS, JoinCase.WHERES)
        .rows(without(c.labels(), lateLabels), accepted);
  }

  private static List<Map<String, @Nullable Object>> without(
      List<Map<String, @Nullable Object>> all, List<List<@Nullable Object>> late) {
    List<List<@Nullable Object>> gone = new ArrayList<>(late);
    List<Map<String, @Nullable Object>> accepted = new ArrayList<>();
    for (Map<String, @Nullable Object> record : all) {
      if (!gone.remove(new ArrayList<>(record.values()))) {
        accepted.add(record);
      }
    }
    return accepted;
  }

  List<List<@Nullable Object>> rows() {
    return rows;
  }

  /** How many labels and records came too late. */
  int late() {
    return lateLabels.size() + lateRecords.stream().mapToInt(List::size).sum();
  }

  /** How many labels still wait. */
  int waiting() {
    return links.stream()
        .flatMap(link -> link.values().stream())
        .mapToInt(held -> held.shard.heldLabels())
        .sum();
  }
}
