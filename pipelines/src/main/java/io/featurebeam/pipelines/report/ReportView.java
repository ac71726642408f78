package io.featurebeam.pipelines.report;

import io.featurebeam.pipelines.report.RunSummary.Balance;
import io.featurebeam.pipelines.report.RunSummary.Output;
import io.featurebeam.pipelines.report.RunSummary.RuleCount;
import io.featurebeam.pipelines.report.RunSummary.Step;
import io.featurebeam.pipelines.report.RunSummary.Verdict;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the template shows, in words and ready to print: the template decides how it looks, not what
 * it says. Nothing here is HTML.
 */
record ReportView(
    String css,
    String name,
    String verdict,
    String verdictClass,
    String mark,
    String lead,
    @Nullable String problem,
    String started,
    @Nullable String range,
    List<Link> contents,
    @Nullable BalanceView balance,
    @Nullable Rules rules,
    @Nullable Columns columns,
    @Nullable Steps steps,
    @Nullable Outputs outputs,
    @Nullable Spec spec,
    List<Fact> facts) {

  private static final int MAX_NAME = 120;
  private static final int MAX_VALUE = 60;
  private static final int MAX_PATH = 400;
  private static final int MAX_SAMPLES = 5;
  private static final int MAX_COLUMNS = 200;
  private static final int MAX_OPEN_COLUMNS = 50;
  private static final int MAX_SPEC = 64_000;
  private static final int MAX_PROBLEM = 4_000;

  /** Of a bar: what is there must be seen, be it one record in a million. */
  private static final double LEAST_PART = 0.006;

  /** A line of the contents. */
  record Link(String id, String name, String note) {
    boolean hasNote() {
      return !note.isEmpty();
    }
  }

  /** Where every record went. */
  record BalanceView(List<Term> terms, List<Part> parts, @Nullable String unaccounted) {}

  /** One number of the balance; {@code sign} stands before it. */
  record Term(String sign, String count, String name, String style) {}

  /** A part of the balance as a bar: percentages of the width. */
  record Part(String x, String width, String style, String title) {}

  record Rules(String note, List<RuleRow> rows) {}

  record RuleRow(
      String id,
      String onFail,
      String checked,
      String passed,
      String failed,
      boolean broken,
      String share,
      String passedWidth,
      String failedWidth,
      List<String> samples) {}

  record Columns(
      String note, List<ColumnView> cards, @Nullable Folded folded, @Nullable String more) {}

  /** Cards behind a line that opens them. */
  record Folded(String title, List<ColumnView> cards) {}

  record Steps(boolean timed, @Nullable String note, List<StepRow> rows) {}

  record StepRow(
      String name,
      String in,
      String out,
      String rejected,
      boolean rejects,
      String time,
      String width) {}

  record Outputs(List<OutputRow> rows) {}

  record OutputRow(String kind, String path, String rows, String files, String bytes) {}

  record Spec(String text) {}

  record Fact(String name, String value) {}

  boolean hasContents() {
    return !contents.isEmpty();
  }

  static ReportView of(RunSummary run, String css) {
    Verdict verdict = run.verdict();
    return new ReportView(
        css,
        Wording.foreign(run.name(), MAX_NAME),
        switch (verdict) {
          case SUCCEEDED -> "Succeeded";
          case RUNNING -> "Not ended";
          case UNBALANCED -> "Does not balance";
          case FAILED -> "Failed";
        },
        verdict.name().toLowerCase(Locale.ROOT),
        switch (verdict) {
          case SUCCEEDED -> "✓";
          case RUNNING -> "…";
          case UNBALANCED -> "!";
          case FAILED -> "✕";
        },
        lead(run),
        run.problem() == null ? null : Wording.foreignLines(run.problem(), MAX_PROBLEM),
        run.started().truncatedTo(ChronoUnit.SECONDS).toString(),
        run.range() == null ? null : "only " + Wording.foreign(run.range(), MAX_PATH),
        contents(run),
        balance(run),
        run.rules().isEmpty() ? null : rules(run.rules()),
        run.columns().isEmpty() ? null : columns(run),
        run.steps().isEmpty() ? null : steps(run),
        outputs(run),
        run.spec().isBlank() ? null : new Spec(Wording.foreignLines(run.spec(), MAX_SPEC)),
        facts(run));
  }

  private static String lead(RunSummary run) {
    if (run.verdict() == Verdict.RUNNING) {
      return "This page is replaced when the run ends. If nothing runs any more, it was stopped from"
          + " outside, and the outputs are as before.";
    }
    if (run.balance().in() == 0 && run.steps().isEmpty()) {
      return "after "
          + Wording.duration(run.elapsed())
          + " on "
          + Wording.foreign(run.versions().runner(), MAX_NAME);
    }
    return Wording.count(run.balance().in(), "record")
        + " read in "
        + Wording.duration(run.elapsed())
        + " on "
        + Wording.foreign(run.versions().runner(), MAX_NAME)
        + (run.firstRecord() == null
            ? ""
            : ", the first after " + Wording.duration(run.firstRecord()));
  }

  /** Of the sections that are there. */
  private static List<Link> contents(RunSummary run) {
    List<Link> links = new ArrayList<>();
    long broken = run.rules().stream().filter(rule -> rule.failed() > 0).count();
    link(links, "Rules", run.rules().size(), broken == 0 ? "" : Wording.count(broken) + " broken");
    link(links, "Columns", run.columns().size(), Wording.count(run.columns().size()));
    link(links, "Steps", run.steps().size(), "");
    link(links, "Outputs", run.outputs().size(), "");
    link(links, "Spec", run.spec().isBlank() ? 0 : 1, "");
    return links.size() > 1 ? links : List.of();
  }

  private static void link(List<Link> links, String name, int size, String note) {
    if (size > 0) {
      links.add(new Link(name.toLowerCase(Locale.ROOT), name, note));
    }
  }

  /** Null if the run did not come so far that there is something to count. */
  private static @Nullable BalanceView balance(RunSummary run) {
    Balance balance = run.balance();
    if (run.verdict() == Verdict.RUNNING || (run.problem() != null && balance.in() == 0)) {
      return null;
    }
    return new BalanceView(
        terms(balance),
        parts(balance),
        balance.holds() ? null : Wording.count(balance.unaccounted()));
  }

  private static List<Term> terms(Balance balance) {
    return List.of(
        new Term("", Wording.count(balance.in()), "in", "in"),
        new Term("=", Wording.count(balance.used()), "used", "used"),
        new Term("+", Wording.count(balance.rejected()), "rejected", "rejected"),
        new Term("+", Wording.count(balance.late()), "late", "late"),
        new Term("+", Wording.count(balance.duplicate()), "duplicate", "duplicate"));
  }

  private static List<Part> parts(Balance balance) {
    String[] names = {"used", "rejected", "late", "duplicate"};
    long[] counts = {balance.used(), balance.rejected(), balance.late(), balance.duplicate()};
    long total = 0;
    double shownTotal = 0;
    double[] shown = new double[counts.length];
    for (long count : counts) {
      total += count;
    }
    for (int i = 0; i < counts.length; i++) {
      shown[i] = counts[i] == 0 ? 0 : Math.max(LEAST_PART, (double) counts[i] / total);
      shownTotal += shown[i];
    }
    List<Part> parts = new ArrayList<>();
    double x = 0;
    for (int i = 0; i < names.length; i++) {
      if (counts[i] > 0) {
        double width = 100 * shown[i] / shownTotal;
        String title = names[i] + ": " + Wording.share(counts[i], total);
        parts.add(new Part(decimal(x), decimal(width), names[i], title));
        x += width;
      }
    }
    return parts;
  }

  private static Rules rules(List<RuleCount> rules) {
    long broken = rules.stream().filter(rule -> rule.failed() > 0).count();
    return new Rules(
        broken == 0
            ? Wording.count(rules.size(), "rule") + ", held by every record"
            : Wording.count(broken)
                + " of "
                + Wording.count(rules.size(), "rule")
                + " with failures",
        rules.stream().map(ReportView::rule).toList());
  }

  private static RuleRow rule(RuleCount rule) {
    double failed = rule.checked() == 0 ? 0 : 100.0 * rule.failed() / rule.checked();
    // What is there must be seen: a sliver of a bar for one failure in a million.
    double shown = failed == 0 ? 0 : Math.max(1.5, failed);
    return new RuleRow(
        Wording.foreign(rule.id(), MAX_NAME),
        switch (rule.onFail()) {
          case REJECT -> "reject";
          case WARN -> "warn";
          case FAIL -> "fail the run";
        },
        Wording.count(rule.checked()),
        Wording.count(rule.passed()),
        Wording.count(rule.failed()),
        rule.failed() > 0,
        Wording.share(rule.failed(), rule.checked()),
        decimal(100 - shown),
        decimal(shown),
        rule.samples().stream()
            .limit(MAX_SAMPLES)
            .map(value -> Wording.value(value, MAX_VALUE))
            .toList());
  }

  private static Columns columns(RunSummary run) {
    int size = run.columns().size();
    boolean sampled = run.columns().stream().anyMatch(ColumnView::isSampled);
    List<ColumnView> cards = run.columns().stream().limit(MAX_COLUMNS).map(ColumnView::of).toList();
    int open = Math.min(MAX_OPEN_COLUMNS, cards.size());
    return new Columns(
        Wording.count(size, "column")
            + " of "
            + Wording.count(run.columns().get(0).records(), "record")
            + ". Numbers after ≈ are estimates"
            + (sampled ? ", and columns marked “sampled” come from a sample of the records" : ""),
        cards.subList(0, open),
        open == cards.size()
            ? null
            : new Folded(
                Wording.count(cards.size() - open, "more column"),
                cards.subList(open, cards.size())),
        size > MAX_COLUMNS ? Wording.count(size - MAX_COLUMNS, "more column") : null);
  }

  private static Steps steps(RunSummary run) {
    List<Step> steps = run.steps();
    long longest = 1;
    Duration all = Duration.ZERO;
    boolean timed = false;
    for (Step step : steps) {
      Duration time = step.time();
      longest = time == null ? longest : Math.max(longest, time.toNanos());
      all = time == null ? all : all.plus(time);
      timed |= time != null;
    }
    List<StepRow> rows = new ArrayList<>();
    for (Step step : steps) {
      Duration time = step.time();
      rows.add(
          new StepRow(
              Wording.foreign(step.name(), MAX_NAME),
              Wording.count(step.in()),
              Wording.count(step.out()),
              Wording.count(step.rejected()),
              step.rejected() > 0,
              time == null ? "–" : Wording.duration(time),
              decimal(time == null ? 0 : 100.0 * time.toNanos() / longest)));
    }
    String note =
        "Each step's own computing, "
            + Wording.duration(all)
            + " over all threads. The whole run took "
            + Wording.duration(run.elapsed())
            + ", with starting, shuffles and publishing.";
    return new Steps(timed, timed ? note : null, rows);
  }

  private static @Nullable Outputs outputs(RunSummary run) {
    List<OutputRow> rows = new ArrayList<>();
    for (Output output : run.outputs()) {
      rows.add(
          new OutputRow(
              Wording.foreign(output.kind(), MAX_NAME),
              Wording.foreign(output.path(), MAX_PATH),
              Wording.count(output.rows()),
              Wording.count(output.files()),
              Wording.bytes(output.bytes())));
    }
    return rows.isEmpty() ? null : new Outputs(rows);
  }

  private static List<Fact> facts(RunSummary run) {
    return List.of(
        new Fact("FeatureBeam", Wording.foreign(run.versions().featureBeam(), MAX_NAME)),
        new Fact("Apache Beam", Wording.foreign(run.versions().beam(), MAX_NAME)),
        new Fact("Java", Wording.foreign(run.versions().java(), MAX_NAME)),
        new Fact("Runner", Wording.foreign(run.versions().runner(), MAX_NAME)));
  }

  /** For coordinates: at most two decimals. */
  static String decimal(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
