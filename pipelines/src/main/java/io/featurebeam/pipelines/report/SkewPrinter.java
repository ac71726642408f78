package io.featurebeam.pipelines.report;

import io.featurebeam.pipelines.report.SkewSummary.Distance;
import io.featurebeam.pipelines.report.SkewSummary.Feature;
import io.featurebeam.pipelines.report.SkewSummary.OneSide;
import io.featurebeam.pipelines.report.SkewSummary.Pair;
import io.featurebeam.pipelines.report.SkewSummary.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The closing words of a skew check on the console. */
public final class SkewPrinter {

  private static final int MAX_NAME = 60;
  private static final int MAX_PATH = 300;
  private static final int MAX_FEATURES = 10;

  private SkewPrinter() {}

  /** The text, each line ended by a newline. */
  public static String print(SkewSummary skew, String verdict, @Nullable String report) {
    StringBuilder out = new StringBuilder();
    out.append(Wording.foreign(skew.name(), MAX_NAME))
        .append(skew.passed() ? " passed in " : " FAILED in ")
        .append(Wording.duration(Duration.ofMillis(skew.millis())))
        .append(" on ")
        .append(Wording.foreign(skew.software().runner(), MAX_NAME))
        .append('\n');
    appendRows(skew.rows(), out);
    appendFeatures(skew, out);
    skew.reasons().stream()
        .filter(reason -> skew.features().stream().noneMatch(f -> isAbout(reason, f)))
        .forEach(reason -> out.append("\n  ").append(reason).append('\n'));
    out.append("\n  verdict  ").append(Wording.foreign(verdict, MAX_PATH)).append('\n');
    if (report != null) {
      out.append("  report   ").append(Wording.foreign(report, MAX_PATH)).append('\n');
    }
    return out.toString();
  }

  private static boolean isAbout(String reason, Feature feature) {
    return reason.startsWith(feature.name() + ": ");
  }

  private static void appendRows(Rows rows, StringBuilder out) {
    out.append("\n  ")
        .append(Wording.count(rows.pairs(), "pair"))
        .append(", ")
        .append(Wording.count(rows.missing()))
        .append(" missing in the log, ")
        .append(Wording.count(rows.extra()))
        .append(" extra in the log\n");
    appendSide("log", rows.logged(), rows.pairs() + rows.extra(), out);
    appendSide("recomputation", rows.recomputed(), rows.pairs() + rows.missing(), out);
  }

  private static void appendSide(String name, OneSide side, long keys, StringBuilder out) {
    out.append("    ").append(name).append(" ".repeat(15 - name.length()));
    out.append(Wording.count(side.rows(), "row")).append(" = ").append(Wording.count(keys, "key"));
    append(" superseded", side.superseded(), " + ", out);
    append(" duplicate", side.duplicates(), " + ", out);
    append(" conflicting", side.conflicting(), " + ", out);
    append(" without key", side.withoutKey(), " + ", out);
    append(" unreadable", side.unreadable(), ", and ", out);
    out.append('\n');
  }

  private static void append(String what, long count, String before, StringBuilder out) {
    if (count > 0) {
      out.append(before).append(Wording.count(count)).append(what);
    }
  }

  private static void appendFeatures(SkewSummary skew, StringBuilder out) {
    if (skew.rows().pairs() == 0) {
      return;
    }
    List<Feature> unequal =
        skew.features().stream()
            .filter(feature -> feature.equal() < feature.pairs())
            .sorted(Comparator.comparingLong(Feature::equal))
            .toList();
    out.append("\n  ").append(Wording.count(skew.features().size(), "feature"));
    if (unequal.isEmpty()) {
      out.append(skew.features().size() == 1 ? ", which matches" : ", all match");
      out.append(" in every pair\n");
      return;
    }
    out.append(", ").append(Wording.count(unequal.size())).append(" with values that differ:\n");
    List<String[]> lines = new ArrayList<>();
    for (Feature feature : unequal.subList(0, Math.min(MAX_FEATURES, unequal.size()))) {
      lines.add(
          new String[] {
            feature.passed() ? "ok" : "FAIL",
            Wording.foreign(feature.name(), MAX_NAME),
            Wording.share(feature.equal(), feature.pairs()) + " match",
            example(feature)
          });
    }
    SummaryPrinter.appendAligned(lines, 2, "    ", out);
    if (unequal.size() > MAX_FEATURES) {
      out.append("    and ").append(unequal.size() - MAX_FEATURES).append(" more\n");
    }
  }

  private static String example(Feature feature) {
    if (feature.worst().isEmpty()) {
      return "";
    }
    Pair worst = feature.worst().get(0);
    Distance distance = feature.distance();
    return "such as "
        + Wording.value(String.valueOf(worst.logged()), 20)
        + " instead of "
        + Wording.value(String.valueOf(worst.recomputed()), 20)
        + (distance == null || distance.max() == 0
            ? ""
            : ", " + Wording.number(distance.mean()) + " apart on average");
  }
}
