package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.aggregate.LabelFeatures.Limits;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.time.Emission;
import io.featurebeam.time.WindowBounds.Ties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The features of labels equal {@link BruteForce}, at, beside and far from events. */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class LabelsEqualBruteForceTest {

  @Property(seed = "1")
  void featuresOfLabelsEqualBruteForce(@ForAll("cases") AggregateCase c) {
    Random random = new Random(c.seed());
    List<Map<String, @Nullable Object>> labels = labels(c, random);
    BoundAggregates plan = c.plan();
    List<List<@Nullable Object>> expected = new ArrayList<>();
    BruteForce bruteForce = new BruteForce(c.spec(), AggregateCase.CONDITIONS);
    for (int i = 0; i < labels.size(); i++) {
      Map<String, @Nullable Object> label = labels.get(i);
      List<@Nullable Object> key = new ArrayList<>();
      c.spec().keys().forEach(k -> key.add(label.get(k)));
      expected.add(row(i, bruteForce.ofLabel(key, (Long) label.get("time"), c.events())));
    }
    assertEquals(
        Optional.empty(),
        new Differences(plan)
            .first(
                expected, actual(c, plan, labels, limits(random), random, answer(Long.MAX_VALUE))));
  }

  private static Limits limits(Random random) {
    return new Limits(random.nextInt(3000), 1 + random.nextInt(200), 1 + random.nextInt(5));
  }

  /** However few events and states are in memory at a time: to the last bit. */
  @Property(seed = "2", tries = 150)
  void howManyEventsAndStatesAreInMemoryDoesNotMatter(@ForAll("cases") AggregateCase c) {
    List<Map<String, @Nullable Object>> labels = labels(c, new Random(c.seed()));
    BoundAggregates plan = c.plan();
    long ttl = TTLS[(int) (c.seed() % TTLS.length)];
    Limits all = new Limits(Long.MAX_VALUE, 1 << 22, 1);
    List<List<@Nullable Object>> expected =
        actual(c, plan, labels, all, new Random(c.seed()), answer(ttl));
    for (int states : new int[] {1, 20, 100}) {
      Limits limits = new Limits(Long.MAX_VALUE, states, 1);
      assertEquals(expected, actual(c, plan, labels, limits, new Random(c.seed()), answer(ttl)));
    }
    for (int bytes : new int[] {0, 500, 2000}) {
      Limits limits = new Limits(bytes, 1 << (bytes / 100), 2);
      assertEquals(expected, actual(c, plan, labels, limits, new Random(c.seed()), answer(ttl)));
      Random random = new Random(c.seed());
      assertEquals(
          expected, actual(c, plan, labels, limits, new Random(c.seed()), inParts(ttl, random)));
    }
  }

  private static final long[] TTLS = {
    Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 1, 0, 1, 3_600_000_000L
  };

  /** How labels are asked for. */
  private interface Asking {
    List<List<@Nullable Object>> rows(LabelFeatures features, List<Column> keys, long[] times);
  }

  private static Asking answer(long ttl) {
    return (features, keys, times) -> rows(features.answer(keys, times, ttl).columns());
  }

  /** Labels in order of time, some after the other, of equal time too. */
  private static Asking inParts(long ttl, Random random) {
    return (features, keys, times) -> {
      List<Integer> order =
          IntStream.range(0, times.length)
              .boxed()
              .sorted(Comparator.comparingLong(label -> times[label]))
              .toList();
      List<List<@Nullable Object>> rows =
          new ArrayList<>(Collections.nCopies(times.length, List.of()));
      try (features) {
        features.expect(keys, times);
        for (int at = 0; at < times.length; ) {
          int end = at + 1 + random.nextInt(times.length - at);
          int[] part = order.subList(at, end).stream().mapToInt(label -> label).toArray();
          LabelFeatures.Answer answer =
              features.answerNext(
                  keys.stream().map(key -> key.gather(part)).toList(),
                  Arrays.stream(part).mapToLong(label -> times[label]).toArray(),
                  ttl);
          List<List<@Nullable Object>> some = rows(answer.columns());
          for (int i = 0; i < part.length; i++) {
            rows.set(part[i], some.get(i));
          }
          at = end;
        }
      }
      return rows;
    };
  }

  /** Some of the events' keys and times, a microsecond beside, and some of nobody. */
  private static List<Map<String, @Nullable Object>> labels(AggregateCase c, Random random) {
    List<Map<String, @Nullable Object>> labels = new ArrayList<>();
    for (Map<String, @Nullable Object> event : c.events()) {
      Map<String, @Nullable Object> label = new LinkedHashMap<>(event);
      Map<String, @Nullable Object> other = c.events().get(random.nextInt(c.events().size()));
      long time = (Long) other.get("time");
      switch (random.nextInt(4)) {
        case 0 -> label.put("time", time + (time < Long.MAX_VALUE ? 1 : 0));
        case 1 -> label.put("time", time - (time > Long.MIN_VALUE ? 1 : 0));
        case 2 -> label.put("user", "nobody" + random.nextInt(2));
        default -> label.put("time", time);
      }
      labels.add(label);
    }
    return labels;
  }

  private static List<List<@Nullable Object>> actual(
      AggregateCase c,
      BoundAggregates plan,
      List<Map<String, @Nullable Object>> labels,
      Limits limits,
      Random random,
      Asking asking) {
    List<Map<String, @Nullable Object>> events = new ArrayList<>(c.events());
    Collections.shuffle(events, random);
    LabelFeatures held = new LabelFeatures(plan, limits);
    for (int at = 0; at < events.size(); ) {
      int end = at + 1 + random.nextInt(events.size() - at);
      held.add(Plans.batch(plan.schema(), events.subList(at, end), random));
      at = end;
    }
    RecordBatch batch = Plans.batch(plan.schema(), labels, random);
    List<List<@Nullable Object>> features =
        asking.rows(
            held,
            plan.keyColumns(batch),
            Arrays.copyOf(batch.longs("time").values(), batch.size()));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      rows.add(row(i, features.get(i)));
    }
    return rows;
  }

  private static List<List<@Nullable Object>> rows(List<Column> columns) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < columns.get(0).size(); i++) {
      List<@Nullable Object> values = new ArrayList<>();
      for (Column column : columns) {
        values.add(column.value(i));
      }
      rows.add(values);
    }
    return rows;
  }

  private static List<@Nullable Object> row(int label, List<@Nullable Object> features) {
    List<@Nullable Object> row =
        new ArrayList<>(Collections.nCopies(AggregateCase.SCHEMA.size(), null));
    row.set(0, (long) label);
    row.addAll(features);
    return row;
  }

  @Provide
  Arbitrary<AggregateCase> cases() {
    return AggregateCases.any().map(c -> c.with(atLabels(c.spec())));
  }

  /** A label has no ties and no event of its own. */
  private static WindowedAggregates atLabels(WindowedAggregates spec) {
    List<Group> groups = new ArrayList<>();
    for (Group group : spec.groups()) {
      groups.add(
          new Group(
              group.windows(),
              group
                  .bounds()
                  .withExcludeCurrent(false)
                  .withTies(group.bounds().ties() == Ties.NONE ? Ties.ALL : group.bounds().ties()),
              group.features()));
    }
    return new WindowedAggregates(
        spec.keys(),
        spec.eventTime(),
        spec.sequence(),
        Emission.everyEvent(),
        groups,
        null,
        spec.changes());
  }
}
