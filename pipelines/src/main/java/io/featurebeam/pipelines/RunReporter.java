package io.featurebeam.pipelines;

import io.featurebeam.io.file.publish.PublishOutcome;
import io.featurebeam.io.file.write.WriteFlow;
import io.featurebeam.io.jdbc.WriteJdbc;
import io.featurebeam.io.redis.WriteRedis;
import io.featurebeam.pipelines.cli.VerdictException;
import io.featurebeam.pipelines.report.HtmlReport;
import io.featurebeam.pipelines.report.RunSummary;
import io.featurebeam.pipelines.report.RunSummaryBuilder;
import io.featurebeam.pipelines.report.SummaryPrinter;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.RuleSpec.OnFail;
import io.featurebeam.pipelines.spec.Secrets;
import io.featurebeam.pipelines.spec.SinkSpec;
import io.featurebeam.profile.BatchProfile;
import io.featurebeam.rule.RuleCount;
import io.featurebeam.time.Micros;
import io.featurebeam.transforms.records.Facts;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the closing summary and the HTML report where the run ends, so that a run nobody waits for
 * leaves them too.
 *
 * @param startedAt microseconds since 1970
 * @param aggregated whether records end in aggregates or a join, not in the output themselves
 * @param filtered whether files of the output hold some of the rows only
 * @param spec the spec as text, without secrets
 * @param secrets what the other texts must not show
 * @param paths where things go, as the spec says
 * @param range which rows are computed, if not all
 * @param handOver the file in which the process that waits finds the summary; null if none waits,
 *     so that the worker must say itself how it ended
 */
record RunReporter(
    String name,
    long startedAt,
    boolean aggregated,
    boolean filtered,
    String spec,
    Secrets secrets,
    String runner,
    Paths paths,
    @Nullable Range range,
    @Nullable String handOver)
    implements FinishRun.Reporter {

  private static final Logger LOG = LoggerFactory.getLogger(RunReporter.class);

  /** The paths of the spec; null for what it does not write. */
  record Paths(
      String source,
      @Nullable String features,
      @Nullable String rejects,
      @Nullable ReportFile report)
      implements Serializable {}

  /**
   * A part of the output.
   *
   * @param rows which, in words
   * @param suffix what tells its report from that of a whole run
   */
  record Range(String rows, String suffix) implements Serializable {}

  static RunReporter of(
      PipelineSpec spec, long startedAt, String runner, @Nullable String handOver) {
    SinkSpec files = spec.files();
    return new RunReporter(
        spec.secrets().redact(spec.name()),
        startedAt,
        !spec.aggregate().isEmpty() || spec.trainingSet() != null,
        files != null && files.where() != null,
        spec.toString(),
        spec.secrets(),
        runner,
        new Paths(
            spec.source().kind(),
            files == null ? null : files.path(),
            spec.rejects() == null ? null : spec.rejects().path(),
            spec.report() == null ? null : new ReportFile(spec.report())),
        null,
        handOver);
  }

  /** Of a run that computes a part of the output: its report stands beside that of the whole. */
  RunReporter over(@Nullable Range newRange) {
    ReportFile report = paths.report;
    Paths beside =
        newRange == null || report == null
            ? paths
            : new Paths(paths.source, paths.features, paths.rejects, report.with(newRange.suffix));
    return new RunReporter(
        name, startedAt, aggregated, filtered, spec, secrets, runner, beside, newRange, handOver);
  }

  /** Refuses a report that could not be written, before anything runs. */
  void check() {
    if (paths.report != null) {
      paths.report.check();
    }
  }

  /** A report that says that the run has not ended, in the place of an older one. */
  void begin() throws IOException {
    writeReport(begun().running().build());
  }

  /** A report that says why the run did not end well. */
  void failed(String why) {
    Duration elapsed = Duration.between(Micros.instant(startedAt), Instant.now());
    try {
      writeReport(
          begun().ran(Micros.instant(startedAt), elapsed).failed(secrets.redact(why)).build());
    } catch (IOException | RuntimeException e) { // the failure itself is what must be seen
      LOG.warn("{}", secrets.redact("Cannot write the report: " + e.getMessage()));
    }
  }

  private void writeReport(RunSummary summary) throws IOException {
    if (paths.report != null) {
      paths.report.write(HtmlReport.render(summary, secrets::redact));
    }
  }

  private RunSummaryBuilder begun() {
    return RunSummary.builder(name)
        .ran(Micros.instant(startedAt), Duration.ZERO)
        .range(range == null ? null : range.rows)
        .spec(spec)
        .versions(Versions.of(runner));
  }

  @Override
  public void report(
      RunFacts facts, @Nullable PublishOutcome records, @Nullable PublishOutcome rejects)
      throws IOException {
    RunSummary summary = summary(facts, records, rejects);
    writeReport(summary);
    String problem = secrets.redact(String.join("; ", facts.objections()));
    if (handOver != null) {
      String text = secrets.redact(SummaryPrinter.printWithoutProblem(summary));
      new ReportFile(handOver).write(problem.replace('\n', ' ') + "\n" + text);
      return;
    }
    LOG.info("{}", secrets.redact(SummaryPrinter.print(summary)));
    if (!problem.isEmpty()) {
      throw new VerdictException(problem);
    }
  }

  private RunSummary summary(
      RunFacts facts, @Nullable PublishOutcome records, @Nullable PublishOutcome rejects) {
    Instant started = Micros.instant(facts.began().orElse(startedAt));
    RunSummaryBuilder summary =
        begun()
            .ran(started, Duration.between(started, Instant.now()))
            .balance(balance(facts, records));
    facts.firstRecord().ifPresent(micros -> summary.firstRecord(since(started, micros)));
    facts.inOrder().forEach(step -> summary.step(step(facts, step)));
    facts.rules().forEach(rule -> summary.rule(hidden(rule)));
    add(summary, "features", paths.features, records);
    add(summary, "rejects", paths.rejects, rejects);
    addStored(facts, summary);
    if (facts.leftOut() > 0) {
      summary.output(new RunSummary.Output("left out", "by sample", 0, facts.leftOut(), 0));
    }
    if (paths.report != null) {
      summary.report(secrets.redact(paths.report.path()));
    }
    profile(facts.profiles(), summary);
    if (!facts.objections().isEmpty()) {
      summary.failed(secrets.redact("not published: " + String.join("; ", facts.objections())));
    }
    return summary.build();
  }

  /** Not before the start, by whatever clock a worker has. */
  private static Duration since(Instant started, long micros) {
    Duration since = Duration.between(started, Micros.instant(micros));
    return since.isNegative() ? Duration.ZERO : since;
  }

  /** Used is counted where records end: in the aggregates, or in the files that were written. */
  private RunSummary.Balance balance(RunFacts facts, @Nullable PublishOutcome records) {
    boolean written = records != null && records.published() && !filtered;
    long used = aggregated ? facts.aggregated() : written ? records.rows() : facts.lastOut();
    return new RunSummary.Balance(
        facts.in(), used + facts.lookedAt(), facts.rejected(), 0, facts.duplicates());
  }

  private RunSummary.Step step(RunFacts facts, String step) {
    return new RunSummary.Step(
        RunFacts.shown(step, paths.source),
        facts.number(step, Facts.RECORDS_IN),
        facts.number(step, Facts.RECORDS_OUT),
        facts.number(step, Facts.REJECTED),
        Duration.ofNanos(facts.number(step, Facts.NANOS)));
  }

  private RunSummary.RuleCount hidden(RuleCount count) {
    return new RunSummary.RuleCount(
        secrets.redact(count.rule()),
        OnFail.valueOf(count.onFail().name()),
        count.checked(),
        count.failed(),
        count.samples().stream().map(sample -> secrets.redact(sample.value())).toList());
  }

  private void add(
      RunSummaryBuilder summary,
      String kind,
      @Nullable String path,
      @Nullable PublishOutcome outcome) {
    if (path != null && outcome != null && outcome.published()) {
      summary.output(
          new RunSummary.Output(
              kind, secrets.redact(path), outcome.files(), outcome.rows(), outcome.bytes()));
    }
  }

  /** What stores took of the newest rows of each bundle. */
  private static void addStored(RunFacts facts, RunSummaryBuilder summary) {
    addStored(
        summary,
        "redis",
        facts.number(WriteFlow.STEP, WriteRedis.WRITTEN),
        facts.number(WriteFlow.STEP, WriteRedis.OLDER),
        facts.number(WriteFlow.STEP, WriteRedis.EXPIRED));
    addStored(
        summary,
        "jdbc",
        facts.number(WriteFlow.STEP, WriteJdbc.WRITTEN),
        facts.number(WriteFlow.STEP, WriteJdbc.OLDER),
        0);
  }

  private static void addStored(
      RunSummaryBuilder summary, String store, long written, long older, long expired) {
    if (written + older + expired > 0) {
      String rest =
          (older > 0 ? ", older " + older : "") + (expired > 0 ? ", expired " + expired : "");
      summary.output(new RunSummary.Output("store", store + rest, 0, written, 0));
    }
  }

  private static void profile(List<byte[]> parts, RunSummaryBuilder summary) {
    BatchProfile whole = null;
    for (byte[] part : parts) {
      BatchProfile profile = BatchProfile.fromBytes(part);
      if (whole == null) {
        whole = profile;
      } else {
        whole.merge(profile);
      }
    }
    if (whole != null) {
      summary.columns(new ArrayList<>(whole.columns()));
    }
  }

  /**
   * What was handed over.
   *
   * @param problem why nothing was published; empty if it was
   * @param summary for people
   */
  record Ending(String problem, String summary) {}

  Ending ending() throws IOException {
    String text = "";
    try {
      text = new ReportFile(handOver).read();
    } catch (FileNotFoundException | NoSuchFileException e) {
      // the same as an empty one
    }
    int line = text.indexOf('\n');
    if (line < 0) {
      throw new IOException(
          "The run ended, but workers left no summary in "
              + handOver
              + " (give a place that they and this machine see: --tempLocation=...)");
    }
    return new Ending(text.substring(0, line), text.substring(line + 1));
  }

  /** Deletes what was handed over. */
  void clear() {
    try {
      FileSystems.delete(
          List.of(FileSystems.matchNewResource(handOver, false)),
          StandardMoveOptions.IGNORE_MISSING_FILES);
    } catch (IOException e) { // what is left does no harm, and the run's end is not to be hidden
      LOG.warn("Cannot delete {}: {}", handOver, e.getMessage());
    }
  }
}
