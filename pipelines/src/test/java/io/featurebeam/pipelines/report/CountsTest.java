package io.featurebeam.pipelines.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.util.SerializableUtils;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;

class CountsTest {

  private static final class CountRecords extends DoFn<Integer, Integer> {
    private static final long serialVersionUID = 1L;
    private final Counter read = Metrics.counter("featurebeam", "records_read");
    private final Counter rejected = Metrics.counter("featurebeam", "records_rejected");
    private final Counter other = Metrics.counter("other", "records_read");
    private final LiveCounts live;

    CountRecords(LiveCounts live) {
      this.live = live;
    }

    @ProcessElement
    public void process(@Element Integer size, OutputReceiver<Integer> out) {
      read.inc(size);
      live.addRecords(size);
      other.inc(1000);
      if (size == 3) {
        rejected.inc();
        live.addRejects(1);
      }
      out.output(size);
    }
  }

  /** A runner that tells nothing while it runs. */
  private static final class Silent implements PipelineResult {
    @Override
    public State getState() {
      return State.RUNNING;
    }

    @Override
    public State cancel() {
      return State.CANCELLED;
    }

    @Override
    public State waitUntilFinish(Duration duration) {
      return State.DONE;
    }

    @Override
    public State waitUntilFinish() {
      return State.DONE;
    }

    @Override
    public MetricResults metrics() {
      throw new UnsupportedOperationException("not yet");
    }
  }

  @Test
  void countersOfAllStepsAreSummedAndLiveCountsAgree() {
    LiveCounts live = LiveCounts.of("countersOfAllSteps");
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(1, 2, 3))
        .apply("One", ParDo.of(new CountRecords(live)))
        .apply("Two", ParDo.of(new CountRecords(live)));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    MetricCounts counts =
        MetricCounts.of(
            result, "featurebeam", "records_read", "records_rejected", () -> ProgressCounts.NONE);

    assertEquals(new ProgressCounts(12, 2), counts.get());
    assertEquals(new ProgressCounts(12, 2), live.get());
    live.close();
  }

  @Test
  void aRunnerThatTellsNothingIsStoodInFor() {
    MetricCounts counts =
        MetricCounts.of(
            new Silent(), "featurebeam", "records_read", "x", () -> new ProgressCounts(5, 1));

    assertEquals(new ProgressCounts(5, 1), counts.get());
  }

  @Test
  void countersThatDoNotExistYetAreStoodInFor() {
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(Create.of(1));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    assertEquals(
        new ProgressCounts(5, 1),
        MetricCounts.of(result, "featurebeam", "no_such", "x", () -> new ProgressCounts(5, 1))
            .get());
  }

  @Test
  void liveCountsAreOneObjectPerRunAndJvm() {
    LiveCounts live = LiveCounts.of("one");
    assertSame(live, SerializableUtils.clone(live));
    assertNotSame(live, LiveCounts.of("two"));
    live.addRecords(3);
    live.close();
    assertNotSame(live, LiveCounts.of("one"), "a closed run is forgotten");
    assertEquals(new ProgressCounts(3, 0), live.get());
    LiveCounts.of("one").close();
    LiveCounts.of("two").close();
  }
}
