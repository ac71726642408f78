package io.featurebeam.pipelines;

import io.featurebeam.io.file.publish.PublishOutcome;
import io.featurebeam.pipelines.cli.VerdictException;
import io.featurebeam.pipelines.report.HtmlReport;
import io.featurebeam.pipelines.report.RunSummary;
import io.featurebeam.pipelines.report.RunSummaryBuilder;
import io.featurebeam.pipelines.report.SummaryPrinter;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.RuleSpec.OnFail;
import io.featurebeam.pipelines.spec.Secrets;
import io.featurebeam.profile.BatchProfile;
import io.featurebeam.rule.RuleCount;
import io.featurebeam.transforms.records.Facts;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the closing summary and the HTML report where the run ends, so that a run nobody waits for
 * leaves them too.
 *
 * @param startedAt microseconds since 1970
 * @param aggregated whether records end in aggregates, not in the output themselves
 * @param spec the spec as text, without secrets
 * @param secrets what the other texts must not show
 * @param reportPath the HTML file, or null
 * @param handOver the folder in which the process that waits finds the summary; null if none waits,
 *     so that the worker must say itself how it ended
 */
record RunReporter(
    String name,
    long startedAt,
    boolean aggregated,
    String spec,
    Secrets secrets,
    String runner,
    @Nullable String reportPath,
    @Nullable String handOver)
    implements FinishRun.Reporter {

  private static final Logger LOG = LoggerFactory.getLogger(RunReporter.class);

  private static final String SUMMARY = "/summary.txt";

  /** Why nothing was published; empty if it was. */
  private static final String PROBLEM = "/problem.txt";

  static RunReporter of(
      PipelineSpec spec, long startedAt, String runner, @Nullable String handOver) {
    return new RunReporter(
        spec.secrets().redact(spec.name()),
        startedAt,
        !spec.aggregate().isEmpty(),
        spec.toString(),
        spec.secrets(),
        runner,
        spec.report(),
        handOver);
  }

  @Override
  public void report(
      RunFacts facts, @Nullable PublishOutcome records, @Nullable PublishOutcome rejects)
      throws IOException {
    RunSummary summary = summary(facts, records, rejects);
    if (reportPath != null) {
      write(reportPath, HtmlReport.render(summary, secrets::redact));
    }
    String text = secrets.redact(SummaryPrinter.print(summary));
    String problem = secrets.redact(String.join("; ", facts.objections()));
    if (handOver != null) {
      write(handOver + SUMMARY, text);
      write(handOver + PROBLEM, problem);
      return;
    }
    LOG.info("{}", text);
    if (!problem.isEmpty()) {
      throw new VerdictException(problem);
    }
  }

  private RunSummary summary(
      RunFacts facts, @Nullable PublishOutcome records, @Nullable PublishOutcome rejects) {
    Instant started = Instant.EPOCH.plus(facts.began().orElse(startedAt), ChronoUnit.MICROS);
    RunSummaryBuilder summary =
        RunSummary.builder(name)
            .ran(started, Duration.between(started, Instant.now()))
            .balance(balance(facts, records))
            .spec(spec)
            .versions(Versions.of(runner));
    facts.inOrder().forEach(step -> summary.step(step(facts, step)));
    facts.rules().forEach(rule -> summary.rule(hidden(rule)));
    add(summary, "features", records);
    add(summary, "rejects", rejects);
    if (reportPath != null) {
      summary.report(secrets.redact(reportPath));
    }
    profile(facts.profiles(), summary);
    if (!facts.objections().isEmpty()) {
      summary.failed(secrets.redact("not published: " + String.join("; ", facts.objections())));
    }
    return summary.build();
  }

  /** Used is counted where records end: in the aggregates, or in the files that were written. */
  private RunSummary.Balance balance(RunFacts facts, @Nullable PublishOutcome records) {
    boolean written = records != null && records.published();
    long used = aggregated ? facts.aggregated() : written ? records.rows() : facts.lastOut();
    return new RunSummary.Balance(
        facts.in(), used + facts.lookedAt(), facts.rejected(), 0, facts.duplicates());
  }

  private static RunSummary.Step step(RunFacts facts, String step) {
    return new RunSummary.Step(
        step,
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

  private void add(RunSummaryBuilder summary, String kind, @Nullable PublishOutcome outcome) {
    if (outcome != null && outcome.published()) {
      summary.output(
          new RunSummary.Output(
              kind,
              secrets.redact(outcome.path()),
              outcome.files(),
              outcome.rows(),
              outcome.bytes()));
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
    return handedOver(SUMMARY);
  }

  /** Why nothing was published; empty if it was. */
  String problem() throws IOException {
    return handedOver(PROBLEM);
  }

  private String handedOver(String file) throws IOException {
    try {
      return read(handOver + file);
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new IOException(
          "The run ended, but workers left no summary in "
              + handOver
              + " (give a place that they and this machine see: --tempLocation=...)",
          e);
    }
  }

  /** Deletes what was handed over. */
  void clear() {
    List<ResourceId> files = new ArrayList<>();
    for (String file : List.of(SUMMARY, PROBLEM)) {
      files.add(FileSystems.matchNewResource(handOver + file, false));
    }
    try {
      FileSystems.delete(files, StandardMoveOptions.IGNORE_MISSING_FILES);
      if (Places.isLocal(handOver)) {
        Files.deleteIfExists(Path.of(handOver));
      }
    } catch (IOException e) { // what is left does no harm, and the run's end is not to be hidden
      LOG.warn("Cannot delete {}: {}", handOver, e.getMessage());
    }
  }

  private static void write(String path, String text) throws IOException {
    try (WritableByteChannel channel =
        FileSystems.create(FileSystems.matchNewResource(path, false), "text/plain")) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private static String read(String path) throws IOException {
    try (var in =
        Channels.newInputStream(FileSystems.open(FileSystems.matchNewResource(path, false)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
