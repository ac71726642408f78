package io.featurebeam.io.kafka;

import io.featurebeam.columnar.RecordBatch;
import java.io.IOException;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Batches the messages of a bundle. A batch bears the least event time of its records, which may be
 * before that of the message that filled it; the source's watermark stays behind for that.
 */
final class BatchMessagesFn extends DoFn<KafkaRecord<byte[], byte[]>, RecordBatch> {

  private static final long serialVersionUID = 1L;

  private final ReadSettings settings;
  private transient @Nullable MessageBatcher batcher;
  private transient long leastMillis;

  BatchMessagesFn(ReadSettings settings) {
    this.settings = settings;
  }

  @Deprecated
  @Override
  @SuppressWarnings("InlineMeSuggester") // Beam calls it
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }

  @StartBundle
  public void startBundle() {
    batcher = MessageBatcher.begin(batcher, settings);
    leastMillis = Long.MAX_VALUE;
  }

  @ProcessElement
  public void process(
      @Element KafkaRecord<byte[], byte[]> message,
      @Timestamp Instant timestamp,
      OutputReceiver<RecordBatch> out)
      throws IOException {
    leastMillis = Math.min(leastMillis, timestamp.getMillis());
    batcher.add(
        message.getTopic(),
        message.getPartition(),
        message.getOffset(),
        message.getTimestamp(),
        message.getHeaders(),
        message.getKV().getKey(),
        message.getKV().getValue());
    if (batcher.isFull()) {
      RecordBatch records = batcher.records();
      if (records != null) {
        out.outputWithTimestamp(records, timeOf(records));
      }
      RecordBatch rejects = batcher.rejects();
      if (rejects != null) {
        out.outputWithTimestamp(rejects, Instant.ofEpochMilli(leastMillis));
      }
      leastMillis = Long.MAX_VALUE;
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    RecordBatch records = batcher.records();
    if (records != null) {
      context.output(records, timeOf(records), GlobalWindow.INSTANCE);
    }
    RecordBatch rejects = batcher.rejects();
    if (rejects != null) {
      context.output(rejects, Instant.ofEpochMilli(leastMillis), GlobalWindow.INSTANCE);
    }
    RecordBatch facts = batcher.facts();
    if (facts != null) {
      context.output(facts, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }
  }

  private Instant timeOf(RecordBatch records) {
    long least = MessageBatcher.least(records, settings.eventTime(), Long.MIN_VALUE);
    return Instant.ofEpochMilli(
        least == Long.MIN_VALUE ? leastMillis : ReadKafka.beamMillis(Math.floorDiv(least, 1000L)));
  }
}
