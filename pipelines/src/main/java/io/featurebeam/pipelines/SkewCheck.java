package io.featurebeam.pipelines;

import io.featurebeam.pipelines.cli.Cli;
import io.featurebeam.pipelines.cli.Console;
import io.featurebeam.pipelines.cli.Invocation;
import io.featurebeam.pipelines.report.SkewSummary;
import io.featurebeam.pipelines.spec.ParsedSkew;
import io.featurebeam.pipelines.spec.SkewSpec;
import io.featurebeam.runners.Submission;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Compares features that were logged when a model was served with those that a later computation
 * gives, and writes a verdict and a report, as a YAML spec of its own says.
 *
 * <pre>{@code
 * mvn -q -pl pipelines -am compile exec:java \
 *     -Dexec.mainClass=io.featurebeam.pipelines.SkewCheck \
 *     -Dexec.args="--spec=pipelines/examples/card-skew/card-skew.yaml"
 * }</pre>
 *
 * <p>Takes the arguments of {@link FeaturePipeline} that name a spec, change it, or are of the
 * runner, and {@code --dry-run}. A check made in Java runs the same way:
 *
 * <pre>{@code
 * SkewSummary skew = SkewCheck.run(spec, FeaturePipeline.options("--runner=FlinkRunner"));
 * }</pre>
 */
public final class SkewCheck {

  private SkewCheck() {}

  /**
   * Exits with 0 if the verdict is pass and 3 if it is fail, or with 1 if the run failed, 2 if the
   * spec or a flag is wrong. Where {@code flink run} or {@code spark-submit} started it, returns,
   * or throws if it is not 0.
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
    if (Arrays.asList(args).contains("--help") || Arrays.asList(args).contains("-h")) {
      System.out.print(
          """
          Usage: SkewCheck --spec=FILE [--set=path.to.key=value ...] [--dry-run] [--option=value ...]
          Compares logged features with recomputed ones, as the spec says (docs/skew.md).
          Every option of Beam and of the runner works too: --runner=FlinkRunner, --parallelism=4, ...

          Exit codes
            0    the verdict is pass
            1    the run failed; there is no verdict
            2    wrong arguments or spec; nothing ran
            3    the verdict is fail
          """);
      return 0;
    }
    return Cli.run(
        args,
        (Invocation invocation, Cli.Context context) ->
            new SkewRun(invocation, context, System.out).run(),
        System.out,
        System.err);
  }

  /**
   * Runs a check and waits for its end; prints nothing. A verdict of fail is a result.
   *
   * <p>A spec that does not fit its data throws {@link
   * io.featurebeam.pipelines.spec.SpecException}, before anything runs.
   */
  public static SkewSummary run(SkewSpec spec, PipelineOptions options) throws IOException {
    Objects.requireNonNull(spec, "spec is null");
    Objects.requireNonNull(options, "options is null");
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    try (Console console = Console.open()) {
      console.hide(spec.secrets());
      return Objects.requireNonNull(
          new SkewRun(Invocation.of(options), console, nowhere).run(ParsedSkew.of(spec)),
          "The run goes on on the cluster");
    }
  }
}
