package io.featurebeam.aggregate;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Random cases that look for trouble, and shrink: fewer events, nearer to 1970, simpler values. One
 * in three lies at an end of the times that a long can hold.
 */
final class AggregateCases {

  private static final long MINUTE = 60_000_000L;
  private static final long HOUR = 60 * MINUTE;

  private static final List<Aggregate> AGGREGATES =
      List.of(
          Aggregates.count(),
          Aggregates.count("x"),
          Aggregates.sum("x"),
          Aggregates.sum("n"),
          Aggregates.mean("x"),
          Aggregates.mean("n"),
          Aggregates.min("x"),
          Aggregates.max("x"),
          Aggregates.min("n"),
          Aggregates.max("d"),
          Aggregates.variance("x"),
          Aggregates.stddev("x"),
          Aggregates.stddev("n"),
          new Variance("x", true, false),
          Aggregates.approximateDistinct("x"),
          Aggregates.approximateDistinct("s"),
          Aggregates.approximateDistinct("b"),
          Aggregates.quantile("x", 0.5),
          Aggregates.quantile("x", 0.9),
          Aggregates.quantile("n", 0.25),
          Aggregates.quantile("x", 1),
          Aggregates.last("x"),
          Aggregates.last("n"),
          Aggregates.last("s"),
          Aggregates.last("b"),
          Aggregates.first("x"),
          Aggregates.first("s"),
          Aggregates.firstK("n", 2),
          Aggregates.lastK("x", 3),
          Aggregates.lastK("s", 2),
          Aggregates.topK("x", 2),
          Aggregates.bottomK("n", 3),
          Aggregates.topK("s", 2, "x"),
          Aggregates.bottomK("b", 2, "n"),
          Aggregates.difference("x"),
          Aggregates.difference("n"),
          Aggregates.timeSinceLast(),
          Aggregates.timeSinceLast("x"),
          Aggregates.timeSinceFirst("n"),
          Aggregates.rate(60_000_000),
          Aggregates.rate("x", 1_000_000),
          Aggregates.skewness("x"),
          new Skewness("n", true),
          Aggregates.kurtosis("x"),
          new Kurtosis("n", true),
          Aggregates.weightedSum("x", "n"),
          Aggregates.weightedMean("n", "weight"),
          Aggregates.weightedMean("x", "n"),
          Aggregates.weightedVariance("x", "weight"),
          new Weighted(Weighted.Kind.STDDEV, "x", "weight", true),
          Aggregates.ewma("x", HOUR),
          Aggregates.ewma("n", 30_000_000),
          Aggregates.slope("x"),
          Aggregates.slope("n"),
          Aggregates.drawdown("x"),
          Aggregates.drawdown("n"),
          Aggregates.sum("elements(l)"),
          Aggregates.count("elements(l)"),
          Aggregates.max("elements(l)"),
          Aggregates.median("elements(l)"),
          Aggregates.topK("elements(l)", 2),
          Aggregates.weightedMean("elements(l)", "weight"),
          Aggregates.distinct("x"),
          new Distinct("s", 2),
          Aggregates.distinctList("s"),
          new DistinctList("x", 3),
          Aggregates.mostFrequent("s"),
          Aggregates.mostFrequent("x"),
          Aggregates.frequentItems("n", 3),
          Aggregates.frequentCounts("s", 2),
          Aggregates.histogram("x", 0.0, 1.0),
          Aggregates.quantiles("x", 0.0, 0.5),
          Aggregates.entropy("n"),
          Aggregates.perCategory(Aggregates.sum("x"), "s"),
          Aggregates.perCategory(Aggregates.count(), "b"),
          Aggregates.perCategory(Aggregates.timeSinceLast("x"), "s"),
          Aggregates.perCategory(Aggregates.last("s"), "n"),
          Aggregates.perCategory(Aggregates.quantile("x", 0.5), "b"),
          new PerCategory(Aggregates.max("n"), "s", 2));

  private AggregateCases() {}

  static Arbitrary<AggregateCase> any() {
    return of(AGGREGATES);
  }

  /** Cases with these aggregates alone. */
  static Arbitrary<AggregateCase> of(List<Aggregate> aggregates) {
    return Combinators.combine(specs(aggregates), events(), Arbitraries.longs().between(0, 1 << 20))
        .as(AggregateCase::new);
  }

  /** Cases whose windows fall on a grid: the plan with tiles. */
  static Arbitrary<AggregateCase> tiled() {
    return any().filter(c -> c.plan().isTiled());
  }

  private static Arbitrary<WindowedAggregates> specs(List<Aggregate> aggregates) {
    Arbitrary<Emission> emissions =
        Arbitraries.of(
            Emission.everyEvent(),
            Emission.every(HOUR),
            Emission.every(HOUR),
            Emission.every(30 * MINUTE),
            Emission.windowClose());
    return emissions.flatMap(
        emission ->
            Combinators.combine(
                    keys(),
                    Arbitraries.of("seq", "none"),
                    groups(emission, aggregates).list().ofMinSize(1).ofMaxSize(2))
                .as(
                    (keys, sequence, groups) ->
                        new WindowedAggregates(
                            keys,
                            "time",
                            sequence.equals("seq") ? sequence : null,
                            emission,
                            named(emission, groups))));
  }

  private static Arbitrary<List<String>> keys() {
    return Arbitraries.of(
        List.of("user"),
        List.of("user"),
        List.of("shop"),
        List.of("user", "shop"),
        List.of("weight", "user"));
  }

  private static Arbitrary<Group> groups(Emission emission, List<Aggregate> aggregates) {
    boolean one = emission.kind() == Emission.Kind.WINDOW_CLOSE;
    Arbitrary<Window> sessions =
        Arbitraries.of(1L, 30 * MINUTE, HOUR, HOUR + 1, 3 * HOUR, Long.MAX_VALUE)
            .map(Window::session);
    Arbitrary<List<Window>> windows =
        Arbitraries.frequencyOf(
                Tuple.of(
                    3, Arbitraries.of("1h", "2h", "3h", "90m", "1d", "lifetime").map(Window::of)),
                Tuple.of(1, sessions))
            .filter(window -> !one || !window.isLifetime())
            .list()
            .ofMinSize(1)
            .ofMaxSize(one ? 1 : 3)
            .uniqueElements();
    Arbitrary<List<Feature>> features =
        Combinators.combine(Arbitraries.of(aggregates), Arbitraries.of("", "", "", "b", "n > 0"))
            .as((a, where) -> new Feature("a", a, where.isEmpty() ? null : where))
            .list()
            .ofMinSize(1)
            .ofMaxSize(5);
    return Combinators.combine(windows, bounds(emission), features)
        .as((w, b, f) -> group(emission, hasRate(f) ? finite(w) : w, b, f));
  }

  /** Of sessions nothing is rounded, and rows at their ends see all of them. */
  private static Group group(
      Emission emission, List<Window> windows, WindowBounds bounds, List<Feature> features) {
    if (windows.stream().noneMatch(Window::isSession)) {
      return new Group(windows, bounds, features);
    }
    boolean closing = emission.kind() == Emission.Kind.WINDOW_CLOSE;
    WindowBounds of = closing ? WindowBounds.DEFAULT.withRowCap(bounds.rowCap()) : bounds;
    return new Group(windows, of.withHop(0), features);
  }

  private static boolean hasRate(List<Feature> features) {
    return features.stream().anyMatch(feature -> feature.aggregate() instanceof Rate);
  }

  private static List<Window> finite(List<Window> windows) {
    List<Window> finite = windows.stream().filter(Window::hasLength).toList();
    return finite.isEmpty() ? List.of(Window.of("1d")) : finite;
  }

  /** Feature names made unique; windowClose takes one window for all groups. */
  private static List<Group> named(Emission emission, List<Group> groups) {
    List<Group> named = new ArrayList<>();
    boolean one = emission.kind() == Emission.Kind.WINDOW_CLOSE;
    for (Group group : groups) {
      List<Window> windows = one ? groups.get(0).windows() : group.windows();
      boolean noRate = windows.stream().anyMatch(Window::isSession);
      List<Feature> features = new ArrayList<>();
      for (Feature feature : group.features()) {
        String name = "f" + named.size() + "_" + features.size();
        boolean isRate = feature.aggregate() instanceof Rate;
        Aggregate aggregate = isRate && noRate ? Aggregates.count() : feature.aggregate();
        features.add(new Feature(name, aggregate, feature.where()));
      }
      named.add(group(emission, windows, group.bounds(), features));
    }
    return named;
  }

  private static Arbitrary<WindowBounds> bounds(Emission emission) {
    boolean current = emission.kind() == Emission.Kind.EVERY_EVENT;
    Arbitrary<WindowBounds> profiles =
        Arbitraries.of(
            WindowBounds.DEFAULT,
            WindowBounds.DEFAULT,
            WindowBounds.FEAST,
            WindowBounds.CHRONON,
            WindowBounds.chronon(HOUR),
            WindowBounds.FEATHR,
            WindowBounds.FEATHR,
            WindowBounds.OPENMLDB,
            new WindowBounds(false, false, 0, 0, 0, false));
    return Combinators.combine(
            profiles,
            Arbitraries.of(0L, 0L, 0L, HOUR, 30 * MINUTE + 1),
            Arbitraries.of(0, 0, 0, 0, 1, 2, 3),
            Arbitraries.of(false, true))
        .as(
            (bounds, delay, cap, exclude) ->
                bounds.withDelay(delay).withRowCap(cap).withExcludeCurrent(exclude && current));
  }

  private static Arbitrary<List<Map<String, @Nullable Object>>> events() {
    Arbitrary<Integer> keyCounts = Arbitraries.of(1, 2, 8, 40);
    Arbitrary<Double[]> palettes = Arbitraries.of(TAME, TIED, HARD, SPECIAL);
    return Combinators.combine(keyCounts, palettes, starts())
        .flatAs(
            (keys, palette, start) ->
                Combinators.combine(
                        Arbitraries.integers().between(0, keys - 1),
                        times(start),
                        Arbitraries.of(null, 0L, 0L, 1L, -5L, Long.MAX_VALUE),
                        Arbitraries.of(palette),
                        Arbitraries.of(null, 0L, 1L, 1L, -3L, 7L, (1L << 53) + 1, -(1L << 55) + 3),
                        Arbitraries.of(null, "", "a", "b", "é"),
                        Arbitraries.of(null, true, false))
                    .as(AggregateCases::event)
                    .list()
                    .ofMaxSize(40));
  }

  /** Eight hours from here hold all events; at both ends with the edges of hours and beside. */
  private static Arbitrary<Long> starts() {
    long day = 24 * HOUR;
    return Arbitraries.frequencyOf(
        Tuple.of(2, Arbitraries.of(0L, -30 * HOUR, 273_000 * HOUR)),
        Tuple.of(
            1,
            Arbitraries.of(
                Long.MIN_VALUE,
                Long.MIN_VALUE / HOUR * HOUR,
                Long.MIN_VALUE / day * day - 4 * HOUR,
                Long.MAX_VALUE / HOUR * HOUR - 7 * HOUR,
                Long.MAX_VALUE / day * day - 4 * HOUR,
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

  private static final Double[] TAME = {0.5, 1.0, 2.0, 0.1, -0.3, 1234.5, null};
  private static final Double[] TIED = {0.0, -0.0, 1.0};
  private static final Double[] HARD = {
    1.0, 0.1, 1e16, -1e16, 1e16 + 2, 1e100, -1e100, 1e-100, 1e-300, -1e-300, 3e15 + 0.5, null
  };
  private static final Double[] SPECIAL = {
    1.0, null, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.0
  };

  private static Map<String, @Nullable Object> event(
      int key,
      long time,
      @Nullable Long sequence,
      @Nullable Double x,
      @Nullable Long n,
      @Nullable String s,
      @Nullable Boolean b) {
    List<@Nullable Object> row =
        Arrays.asList(
            key % 5 == 4 ? null : "user" + key,
            key % 3 == 2 ? null : (Long) (long) (key % 2),
            key % 4 == 0 ? (Double) (key % 8 == 0 ? 0.0 : -0.0) : (Double) (key * 0.5),
            time,
            sequence,
            x,
            n,
            s,
            b,
            n == null ? null : n % 1000,
            b == null ? null : list(key, x, n));
    return Plans.events(AggregateCase.SCHEMA, List.of(row)).get(0);
  }

  /** None, one, or three of which one may be null. */
  private static List<@Nullable Object> list(int key, @Nullable Double x, @Nullable Long n) {
    return switch (key % 3) {
      case 0 -> Arrays.asList(x, n == null ? null : (Double) (double) n, 0.5);
      case 1 -> Arrays.asList(x);
      default -> List.of();
    };
  }
}
