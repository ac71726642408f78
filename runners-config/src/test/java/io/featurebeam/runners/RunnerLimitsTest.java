package io.featurebeam.runners;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.runners.RunnerLimits.Need;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunnerLimitsTest {

  private static Optional<String> refusal(Need need, String runner) {
    return RunnerLimits.refusal(need, runner, "somebody asks for it");
  }

  @Test
  void aStreamIsNothingForSpark() {
    assertEquals(
        Optional.of(
            "Spark runner cannot run a streaming pipeline: somebody asks for it (it has no"
                + " event-time timers in streaming; use --runner=FlinkRunner or"
                + " --runner=DataflowRunner or --runner=DirectRunner)"),
        refusal(Need.STREAM, "SparkRunner"));
  }

  @ParameterizedTest
  @CsvSource({"Direct", "Flink", "Spark"})
  void onlyDataflowHasTemplates(String label) {
    assertEquals(
        Optional.of(
            label
                + " runner cannot write a template: somebody asks for it (only Dataflow has"
                + " templates; use --runner=DataflowRunner)"),
        refusal(Need.TEMPLATE, label + "Runner"));
  }

  @ParameterizedTest
  @CsvSource({
    "STREAM, DirectRunner",
    "STREAM, FlinkRunner",
    "STREAM, DataflowRunner",
    "TEMPLATE, DataflowRunner",
    "STREAM, SomeRunner"
  })
  void othersPass(Need need, String runner) {
    assertEquals(Optional.empty(), refusal(need, runner));
  }
}
