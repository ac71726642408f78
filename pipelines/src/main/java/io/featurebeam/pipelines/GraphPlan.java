package io.featurebeam.pipelines;

import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.dataset.Sampling;
import io.featurebeam.dataset.Split;
import io.featurebeam.join.AsOfGroup;
import io.featurebeam.join.BoundJoin;
import io.featurebeam.join.PointInTime;
import io.featurebeam.pipelines.cli.Plan;
import io.featurebeam.pipelines.spec.AggregateColumn;
import io.featurebeam.pipelines.spec.AggregateSpec;
import io.featurebeam.pipelines.spec.Per;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SinkSpec;
import io.featurebeam.pipelines.spec.Times;
import io.featurebeam.pipelines.spec.UnionSource;
import io.featurebeam.pipelines.spec.Use;
import io.featurebeam.rule.Rules;
import io.featurebeam.rule.Validation;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Spans;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PipelineGraph} in words: each step with its columns, what it computes, what it is fused
 * with (runs in one pass over a batch), and where records cross the network.
 */
final class GraphPlan {

  private final PipelineGraph graph;
  private final PipelineSpec spec;
  private final List<Plan.Step> steps = new ArrayList<>();

  /** The steps since the last shuffle: they run in one pass. */
  private final List<String> pass = new ArrayList<>();

  private @Nullable String last;

  private GraphPlan(PipelineGraph graph) {
    this.graph = graph;
    this.spec = graph.spec;
  }

  static Plan of(PipelineGraph graph) {
    GraphPlan plan = new GraphPlan(graph);
    plan.addRead();
    plan.addValidate();
    plan.addDeduplicate();
    plan.addFeatures();
    plan.addFeatureRules();
    plan.addProfile();
    plan.addAggregate();
    plan.addJoin();
    plan.addTrainingRows();
    plan.addWrite();
    plan.addFinish();
    return new Plan(graph.spec.name(), plan.steps);
  }

  private void addRead() {
    List<String> notes = new ArrayList<>();
    paths().forEach(path -> notes.add(note("path", path)));
    notes.addAll(graph.source.notes(graph.request()));
    if (graph.run.isRanged()) {
      notes.add(note("range", lookBack()));
    }
    notes.add(note("shuffle", "of the list of what to read, not of records"));
    add("Read " + spec.source().kind(), "source", graph.read, notes);
  }

  /** Of a union, its inputs say what they read. */
  private List<String> paths() {
    return spec.source() instanceof UnionSource ? List.of() : Places.sources(spec.source());
  }

  private String lookBack() {
    SourcePlan.Request request = graph.request();
    String to = request.to() == Long.MAX_VALUE ? "" : " before " + Times.format(request.to());
    if (graph.seesCopies()) {
      return "records" + to + ", however early: of copies the earliest stays";
    }
    return request.from() == Long.MIN_VALUE
        ? "records" + to
        : "records with "
            + spec.eventTime()
            + " from "
            + Times.format(request.from())
            + " to"
            + (to.isEmpty() ? " the end" : to)
            + ", all that windows see";
  }

  private void addValidate() {
    List<String> notes = new ArrayList<>();
    for (Validation rule : graph.rules.validations()) {
      notes.add(note("rule", rule.rule().id() + onFail(rule) + added(rule)));
    }
    List<String> unique =
        graph.rules.runRules().validations().stream().map(v -> v.rule().id()).toList();
    if (unique.isEmpty()) {
      add("Validate", "rules", graph.read, fused(notes));
    } else {
      addShuffling("Validate", "rules", graph.read, notes, "of the records for each of " + unique);
    }
  }

  private static String onFail(Validation rule) {
    return switch (rule.onFail()) {
      case REJECT -> "";
      case WARN -> "  warns only";
      case FAIL -> "  or nothing is published";
    };
  }

  /** Why a rule is there that the spec does not name. */
  private String added(Validation rule) {
    if (rule.rule() instanceof HasWindow) {
      return "  added: the windows of a later time have no end";
    }
    for (String column : spec.requiredColumns()) {
      boolean needed = rule.rule().id().equals(Rules.notNull(column).id());
      boolean declared =
          spec.validate().stream()
              .map(r -> r.use())
              .anyMatch(use -> use.provider().equals("not_null") && isOf(use, column));
      if (needed && !declared) {
        return column.equals(spec.eventTime())
            ? "  added: the event time must be there"
            : "  added: a key must be there";
      }
    }
    return "";
  }

  private static boolean isOf(Use use, String column) {
    return column.equals(use.settings().get("column"));
  }

  private void addDeduplicate() {
    if (!spec.dedupe().isEmpty()) {
      String by = String.join(", ", spec.dedupe().by());
      if (spec.dedupe().withinMicros() > 0) {
        by += " within " + Spans.format(spec.dedupe().withinMicros());
      }
      by += graph.run.isStream() ? "; the first copy to come stays" : "; the earliest copy stays";
      addShuffling("Deduplicate", "unique", graph.read, List.of(note("by", by)), "of the records");
    }
  }

  private void addFeatures() {
    if (graph.features.features().isEmpty()) {
      return;
    }
    List<String> notes = new ArrayList<>();
    graph
        .features
        .features()
        .forEach((name, f) -> notes.add(note("feature", name + " = " + f.id())));
    if (spec.fit() != null && graph.features.needsFit()) {
      notes.add(
          note(
              "fit",
              "in a run before this, on "
                  + spec.eventTime()
                  + " from "
                  + Times.format(spec.fit().fromMicros())
                  + " to before "
                  + Times.format(spec.fit().toMicros())
                  + ", into "
                  + spec.fit().path()));
    }
    if (spec.fitted() != null) {
      notes.add(note("fitted", spec.fitted()));
    }
    List<String> unused = graph.unusedFeatures();
    if (!unused.isEmpty()) {
      notes.add(
          note(
              "unused",
              String.join(", ", unused)
                  + ": no aggregate reads it, so it is in "
                  + (spec.report() == null ? "no output" : "the report alone")
                  + " (emit: everyEvent gives each record out)"));
    }
    add("Engineer features", "features", graph.engineered, fused(notes));
  }

  private void addFeatureRules() {
    if (!graph.featureRules.isEmpty()) {
      List<String> notes = new ArrayList<>();
      graph
          .featureRules
          .validations()
          .forEach(v -> notes.add(note("rule", v.rule().id() + added(v))));
      add("Validate features", "rules", graph.engineered, fused(notes));
    }
  }

  private void addProfile() {
    if (spec.report() != null) {
      add("Profile", "column statistics", graph.engineered, fused(List.of()));
    }
  }

  private void addAggregate() {
    WindowedAggregates aggregates = graph.aggregates;
    if (aggregates == null || graph.bound == null) {
      return;
    }
    List<String> notes = new ArrayList<>();
    notes.add(note("keys", String.join(", ", aggregates.keys())));
    notes.add(
        note(
            "time",
            aggregates.eventTime()
                + (aggregates.sequence() == null
                    ? ""
                    : "; " + aggregates.sequence() + " orders equal times")));
    notes.add(note("emit", emission(aggregates)));
    if (aggregates.rowsWhere() != null) {
      notes.add(note("rows", "of records where " + aggregates.rowsWhere() + "; others are seen"));
    }
    spec.aggregate().forEach(group -> addFeatures(group, notes));
    addShuffling(
        "Aggregate",
        "window aggregates",
        graph.bound.outputSchema(),
        notes,
        (graph.bound.isTiled()
                ? "of partial aggregates per key and tile, "
                : "of the needed columns of each record, ")
            + "in "
            + graph.shards()
            + " shards");
  }

  private static void addFeatures(AggregateSpec group, List<String> notes) {
    List<String> windows = group.windows().stream().map(Window::toString).toList();
    notes.add(note("windows", String.join(", ", windows) + " of " + bounds(group.bounds())));
    for (AggregateColumn column : group.columns()) {
      notes.add(note("", column.name() + " = " + call(column.use()) + where(column)));
    }
  }

  private void addJoin() {
    LabelJoin join = graph.join;
    if (join == null) {
      return;
    }
    List<String> notes = new ArrayList<>();
    join.groups()
        .forEach(
            (name, group) -> {
              String kind = group.spec().features().source().kind();
              notes.add(
                  note("group", name + " of " + kind + ", by " + group.join().keys().values()));
              addGroup(group, notes);
            });
    notes.addAll(0, samples("labels"));
    addSplit(notes);
    BoundJoin bound = join.bind(graph.engineered);
    addShuffling(
        "Join",
        "point-in-time join",
        graph.outputSchema(),
        notes,
        "of labels and the needed columns of each record, "
            + (bound.stages() == 1
                ? "once"
                : "for each of "
                    + bound.stages()
                    + " sets of keys"
                    + (graph.run.isStream() ? "" : ", and once of the answers"))
            + ", in "
            + graph.shards()
            + " shards");
  }

  private void addTrainingRows() {
    if (graph.trainingRows == null) {
      return;
    }
    List<String> notes = samples("rows");
    addSplit(notes);
    if (!notes.isEmpty()) {
      add("Training set", "rows of aggregates", graph.outputSchema(), fused(notes));
    }
  }

  private List<String> samples(String what) {
    List<String> notes = new ArrayList<>();
    for (Sampling sampling : spec.trainingSet().samples()) {
      notes.add(note("sample", sampling.keep() + " of " + what + " where " + sampling.where()));
    }
    return notes;
  }

  private void addSplit(List<String> notes) {
    Split split = spec.trainingSet().split();
    if (split != null) {
      notes.add(
          note(
              "split",
              String.join(", ", split.names()) + " by " + String.join(", ", split.columns())));
    }
  }

  private static void addGroup(LabelJoin.Group group, List<String> notes) {
    if (group.join() instanceof AsOfGroup asOf) {
      notes.add(
          note(
              "",
              "the row "
                  + (asOf.bounds().rightClosed() ? "at or before" : "before")
                  + " the label: "
                  + String.join(", ", asOf.columns().values())));
    }
    group.spec().features().aggregate().forEach(aggregate -> addFeatures(aggregate, notes));
    if (group.join().ttlMicros() < PointInTime.ANY_AGE) {
      notes.add(note("ttl", Spans.format(group.join().ttlMicros())));
    }
    if (group.join().dropsUnmatched()) {
      notes.add(note("drops", "labels without a record"));
    }
  }

  private static String emission(WindowedAggregates aggregates) {
    Emission emission = aggregates.emission();
    return switch (emission.kind()) {
      case EVERY_EVENT -> "everyEvent: each record comes out, with what it saw";
      case EVERY ->
          "every "
              + Spans.format(emission.everyMicros())
              + ": a row per key and hop in which the key had an event";
      case WINDOW_CLOSE ->
          aggregates.isSessionClose()
              ? "windowClose: a row per key and session"
              : "windowClose: a row per key and window in which the key had an event";
    };
  }

  private static String bounds(WindowBounds bounds) {
    String delay = bounds.delayMicros() == 0 ? "" : " - " + Spans.format(bounds.delayMicros());
    String left = "t - w" + delay;
    return (bounds.leftClosed() ? "[" : "(")
        + (bounds.hopMicros() == 0
            ? left
            : "floor(" + left + ", " + Spans.format(bounds.hopMicros()) + ")")
        + ", t"
        + delay
        + (bounds.rightClosed() ? "]" : ")")
        + (bounds.rowCap() == 0 ? "" : ", the latest " + bounds.rowCap() + " events")
        + (bounds.rowDelay() == 0 ? "" : " but the last " + bounds.rowDelay())
        + (bounds.excludeCurrent() ? ", without the current event" : "")
        + switch (bounds.ties()) {
          case ALL -> "";
          case BEFORE -> ", of its time those before it";
          case NONE -> ", without others of its time";
        };
  }

  /** {@code quantile(delay, q=0.5)}. */
  private static String call(Use use) {
    List<String> settings = new ArrayList<>();
    for (String name : new TreeSet<>(use.settings().keySet())) {
      Object value = use.settings().get(name);
      if (name.equals("column")) {
        settings.add(0, String.valueOf(value));
      } else {
        settings.add(name + "=" + value);
      }
    }
    return use.provider() + (settings.isEmpty() ? "" : "(" + String.join(", ", settings) + ")");
  }

  private static String where(AggregateColumn column) {
    Per per = column.per();
    return (column.where() == null ? "" : " where " + column.where())
        + (per == null ? "" : " per " + per.column())
        + (per == null || per.values().isEmpty() ? "" : " of " + per.values())
        + (per == null || per.top() == null
            ? ""
            : ", the first "
                + per.top().n()
                + " by "
                + per.top().by().name().toLowerCase(Locale.ROOT));
  }

  private void addWrite() {
    List<String> notes = new ArrayList<>();
    for (SinkSpec topic : spec.topics()) {
      notes.add(note("topic", topic.kafka().topic()));
      addWhere(topic, notes);
      notes.add(note("sends", "rows as they come: a topic takes nothing back"));
    }
    for (SinkSpec store : spec.stores()) {
      StorePlans plans = StorePlans.of(spec, store);
      notes.add(
          note(
              "store",
              plans.place()
                  + ", the newest row of each "
                  + String.join(", ", spec.outputKeys())
                  + (plans.ttlMicros() == 0 ? "" : " for " + Spans.format(plans.ttlMicros()))));
      addWhere(store, notes);
    }
    SinkSpec sink = spec.files();
    if (sink != null) {
      notes.add(note("path", sink.path()));
      notes.add(
          note(
              "files",
              sink.kind()
                  + (sink.partitionBy().isEmpty()
                      ? ", not partitioned"
                      : ", partitioned by "
                          + String.join(
                              ", ",
                              sink.partitionBy().stream()
                                  .map(SinkSpec.Partition::toString)
                                  .toList()))));
      addWhere(sink, notes);
    }
    notes.add(
        note(
            "rejects",
            spec.rejects() == null
                ? "only counted"
                : spec.rejects().path()
                    + ", "
                    + spec.rejects().format().name().toLowerCase(Locale.ROOT)
                    + (graph.run.isRanged() ? "; those of other times stay" : "")));
    if (!spec.mask().isEmpty()) {
      notes.add(note("mask", String.join(", ", spec.mask()) + ": *** in rejects, report and logs"));
    }
    if (graph.awaitsVerdict()) {
      addShuffling(
          "Await verdict",
          "barrier",
          null,
          List.of(note("holds", "rows until no rule fails the run: a store takes nothing back")),
          "of all rows");
    }
    add("Write", kinds(), null, fused(notes));
  }

  private String kinds() {
    List<String> kinds = new ArrayList<>();
    if (!spec.topics().isEmpty()) {
      kinds.add("messages");
    }
    if (!spec.stores().isEmpty()) {
      kinds.add("newest rows");
    }
    if (spec.files() != null) {
      kinds.add("files");
    }
    return kinds.isEmpty() ? "rejects only" : String.join(" and ", kinds);
  }

  private static void addWhere(SinkSpec sink, List<String> notes) {
    if (sink.where() != null) {
      notes.add(note("where", sink.where()));
    }
  }

  private void addFinish() {
    List<String> notes = new ArrayList<>();
    RunReporter.Range range = graph.range();
    notes.add(
        note(
            "output",
            range == null
                ? "replaces that of the run before, at once"
                : "replaces " + range.rows() + ", at once; others stay"));
    if (spec.report() != null) {
      ReportFile report = new ReportFile(spec.report());
      notes.add(note("report", (range == null ? report : report.with(range.suffix())).path()));
    }
    notes.add(note("shuffle", "of file names and counts, to one worker"));
    add("Finish", "publish", null, notes);
  }

  private List<String> fused(List<String> notes) {
    List<String> all = new ArrayList<>(notes);
    all.add(note("fused", "with " + String.join(", ", pass)));
    return all;
  }

  /** A step that starts in the pass of those before it and ends in a new one. */
  private void addShuffling(
      String name,
      String kind,
      @Nullable RecordSchema outputs,
      List<String> notes,
      String shuffled) {
    List<String> all = new ArrayList<>(notes);
    all.add(note("fused", "with " + String.join(", ", pass) + ", up to the shuffle"));
    all.add(note("shuffle", shuffled));
    pass.clear();
    add(name, kind, outputs, all);
  }

  private void add(String name, String kind, @Nullable RecordSchema outputs, List<String> notes) {
    steps.add(new Plan.Step(name, kind, last == null ? List.of() : List.of(last), outputs, notes));
    last = name;
    pass.add(name);
  }

  private static String note(String label, String text) {
    return label + " ".repeat(9 - label.length()) + text;
  }
}
