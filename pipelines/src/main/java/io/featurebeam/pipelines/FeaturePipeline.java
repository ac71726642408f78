package io.featurebeam.pipelines;

import io.featurebeam.pipelines.cli.Cli;
import io.featurebeam.pipelines.cli.Invocation;
import io.featurebeam.runners.LocalFlink;
import io.featurebeam.runners.RunnerDefaults;

/**
 * The main job: reads events, checks them, computes features, and writes features, rejects and a
 * report, all as a YAML spec says.
 *
 * <pre>{@code
 * mvn -q -pl pipelines -am compile exec:java -Pflink-runner \
 *     -Dexec.args="--runner=FlinkRunner --spec=pipelines/examples/flights/flights.yaml"
 * }</pre>
 */
public final class FeaturePipeline {

  private FeaturePipeline() {}

  /**
   * Exits with 0, or with 1 if the run failed, 2 if the spec or a flag is wrong, 3 if a rule
   * objected.
   */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** The same without leaving the JVM: the exit code. */
  public static int run(String... args) {
    return Cli.run(
        LocalFlink.withConfiguration(RunnerDefaults.apply(args)),
        (Invocation invocation, Cli.Context context) ->
            new SpecRun(invocation, context, System.out).run(),
        System.out,
        System.err);
  }
}
