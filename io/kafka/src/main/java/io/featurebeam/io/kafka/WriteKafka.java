package io.featurebeam.io.kafka;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.expression.Condition;
import io.featurebeam.io.file.write.WriteFlow;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.LiveCounts;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.Schema;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.ProducerRecordCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of a flow to a topic, one message each, and hands on the rest of the flow:
 * rejects, and facts with its own; the records too if another output follows ({@link #handingOn}).
 *
 * <pre>{@code
 * rows.apply(
 *     WriteKafka.of(KafkaConnection.to("broker:9092"), "features", schema)
 *         .withKeys(List.of("card"))
 *         .withFormat(RowFormat.AVRO));
 * }</pre>
 *
 * <p>At least once: a bundle is done when all brokers in sync have its messages, and one that fails
 * is written again, so that readers may see a message twice. With {@link #withExactlyOnce} messages
 * become visible in transactions that belong to the runner's checkpoints: on Flink with
 * checkpointing, on Dataflow, and in batch on Direct; readers must read what is committed only, and
 * wait for checkpoints; that sink of Beam's drops headers. What a failed run wrote stays written: a
 * topic takes nothing back.
 *
 * <p>Messages of equal keys keep the order of their rows within a batch. The topic is looked for
 * when the pipeline is built.
 */
public final class WriteKafka
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** A header with the revision of a row, if its schema has a column of this name. */
  public static final String REVISION = "revision";

  private static final Map<String, Object> DEFAULTS =
      Map.of("acks", "all", "linger.ms", 5, "batch.size", 1 << 17, "compression.type", "lz4");

  private final KafkaConnection connection;
  private final Settings settings;
  private final int shards;
  private final String group;
  private final Duration timeout;

  /** What a row becomes. */
  private record Settings(
      String topic,
      RecordSchema schema,
      RowFormat format,
      List<String> keys,
      @Nullable String timestamp,
      TreeMap<String, String> headers,
      @Nullable Condition where,
      boolean handsOn)
      implements Serializable {

    /** The rows that become messages. */
    RecordBatch chosen(RecordBatch batch) {
      return where == null ? batch : where.keep(batch);
    }
  }

  private WriteKafka(
      KafkaConnection connection, Settings settings, int shards, String group, Duration timeout) {
    this.connection = connection;
    this.settings = settings;
    this.shards = shards;
    this.group = group;
    this.timeout = timeout;
  }

  /** JSON without keys and headers, at least once. */
  public static WriteKafka of(KafkaConnection connection, String topic, RecordSchema schema) {
    Objects.requireNonNull(connection, "connection is null");
    if (!topic.matches("[A-Za-z0-9._-]{1,249}")) {
      throw new IllegalArgumentException(
          "Invalid topic: '" + topic + "' (must be letters, digits, . _ -, at most 249)");
    }
    return new WriteKafka(
        connection,
        new Settings(topic, schema, RowFormat.JSON, List.of(), null, new TreeMap<>(), null, false),
        0,
        "",
        ReadKafka.DEFAULT_TIMEOUT);
  }

  public WriteKafka withFormat(RowFormat format) {
    if (format == RowFormat.AVRO) {
      var unused = RowEncoder.avroSchema(settings.schema); // what is wrong is told now
    }
    return with(
        new Settings(
            settings.topic,
            settings.schema,
            format,
            settings.keys,
            settings.timestamp,
            settings.headers,
            settings.where,
            settings.handsOn));
  }

  /**
   * The columns that make the key: of one, its text as CSV has it; of several, a JSON array. Equal
   * keys go to one partition.
   */
  public WriteKafka withKeys(List<String> columns) {
    columns.forEach(settings.schema::indexOf);
    return with(
        new Settings(
            settings.topic,
            settings.schema,
            settings.format,
            List.copyOf(columns),
            settings.timestamp,
            settings.headers,
            settings.where,
            settings.handsOn));
  }

  /** The timestamp column that is the message's time; the clock's if it is null or before 1970. */
  public WriteKafka withTimestamp(String column) {
    FieldType type = settings.schema.field(column).type();
    if (!type.equals(FieldType.TIMESTAMP)) {
      throw new IllegalArgumentException(
          "Invalid timestamp column: '" + column + "' is " + type + " (must be timestamp)");
    }
    return with(
        new Settings(
            settings.topic,
            settings.schema,
            settings.format,
            settings.keys,
            column,
            settings.headers,
            settings.where,
            settings.handsOn));
  }

  /** Headers that every message bears. */
  public WriteKafka withHeaders(Map<String, String> headers) {
    return with(
        new Settings(
            settings.topic,
            settings.schema,
            settings.format,
            settings.keys,
            settings.timestamp,
            new TreeMap<>(headers),
            settings.where,
            settings.handsOn));
  }

  /** Sends only the rows for which a condition over the schema's columns is true. */
  public WriteKafka withWhere(String cel) {
    return with(
        new Settings(
            settings.topic,
            settings.schema,
            settings.format,
            settings.keys,
            settings.timestamp,
            settings.headers,
            Condition.of(cel, settings.schema),
            settings.handsOn));
  }

  /** Hands the records on too, all of them, for an output behind this one. */
  public WriteKafka handingOn() {
    return with(
        new Settings(
            settings.topic,
            settings.schema,
            settings.format,
            settings.keys,
            settings.timestamp,
            settings.headers,
            settings.where,
            true));
  }

  /**
   * Each record once, through Beam's exactly-once sink.
   *
   * @param writers how many write side by side
   * @param sinkGroup names this output for ever; of no other pipeline
   */
  public WriteKafka withExactlyOnce(int writers, String sinkGroup) {
    if (writers < 1 || sinkGroup.isBlank()) {
      throw new IllegalArgumentException(
          "Invalid exactlyOnce: "
              + writers
              + " writers of group '"
              + sinkGroup
              + "' (must be one or more, with a name of their own)");
    }
    return new WriteKafka(connection, settings, writers, sinkGroup, timeout);
  }

  /** How long brokers may take to answer when the pipeline is built. */
  public WriteKafka withTimeout(Duration duration) {
    return new WriteKafka(connection, settings, shards, group, duration);
  }

  private WriteKafka with(Settings other) {
    return new WriteKafka(connection, other, shards, group, timeout);
  }

  /** The schema of {@link RowFormat#AVRO}. */
  public Schema avroSchema() {
    return RowEncoder.avroSchema(settings.schema);
  }

  /** Whether brokers answer and the topic is there; an error that says what to do if not. */
  public void check() {
    int partitions =
        new KafkaTopics(connection, timeout).partitions(List.of(settings.topic)).size();
    if (shards > partitions) { // each keeps its place under the number of a partition
      throw new IllegalArgumentException(
          "Invalid exactlyOnce: "
              + shards
              + " writers to topic '"
              + settings.topic
              + "' (must be at most its number of partitions, which is "
              + partitions
              + ")");
    }
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    check();
    if (shards == 0) {
      return flow.apply("Send", ParDo.of(new SendFn(connection, settings)))
          .setCoder(BatchCoder.of());
    }
    flow.apply("Encode", ParDo.of(new EncodeFn(settings)))
        .setCoder(
            ProducerRecordCoder.of(NullableCoder.of(ByteArrayCoder.of()), ByteArrayCoder.of()))
        .apply("Send once", exactlyOnce());
    return flow.apply("Hand on", ParDo.of(new HandOnFn(settings))).setCoder(BatchCoder.of());
  }

  private KafkaIO.WriteRecords<byte[], byte[]> exactlyOnce() {
    KafkaConnection to = connection;
    return KafkaIO.<byte[], byte[]>writeRecords()
        .withBootstrapServers(to.servers())
        .withTopic(settings.topic)
        .withKeySerializer(ByteArraySerializer.class)
        .withValueSerializer(ByteArraySerializer.class)
        .withEOS(shards, group)
        .withConsumerFactoryFn(config -> to.consumer(without(config, ".deserializer")))
        .withProducerFactoryFn(config -> to.resumingProducer(without(config, ".serializer")));
  }

  private static Map<String, Object> without(Map<String, Object> config, String ending) {
    Map<String, Object> rest = new HashMap<>(config);
    rest.keySet().removeIf(name -> name.endsWith(ending));
    return rest;
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("topic", settings.topic))
        .add(DisplayData.item("servers", connection.servers()))
        .add(DisplayData.item("keys", String.join(", ", settings.keys)));
  }

  /** Makes messages out of rows. */
  private static final class Messages {
    private final Settings settings;
    private final RowEncoder encoder;
    private final int[] keys;
    private final int timestamp;
    private final List<Header> headers;
    private final int revision;

    Messages(Settings settings) throws IOException {
      RecordSchema schema = settings.schema;
      this.settings = settings;
      this.encoder = RowEncoder.of(settings.format, schema);
      this.keys = settings.keys.stream().mapToInt(schema::indexOf).toArray();
      this.timestamp = settings.timestamp == null ? -1 : schema.indexOf(settings.timestamp);
      this.headers =
          settings.headers.entrySet().stream()
              .map(entry -> (Header) new RecordHeader(entry.getKey(), utf8(entry.getValue())))
              .toList();
      this.revision =
          schema.contains(REVISION) && schema.field(REVISION).type().equals(FieldType.INT64)
              ? schema.indexOf(REVISION)
              : -1;
    }

    ProducerRecord<byte[], byte[]> of(RecordBatch batch, int row) throws IOException {
      ProducerRecord<byte[], byte[]> message =
          new ProducerRecord<>(
              settings.topic,
              null,
              millis(batch, row),
              RowEncoder.key(batch, row, keys),
              encoder.encode(batch, row));
      headers.forEach(message.headers()::add);
      if (revision >= 0) {
        message.headers().add(REVISION, utf8(String.valueOf(batch.column(revision).value(row))));
      }
      return message;
    }

    private @Nullable Long millis(RecordBatch batch, int row) {
      Long micros = timestamp < 0 ? null : (Long) batch.column(timestamp).value(row);
      return micros == null || micros < 0 ? null : (Long) (micros / 1000);
    }

    private static byte[] utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  private static RecordBatch facts(long rows, long nanos) {
    return new Facts.Builder()
        .add(WriteFlow.STEP, Facts.RECORDS_IN, rows)
        .add(WriteFlow.STEP, Facts.RECORDS_OUT, rows)
        .add(WriteFlow.STEP, Facts.NANOS, nanos)
        .build();
  }

  private static final class SendFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final KafkaConnection connection;
    private final Settings settings;
    private transient @Nullable Producer<byte[], byte[]> producer;
    private transient Messages messages;
    private transient AtomicReference<Exception> failure;
    private transient long rows;
    private transient long nanos;

    SendFn(KafkaConnection connection, Settings settings) {
      this.connection = connection;
      this.settings = settings;
    }

    @StartBundle
    public void startBundle() throws IOException {
      if (producer == null) {
        producer = connection.producer(DEFAULTS);
        messages = new Messages(settings);
      }
      failure = new AtomicReference<>();
      rows = 0;
      nanos = 0;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out)
        throws IOException {
      if (!Flow.isRecords(batch)) {
        out.output(batch);
        return;
      }
      long start = System.nanoTime();
      AtomicReference<Exception> failed = failure;
      RecordBatch chosen = settings.chosen(batch);
      for (int row = 0; row < chosen.size(); row++) {
        try {
          var unused =
              producer.send(
                  messages.of(chosen, row),
                  (sent, problem) -> {
                    if (problem != null) {
                      failed.compareAndSet(null, problem);
                    }
                  });
        } catch (KafkaException e) {
          throw failed(e);
        }
      }
      rows += chosen.size();
      LiveCounts.written("kafka:" + settings.topic, chosen.size());
      nanos += System.nanoTime() - start;
      if (settings.handsOn) {
        out.output(batch);
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) throws IOException {
      long start = System.nanoTime();
      producer.flush();
      Exception problem = failure.get();
      if (problem != null) {
        throw failed(problem);
      }
      nanos += System.nanoTime() - start;
      if (rows > 0) {
        context.output(
            facts(rows, nanos), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
      }
    }

    private IOException failed(Exception problem) {
      return new IOException(
          "Cannot write to topic '"
              + settings.topic
              + "' at "
              + connection
              + ": "
              + problem.getMessage(),
          problem);
    }

    @Teardown
    @SuppressWarnings({"EffectivelyPrivate", "UnusedMethod"}) // Beam calls it
    public void close() {
      if (producer != null) {
        producer.close(Duration.ofSeconds(10)); // what matters was flushed with its bundle
        producer = null;
      }
    }
  }

  private static final class EncodeFn extends DoFn<RecordBatch, ProducerRecord<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;
    private final Settings settings;
    private transient @Nullable Messages messages;

    EncodeFn(Settings settings) {
      this.settings = settings;
    }

    @ProcessElement
    public void process(
        @Element RecordBatch batch, OutputReceiver<ProducerRecord<byte[], byte[]>> out)
        throws IOException {
      if (Flow.isRecords(batch)) {
        if (messages == null) {
          messages = new Messages(settings);
        }
        RecordBatch chosen = settings.chosen(batch);
        for (int row = 0; row < chosen.size(); row++) {
          out.output(messages.of(chosen, row));
        }
      }
    }
  }

  /** The rest of the flow, and how many records there were. */
  private static final class HandOnFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final Settings settings;
    private transient long rows;

    HandOnFn(Settings settings) {
      this.settings = settings;
    }

    @StartBundle
    public void startBundle() {
      rows = 0;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out) {
      boolean isRecords = Flow.isRecords(batch);
      if (isRecords) {
        long chosen = settings.chosen(batch).size();
        rows += chosen;
        LiveCounts.written("kafka:" + settings.topic, chosen);
      }
      if (!isRecords || settings.handsOn) {
        out.output(batch);
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      if (rows > 0) {
        context.output(facts(rows, 0), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
      }
    }
  }
}
