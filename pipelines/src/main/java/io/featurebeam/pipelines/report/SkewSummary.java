package io.featurebeam.pipelines.report;

import io.featurebeam.columnar.Field;
import io.featurebeam.pipelines.report.RunSummary.Versions;
import io.featurebeam.skew.Example;
import io.featurebeam.skew.FeatureSkew;
import io.featurebeam.skew.Side;
import io.featurebeam.skew.SkewLimits;
import io.featurebeam.skew.SkewStats;
import io.featurebeam.skew.Tolerance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a skew check ended: what the verdict file holds, component by component, and the report
 * shows. A number that there is not is null.
 *
 * @param version of this form; a later one may have more components
 * @param verdict {@value #PASS} or {@value #FAIL}
 * @param reasons why it failed, in words
 * @param started when, in ISO 8601
 * @param on the columns that identify a row
 * @param features the compared columns, as they come
 */
public record SkewSummary(
    int version,
    String name,
    String verdict,
    List<String> reasons,
    String started,
    long millis,
    Software software,
    List<String> on,
    Tolerance tolerance,
    SkewLimits fail,
    Rows rows,
    List<Feature> features,
    NotCompared notCompared) {

  public static final int VERSION = 1;
  public static final String PASS = "pass";
  public static final String FAIL = "fail";

  public SkewSummary {
    reasons = List.copyOf(reasons);
    on = List.copyOf(on);
    features = List.copyOf(features);
  }

  public boolean passed() {
    return verdict.equals(PASS);
  }

  /** What ran. */
  public record Software(String featureBeam, String beam, String java, String runner) {
    public static Software of(Versions versions) {
      return new Software(
          versions.featureBeam(), versions.beam(), versions.java(), versions.runner());
    }
  }

  /**
   * Where the rows went.
   *
   * @param pairs keys on both sides
   * @param missing keys of the recomputation that the log lacks
   * @param extra keys of the log that the recomputation lacks
   * @param missingKeys some of them
   * @param extraKeys likewise
   */
  public record Rows(
      long pairs,
      long missing,
      long extra,
      OneSide logged,
      OneSide recomputed,
      List<Map<String, String>> missingKeys,
      List<Map<String, String>> extraKeys) {
    public Rows {
      missingKeys = List.copyOf(missingKeys);
      extraKeys = List.copyOf(extraKeys);
    }
  }

  /**
   * The rows of one side, as {@link SkewStats.Rows} says.
   *
   * @param unreadableRecords where some of them are, and why
   */
  public record OneSide(
      long rows,
      long unreadable,
      long withoutKey,
      long superseded,
      long duplicates,
      long conflicting,
      List<String> unreadableRecords) {
    public OneSide {
      unreadableRecords = List.copyOf(unreadableRecords);
    }
  }

  /** A compared column, as {@link FeatureSkew} says. */
  public record Feature(
      String name,
      String type,
      boolean masked,
      String verdict,
      long pairs,
      long equal,
      @Nullable Double matchRate,
      long missing,
      long extra,
      long different,
      @Nullable Distance distance,
      @Nullable Distance relativeDistance,
      List<Pair> worst) {
    public Feature {
      worst = List.copyOf(worst);
    }

    public boolean passed() {
      return verdict.equals(PASS);
    }
  }

  /** As {@link FeatureSkew.Distance}. */
  public record Distance(
      long measured,
      long zeros,
      double mean,
      double median,
      double p90,
      double p99,
      double max,
      List<Decade> decades) {
    public Distance {
      decades = List.copyOf(decades);
    }
  }

  /** How many distances are in [10^exponent, 10^(exponent + 1)). */
  public record Decade(int exponent, long count) {}

  /** Two values that do not match; null stands for a null. */
  public record Pair(
      Map<String, String> key,
      @Nullable String logged,
      @Nullable String recomputed,
      @Nullable Double distance,
      @Nullable Double relativeDistance) {}

  /** The columns that one side alone has, or that were not to be compared. */
  public record NotCompared(List<String> logged, List<String> recomputed) {
    public NotCompared {
      logged = List.copyOf(logged);
      recomputed = List.copyOf(recomputed);
    }
  }

  /**
   * The summary of a check.
   *
   * @param shown what texts are passed through, to hide what must not be seen
   */
  public static SkewSummary of(
      String name,
      Instant started,
      Duration elapsed,
      Versions versions,
      SkewLimits limits,
      SkewStats stats,
      UnaryOperator<String> shown) {
    List<String> reasons = limits.objections(stats).stream().map(shown).toList();
    List<String> on = stats.plan().keyFields().stream().map(Field::name).toList();
    return new SkewSummary(
        VERSION,
        shown.apply(name),
        reasons.isEmpty() ? PASS : FAIL,
        reasons,
        started.toString(),
        elapsed.toMillis(),
        Software.of(versions),
        on,
        stats.plan().tolerance(),
        limits,
        new Rows(
            stats.pairs(),
            stats.rows(Side.RECOMPUTED).alone(),
            stats.rows(Side.LOGGED).alone(),
            side(stats, Side.LOGGED, shown),
            side(stats, Side.RECOMPUTED, shown),
            keys(on, stats.alone(Side.RECOMPUTED), shown),
            keys(on, stats.alone(Side.LOGGED), shown)),
        stats.features().stream().map(f -> feature(f, limits, on, shown)).toList(),
        new NotCompared(stats.plan().unused(Side.LOGGED), stats.plan().unused(Side.RECOMPUTED)));
  }

  private static OneSide side(SkewStats stats, Side side, UnaryOperator<String> shown) {
    SkewStats.Rows rows = stats.rows(side);
    return new OneSide(
        rows.rows(),
        rows.unreadable(),
        rows.withoutKey(),
        rows.superseded(),
        rows.duplicates(),
        rows.conflicting(),
        stats.unreadable(side).stream()
            .map(e -> shown.apply(e.keys().get(0) + ": " + e.logged()))
            .toList());
  }

  private static List<Map<String, String>> keys(
      List<String> on, List<Example> examples, UnaryOperator<String> shown) {
    return examples.stream().map(example -> key(on, example, shown)).toList();
  }

  private static Map<String, String> key(
      List<String> on, Example example, UnaryOperator<String> shown) {
    Map<String, String> key = new LinkedHashMap<>();
    for (int i = 0; i < on.size(); i++) {
      key.put(on.get(i), shown.apply(example.keys().get(i)));
    }
    return key;
  }

  private static Feature feature(
      FeatureSkew feature, SkewLimits limits, List<String> on, UnaryOperator<String> shown) {
    List<Pair> worst = new ArrayList<>();
    for (List<Example> examples : List.of(feature.worst(), feature.others())) {
      for (Example example : examples) {
        worst.add(
            new Pair(
                key(on, example, shown),
                orNull(example.logged(), shown),
                orNull(example.recomputed(), shown),
                orNull(example.distance()),
                orNull(example.relative())));
      }
    }
    return new Feature(
        feature.name(),
        feature.type().toString(),
        feature.masked(),
        limits.holds(feature) ? PASS : FAIL,
        feature.pairs(),
        feature.equal(),
        orNull(feature.matchRate()),
        feature.missing(),
        feature.extra(),
        feature.different(),
        distance(feature.absolute()),
        distance(feature.relative()),
        worst);
  }

  private static @Nullable String orNull(@Nullable String text, UnaryOperator<String> shown) {
    return text == null ? null : shown.apply(text);
  }

  private static @Nullable Double orNull(double number) {
    return Double.isNaN(number) ? null : (Double) number;
  }

  private static @Nullable Distance distance(FeatureSkew.@Nullable Distance distance) {
    return distance == null
        ? null
        : new Distance(
            distance.measured(),
            distance.zeros(),
            distance.mean(),
            distance.median(),
            distance.p90(),
            distance.p99(),
            distance.max(),
            distance.decades().stream().map(d -> new Decade(d.exponent(), d.count())).toList());
  }
}
