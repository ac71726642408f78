package io.featurebeam.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PipelineExtension.class)
class WriteKafkaTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("card", FieldType.STRING),
          Field.required("at", FieldType.TIMESTAMP),
          Field.of("mean", FieldType.FLOAT64),
          Field.of("revision", FieldType.INT64),
          Field.of("countries", FieldType.listOf(FieldType.STRING)));

  private static EmbeddedBroker broker;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    broker = EmbeddedBroker.start(directory.resolve("kafka"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static WriteKafka write(String topic) {
    return WriteKafka.of(KafkaConnection.to(broker.servers()), topic, SCHEMA);
  }

  private static RecordBatch rows() {
    return RecordBatch.builder(SCHEMA)
        .add("a", 978_307_200_000_000L, 1.5, 1L, List.of("nl", "x,\"y\""))
        .add("b", -1L, Double.NaN, 2L, null)
        .add("", 0L, null, null, List.of())
        .build();
  }

  private static PCollection<RecordBatch> flow(Pipeline pipeline) {
    Rejects.Builder rejects = new Rejects.Builder("validate", List.of(), 0);
    rejects.addMalformed("t-0", 7, new byte[] {'x'}, "no");
    return pipeline.apply(Create.of(rows(), rejects.build()).withCoder(BatchCoder.of()));
  }

  /** Key, time, value and headers of each message of a topic. */
  private static List<String> messages(String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    List<String> lines = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer =
        KafkaConnection.to(broker.servers())
            .consumer(
                Map.of("isolation.level", "read_committed", "auto.offset.reset", "earliest"))) {
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofSeconds(1))) {
          StringBuilder line = new StringBuilder();
          line.append(message.key() == null ? null : new String(message.key(), UTF_8));
          line.append(' ').append(new String(message.value(), UTF_8));
          message
              .headers()
              .forEach(
                  h ->
                      line.append(' ')
                          .append(h.key())
                          .append('=')
                          .append(new String(h.value(), UTF_8)));
          lines.add(line.toString());
        }
      }
    }
    return lines;
  }

  @Test
  void rowsBecomeJsonWithKeyHeadersAndRevision(TestPipeline pipeline) {
    broker.createTopic("json", 1);
    PCollection<RecordBatch> rest =
        flow(pipeline)
            .apply(write("json").withKeys(List.of("card")).withHeaders(Map.of("spec", "1234")));
    PAssert.that(rest)
        .satisfies(
            batches -> {
              assertEquals(List.of(), Flows.records(batches));
              assertEquals(List.of("t-0@7 no: x"), Flows.rejects(batches));
              assertEquals("{write records_in=3, write records_out=3}", Flows.facts(batches));
              return null;
            });
    pipeline.run();
    assertEquals(
        List.of(
            "a {\"card\":\"a\",\"at\":\"2001-01-01T00:00:00Z\",\"mean\":1.5,\"revision\":1,"
                + "\"countries\":[\"nl\",\"x,\\\"y\\\"\"]} spec=1234 revision=1",
            "b {\"card\":\"b\",\"at\":\"1969-12-31T23:59:59.999999Z\",\"mean\":\"NaN\","
                + "\"revision\":2,\"countries\":null} spec=1234 revision=2",
            " {\"card\":\"\",\"at\":\"1970-01-01T00:00:00Z\",\"mean\":null,\"revision\":null,"
                + "\"countries\":[]} spec=1234 revision=null"),
        messages("json"));
  }

  @Test
  void rowsBecomeCsvWithAKeyOfSeveralColumns(TestPipeline pipeline) {
    broker.createTopic("csv", 1);
    flow(pipeline).apply(write("csv").withFormat(RowFormat.CSV).withKeys(List.of("card", "at")));
    pipeline.run();
    assertEquals(
        List.of(
            "[\"a\",\"2001-01-01T00:00:00Z\"] a,2001-01-01T00:00:00Z,1.5,1,"
                + "\"[\"\"nl\"\",\"\"x,\\\"\"y\\\"\"\"\"]\" revision=1",
            "[\"b\",\"1969-12-31T23:59:59.999999Z\"] b,1969-12-31T23:59:59.999999Z,NaN,2,"
                + " revision=2",
            "[\"\",\"1970-01-01T00:00:00Z\"] \"\",1970-01-01T00:00:00Z,,,[] revision=null"),
        messages("csv"));
  }

  @Test
  void rowsBecomeAvroThatReadsBackTheSame(TestPipeline pipeline) {
    broker.createTopic("avro", 1);
    WriteKafka write = write("avro").withFormat(RowFormat.AVRO).withTimestamp("at");
    flow(pipeline).apply(write);
    pipeline.run();
    TestPipeline back = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    PAssert.that(
            back.apply(
                ReadKafka.of(
                        KafkaConnection.to(broker.servers()),
                        List.of("avro"),
                        MessageFormat.avro(write.avroSchema()))
                    .untilLatest()))
        .satisfies(
            batches -> {
              assertEquals(
                  List.of(
                      "avro-0@0 [a, 978307200000000, 1.5, 1, [nl, x,\"y\"]]",
                      "avro-0@1 [b, -1, NaN, 2, null]",
                      "avro-0@2 [, 0, null, null, []]"),
                  Flows.records(batches));
              return null;
            });
    back.run();
  }

  @Test
  void moreWritersThanPartitionsAreRefused() {
    broker.createTopic("few", 1);
    assertEquals(
        "Invalid exactlyOnce: 2 writers to topic 'few' (must be at most its number of partitions,"
            + " which is 1)",
        assertThrows(IllegalArgumentException.class, write("few").withExactlyOnce(2, "few")::check)
            .getMessage());
  }

  @Test
  void exactlyOnceWritesEachRowInATransaction(TestPipeline pipeline) {
    broker.createTopic("once", 1);
    PCollection<RecordBatch> rest =
        flow(pipeline).apply(write("once").withFormat(RowFormat.CSV).withExactlyOnce(1, "once"));
    PAssert.that(rest)
        .satisfies(
            batches -> {
              assertEquals(List.of("t-0@7 no: x"), Flows.rejects(batches));
              assertEquals("{write records_in=3, write records_out=3}", Flows.facts(batches));
              return null;
            });
    pipeline.run();
    assertEquals(
        List.of(
            "null \"\",1970-01-01T00:00:00Z,,,[]",
            "null a,2001-01-01T00:00:00Z,1.5,1,\"[\"\"nl\"\",\"\"x,\\\"\"y\\\"\"\"\"]\"",
            "null b,1969-12-31T23:59:59.999999Z,NaN,2,"),
        messages("once").stream().sorted().toList());
  }

  @Test
  void whatAnInterruptedTransactionSentIsGivenUpWhenTheNextBegins() {
    broker.createTopic("interrupted", 1);
    try (Producer<byte[], byte[]> producer =
        KafkaConnection.to(broker.servers())
            .resumingProducer(Map.of("transactional.id", "interrupted"))) {
      producer.initTransactions();
      for (String text : List.of("interrupted", "done again")) {
        producer.beginTransaction();
        var unused = producer.send(new ProducerRecord<>("interrupted", text.getBytes(UTF_8)));
      }
      producer.commitTransaction();
    }
    assertEquals(List.of("null done again"), messages("interrupted"));
  }

  @Test
  void aCommitIsNotInterrupted() {
    broker.createTopic("committed", 1);
    try (Producer<byte[], byte[]> producer =
        KafkaConnection.to(broker.servers())
            .resumingProducer(Map.of("transactional.id", "committed"))) {
      producer.initTransactions();
      for (String text : List.of("first", "second")) {
        producer.beginTransaction();
        var unused = producer.send(new ProducerRecord<>("committed", text.getBytes(UTF_8)));
        Thread.currentThread().interrupt();
        producer.commitTransaction();
        assertTrue(Thread.interrupted(), "the interrupt is forgotten");
      }
    }
    assertEquals(List.of("null first", "null second"), messages("committed"));
  }

  @Test
  void aTopicThatIsNotThereIsToldWhenThePipelineIsBuilt() {
    Pipeline pipeline = Pipeline.create();
    PCollection<RecordBatch> flow = flow(pipeline);
    Exception e = assertThrows(IllegalArgumentException.class, () -> flow.apply(write("nowhere")));
    assertTrue(
        e.getMessage().startsWith("Unknown topic: 'nowhere' at " + broker.servers()),
        e.getMessage());
  }

  @Test
  void whatTheBrokerRefusesFailsTheRun(TestPipeline pipeline) {
    broker.createTopic("refused", 1);
    RecordBatch large =
        RecordBatch.builder(SCHEMA).add("x".repeat(2 << 20), 0L, null, null, null).build();
    pipeline.apply(Create.of(large).withCoder(BatchCoder.of())).apply(write("refused"));
    Exception e = assertThrows(Pipeline.PipelineExecutionException.class, pipeline::run);
    assertEquals(
        "Cannot write to topic 'refused' at "
            + broker.servers()
            + ": The message is 2097338 bytes when serialized which is larger than 1048576, which"
            + " is the value of the max.request.size configuration.",
        e.getCause().getMessage());
  }

  @Test
  void columnsThatAvroCannotNameAreRefused() {
    WriteKafka write =
        WriteKafka.of(
            KafkaConnection.to(broker.servers()),
            "t",
            RecordSchema.of(Field.of("a.b", FieldType.INT64)));
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> write.withFormat(RowFormat.AVRO));
    assertEquals(
        "Invalid column of Avro: 'a.b' (must be letters, digits and _, not beginning with a"
            + " digit)",
        e.getMessage());
    assertNotNull(write.withFormat(RowFormat.CSV));
  }

  @Test
  void someRowsAreSentAndAllHandedOn(TestPipeline pipeline) {
    broker.createTopic("some", 1);
    PCollection<RecordBatch> rest =
        flow(pipeline).apply(write("some").withWhere("mean > 1.0").handingOn());
    PAssert.that(rest)
        .satisfies(
            batches -> {
              int[] rows = {0};
              batches.forEach(batch -> rows[0] += Flow.isRecords(batch) ? batch.size() : 0);
              assertEquals(3, rows[0]);
              assertEquals(List.of("t-0@7 no: x"), Flows.rejects(batches));
              assertEquals("{write records_in=1, write records_out=1}", Flows.facts(batches));
              return null;
            });
    pipeline.run().waitUntilFinish();

    assertEquals(
        List.of(
            "null {\"card\":\"a\",\"at\":\"2001-01-01T00:00:00Z\",\"mean\":1.5,\"revision\":1,"
                + "\"countries\":[\"nl\",\"x,\\\"y\\\"\"]} revision=1"),
        messages("some"));
  }
}
