package io.featurebeam.io.kafka;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.transforms.records.BatchCoder;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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

  /**
   * By job, the whole sources that this JVM knows, by id. A runner that goes on from a savepoint
   * gives back splits as they were saved, with what the spec said then of columns, servers and
   * passwords; the whole source of the new run, which comes to each worker too, says what holds
   * now.
   */
  private static final Map<String, Map<String, PolledSource>> WHOLE = new ConcurrentHashMap<>();

  final KafkaConnection connection;
  final ReadSettings settings;
  final StartAt start;
  final EventTimePolicy.Lag lag;
  private final List<String> topics;
  private final Duration timeout;
  private final @Nullable List<Part> parts;
  private final String job;
  private final String id;

  /**
   * The whole source.
   *
   * @param job the name of the run, equal in all of its processes
   */
  PolledSource(
      KafkaConnection connection,
      List<String> topics,
      ReadSettings settings,
      StartAt start,
      EventTimePolicy.Lag lag,
      Duration timeout,
      String job) {
    this(
        connection, topics, settings, start, lag, timeout, null, job, UUID.randomUUID().toString());
    remember();
  }

  private PolledSource(
      KafkaConnection connection,
      List<String> topics,
      ReadSettings settings,
      StartAt start,
      EventTimePolicy.Lag lag,
      Duration timeout,
      @Nullable List<Part> parts,
      String job,
      String id) {
    this.connection = connection;
    this.topics = topics;
    this.settings = settings;
    this.start = start;
    this.lag = lag;
    this.timeout = timeout;
    this.parts = parts;
    this.job = job;
    this.id = id;
  }

  private void remember() {
    WHOLE.computeIfAbsent(job, j -> new ConcurrentHashMap<>()).put(id, this);
  }

  @SuppressWarnings("UnusedMethod") // Java's serialization calls it
  private Object readResolve() {
    if (parts == null) {
      remember();
    }
    return this;
  }

  /** With what the spec of the run says, if this is of an earlier run. */
  private PolledSource ofRun(String runningJob) {
    Map<String, PolledSource> now = WHOLE.getOrDefault(runningJob, Map.of());
    if (now.isEmpty() || now.containsKey(id)) {
      return this;
    }
    List<PolledSource> same = now.values().stream().filter(s -> s.topics.equals(topics)).toList();
    if (same.size() != 1) {
      throw new IllegalStateException(
          "Cannot go on from the saved offsets: they are of topic "
              + String.join(", ", topics)
              + ", and this run reads "
              + now.values().stream().map(s -> String.join(", ", s.topics)).sorted().toList()
              + " (undo that, or start without the savepoint)");
    }
    return same.get(0).withParts(parts);
  }

  PolledSource withParts(@Nullable List<Part> own) {
    return new PolledSource(connection, topics, settings, start, lag, timeout, own, job, id);
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
      splits.add(withParts(own));
    }
    return splits;
  }

  @Override
  public PolledReader createReader(PipelineOptions options, @Nullable Mark mark) {
    PolledSource source = ofRun(options.getJobName());
    List<Part> own = source.parts == null ? source.split(1, options).get(0).parts : source.parts;
    return new PolledReader(source, own, mark);
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
