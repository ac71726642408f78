package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SourceSpec;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.beam.runners.direct.DirectOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flags stand before the spec's options, those before the defaults of the runner. */
class RunnerOptionsTest {

  @TempDir Path folder;
  private Payments payments;

  @BeforeEach
  void writeInput() throws IOException {
    payments = new Payments(folder);
    payments.write("in.parquet", "1, A, 1, 2026-03-01T10:10:00Z");
  }

  /** The last part of what explain says. */
  private String explained(String runner, String... args) throws IOException {
    String[] all = java.util.Arrays.copyOf(args, args.length + 1);
    all[args.length] = "--explain";
    String plan = Payments.run(payments.spec(runner), all).succeeded().out();
    return plan.substring(plan.indexOf("Options of"));
  }

  private String refusal(String runner) throws IOException {
    Payments.Result result = Payments.run(payments.spec(runner));
    assertEquals(2, result.code(), result.err());
    return result.err().lines().findFirst().orElse("").replace(folder.toString(), "FOLDER");
  }

  @Test
  void withoutAWordTheDefaultsOfTheRunnerStand() throws IOException {
    assertEquals(
        """
        Options of DirectRunner
          --enforceEncodability=false  default
          --enforceImmutability=false  default
        """,
        explained(""));
  }

  @Test
  void eachOptionIsToldWithWhoGaveIt() throws IOException {
    assertEquals(
        """
        Options of DirectRunner
          --targetParallelism=3        flag
          --enforceEncodability=true   spec
          --enforceImmutability=false  default
        """,
        explained(
            "runner: { direct: { targetParallelism: 2, enforceEncodability: true } }",
            "--targetParallelism=3"));
  }

  @Test
  void whatCameFromTheEnvironmentIsHidden() throws IOException {
    assertEquals(
        """
        Options of DirectRunner
          --tempLocation=${PATH}       spec
          --enforceEncodability=false  default
          --enforceImmutability=false  default
        """,
        explained("runner: { direct: { tempLocation: \"${PATH}\" } }"));
  }

  @Test
  void optionsOfOtherRunnersWaitForTheirs() throws IOException {
    assertFalse(
        explained("runner: { flink: { parallelism: 2 }, spark: { sparkMaster: x } }")
            .contains("spec"));
  }

  @Test
  void theRunTakesThem() throws IOException {
    assertEquals(
        "FOLDER/spec.yaml:8:40: runner.direct.targetParallelism: Invalid targetParallelism: 'two'"
            + " (must be int)",
        refusal("runner: { direct: { targetParallelism: two } }"));
    Payments.run(payments.spec("runner: { direct: { targetParallelism: 2 } }")).succeeded();
  }

  @Test
  void anUnknownOptionIsToldWithItsPlace() throws IOException {
    assertEquals(
        "FOLDER/spec.yaml:8:39: runner.direct.targetParalelism: Unknown option: 'targetParalelism';"
            + " did you mean 'targetParallelism'?",
        refusal("runner: { direct: { targetParalelism: 2 } }"));
    assertEquals(
        "FOLDER/spec.yaml:8:34: runner.direct.sparkMaster: Unknown option: 'sparkMaster' (--help"
            + " lists the options)",
        refusal("runner: { direct: { sparkMaster: x } }"));
  }

  @Test
  void anUnknownRunnerIsToldWithItsPlace() throws IOException {
    assertEquals(
        "FOLDER/spec.yaml:8:11: runner.flnk: Unknown key: 'flnk'; did you mean 'flink'?",
        refusal("runner: { flnk: { parallelism: 2 } }"));
  }

  @Test
  void whatIsOfTheCommandLineAloneIsRefused() throws IOException {
    assertEquals(
        "FOLDER/spec.yaml:8:27: runner.direct.from: Invalid option: 'from' (is of the command line"
            + " alone: give it as --from)",
        refusal("runner: { direct: { from: 2001-01-01 } }"));
    assertTrue(
        refusal("runner: { direct: { runner: FlinkRunner } }")
            .endsWith("(is of the command line alone: give it as --runner)"));
  }

  @Test
  void javaSaysTheSame() {
    PipelineSpec spec =
        PipelineSpec.builder("n")
            .source(SourceSpec.parquet("in"))
            .eventTime("t")
            .runnerOption("direct", "targetParallelism", 7)
            .runnerOption("flink", "parallelism", 2)
            .build();

    assertEquals(7, parallelism(spec, "--runner=DirectRunner"));
    assertEquals(5, parallelism(spec, "--targetParallelism=5"));
  }

  private static int parallelism(PipelineSpec spec, String arg) {
    return FeaturePipeline.options(spec, arg).as(DirectOptions.class).getTargetParallelism();
  }
}
