package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.runners.RunnerDefaults;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import org.apache.beam.sdk.PipelineResult.State;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;

/**
 * The runner of this module runs a pipeline, and its classpath holds exactly one logging binding.
 */
class RunnerIT {

  @Test
  void countsThreeElements() {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    PCollection<Long> count =
        pipeline.apply("Create", Create.of("a", "b", "c")).apply("Count", Count.globally());
    PAssert.thatSingleton(count).isEqualTo(3L);
    assertEquals(State.DONE, pipeline.run().waitUntilFinish());
  }

  @Test
  void knowsEveryOptionOfItsDefaults() {
    String runner = TestPipeline.testingPipelineOptions().getRunner().getSimpleName();
    String[] args = RunnerDefaults.apply("--runner=" + runner);
    int defaults = Map.of("DirectRunner", 2, "FlinkRunner", 2).getOrDefault(runner, 0);
    assertEquals(1 + defaults, args.length, () -> String.join(" ", args));
    PipelineOptions options = PipelineOptionsFactory.fromArgs(args).create();
    assertEquals(runner, options.getRunner().getSimpleName());
  }

  @Test
  void exactlyOneLoggingBinding() throws IOException {
    ClassLoader loader = RunnerIT.class.getClassLoader();
    String provider = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";
    assertEquals(1, Collections.list(loader.getResources(provider)).size());
    String oldBinder = "org/slf4j/impl/StaticLoggerBinder.class";
    assertEquals(0, Collections.list(loader.getResources(oldBinder)).size());
  }
}
