package io.featurebeam.pipelines.report;

import io.featurebeam.pipelines.report.ReportView.Fact;
import io.featurebeam.pipelines.report.SkewSummary.Decade;
import io.featurebeam.pipelines.report.SkewSummary.Distance;
import io.featurebeam.pipelines.report.SkewSummary.Feature;
import io.featurebeam.pipelines.report.SkewSummary.OneSide;
import io.featurebeam.pipelines.report.SkewSummary.Pair;
import io.featurebeam.skew.Tolerance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the template of a skew check shows, in words and ready to print. Nothing here is HTML. */
record SkewView(
    String css,
    String name,
    String verdict,
    String verdictClass,
    String mark,
    String lead,
    String started,
    @Nullable String problem,
    List<SideRow> sides,
    String rowsNote,
    @Nullable Table table,
    List<Card> cards,
    @Nullable Matching matching,
    List<Alone> alone,
    List<String> notes,
    List<Fact> facts) {

  private static final int MAX_NAME = 120;
  private static final int MAX_VALUE = 60;
  private static final int MAX_FEATURES = 1000;
  private static final int MAX_CARDS = 100;
  private static final int MAX_PROBLEM = 4_000;
  private static final int EQUAL_BARS = 1;

  record SideRow(
      String name,
      String rows,
      String paired,
      String alone,
      String superseded,
      String duplicates,
      String conflicting,
      String withoutKey,
      String unreadable) {}

  record Table(String note, List<FeatureRow> rows, @Nullable String more) {}

  /** {@code id} is empty where there is no card to go to. */
  record FeatureRow(
      String id,
      boolean linked,
      String name,
      boolean failed,
      String verdict,
      String rate,
      String matchedWidth,
      String otherWidth,
      String equal,
      String missing,
      String extra,
      String different,
      String distance) {}

  record Card(
      String id,
      String name,
      String type,
      boolean masked,
      boolean failed,
      String verdict,
      String counts,
      @Nullable Bars bars,
      List<Fact> stats,
      @Nullable Examples examples) {}

  /** Cards of features that match in every pair, behind a line that opens them. */
  record Matching(String title, List<Card> cards) {}

  /** Pairs by the size of their distance. */
  record Bars(String label, List<Bar> bars, String from, String to) {}

  record Bar(String x, String y, String width, String height, String style, String title) {}

  record Examples(String caption, String keys, List<ExampleRow> rows) {}

  record ExampleRow(String key, String logged, String recomputed, String distance) {}

  /** Keys of one side alone. */
  record Alone(String title, String note, List<String> keys) {}

  boolean hasCards() {
    return !cards.isEmpty() || matching != null;
  }

  boolean hasAlone() {
    return !alone.isEmpty();
  }

  static SkewView of(SkewSummary skew, String css) {
    List<Feature> sorted =
        skew.features().stream()
            .sorted(
                Comparator.comparingDouble(
                        (Feature f) -> f.matchRate() == null ? -1 : f.matchRate())
                    .thenComparing(Feature::name))
            .toList();
    List<Feature> shown =
        skew.rows().pairs() == 0 ? List.of() : sorted.stream().limit(MAX_CARDS).toList();
    return new SkewView(
        css,
        Wording.foreign(skew.name(), MAX_NAME),
        skew.passed() ? "Passed" : "Failed",
        skew.passed() ? "succeeded" : "failed",
        skew.passed() ? "✓" : "✕",
        lead(skew),
        skew.started().replaceFirst("\\.\\d+Z$", "Z"),
        skew.passed() ? null : Wording.foreignLines(String.join("\n", skew.reasons()), MAX_PROBLEM),
        List.of(
            side("Log", skew.rows().logged(), skew.rows().pairs(), skew.rows().extra()),
            side(
                "Recomputation",
                skew.rows().recomputed(),
                skew.rows().pairs(),
                skew.rows().missing())),
        "Rows belong together if they are equal in "
            + skew.on().stream()
                .map(name -> Wording.foreign(name, MAX_NAME))
                .collect(Collectors.joining(", "))
            + ". Of several rows of one key the highest revision counts.",
        skew.rows().pairs() == 0 ? null : table(skew, sorted, shown),
        shown.stream()
            .filter(f -> !isMatching(f))
            .map(f -> card(f, id(shown, f), skew.on()))
            .toList(),
        matching(shown, skew.on()),
        alone(skew),
        notes(skew),
        facts(skew));
  }

  private static boolean isMatching(Feature feature) {
    return feature.equal() == feature.pairs();
  }

  private static @Nullable Matching matching(List<Feature> shown, List<String> on) {
    List<Card> cards =
        shown.stream().filter(SkewView::isMatching).map(f -> card(f, id(shown, f), on)).toList();
    return cards.isEmpty()
        ? null
        : new Matching(
            Wording.count(cards.size(), "feature")
                + (cards.size() == 1 ? " matches" : " match")
                + " in every pair",
            cards);
  }

  private static String id(List<Feature> shown, Feature feature) {
    return "feature-" + (shown.indexOf(feature) + 1);
  }

  private static String lead(SkewSummary skew) {
    long matching = skew.features().stream().filter(SkewView::isMatching).count();
    return (skew.rows().pairs() == 0
            ? "No pair of rows"
            : Wording.count(matching)
                + " of "
                + Wording.count(skew.features().size(), "feature")
                + (matching == 1 ? " matches in all of " : " match in all of ")
                + Wording.count(skew.rows().pairs(), "pair"))
        + ", in "
        + Wording.duration(Duration.ofMillis(skew.millis()))
        + " on "
        + Wording.foreign(skew.software().runner(), MAX_NAME);
  }

  private static SideRow side(String name, OneSide side, long pairs, long alone) {
    return new SideRow(
        name,
        Wording.count(side.rows()),
        Wording.count(pairs),
        Wording.count(alone),
        Wording.count(side.superseded()),
        Wording.count(side.duplicates()),
        Wording.count(side.conflicting()),
        Wording.count(side.withoutKey()),
        Wording.count(side.unreadable()));
  }

  private static Table table(SkewSummary skew, List<Feature> sorted, List<Feature> shown) {
    Tolerance tolerance = skew.tolerance();
    List<String> tolerated = new ArrayList<>();
    if (tolerance.relative() > 0) {
      tolerated.add(Wording.number(tolerance.relative()) + " of the larger number");
    }
    if (tolerance.absolute() > 0) {
      tolerated.add(Wording.number(tolerance.absolute()));
    }
    if (tolerance.micros() > 0) {
      tolerated.add(Wording.number(tolerance.micros() / 1e6) + " s between times");
    }
    int more = sorted.size() - MAX_FEATURES;
    return new Table(
        "Lowest match rate first. "
            + (tolerated.isEmpty()
                ? "Values match if they are equal"
                : "Values match if they are equal or at most "
                    + String.join(", or ", tolerated)
                    + " apart")
            + "; a feature passes if "
            + (skew.fail().below() == 1
                ? "all pairs match."
                : Wording.number(100 * skew.fail().below()) + " % of the pairs match."),
        sorted.stream().limit(MAX_FEATURES).map(f -> row(f, shown)).toList(),
        more > 0 ? Wording.count(more, "more feature") + " in the verdict file" : null);
  }

  private static FeatureRow row(Feature feature, List<Feature> cards) {
    double other = 100.0 * (feature.pairs() - feature.equal()) / feature.pairs();
    double shown = other == 0 ? 0 : Math.max(1.5, other); // what is there must be seen
    boolean linked = cards.contains(feature);
    return new FeatureRow(
        linked ? id(cards, feature) : "",
        linked,
        Wording.foreign(feature.name(), MAX_NAME),
        !feature.passed(),
        feature.passed() ? "pass" : "fail",
        Wording.share(feature.equal(), feature.pairs()),
        ReportView.decimal(100 - shown),
        ReportView.decimal(shown),
        Wording.count(feature.equal()),
        Wording.count(feature.missing()),
        Wording.count(feature.extra()),
        Wording.count(feature.different()),
        feature.distance() == null ? "–" : Wording.number(feature.distance().mean()));
  }

  private static Card card(Feature feature, String id, List<String> on) {
    Distance relative = feature.relativeDistance();
    Distance drawn = relative == null ? feature.distance() : relative;
    return new Card(
        id,
        Wording.foreign(feature.name(), MAX_NAME),
        feature.type(),
        feature.masked(),
        !feature.passed(),
        feature.passed() ? "pass" : "fail",
        Wording.count(feature.equal())
            + " of "
            + Wording.count(feature.pairs(), "pair")
            + (feature.equal() == 1 ? " matches, " : " match, ")
            + Wording.share(feature.equal(), feature.pairs()),
        drawn == null
            ? null
            : bars(drawn, relative != null, isMatching(feature) ? "within" : "apart"),
        stats(feature),
        examples(feature, on));
  }

  private static Bars bars(Distance distance, boolean relative, String style) {
    List<Decade> decades = distance.decades();
    int first = decades.isEmpty() ? 0 : decades.get(0).exponent();
    int last = decades.isEmpty() ? -1 : decades.get(decades.size() - 1).exponent();
    int width = Math.max(1, last - first + 1) + EQUAL_BARS;
    double step = (double) Chart.WIDTH / width;
    long most =
        Math.max(distance.zeros(), decades.stream().mapToLong(Decade::count).max().orElse(0));
    List<Bar> bars = new ArrayList<>();
    if (distance.zeros() > 0) {
      bars.add(bar(0, step, distance.zeros(), most, "equal", "equal"));
    }
    for (Decade decade : decades) {
      bars.add(
          bar(
              decade.exponent() - first + EQUAL_BARS,
              step,
              decade.count(),
              most,
              style,
              power(decade.exponent()) + " to " + power(decade.exponent() + 1)));
    }
    return new Bars(
        "Pairs by " + (relative ? "relative distance" : "distance") + ", in powers of ten",
        bars,
        distance.zeros() > 0 || decades.isEmpty() ? "equal" : power(first),
        decades.isEmpty()
            ? ""
            : (relative ? "relative distance up to " : "distance up to ")
                + Wording.number(distance.max()));
  }

  private static Bar bar(
      int place, double step, long count, long most, String style, String range) {
    double height = Math.max(1, (double) count / most * Chart.HEIGHT);
    return new Bar(
        ReportView.decimal(place * step),
        ReportView.decimal(Chart.HEIGHT - height),
        ReportView.decimal(Math.max(1, step - 1)),
        ReportView.decimal(height),
        style,
        range + ": " + Wording.count(count, "pair"));
  }

  private static String power(int exponent) {
    return exponent >= -4 && exponent <= 5
        ? Wording.number(Math.pow(10, exponent))
        : "1e" + exponent;
  }

  private static List<Fact> stats(Feature feature) {
    List<Fact> stats = new ArrayList<>();
    stats.add(new Fact("missing", Wording.count(feature.missing())));
    stats.add(new Fact("extra", Wording.count(feature.extra())));
    stats.add(new Fact("different", Wording.count(feature.different())));
    Distance distance = feature.distance();
    if (distance != null) {
      stats.add(new Fact("mean distance", Wording.number(distance.mean())));
      stats.add(new Fact("median", "≈ " + Wording.number(distance.median())));
      stats.add(new Fact("90 %", "≈ " + Wording.number(distance.p90())));
      stats.add(new Fact("99 %", "≈ " + Wording.number(distance.p99())));
      stats.add(new Fact("max", Wording.number(distance.max())));
    }
    Distance relative = feature.relativeDistance();
    if (relative != null) {
      stats.add(new Fact("mean relative", Wording.number(relative.mean())));
      stats.add(new Fact("max relative", Wording.number(relative.max())));
    }
    return stats;
  }

  private static @Nullable Examples examples(Feature feature, List<String> on) {
    if (feature.worst().isEmpty()) {
      return null;
    }
    return new Examples(
        "Worst pairs",
        Wording.foreign(String.join(", ", on), MAX_NAME),
        feature.worst().stream().map(SkewView::example).toList());
  }

  private static ExampleRow example(Pair pair) {
    return new ExampleRow(
        key(pair.key()),
        value(pair.logged()),
        value(pair.recomputed()),
        pair.distance() == null ? "–" : Wording.number(pair.distance()));
  }

  private static String key(Map<String, String> key) {
    return key.values().stream()
        .map(text -> Wording.value(text, MAX_VALUE))
        .collect(Collectors.joining(", "));
  }

  private static String value(@Nullable String value) {
    return value == null ? "null" : Wording.value(value, MAX_VALUE);
  }

  private static List<Alone> alone(SkewSummary skew) {
    List<Alone> alone = new ArrayList<>();
    addAlone(alone, "Missing in the log", skew.rows().missing(), skew.rows().missingKeys());
    addAlone(alone, "Extra in the log", skew.rows().extra(), skew.rows().extraKeys());
    return alone;
  }

  private static void addAlone(
      List<Alone> alone, String title, long count, List<Map<String, String>> keys) {
    if (count > 0) {
      alone.add(
          new Alone(
              title,
              Wording.count(count, "key") + (count > keys.size() ? ", such as" : ""),
              keys.stream().map(SkewView::key).toList()));
    }
  }

  private static List<String> notes(SkewSummary skew) {
    List<String> notes = new ArrayList<>();
    addNotCompared(notes, "the log", skew.notCompared().logged());
    addNotCompared(notes, "the recomputation", skew.notCompared().recomputed());
    addConflicts(notes, "the log", skew.rows().logged(), skew.on());
    addConflicts(notes, "the recomputation", skew.rows().recomputed(), skew.on());
    for (OneSide side : List.of(skew.rows().logged(), skew.rows().recomputed())) {
      side.unreadableRecords()
          .forEach(text -> notes.add("Unreadable: " + Wording.foreign(text, 300)));
    }
    return notes;
  }

  private static void addNotCompared(List<String> notes, String side, List<String> columns) {
    if (!columns.isEmpty()) {
      notes.add(
          "Not compared of "
              + side
              + ": "
              + Wording.foreign(String.join(", ", columns), 1000)
              + ".");
    }
  }

  private static void addConflicts(List<String> notes, String side, OneSide rows, List<String> on) {
    if (rows.conflicting() > 0) {
      notes.add(
          Wording.count(rows.conflicting(), "row")
              + " of "
              + side
              + " have the "
              + Wording.foreign(String.join(", ", on), MAX_NAME)
              + " and revision of another row with other values, and were not compared: add a"
              + " column to on: that tells them apart.");
    }
  }

  private static List<Fact> facts(SkewSummary skew) {
    return List.of(
        new Fact("FeatureBeam", Wording.foreign(skew.software().featureBeam(), MAX_NAME)),
        new Fact("Apache Beam", Wording.foreign(skew.software().beam(), MAX_NAME)),
        new Fact("Java", Wording.foreign(skew.software().java(), MAX_NAME)),
        new Fact("Runner", Wording.foreign(skew.software().runner(), MAX_NAME)));
  }
}
