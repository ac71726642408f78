package io.featurebeam.io.kafka;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.transforms.records.BatchCoder;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Topics without end, an element per poll and partition: what became of its messages, as batches.
 * One element, so that a checkpoint never comes between records and rejects of one offset.
 */
final class PolledSource extends UnboundedSource<List<RecordBatch>, PolledSource.Mark> {

  private static final long serialVersionUID = 1L;

  final KafkaConnection connection;
  final ReadSettings settings;
  final StartAt start;
  final EventTimePolicy.Lag lag;
  private final List<String> topics;
  private final Duration timeout;
  private final @Nullable List<Part> parts;

  PolledSource(
      KafkaConnection connection,
      List<String> topics,
      ReadSettings settings,
      StartAt start,
      EventTimePolicy.Lag lag,
      Duration timeout,
      @Nullable List<Part> parts) {
    this.connection = connection;
    this.topics = topics;
    this.settings = settings;
    this.start = start;
    this.lag = lag;
    this.timeout = timeout;
    this.parts = parts;
  }

  /** A partition. */
  record Part(String topic, int partition) implements Serializable {
    TopicPartition kafka() {
      return new TopicPartition(topic, partition);
    }
  }

  /**
   * How far a partition was read.
   *
   * @param next the first offset that was not
   * @param watermark in milliseconds
   */
  record Progress(Part part, long next, long watermark) implements Serializable {}

  /** How far each was read; a checkpoint is complete when the runner says so. */
  static final class Mark implements UnboundedSource.CheckpointMark, Serializable {
    private static final long serialVersionUID = 1L;
    final ArrayList<Progress> progress;
    private final transient @Nullable PolledReader reader;

    Mark(List<Progress> progress, @Nullable PolledReader reader) {
      this.progress = new ArrayList<>(progress);
      this.reader = reader;
    }

    @Override
    public void finalizeCheckpoint() {
      if (reader != null) {
        reader.complete(this);
      }
    }
  }

  @Override
  public List<PolledSource> split(int desired, PipelineOptions options) {
    List<Part> all = new ArrayList<>();
    for (TopicPartition p : new KafkaTopics(connection, timeout).partitions(topics)) {
      all.add(new Part(p.topic(), p.partition()));
    }
    int count = Math.max(1, Math.min(desired, all.size()));
    List<PolledSource> splits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Part> own = new ArrayList<>();
      for (int p = i; p < all.size(); p += count) {
        own.add(all.get(p));
      }
      splits.add(new PolledSource(connection, topics, settings, start, lag, timeout, own));
    }
    return splits;
  }

  @Override
  public PolledReader createReader(PipelineOptions options, @Nullable Mark mark) {
    List<Part> own = parts == null ? split(1, options).get(0).parts : parts;
    return new PolledReader(this, own, mark);
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return SerializableCoder.of(Mark.class);
  }

  @Override
  public Coder<List<RecordBatch>> getOutputCoder() {
    return ListCoder.of(BatchCoder.of());
  }

  /** The batches one by one. */
  static final class OpenFn extends DoFn<List<RecordBatch>, RecordBatch> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element List<RecordBatch> batches, OutputReceiver<RecordBatch> out) {
      batches.forEach(out::output);
    }
  }
}
