package io.featurebeam.pipelines;

import io.featurebeam.pipelines.cli.Cli;
import io.featurebeam.pipelines.cli.Console;
import io.featurebeam.pipelines.cli.Invocation;
import io.featurebeam.pipelines.spec.ParsedSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SpecLocations;
import io.featurebeam.runners.Submission;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * The main job: reads events, checks them, computes features, and writes features, rejects and a
 * report, all as a YAML spec says.
 *
 * <pre>{@code
 * mvn -q -pl pipelines -am compile exec:java -Pflink-runner \
 *     -Dexec.args="--runner=FlinkRunner --spec=pipelines/examples/flights/flights.yaml"
 * }</pre>
 *
 * <p>A spec made in Java, or read by {@link io.featurebeam.pipelines.spec.SpecParser}, runs the
 * same way:
 *
 * <pre>{@code
 * RunResult result = FeaturePipeline.run(spec, FeaturePipeline.options("--runner=FlinkRunner"));
 * }</pre>
 */
public final class FeaturePipeline {

  private FeaturePipeline() {}

  /**
   * Exits with 0, or with 1 if the run failed, 2 if the spec or a flag is wrong, 3 if a rule
   * objected. Where {@code flink run} or {@code spark-submit} started it, returns, or throws if it
   * is not 0.
   */
  public static void main(String[] args) {
    int code = run(args);
    if (Submission.engine() == null) {
      System.exit(code);
    }
    if (code != 0) {
      throw new IllegalStateException("Exit code " + code + " (the message above says why)");
    }
  }

  /** The same without leaving the JVM: the exit code. */
  public static int run(String... args) {
    if (Arrays.asList(args).contains("--version")) {
      System.out.println(Versions.text());
      return 0;
    }
    return Cli.run(
        args,
        (Invocation invocation, Cli.Context context) ->
            new SpecRun(invocation, context, System.out).run(),
        System.out,
        System.err);
  }

  /**
   * The options that these arguments stand for, with the defaults of their runner; they may hold
   * every flag of the command line but those that name or change the spec.
   */
  public static PipelineOptions options(String... args) {
    return Invocation.parse(args).options();
  }

  /** The same with what the spec says for its runner, which gives way to the arguments. */
  public static PipelineOptions options(PipelineSpec spec, String... args) {
    return new SpecRun(Invocation.parse(args), secrets -> {}, System.out)
        .withOptionsOf(new ParsedSpec(spec, SpecLocations.unknown(spec)))
        .options();
  }

  /**
   * Runs a spec and waits for its end; prints nothing.
   *
   * <p>A spec that does not fit its data throws {@link
   * io.featurebeam.pipelines.spec.SpecException}, a wrong option {@link
   * io.featurebeam.pipelines.cli.UsageException}, both before anything runs; a failed run throws
   * what the runner says. A rule that objects is a result.
   */
  public static RunResult run(PipelineSpec spec, PipelineOptions options) throws IOException {
    Objects.requireNonNull(spec, "spec is null");
    Objects.requireNonNull(options, "options is null");
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    try (Console console = Console.open()) {
      console.hide(spec.secrets());
      return new SpecRun(Invocation.of(options), console, nowhere)
          .run(new ParsedSpec(spec, SpecLocations.unknown(spec)));
    }
  }
}
