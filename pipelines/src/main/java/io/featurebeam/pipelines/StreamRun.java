package io.featurebeam.pipelines;

import io.featurebeam.pipelines.cli.Cli;
import io.featurebeam.pipelines.report.ProgressCounts;
import io.featurebeam.pipelines.report.ProgressMeter;
import io.featurebeam.pipelines.report.RunSummary;
import io.featurebeam.pipelines.report.StreamSummary;
import io.featurebeam.pipelines.spec.ParsedSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SpecChecker;
import io.featurebeam.runners.Workers;
import io.featurebeam.transforms.records.LiveCounts;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A run whose source has no end: it goes on until it is told to end (Ctrl-C, {@code kill}, or the
 * cluster's cancel), and says then where every record went.
 */
final class StreamRun {

  private final PipelineSpec spec;
  private final PipelineGraph graph;
  private final PipelineOptions options;
  private final Cli.Context context;
  private final PrintStream out;
  private final Counts before = Counts.now();
  private final long start = System.nanoTime();

  /** Of this JVM: a run is what they grow by. */
  private record Counts(
      long read,
      long rejected,
      long late,
      long duplicate,
      long aggregated,
      long written,
      Map<String, Long> writtenTo) {
    static Counts now() {
      return new Counts(
          LiveCounts.read(),
          LiveCounts.rejected(),
          LiveCounts.late(),
          LiveCounts.duplicate(),
          LiveCounts.aggregated(),
          LiveCounts.written(),
          LiveCounts.writtenTo());
    }

    Counts since(Counts other) {
      Map<String, Long> more = new TreeMap<>();
      writtenTo.forEach(
          (output, rows) -> more.put(output, rows - other.writtenTo.getOrDefault(output, 0L)));
      return new Counts(
          read - other.read,
          rejected - other.rejected,
          late - other.late,
          duplicate - other.duplicate,
          aggregated - other.aggregated,
          written - other.written,
          more);
    }
  }

  StreamRun(
      PipelineSpec spec,
      PipelineGraph graph,
      PipelineOptions options,
      Cli.Context context,
      PrintStream out) {
    this.spec = spec;
    this.graph = graph;
    this.options = options;
    this.context = context;
    this.out = out;
  }

  /**
   * Refuses what needs an end, at its place in the spec.
   *
   * @param endless the kind of a source without one: its own, or that of a group
   * @param isOwn which of the two
   */
  static void check(ParsedSpec parsed, String endless, boolean isOwn) {
    PipelineSpec spec = parsed.spec();
    String noEnd = " (the source '" + endless + "' has no end; ";
    refuse(
        parsed,
        "fit",
        spec.fit() != null,
        "Invalid fit" + noEnd + "learn from a bounded source and give fitted: {path})");
    if (isOwn) {
      checkDedupe(parsed);
    }
    refuse(
        parsed,
        "report",
        spec.report() != null,
        "Invalid report" + noEnd + "a report is of a whole run; leave it out)");
    refuse(
        parsed,
        "trainingSet.asOf",
        spec.trainingSet() != null && spec.trainingSet().asOfMicros() != null,
        "Invalid asOf"
            + noEnd
            + "a label comes out once all that it sees is there, whatever is known by then; leave it"
            + " out)");
  }

  /** Refuses copies without a horizon; of a group of a training set that is all there is. */
  static void checkDedupe(ParsedSpec parsed) {
    PipelineSpec spec = parsed.spec();
    refuse(
        parsed,
        "dedupe",
        !spec.dedupe().isEmpty() && spec.dedupe().withinMicros() == 0,
        "Missing within of dedupe (the source '"
            + spec.source().kind()
            + "' has no end; ids cannot be remembered for ever); use for example dedupe: { by: "
            + spec.dedupe().by()
            + ", within: 24h }");
  }

  private static void refuse(ParsedSpec parsed, String path, boolean refused, String message) {
    var unused =
        SpecChecker.at(
            parsed,
            m -> path,
            () -> {
              if (refused) {
                throw new IllegalArgumentException(message);
              }
              return path;
            });
  }

  @SuppressWarnings("try") // the meter works by being there
  RunResult run(Pipeline pipeline) throws IOException {
    graph.applyStream(pipeline);
    boolean here = Workers.of(options) == Workers.HERE;
    try (OutputClaims claims = new OutputClaims(graph.runId())) { // never kept: files are shown
      SpecRun.claim(graph.recordsTo(), claims);
      SpecRun.claim(graph.rejectsTo(), claims);
      if (!here) {
        claims.keep(); // the run outlives this process, and its files this claim
      }
      try (ProgressMeter progress =
          here ? ProgressMeter.start(this::progress, out) : ProgressMeter.startElsewhere(out)) {
        Thread hook = new Thread(() -> endEarly(claims, progress), "interruption");
        if (here) {
          Runtime.getRuntime().addShutdownHook(hook);
          out.println(name() + " follows " + spec.source().kind() + " until Ctrl-C");
        }
        try {
          pipeline.run().waitUntilFinish();
        } catch (RuntimeException e) {
          if (Detached.is(e)) {
            return RunResult.of(name() + " goes on on the cluster\n");
          }
          throw e;
        } finally {
          unhook(hook);
        }
      }
    }
    return RunResult.of(here ? text("ended") : name() + " ended\n");
  }

  private ProgressCounts progress() {
    Counts counts = Counts.now().since(before);
    return new ProgressCounts(
        counts.read, counts.rejected + counts.late + counts.duplicate, counts.written);
  }

  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it is at work, and ends this process
    }
  }

  /** While the runner's threads still work: what they do after it is not in the counts. */
  private void endEarly(OutputClaims claims, ProgressMeter progress) {
    context.interrupted();
    progress.close(); // the summary is the last word
    out.println("\n" + text("stopped"));
    out.flush();
    try {
      claims.close(); // deletes files that are not complete
    } catch (IOException e) {
      out.println("Nothing was cleared away (the next run does it): " + e.getMessage());
    }
  }

  private String name() {
    return spec.secrets().redact(spec.name());
  }

  private String text(String ended) {
    Counts counts = Counts.now().since(before);
    long used = counts.aggregated;
    long through = used + counts.rejected + counts.late + counts.duplicate;
    return new StreamSummary(
            name(),
            options.getRunner().getSimpleName(),
            Duration.ofNanos(System.nanoTime() - start),
            new RunSummary.Balance(through, used, counts.rejected, counts.late, counts.duplicate),
            counts.written,
            spec.sinks().size() > 1 ? counts.writtenTo : Map.of(),
            Math.max(0, counts.read - through))
        .print(ended);
  }
}
