package io.featurebeam.transforms;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class PipelineExtensionTest {

  @Test
  void aTestThatNeverRunsItsPipelineFails() {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(Sample.class))
            .build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, summary);
    List<String> failed =
        summary.getSummary().getFailures().stream()
            .map(
                f ->
                    f.getTestIdentifier().getDisplayName()
                        + ": "
                        + f.getException().getClass().getSimpleName())
            .toList();
    assertEquals(List.of("forgetsToRun(TestPipeline): PipelineRunMissingException"), failed);
    assertEquals(1, summary.getSummary().getTestsSucceededCount());
  }

  /** Not found by the build, as its name does not end in Test. */
  @ExtendWith(PipelineExtension.class)
  static class Sample {
    @Test
    void forgetsToRun(TestPipeline pipeline) {
      pipeline.apply(Create.of(1, 2, 3));
    }

    @Test
    void runs(TestPipeline pipeline) {
      pipeline.apply(Create.of(1, 2, 3));
      pipeline.run();
    }
  }
}
