package io.featurebeam.io.kafka;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.records.BatchCoder;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads topics as a flow of batches.
 *
 * <pre>{@code
 * PCollection<RecordBatch> flow =
 *     pipeline.apply(
 *         ReadKafka.of(KafkaConnection.to("broker:9092"), List.of("payments"), MessageFormat.json(schema))
 *             .withEventTime("paid_at")
 *             .withDisorder(Duration.ofSeconds(10)));
 * }</pre>
 *
 * <p>Without end, unless {@link #untilLatest} says to read what the topics hold when the pipeline
 * is built, as a bounded source. A message is one record, with topic-partition and offset as its
 * position; what cannot be parsed, is too long or, unless said otherwise, has no value becomes a
 * reject with position and raw bytes and never fails the pipeline. So does a record without an
 * event time where there must be one. A batch lives in the global window and bears the least event
 * time of its records; {@code EventTimePolicy} says how the watermark follows.
 *
 * <p>Topics are looked for when the pipeline is built: one that is not there, or brokers that do
 * not answer within {@link #withTimeout}, are an error then. Later brokers may come and go: an
 * unbounded read waits for them, a bounded one for a while. Records are read at least once; after a
 * failure runners go on from offsets in their checkpoints, so that they count once.
 */
public final class ReadKafka extends PTransform<PBegin, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** How long brokers may take to answer when the pipeline is built. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  /** How much older a message may be than one before it, unless said otherwise. */
  public static final Duration DEFAULT_DISORDER = Duration.ofSeconds(10);

  /** After which time without a message a partition counts as idle, unless said otherwise. */
  public static final Duration DEFAULT_IDLE = Duration.ofSeconds(30);

  /** How far event times may be ahead of the clock and still move the watermark. */
  public static final Duration DEFAULT_SLACK = Duration.ofMinutes(1);

  /** The longest that a runner is expected to keep a bundle open; Flink's default is 1 s. */
  public static final Duration DEFAULT_BUNDLE = Duration.ofSeconds(2);

  /** A longer message is a reject: 1 MiB, what brokers take at most unless told otherwise. */
  public static final int DEFAULT_MAX_MESSAGE_BYTES = 1 << 20;

  static final long MAX_BATCH_BYTES = 8L << 20;

  /** How long a bounded read waits for a broker that has gone. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final KafkaConnection connection;
  private final List<String> topics;
  private final ReadSettings settings;
  private final Shape shape;
  private final @Nullable List<KafkaTopics.Range> planned;

  /**
   * How far to read and when.
   *
   * @param bounded whether to end at what the topics hold now
   * @param polled whether to read without KafkaIO where there is no end
   */
  private record Shape(
      StartAt start,
      boolean bounded,
      EventTimePolicy.Lag lag,
      Duration timeout,
      Duration patience,
      boolean polled)
      implements Serializable {}

  private ReadKafka(
      KafkaConnection connection,
      List<String> topics,
      ReadSettings settings,
      Shape shape,
      @Nullable List<KafkaTopics.Range> planned) {
    this.planned = planned;
    this.connection = connection;
    this.topics = topics;
    this.settings = settings;
    this.shape = shape;
  }

  /** All columns of the format, from the earliest message on, without end. */
  public static ReadKafka of(
      KafkaConnection connection, List<String> topics, MessageFormat format) {
    Objects.requireNonNull(connection, "connection is null");
    if (topics.isEmpty() || new HashSet<>(topics).size() < topics.size()) {
      throw new IllegalArgumentException(
          "Invalid topics: " + topics + " (must be one or more, each once)");
    }
    return new ReadKafka(
        connection,
        List.copyOf(topics),
        ReadSettings.of(format),
        new Shape(
            StartAt.earliest(),
            false,
            new EventTimePolicy.Lag(DEFAULT_DISORDER, DEFAULT_IDLE, DEFAULT_SLACK, DEFAULT_BUNDLE),
            DEFAULT_TIMEOUT,
            PATIENCE,
            false),
        null);
  }

  /** More columns, from around the value: key, headers, log time, topic, partition, offset. */
  public ReadKafka withMetadata(List<MetadataColumn> columns) {
    return with(settings.withMetadata(columns));
  }

  /** Some of the columns, in this order; the rest is not parsed. */
  public ReadKafka withColumns(Collection<String> columns) {
    var unused = ReadSettings.schema(settings.format(), settings.metadata()).project(columns);
    return with(settings.withColumns(List.copyOf(columns)));
  }

  /** The timestamp column that says when an event happened; without one it is the log's time. */
  public ReadKafka withEventTime(String column) {
    FieldType type =
        ReadSettings.schema(settings.format(), settings.metadata()).field(column).type();
    if (!type.equals(FieldType.TIMESTAMP)) {
      throw new IllegalArgumentException(
          "Invalid event-time column: '" + column + "' is " + type + " (must be timestamp)");
    }
    return with(settings.withEventTime(column));
  }

  /** What becomes of messages without a value; rejects unless said otherwise. */
  public ReadKafka withTombstones(Tombstones what) {
    return with(settings.withTombstones(what));
  }

  /** A longer value is a reject. */
  public ReadKafka withMaxMessageBytes(int bytes) {
    if (bytes < 16 || bytes > 1 << 28) {
      throw new IllegalArgumentException(
          "Invalid maxRecord: " + bytes + " (must be between 16 and 268435456 bytes)");
    }
    return with(settings.withLimits(bytes, settings.maxRecords(), settings.maxBytes()));
  }

  /** Batches of at most so many records, and not much more than so many bytes of values. */
  public ReadKafka withBatches(int records, long bytes) {
    if (records < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "Invalid batches: " + records + " records, " + bytes + " bytes (must be > 0)");
    }
    return with(settings.withLimits(settings.maxMessageBytes(), records, bytes));
  }

  /** Columns whose values rejects must not show, and the time that rejects bear. */
  public ReadKafka withRejects(Collection<String> masked, long rejectedAtMicros) {
    return with(settings.withRejects(Set.copyOf(masked), rejectedAtMicros));
  }

  /**
   * Only records whose event time is in {@code [from, to)}, in microseconds, or missing: what a
   * missing one means is for a rule to say. The others are not counted as read.
   */
  public ReadKafka withRange(String eventTime, long from, long to) {
    return with(settings.withRange(new ReadSettings.Range(eventTime, from, to)));
  }

  /** Shows no progress: what is read is not the input of the run. */
  public ReadKafka aside() {
    return with(settings.aside());
  }

  public ReadKafka withStart(StartAt start) {
    return with(
        new Shape(start, shape.bounded, shape.lag, shape.timeout, shape.patience, shape.polled));
  }

  /** Reads to what the topics hold when the pipeline is built, and ends. */
  public ReadKafka untilLatest() {
    return with(
        new Shape(shape.start, true, shape.lag, shape.timeout, shape.patience, shape.polled));
  }

  /** How much older a message may be than one before it in its partition without being late. */
  public ReadKafka withDisorder(Duration disorder) {
    return with(lag(disorder, shape.lag.idle(), shape.lag.slack(), shape.lag.bundle()));
  }

  /** After which time without a message a partition no longer holds the watermark. */
  public ReadKafka withIdle(Duration idle) {
    return with(lag(shape.lag.disorder(), idle, shape.lag.slack(), shape.lag.bundle()));
  }

  /** How far an event time may be ahead of the clock and still move the watermark. */
  public ReadKafka withSlack(Duration slack) {
    return with(lag(shape.lag.disorder(), shape.lag.idle(), slack, shape.lag.bundle()));
  }

  /** The longest that the runner keeps a bundle open, such as Flink's maxBundleTimeMills. */
  public ReadKafka withBundleTime(Duration bundle) {
    return with(lag(shape.lag.disorder(), shape.lag.idle(), shape.lag.slack(), bundle));
  }

  private static EventTimePolicy.Lag lag(
      Duration disorder, Duration idle, Duration slack, Duration bundle) {
    for (Duration duration : List.of(disorder, idle, slack, bundle)) {
      if (duration.isNegative()) {
        throw new IllegalArgumentException(
            "Invalid duration: " + duration + " (disorder, idle, slack and bundle must be >= 0)");
      }
    }
    return new EventTimePolicy.Lag(disorder, idle, slack, bundle);
  }

  /** How long brokers may take to answer when the pipeline is built. */
  public ReadKafka withTimeout(Duration timeout) {
    return with(
        new Shape(shape.start, shape.bounded, shape.lag, timeout, shape.patience, shape.polled));
  }

  /**
   * Reads without end by a source of our own instead of KafkaIO: it gives whole batches and parses
   * each message once, several times as fast. A record counts once here too: offsets are in the
   * runner's checkpoints.
   */
  public ReadKafka polled() {
    return with(
        new Shape(shape.start, shape.bounded, shape.lag, shape.timeout, shape.patience, true));
  }

  /** How long a bounded read waits for a broker that has gone, before it fails. */
  public ReadKafka withPatience(Duration patience) {
    return with(
        new Shape(shape.start, shape.bounded, shape.lag, shape.timeout, patience, shape.polled));
  }

  private ReadKafka with(EventTimePolicy.Lag lag) {
    return with(
        new Shape(shape.start, shape.bounded, lag, shape.timeout, shape.patience, shape.polled));
  }

  private ReadKafka with(Shape other) {
    return new ReadKafka(connection, topics, settings, other, null);
  }

  private ReadKafka with(ReadSettings other) {
    return new ReadKafka(connection, topics, other, shape, planned);
  }

  /** The columns of the records. */
  public RecordSchema schema() {
    return settings.schema();
  }

  /** Whether brokers answer and the topics are there; an error that says what to do if not. */
  public void check() {
    var unused = new KafkaTopics(connection, shape.timeout).partitions(topics);
  }

  /** A bounded read of what the topics hold now, however often it is applied and when. */
  public ReadKafka planned() {
    return new ReadKafka(connection, topics, settings, shape, List.copyOf(ranges()));
  }

  /** How many messages a bounded read finds, counted by offsets. */
  public long messages() {
    return ranges().stream().mapToLong(range -> range.to() - range.from()).sum();
  }

  /**
   * A part of a partition.
   *
   * @param from the first offset
   * @param to the first offset that is not part of it
   */
  public record Offsets(String topic, int partition, long from, long to) {}

  /** What a bounded read reads, by partition; nothing of partitions that hold nothing. */
  public List<Offsets> offsets() {
    return whole(ranges());
  }

  /** What the topics hold now, wherever a read would start. */
  public List<Offsets> available() {
    return whole(new KafkaTopics(connection, shape.timeout).ranges(topics, StartAt.earliest()));
  }

  /** A bounded read of these and no others, whatever the topics hold beside them. */
  public ReadKafka over(List<Offsets> offsets) {
    return new ReadKafka(
        connection,
        topics,
        settings,
        shape,
        offsets.stream()
            .flatMap(o -> KafkaTopics.pieces(o.topic(), o.partition(), o.from(), o.to()).stream())
            .toList());
  }

  private static List<Offsets> whole(List<KafkaTopics.Range> pieces) {
    Map<String, Offsets> whole = new TreeMap<>();
    for (KafkaTopics.Range piece : pieces) {
      whole.merge(
          piece.topic() + "-" + piece.partition(),
          new Offsets(piece.topic(), piece.partition(), piece.from(), piece.to()),
          (a, b) ->
              new Offsets(
                  a.topic(),
                  a.partition(),
                  Math.min(a.from(), b.from()),
                  Math.max(a.to(), b.to())));
    }
    return List.copyOf(whole.values());
  }

  private List<KafkaTopics.Range> ranges() {
    return planned != null
        ? planned
        : new KafkaTopics(connection, shape.timeout).ranges(topics, shape.start);
  }

  @Override
  public PCollection<RecordBatch> expand(PBegin begin) {
    if (settings.eventTime() != null && !schema().contains(settings.eventTime())) {
      throw new IllegalArgumentException(
          "Invalid columns: "
              + schema().names()
              + " (must have the event time, "
              + settings.eventTime()
              + ")");
    }
    return shape.bounded ? bounded(begin) : unbounded(begin);
  }

  private PCollection<RecordBatch> bounded(PBegin begin) {
    return begin
        .apply(
            "Ranges", Create.of(ranges()).withCoder(SerializableCoder.of(KafkaTopics.Range.class)))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Read", ParDo.of(new ReadRangeFn(connection, settings, shape.patience)))
        .setCoder(BatchCoder.of());
  }

  private PCollection<RecordBatch> unbounded(PBegin begin) {
    check();
    if (shape.polled) {
      String job = begin.getPipeline().getOptions().getJobName();
      PolledSource source =
          new PolledSource(
              connection, topics, settings, shape.start, shape.lag, shape.timeout, job);
      return begin
          .apply("Poll", Read.from(source))
          .apply("Open", ParDo.of(new PolledSource.OpenFn()))
          .setCoder(BatchCoder.of());
    }
    return begin
        .apply("KafkaIO", kafkaIo())
        .apply("Batch", ParDo.of(new BatchMessagesFn(settings)))
        .setCoder(BatchCoder.of());
  }

  private KafkaIO.Read<byte[], byte[]> kafkaIo() {
    KafkaConnection to = connection;
    ReadSettings read = settings;
    EventTimePolicy.Lag lag = shape.lag;
    KafkaIO.Read<byte[], byte[]> kafka =
        KafkaIO.<byte[], byte[]>read()
            .withBootstrapServers(to.servers())
            .withTopics(topics)
            .withKeyDeserializerAndCoder(
                ByteArrayDeserializer.class, NullableCoder.of(ByteArrayCoder.of()))
            .withValueDeserializerAndCoder(
                ByteArrayDeserializer.class, NullableCoder.of(ByteArrayCoder.of()))
            // Properties go this way and not as config: that is shown as display data.
            .withConsumerFactoryFn(config -> to.consumer(withoutDeserializers(config)))
            .withConsumerConfigUpdates(config())
            .withTimestampPolicyFactory(
                (partition, previous) ->
                    new EventTimePolicy(read, lag, previous, System.currentTimeMillis()));
    if (shape.start.kind() == StartAt.Kind.TIME) {
      kafka = kafka.withStartReadTime(Instant.ofEpochMilli(shape.start.millis()));
    }
    if (shape.start.kind() == StartAt.Kind.GROUP) {
      kafka = kafka.commitOffsetsInFinalize();
    }
    return kafka;
  }

  private static Map<String, Object> withoutDeserializers(Map<String, Object> config) {
    Map<String, Object> rest = new HashMap<>(config);
    rest.keySet().removeIf(name -> name.endsWith(".deserializer"));
    return rest;
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new HashMap<>();
    config.put("enable.auto.commit", false);
    config.put(
        "auto.offset.reset", shape.start.kind() == StartAt.Kind.LATEST ? "latest" : "earliest");
    if (shape.start.kind() == StartAt.Kind.GROUP) {
      config.put("group.id", shape.start.group());
    }
    return config;
  }

  /** Moved to the nearest that the global window can hold. */
  static long beamMillis(long millis) {
    return Math.max(
        BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis(),
        Math.min(GlobalWindow.INSTANCE.maxTimestamp().getMillis(), millis));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("topics", String.join(", ", topics)))
        .add(DisplayData.item("servers", connection.servers()))
        .add(DisplayData.item("columns", String.join(", ", schema().names())));
  }
}
