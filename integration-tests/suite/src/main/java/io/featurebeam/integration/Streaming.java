package io.featurebeam.integration;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.transforms.records.BatchCoder;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;

/** A step over batches that arrive one after another, and over the same as a bounded input. */
final class Streaming {

  private static final long HALF_AN_HOUR = 1_800_000_000L;

  private Streaming() {}

  /**
   * What a step gives while the watermark stays half an hour behind the latest {@code time}, and so
   * passes some by.
   */
  static List<RecordBatch> stream(
      List<RecordBatch> arrivals,
      PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> step) {
    TestStream.Builder<RecordBatch> stream = TestStream.create(BatchCoder.of());
    long latest = Long.MIN_VALUE;
    for (RecordBatch batch : arrivals) {
      long first = Long.MAX_VALUE;
      for (int i = 0; i < batch.size(); i++) {
        first = Math.min(first, batch.longs("time").get(i));
        latest = Math.max(latest, batch.longs("time").get(i));
      }
      stream =
          stream
              .addElements(TimestampedValue.of(batch, instant(first)))
              .advanceWatermarkTo(instant(latest - HALF_AN_HOUR));
    }
    return run(stream.advanceWatermarkToInfinity(), step);
  }

  static List<RecordBatch> bounded(
      List<RecordBatch> batches,
      PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> step) {
    return run(Create.of(batches).withCoder(BatchCoder.of()), step);
  }

  private static List<RecordBatch> run(
      PTransform<PBegin, PCollection<RecordBatch>> batches,
      PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> step) {
    Collected out = new Collected();
    TestPipeline pipeline = TestPipeline.fromOptions(options());
    pipeline.enableAbandonedNodeEnforcement(false);
    pipeline.apply("Batches", batches).apply("Step", step).apply("Collect", ParDo.of(out));
    pipeline.run().waitUntilFinish();
    return out.batches();
  }

  /** Flink holds the watermark until the end of a bundle: with long ones nothing is late. */
  static PipelineOptions options() {
    List<String> args = new ArrayList<>(Runner.current().args(2));
    if (Runner.current() == Runner.FLINK) {
      args.add("--maxBundleSize=1");
    }
    return PipelineOptionsFactory.fromArgs(args.toArray(String[]::new)).create();
  }

  static Instant instant(long micros) {
    return Instant.ofEpochMilli(Math.floorDiv(micros, 1000L));
  }
}
