package io.featurebeam.benchmarks.kernels;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.RowsAtTimes;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The microbenchmark that Chronon publishes of its window algorithms, in the same shape: 100,000
 * queries at multiples of five minutes in 30 days, over 10,000 events of one key in 180 days that
 * end with them; the mean and the 300 largest of a number below 1,000, a tenth of them null, over
 * an hour, a day, 30 days and the lifetime, of which the finite ones begin at a multiple of five
 * minutes, an hour and a day.
 */
final class WindowQueries {

  static final int K = 300;
  private static final long MINUTE = 60_000_000L;
  private static final long DAY = 24 * 60 * MINUTE;
  private static final long END = 1_700_006_400_000_000L; // a midnight

  /** A length, and what its left end is floored to; 0 is the lifetime. */
  record Span(long micros, long hop) {
    /** The first event time that a query sees. */
    long first(long query) {
      return micros == 0 ? Long.MIN_VALUE : query - micros - Math.floorMod(query - micros, hop);
    }
  }

  static final List<Span> SPANS =
      List.of(
          new Span(60 * MINUTE, 5 * MINUTE),
          new Span(DAY, 60 * MINUTE),
          new Span(30 * DAY, DAY),
          new Span(0, 0));

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("key", FieldType.INT64),
          Field.required("time", FieldType.TIMESTAMP),
          Field.of("number", FieldType.INT64));

  /** Of the events, in no order. */
  final long[] times;

  /** Of the events; negative for null. */
  final long[] numbers;

  /** Ascending. */
  final long[] queries;

  private final RecordBatch events;
  private final BoundAggregates plan;

  WindowQueries(int events, int queries, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    times = random.longs(events, END - 180 * DAY, END).toArray();
    numbers = new long[events];
    Arrays.setAll(numbers, i -> random.nextInt(10) == 0 ? -1 : random.nextInt(1000));
    this.queries =
        random
            .longs(queries, (END - 30 * DAY) / (5 * MINUTE), END / (5 * MINUTE))
            .map(multiple -> multiple * 5 * MINUTE)
            .sorted()
            .toArray();
    RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
    for (int i = 0; i < events; i++) {
      builder.add(1L, times[i], numbers[i] < 0 ? null : (Long) numbers[i]);
    }
    this.events = builder.build();
    this.plan = BoundAggregates.bind(spec(), SCHEMA);
  }

  private static WindowedAggregates spec() {
    List<Group> groups = new ArrayList<>();
    for (Span span : SPANS) {
      groups.add(
          new Group(
              List.of(span.micros() == 0 ? Window.LIFETIME : new Window(span.micros())),
              WindowBounds.chronon(span.hop()),
              List.of(
                  Feature.of("mean", Aggregates.mean("number")),
                  Feature.of("top", Aggregates.topK("number", K)))));
    }
    return new WindowedAggregates(List.of("key"), "time", null, Emission.everyEvent(), groups);
  }

  /** The kernels. */
  Sums kernels() {
    Sums sums = new Sums();
    RowsAtTimes.compute(plan, events, queries, columns -> add(columns, sums));
    return sums;
  }

  private static void add(List<Column> columns, Sums sums) {
    for (Column column : columns) {
      if (column instanceof DoubleColumn means) {
        for (int i = 0; i < means.size(); i++) {
          if (!means.isNull(i)) {
            sums.addMean(means.get(i));
          }
        }
      } else {
        ListColumn tops = (ListColumn) column;
        long[] numbers = ((LongColumn) tops.elements()).values();
        for (int i = 0; i < tops.size(); i++) {
          sums.addTop(numbers, tops.start(i), tops.end(i));
        }
      }
    }
  }

  /** Every query asks every event for every window. */
  Sums naive() {
    Sums sums = new Sums();
    BoundedHeap largest = new BoundedHeap(K);
    for (long query : queries) {
      for (Span span : SPANS) {
        long first = span.first(query);
        long sum = 0;
        int count = 0;
        largest.clear();
        for (int i = 0; i < times.length; i++) {
          if (times[i] >= first && times[i] < query && numbers[i] >= 0) {
            sum += numbers[i];
            count++;
            largest.add(numbers[i]);
          }
        }
        if (count > 0) {
          sums.addMean((double) sum / count);
        }
        long[] top = largest.descending();
        sums.addTop(top, 0, top.length);
      }
    }
    return sums;
  }

  /** The textbook's two stacks, an object for each state, over sorted events. */
  Sums twoStacks() {
    Integer[] order = new Integer[times.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Long.compare(times[a], times[b]));
    Sums sums = new Sums();
    for (Span span : SPANS) {
      PlainTwoStacks stacks = new PlainTwoStacks(K);
      int in = 0;
      int out = 0;
      for (long query : queries) {
        while (in < order.length && times[order[in]] < query) {
          stacks.push(numbers[order[in++]]);
        }
        while (out < in && times[order[out]] < span.first(query)) {
          stacks.pop();
          out++;
        }
        stacks.addTo(sums);
      }
    }
    return sums;
  }

  /** What all results add up to, so that none is left out and all must be equal. */
  static final class Sums {
    private double means;
    private long rows;
    private long tops;
    private long entries;

    void addMean(double mean) {
      means += mean;
      rows++;
    }

    /** The order within a list counts. */
    void addTop(long[] numbers, int from, int to) {
      for (int i = from; i < to; i++) {
        tops += numbers[i] * (i - from + 1);
      }
      entries += to - from;
    }

    /** Means are added up in another order by each. */
    boolean isSame(Sums other) {
      return rows == other.rows
          && tops == other.tops
          && entries == other.entries
          && Math.abs(means - other.means) <= 1e-9 * Math.abs(means);
    }

    @Override
    public String toString() {
      return rows + " means of " + means + " and " + entries + " largest numbers";
    }
  }
}
