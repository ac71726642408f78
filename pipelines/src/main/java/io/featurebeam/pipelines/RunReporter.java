package io.featurebeam.pipelines;

import io.featurebeam.io.file.publish.PublishOutcome;
import io.featurebeam.pipelines.report.HtmlReport;
import io.featurebeam.pipelines.report.RunSummary;
import io.featurebeam.pipelines.report.RunSummaryBuilder;
import io.featurebeam.pipelines.report.SummaryPrinter;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.RuleSpec.OnFail;
import io.featurebeam.profile.BatchProfile;
import io.featurebeam.rule.RuleCount;
import io.featurebeam.transforms.records.Facts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.jspecify.annotations.Nullable;

/**
 * Makes the closing summary and the HTML report where the run ends, so that a run nobody waits for
 * leaves them too.
 *
 * @param startedAt microseconds since 1970
 * @param aggregated whether records end in aggregates, not in the output themselves
 * @param spec the spec as text, without secrets
 * @param reportPath the HTML file, or null
 * @param summaryPath the summary as text, for the process that waits
 * @param problemPath why nothing was published, for the process that waits; empty if it was
 */
record RunReporter(
    String name,
    long startedAt,
    boolean aggregated,
    String spec,
    String runner,
    @Nullable String reportPath,
    String summaryPath,
    String problemPath)
    implements FinishRun.Reporter {

  /**
   * Makes one whose notes for the process that waits go to a folder, given with a slash at its end.
   */
  static RunReporter of(PipelineSpec spec, long startedAt, String runner, String notes) {
    return new RunReporter(
        spec.name(),
        startedAt,
        !spec.aggregate().isEmpty(),
        spec.toString(),
        runner,
        spec.report(),
        notes + "summary.txt",
        notes + "problem.txt");
  }

  @Override
  public void report(
      RunFacts facts, @Nullable PublishOutcome records, @Nullable PublishOutcome rejects)
      throws IOException {
    RunSummary summary = summary(facts, records, rejects);
    if (reportPath != null) {
      write(reportPath, HtmlReport.render(summary));
    }
    write(summaryPath, SummaryPrinter.print(summary));
    write(problemPath, String.join("; ", facts.objections()));
  }

  private RunSummary summary(
      RunFacts facts, @Nullable PublishOutcome records, @Nullable PublishOutcome rejects) {
    Instant started = Instant.EPOCH.plus(startedAt, ChronoUnit.MICROS);
    RunSummaryBuilder summary =
        RunSummary.builder(name)
            .ran(started, Duration.between(started, Instant.now()))
            .balance(balance(facts, records))
            .spec(spec)
            .versions(Versions.of(runner));
    facts.inOrder().forEach(step -> summary.step(step(facts, step)));
    facts.rules().forEach(rule -> summary.rule(rule(rule)));
    add(summary, "features", records);
    add(summary, "rejects", rejects);
    if (reportPath != null) {
      summary.report(reportPath);
    }
    profile(facts.profiles(), summary);
    if (!facts.objections().isEmpty()) {
      summary.failed("not published: " + String.join("; ", facts.objections()));
    }
    return summary.build();
  }

  /** Used is counted where records end: in the aggregates, or in the files that were written. */
  private RunSummary.Balance balance(RunFacts facts, @Nullable PublishOutcome records) {
    boolean written = records != null && records.published();
    long used = aggregated ? facts.aggregated() : written ? records.rows() : facts.lastOut();
    return new RunSummary.Balance(facts.in(), used, facts.rejected(), 0, facts.duplicates());
  }

  private static RunSummary.Step step(RunFacts facts, String step) {
    return new RunSummary.Step(
        step,
        facts.number(step, Facts.RECORDS_IN),
        facts.number(step, Facts.RECORDS_OUT),
        facts.number(step, Facts.REJECTED),
        Duration.ofNanos(facts.number(step, Facts.NANOS)));
  }

  private static RunSummary.RuleCount rule(RuleCount count) {
    return new RunSummary.RuleCount(
        count.rule(),
        OnFail.valueOf(count.onFail().name()),
        count.checked(),
        count.failed(),
        count.samples().stream().map(RuleCount.Sample::value).toList());
  }

  private static void add(
      RunSummaryBuilder summary, String kind, @Nullable PublishOutcome outcome) {
    if (outcome != null && outcome.published()) {
      summary.output(
          new RunSummary.Output(
              kind, outcome.path(), outcome.files(), outcome.rows(), outcome.bytes()));
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

  /** The summary for people. */
  String summary() throws IOException {
    return read(summaryPath);
  }

  /** Why nothing was published; empty if it was. */
  String problem() throws IOException {
    return read(problemPath);
  }

  private static void write(String path, String text) throws IOException {
    try (WritableByteChannel channel =
        FileSystems.create(FileSystems.matchNewResource(path, false), "text/plain")) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new IOException(
          "Cannot write "
              + path
              + ": "
              + e.getMessage()
              + " (features and rejects are not affected; free space or choose another path, and run"
              + " again)",
          e);
    }
  }

  private static String read(String path) throws IOException {
    try (var in =
        Channels.newInputStream(FileSystems.open(FileSystems.matchNewResource(path, false)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
