package io.featurebeam.io.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading without end, through KafkaIO. */
class StreamTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(Field.of("at", FieldType.TIMESTAMP), Field.of("v", FieldType.INT64));

  /** What pipelines saw, by their names: batches in one, times in the other. */
  private static final Map<String, BlockingQueue<Object>> SEEN = new ConcurrentHashMap<>();

  EmbeddedBroker broker;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    SEEN.clear();
    broker = EmbeddedBroker.start(directory.resolve("kafka"));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  ReadKafka read(String topic) {
    return ReadKafka.of(
            KafkaConnection.to(broker.servers()), List.of(topic), MessageFormat.json(SCHEMA))
        .withEventTime("at");
  }

  private static Pipeline pipeline() {
    DirectOptions options = PipelineOptionsFactory.as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    options.setBlockOnRun(false);
    options.setTargetParallelism(2);
    return Pipeline.create(options);
  }

  private static BlockingQueue<Object> seen(String name) {
    return SEEN.computeIfAbsent(name, n -> new LinkedBlockingQueue<>());
  }

  private static final class SeeFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final String name;

    SeeFn(String name) {
      this.name = name;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out) {
      seen(name).add(batch);
      out.output(batch);
    }
  }

  /** The records of the batches that come until there are so many. */
  private static List<String> await(String name, int records) throws InterruptedException {
    List<RecordBatch> batches = new ArrayList<>();
    int found = 0;
    while (found < records) {
      RecordBatch batch = (RecordBatch) seen(name).poll(60, TimeUnit.SECONDS);
      if (batch == null) {
        throw new AssertionError("Nothing more came than " + Flows.records(batches));
      }
      if (!Flow.isFacts(batch)) {
        batches.add(batch);
        found += batch.size();
      }
    }
    List<String> all = new ArrayList<>(Flows.records(batches));
    all.addAll(Flows.rejects(batches));
    return all;
  }

  private static PipelineResult run(ReadKafka read, String name) {
    Pipeline pipeline = pipeline();
    pipeline.apply(read).apply(ParDo.of(new SeeFn(name)));
    return pipeline.run();
  }

  private void send(String topic, int partition, String at, int v) {
    broker.send(
        List.of(Flows.message(topic, partition, "{\"at\":\"" + at + "\",\"v\":" + v + "}")));
  }

  @Test
  void messagesComeAsTheyAreSentAndPoisonEndsNothing() throws Exception {
    broker.createTopic("live", 2);
    send("live", 0, "2001-01-01T00:00:00Z", 1);
    PipelineResult run = run(read("live"), "live");
    assertEquals(List.of("live-0@0 [978307200000000, 1]"), await("live", 1));
    broker.send(
        List.of(
            Flows.message("live", 1, "poison"),
            Flows.message("live", 1, 0, "k", null),
            Flows.message("live", 1, "{\"v\":2}")));
    assertEquals(
        List.of(
            "live-1@0 the message is not JSON: Unrecognized token 'poison': was expecting (JSON"
                + " String, Number, Array, Object or token 'null', 'true' or 'false'): poison",
            "live-1@1 the message has no value (a tombstone): ",
            "live-1@2 at is null: a record without an event time: {\"at\":null,\"v\":2}"),
        await("live", 3));
    send("live", 1, "2001-01-01T00:00:01Z", 3);
    assertEquals(List.of("live-1@3 [978307201000000, 3]"), await("live", 1));
    run.cancel();
  }

  @Test
  void aBrokerThatComesBackIsReadOn() throws Exception {
    broker.createTopic("back", 1);
    send("back", 0, "2001-01-01T00:00:00Z", 1);
    PipelineResult run = run(read("back"), "back");
    assertEquals(List.of("back-0@0 [978307200000000, 1]"), await("back", 1));
    broker.stop();
    broker.start();
    send("back", 0, "2001-01-01T00:00:01Z", 2);
    assertEquals(List.of("back-0@1 [978307201000000, 2]"), await("back", 1));
    run.cancel();
  }

  @Test
  void aGroupGoesOnBehindWhatItCommitted() throws Exception {
    broker.createTopic("group", 1);
    for (int i = 0; i < 3; i++) {
      send("group", 0, "2001-01-01T00:00:00Z", i);
    }
    ReadKafka read = read("group").withStart(StartAt.group("g"));
    PipelineResult first = run(read, "first");
    assertEquals(3, await("first", 3).size());
    sendUntilCommitted("group", "g", 3);
    first.cancel();
    PipelineResult second = run(read, "second");
    send("group", 0, "2001-01-01T00:00:00Z", 99);
    String next = await("second", 1).get(0);
    assertTrue(next.matches("group-0@([3-9]|[1-9][0-9]+) .*"), next);
    second.cancel();
  }

  /** A checkpoint is committed when there is another. */
  private void sendUntilCommitted(String topic, String group, long offset) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Admin admin = broker.admin()) {
      OffsetAndMetadata committed;
      do {
        send(topic, 0, "2001-01-01T00:00:00Z", 98);
        committed =
            admin
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition);
        assertTrue(System.nanoTime() < until, "committed " + committed);
      } while (committed == null || committed.offset() < offset);
    }
  }

  @Test
  void onlyWhatComesIsReadFromTheLatestOn() throws Exception {
    broker.createTopic("latest", 1);
    send("latest", 0, "2001-01-01T00:00:00Z", 1);
    PipelineResult run = run(read("latest").withStart(StartAt.latest()), "latest");
    // A reader that is not there yet misses what is sent: send until one is seen.
    int sent = 1;
    while (seen("latest").isEmpty()) {
      send("latest", 0, "2001-01-01T00:00:00Z", ++sent);
    }
    assertTrue(!await("latest", 1).get(0).startsWith("latest-0@0 "));
    run.cancel();
  }

  /** Sees that event time is done up to a batch's own time. */
  private static final class WakeFn extends DoFn<KV<String, RecordBatch>, String> {
    private static final long serialVersionUID = 1L;

    @TimerId("wake")
    private final TimerSpec wake = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    @ProcessElement
    public void process(ProcessContext context, @TimerId("wake") Timer timer) {
      timer.set(context.timestamp());
    }

    @OnTimer("wake")
    @SuppressWarnings({"EffectivelyPrivate", "UnusedMethod"}) // Beam calls it
    public void onWake(OnTimerContext context) {
      seen("woken").add(context.timestamp().toString());
    }
  }

  @Test
  void aPartitionThatGivesNothingDoesNotHoldTheWatermark() throws Exception {
    broker.createTopic("idle", 2);
    send("idle", 0, "2001-01-01T00:00:00Z", 1);
    Pipeline pipeline = pipeline();
    pipeline
        .apply(read("idle").withIdle(Duration.ofSeconds(4)).withDisorder(Duration.ofSeconds(1)))
        .apply(Filter.by(Flow::isRecords))
        .apply(WithKeys.of("k"))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), BatchCoder.of()))
        .apply(ParDo.of(new WakeFn()));
    PipelineResult run = pipeline.run();
    assertEquals("2001-01-01T00:00:00.000Z", seen("woken").poll(60, TimeUnit.SECONDS));
    run.cancel();
  }

  @Test
  void aTopicThatIsNotThereIsToldWhenThePipelineIsBuilt() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> pipeline().apply(read("nowhere")));
    assertEquals("Unknown topic: 'nowhere' at " + broker.servers(), e.getMessage());
  }

  @Test
  void aBoundedReadWhoseBrokerGoesFailsWithItsPlace() {
    broker.createTopic("gone", 1);
    send("gone", 0, "2001-01-01T00:00:00Z", 1);
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(read("gone").untilLatest().withPatience(Duration.ofSeconds(2)));
    broker.stop();
    Exception e = assertThrows(Pipeline.PipelineExecutionException.class, pipeline::run);
    assertEquals(
        "Nothing came of gone-0 [0, 1) behind offset 0 for 2 s from "
            + broker.servers()
            + " (is the broker there?)",
        e.getCause().getMessage());
  }

  @Test
  void displayDataShowsNoProperty() {
    broker.createTopic("shown", 1);
    KafkaConnection secret =
        KafkaConnection.to(broker.servers())
            .with(Map.of("ssl.truststore.password", "hunter2", "client.id", "hunter2"));
    Pipeline pipeline = pipeline();
    pipeline.apply(ReadKafka.of(secret, List.of("shown"), MessageFormat.text("v")));
    StringBuilder shown = new StringBuilder(secret.toString());
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            show(node);
          }

          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            show(node);
            return CompositeBehavior.ENTER_TRANSFORM;
          }

          private void show(TransformHierarchy.Node node) {
            if (node.getTransform() != null) {
              shown.append(DisplayData.from(node.getTransform()));
            }
          }
        });
    assertTrue(shown.toString().contains(broker.servers()), shown.toString());
    assertTrue(!shown.toString().contains("hunter2"), shown.toString());
  }
}
