package io.featurebeam.join;

import io.featurebeam.aggregate.Aggregate;
import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.Plans;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.time.WindowBounds.Ties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Random cases that look for trouble, and shrink: fewer groups, labels and records, nearer to 1970,
 * simpler values. One in three lies at an end of the times that a long can hold, one in four has a
 * single key.
 */
final class JoinCases {

  private static final long MINUTE = 60_000_000L;
  static final long HOUR = 60 * MINUTE;

  /** Those whose values do not depend on how they are rounded. */
  private static final List<Aggregate> AGGREGATES =
      List.of(
          Aggregates.count(),
          Aggregates.count("x"),
          Aggregates.sum("x"),
          Aggregates.sum("n"),
          Aggregates.min("s"),
          Aggregates.max("n"),
          Aggregates.last("x"),
          Aggregates.last("s"),
          Aggregates.first("n"),
          Aggregates.lag("s", 1),
          Aggregates.lastK("n", 3),
          Aggregates.topK("x", 2),
          Aggregates.distinct("s"),
          Aggregates.quantile("x", 0.5),
          Aggregates.mostFrequent("s"),
          Aggregates.difference("n"),
          Aggregates.sum("elements(l)"),
          Aggregates.perCategory(Aggregates.count(), "s"));

  private JoinCases() {}

  static Arbitrary<JoinCase> any() {
    return with(bounds(), asOfBounds());
  }

  /** Cases in which no label sees what happens at its time. */
  static Arbitrary<JoinCase> blind() {
    return with(
        bounds().map(b -> b.delayMicros() > 0 ? b : open(b)), Arbitraries.of(WindowBounds.DEFAULT));
  }

  private static WindowBounds open(WindowBounds b) {
    return new WindowBounds(
        b.leftClosed(), false, 0, b.hopMicros(), b.rowCap(), false, b.rowDelay(), b.ties());
  }

  private static Arbitrary<JoinCase> with(
      Arbitrary<WindowBounds> bounds, Arbitrary<WindowBounds> asOfBounds) {
    Arbitrary<Part> parts =
        Arbitraries.oneOf(windowGroups(bounds).map(p -> p), asOfGroups(asOfBounds).map(p -> p));
    Arbitrary<List<Part>> groups = parts.list().ofMinSize(1).ofMaxSize(4);
    return Combinators.combine(groups, data(), Arbitraries.longs().between(0, 1 << 20))
        .as(
            (all, data, seed) -> {
              PointInTime join = PointInTime.at("at");
              Map<String, WindowedAggregates> asked = new LinkedHashMap<>();
              for (int g = 0; g < all.size(); g++) {
                String name = "g" + g;
                JoinGroup group = all.get(g).named(name);
                join = join.join(group);
                if (all.get(g) instanceof Windows windows) {
                  asked.put(name, windows.aggregates(name));
                }
              }
              return new JoinCase(join, asked, data.labels, data.events, data.table, seed);
            });
  }

  /** A group before it has a name, which its columns bear too. */
  private interface Part {
    JoinGroup named(String name);
  }

  private record Windows(
      Map<String, String> keys,
      @Nullable String sequence,
      List<Group> groups,
      long ttl,
      boolean drops)
      implements Part {

    @Override
    public JoinGroup named(String name) {
      return new WindowGroup(name, aggregates(name), keys, ttl, 0, drops);
    }

    WindowedAggregates aggregates(String name) {
      List<Group> named = new ArrayList<>();
      for (Group group : groups) {
        List<Feature> features = new ArrayList<>();
        for (Feature f : group.features()) {
          String feature = name + "_" + named.size() + features.size();
          features.add(new Feature(feature, f.aggregate(), f.where()));
        }
        named.add(new Group(group.windows(), group.bounds(), features));
      }
      return new WindowedAggregates(
          List.copyOf(keys.keySet()), "time", sequence, Emission.everyEvent(), named);
    }
  }

  private static Arbitrary<Windows> windowGroups(Arbitrary<WindowBounds> bounds) {
    Arbitrary<Map<String, String>> keys =
        Arbitraries.of(
            keys("user", "card"),
            keys("user", "card"),
            keys("place", "shop"),
            keys("place", "shop", "user", "card"),
            keys("user", "card", "place", "shop"),
            keys("weight", "weight", "user", "card"));
    Arbitrary<List<Window>> windows =
        Arbitraries.of("1h", "2h", "90m", "1d", "lifetime")
            .map(Window::of)
            .list()
            .ofMinSize(1)
            .ofMaxSize(2)
            .uniqueElements();
    Arbitrary<List<Feature>> features =
        Combinators.combine(Arbitraries.of(AGGREGATES), Arbitraries.of("", "", "b", "n > 0"))
            .as((a, where) -> new Feature("f", a, where.isEmpty() ? null : where))
            .list()
            .ofMinSize(1)
            .ofMaxSize(3);
    Arbitrary<List<Group>> groups =
        Combinators.combine(windows, bounds, features)
            .as(Group::new)
            .list()
            .ofMinSize(1)
            .ofMaxSize(2);
    return Combinators.combine(
            keys, Arbitraries.of("", "seq"), groups, ttls(), Arbitraries.of(false, false, true))
        .as((k, seq, g, ttl, drops) -> new Windows(k, seq.isEmpty() ? null : seq, g, ttl, drops));
  }

  private static Arbitrary<Part> asOfGroups(Arbitrary<WindowBounds> bounds) {
    Arbitrary<Map<String, String>> keys =
        Arbitraries.of(
            keys("card", "card"),
            keys("card", "card"),
            keys("branch", "shop"),
            keys("branch", "shop", "card", "card"),
            keys("card", "card", "branch", "shop"),
            keys("weight", "weight"));
    List<String> wheres = new ArrayList<>(List.of("", "", ""));
    JoinCase.WHERES.keySet().stream().sorted().forEach(wheres::add);
    return Combinators.combine(
            keys,
            Arbitraries.of("", "made", "level"),
            Arbitraries.of(List.of("tier"), List.of("level", "flags"), List.of("tier", "made")),
            bounds,
            Arbitraries.of(wheres),
            ttls(),
            Arbitraries.of(false, true),
            Arbitraries.of(false, false, true))
        .as(
            (k, created, columns, b, where, ttl, known, drops) ->
                name -> {
                  Map<String, String> named = new LinkedHashMap<>();
                  columns.forEach(column -> named.put(column, name + "_" + column));
                  return new AsOfGroup(
                      name,
                      k,
                      "valid_from",
                      created.isEmpty() ? null : created,
                      named,
                      b,
                      where.isEmpty() ? null : where,
                      ttl,
                      known ? b.delayMicros() : 0,
                      drops);
                });
  }

  private static Map<String, String> keys(String... pairs) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      keys.put(pairs[i], pairs[i + 1]);
    }
    return keys;
  }

  private static Arbitrary<Long> ttls() {
    return Arbitraries.of(
        PointInTime.ANY_AGE,
        PointInTime.ANY_AGE,
        PointInTime.ANY_AGE - 1,
        0L,
        1L,
        HOUR,
        HOUR + 1,
        3 * HOUR);
  }

  private static Arbitrary<WindowBounds> asOfBounds() {
    return Combinators.combine(
            Arbitraries.of(WindowBounds.FEAST, WindowBounds.FEAST, WindowBounds.DEFAULT),
            Arbitraries.of(0L, 0L, 1L, HOUR, 30 * MINUTE + 1))
        .as(WindowBounds::withDelay);
  }

  private static Arbitrary<WindowBounds> bounds() {
    return Combinators.combine(
            Arbitraries.of(
                WindowBounds.DEFAULT,
                WindowBounds.DEFAULT,
                WindowBounds.FEAST,
                WindowBounds.chronon(HOUR),
                WindowBounds.FEATHR,
                WindowBounds.OPENMLDB),
            Arbitraries.of(0L, 0L, 0L, 1L, HOUR),
            Arbitraries.of(0, 0, 0, 2),
            Arbitraries.of(false, true),
            Arbitraries.of(0, 0, 0, 1),
            Arbitraries.of(Ties.ALL, Ties.ALL, Ties.BEFORE, Ties.NONE))
        .as(
            (b, delay, cap, exclude, rowDelay, ties) ->
                b.withDelay(delay)
                    .withRowCap(cap)
                    .withExcludeCurrent(exclude)
                    .withRowDelay(rowDelay)
                    .withTies(ties));
  }

  private record Data(
      List<Map<String, @Nullable Object>> labels,
      List<Map<String, @Nullable Object>> events,
      List<Map<String, @Nullable Object>> table) {}

  private static Arbitrary<Data> data() {
    return Combinators.combine(Arbitraries.of(1, 2, 8, 30), starts())
        .flatAs(
            (keys, start) ->
                Combinators.combine(
                        labels(keys, start).list().ofMaxSize(12),
                        events(keys, start).list().ofMaxSize(25),
                        table(keys, start).list().ofMaxSize(15))
                    .as(Data::new));
  }

  private static Arbitrary<Map<String, @Nullable Object>> labels(int keys, long start) {
    return Combinators.combine(
            Arbitraries.integers().between(0, keys - 1),
            times(start),
            Arbitraries.of(null, 0L, 1L),
            Arbitraries.of(0, 1, 1, 2, 2))
        .as(
            (key, time, mark, tags) ->
                record(JoinCase.LABELS, mark, shop(key), time, card(key), weight(key), list(tags)));
  }

  private static Arbitrary<Map<String, @Nullable Object>> events(int keys, long start) {
    return Combinators.combine(
            Arbitraries.integers().between(0, keys - 1),
            times(start),
            Arbitraries.of(null, 0L, 0L, 1L, -5L, Long.MAX_VALUE),
            Arbitraries.of(null, 0.5, 1.0, 1.0, -0.0, 0.0, 1e16, -1e16, Double.NaN),
            Arbitraries.of(null, 0L, 1L, 1L, -3L, 7L),
            Arbitraries.of(null, "", "a", "b", "é"),
            Arbitraries.of(null, true, false),
            Arbitraries.of(0, 1, 2))
        .as(
            (key, time, seq, x, n, s, b, l) ->
                record(
                    JoinCase.EVENTS,
                    card(key),
                    shop(key),
                    weight(key),
                    time,
                    seq,
                    x,
                    n,
                    s,
                    b,
                    list(l)));
  }

  private static Arbitrary<Map<String, @Nullable Object>> table(int keys, long start) {
    return Combinators.combine(
            Arbitraries.integers().between(0, keys - 1),
            Arbitraries.frequencyOf(
                Tuple.of(9, times(start)), Tuple.of(1, Arbitraries.of((Long) null))),
            Arbitraries.of(null, 0L, 1L, -5L, Long.MIN_VALUE, Long.MAX_VALUE),
            Arbitraries.of(null, "gold", "silver", "card0"),
            Arbitraries.of(null, 0L, 1L, 1L),
            Arbitraries.of(null, 0L, 1L),
            Arbitraries.of(0, 1, 2))
        .as(
            (key, from, made, tier, level, labelShop, flags) ->
                record(
                    JoinCase.TABLE,
                    tier,
                    card(key),
                    shop(key),
                    weight(key),
                    level,
                    from,
                    made,
                    labelShop,
                    list(flags)));
  }

  private static @Nullable String card(int key) {
    return key % 5 == 4 ? null : "card" + key;
  }

  private static @Nullable Long shop(int key) {
    return key % 3 == 2 ? null : (Long) (long) (key % 2);
  }

  private static Double weight(int key) {
    return key % 4 == 0 ? (Double) (key % 8 == 0 ? 0.0 : -0.0) : (Double) (key * 0.5);
  }

  private static @Nullable List<@Nullable Object> list(int kind) {
    return kind == 0 ? null : kind == 1 ? List.of() : Arrays.asList(null, 7L);
  }

  private static Map<String, @Nullable Object> record(
      RecordSchema schema, @Nullable Object... values) {
    return Plans.events(schema, List.of(Arrays.asList(values))).get(0);
  }

  /** Eight hours from here hold all times; at both ends with the edges of hours and beside. */
  private static Arbitrary<Long> starts() {
    return Arbitraries.frequencyOf(
        Tuple.of(2, Arbitraries.of(0L, -30 * HOUR, 273_000 * HOUR)),
        Tuple.of(
            1,
            Arbitraries.of(
                Long.MIN_VALUE,
                Long.MIN_VALUE / HOUR * HOUR,
                Long.MAX_VALUE / HOUR * HOUR - 7 * HOUR,
                Long.MAX_VALUE - 8 * HOUR)));
  }

  /** Close together, mostly exactly on an edge or a microsecond beside it. */
  private static Arbitrary<Long> times(long start) {
    return Combinators.combine(
            Arbitraries.integers().between(0, 16), Arbitraries.of(0L, 0L, 0L, 1L, -1L, 11 * MINUTE))
        .as((halfHours, beside) -> saturated(start, halfHours * 30 * MINUTE + beside));
  }

  private static long saturated(long time, long span) {
    long sum = time + span;
    if (span >= 0) {
      return sum < time ? Long.MAX_VALUE : sum;
    }
    return sum > time ? Long.MIN_VALUE : sum;
  }
}
