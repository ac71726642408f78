package io.featurebeam.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.Flow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PipelineExtension.class)
class ReadKafkaTest {

  private static final RecordSchema PAYMENTS =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("amount", FieldType.FLOAT64));

  private static EmbeddedBroker broker;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    broker = EmbeddedBroker.start(directory.resolve("kafka"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static ReadKafka read(String topic, MessageFormat format) {
    return ReadKafka.of(KafkaConnection.to(broker.servers()), List.of(topic), format).untilLatest();
  }

  private static void check(
      Pipeline pipeline, ReadKafka read, SerializableFunction<Iterable<RecordBatch>, Void> check) {
    PAssert.that(pipeline.apply(read)).satisfies(check);
    pipeline.run();
  }

  @Test
  void jsonMessagesOfAllPartitionsBecomeRecordsWithPositions(TestPipeline pipeline) {
    broker.createTopic("json", 2);
    broker.send(
        List.of(
            Flows.message(
                "json", 0, "{\"card\":\"a\",\"at\":\"2001-01-01T00:00:00Z\",\"amount\":1}"),
            Flows.message("json", 0, "{\n  \"card\": \"b\",\n  \"amount\": 2.5\n}\n"),
            Flows.message("json", 1, "{\"other\":[1,{}],\"amount\":3}")));
    check(
        pipeline,
        read("json", MessageFormat.json(PAYMENTS)),
        flow -> {
          assertEquals(
              List.of(
                  "json-0@0 [a, 978307200000000, 1.0]",
                  "json-0@1 [b, null, 2.5]",
                  "json-1@0 [null, null, 3.0]"),
              Flows.records(flow));
          assertEquals("{read records_in=3, read records_out=3}", Flows.facts(flow));
          return null;
        });
  }

  @Test
  void poisonBecomesRejectsWithReasonPositionAndBytes(TestPipeline pipeline) {
    broker.createTopic("poison", 1);
    broker.send(
        List.of(
            Flows.message("poison", 0, "{\"amount\":1}"),
            Flows.message("poison", 0, "{\"amount\":"),
            Flows.message("poison", 0, "{\"amount\":\"much\"}"),
            Flows.message("poison", 0, "{\"amount\":1}{\"amount\":2}"),
            Flows.message("poison", 0, "{\"card\":\"" + "x".repeat(100) + "\"}"),
            Flows.message("poison", 0, 0, "k", null),
            Flows.message("poison", 0, ""),
            Flows.message("poison", 0, "{\"amount\":7}")));
    check(
        pipeline,
        read("poison", MessageFormat.json(PAYMENTS)).withMaxMessageBytes(50),
        flow -> {
          assertEquals(
              List.of("poison-0@0 [null, null, 1.0]", "poison-0@7 [null, null, 7.0]"),
              Flows.records(flow));
          assertEquals(
              List.of(
                  "poison-0@1 the message is not JSON: Unexpected end-of-input within/between"
                      + " Object entries: {\"amount\":",
                  "poison-0@2 column 'amount': the string 'much' is not a float64:"
                      + " {\"amount\":\"much\"}",
                  "poison-0@3 text follows the JSON object: {\"amount\":1}{\"amount\":2}",
                  "poison-0@4 the message is longer than 50 bytes: {\"card\":\""
                      + "x".repeat(100)
                      + "\"}",
                  "poison-0@5 the message has no value (a tombstone): ",
                  "poison-0@6 the message is empty: "),
              Flows.rejects(flow));
          assertEquals(
              "{read records_in=8, read records_out=2, read rejected=6}", Flows.facts(flow));
          return null;
        });
  }

  @Test
  void rejectsWithholdWhatIsMasked(TestPipeline pipeline) {
    broker.createTopic("masked", 1);
    broker.send(
        List.of(
            Flows.message("masked", 0, "{\"amount\":\"secret\"}"),
            Flows.message("masked", 0, "secret")));
    check(
        pipeline,
        read("masked", MessageFormat.json(PAYMENTS)).withRejects(Set.of("amount"), 0),
        flow -> {
          assertEquals(
              List.of(
                  "masked-0@0 column 'amount': a masked value cannot be read: null",
                  "masked-0@1 the message is not JSON: null"),
              Flows.rejects(flow));
          return null;
        });
  }

  @Test
  void tombstonesAreSkippedAndCountedIfWanted(TestPipeline pipeline) {
    broker.createTopic("skipped", 1);
    broker.send(
        List.of(
            Flows.message("skipped", 0, 0, "k", null),
            Flows.message("skipped", 0, "{\"amount\":1}")));
    check(
        pipeline,
        read("skipped", MessageFormat.json(PAYMENTS)).withTombstones(Tombstones.SKIP),
        flow -> {
          assertEquals(List.of("skipped-0@1 [null, null, 1.0]"), Flows.records(flow));
          assertEquals(
              "{read records_in=1, read records_out=1, read skipped_tombstones=1}",
              Flows.facts(flow));
          return null;
        });
  }

  @Test
  void tombstonesAreRecordsOfNullsBesideTheirKeyIfWanted(TestPipeline pipeline) {
    broker.createTopic("nulls", 1);
    broker.send(List.of(Flows.message("nulls", 0, 0, "k", null)));
    check(
        pipeline,
        read("nulls", MessageFormat.json(PAYMENTS))
            .withMetadata(List.of(MetadataColumn.parse("key", "key")))
            .withTombstones(Tombstones.NULLS),
        flow -> {
          assertEquals(List.of("nulls-0@0 [null, null, null, k]"), Flows.records(flow));
          return null;
        });
  }

  @Test
  void whatIsAroundAValueBecomesColumns(TestPipeline pipeline) {
    broker.createTopic("around", 2);
    ProducerRecord<byte[], byte[]> full =
        Flows.message("around", 1, 1234, "k", "v".getBytes(UTF_8));
    full.headers().add("sent", "1999-01-01T00:00:00Z".getBytes(UTF_8));
    full.headers().add("sent", "2001-01-01T00:00:00Z".getBytes(UTF_8));
    full.headers().add("by", "me".getBytes(UTF_8));
    ProducerRecord<byte[], byte[]> wrong = Flows.message("around", 0, 5, null, "w".getBytes(UTF_8));
    wrong.headers().add("sent", "soon".getBytes(UTF_8));
    broker.send(List.of(full, Flows.message("around", 1, 5, null, "x".getBytes(UTF_8)), wrong));
    check(
        pipeline,
        read("around", MessageFormat.text("value"))
            .withMetadata(
                List.of(
                    MetadataColumn.parse("key", "key"),
                    MetadataColumn.parse("key_bytes", "keyBytes"),
                    MetadataColumn.parse("sent", "header(sent, timestamp)"),
                    MetadataColumn.parse("by", "header(by)"),
                    MetadataColumn.parse("logged", "timestamp"),
                    MetadataColumn.parse("topic", "topic"),
                    MetadataColumn.parse("partition", "partition"),
                    MetadataColumn.parse("offset", "offset"))),
        flow -> {
          assertEquals(
              List.of(
                  "around-1@0 [v, k, k, 978307200000000, me, 1234000, around, 1, 0]",
                  "around-1@1 [x, null, null, null, null, 5000, around, 1, 1]"),
              Flows.records(flow));
          assertEquals(
              List.of(
                  "around-0@0 column 'sent': 'soon' is not a timestamp (must be an ISO 8601"
                      + " timestamp that exists, such as 2001-01-31T23:59:59Z): w"),
              Flows.rejects(flow));
          return null;
        });
  }

  @Test
  void onlyTheWantedColumnsAreParsed(TestPipeline pipeline) {
    broker.createTopic("wanted", 1);
    broker.send(List.of(Flows.message("wanted", 0, "{\"amount\":1,\"at\":\"no time\"}")));
    check(
        pipeline,
        read("wanted", MessageFormat.json(PAYMENTS))
            .withMetadata(List.of(MetadataColumn.parse("offset", "offset")))
            .withColumns(List.of("offset", "amount")),
        flow -> {
          assertEquals(List.of("wanted-0@0 [0, 1.0]"), Flows.records(flow));
          return null;
        });
  }

  @Test
  void csvMessagesAreOneRecordEach(TestPipeline pipeline) {
    broker.createTopic("csv", 1);
    broker.send(
        List.of(
            Flows.message("csv", 0, "\"a\nb\",,1.5"),
            Flows.message("csv", 0, "c,2001-01-01T00:00:00Z,2\r\n"),
            Flows.message("csv", 0, "d,,1\ne,,2"),
            Flows.message("csv", 0, "f,1"),
            Flows.message("csv", 0, "\n"),
            Flows.message("csv", 0, "\"g"),
            Flows.message("csv", 0, "h,,8")));
    check(
        pipeline,
        read("csv", MessageFormat.csv(PAYMENTS)),
        flow -> {
          assertEquals(
              List.of(
                  "csv-0@0 [a\nb, null, 1.5]",
                  "csv-0@1 [c, 978307200000000, 2.0]",
                  "csv-0@6 [h, null, 8.0]"),
              Flows.records(flow));
          assertEquals(
              List.of(
                  "csv-0@2 more than one record: d,,1\ne,,2",
                  "csv-0@3 2 fields (must be 3): f,1",
                  "csv-0@4 no record: \n",
                  "csv-0@5 a quote is opened and never closed: \"g"),
              Flows.rejects(flow));
          return null;
        });
  }

  @Test
  void aRecordWithoutAnEventTimeIsAReject(TestPipeline pipeline) {
    broker.createTopic("timeless", 1);
    broker.send(
        List.of(
            Flows.message("timeless", 0, "{\"amount\":1}"),
            Flows.message("timeless", 0, "{\"amount\":2,\"at\":\"2001-01-01T00:00:00Z\"}")));
    check(
        pipeline,
        read("timeless", MessageFormat.json(PAYMENTS)).withEventTime("at"),
        flow -> {
          assertEquals(List.of("timeless-0@1 [null, 978307200000000, 2.0]"), Flows.records(flow));
          assertEquals(
              List.of(
                  "timeless-0@0 at is null: a record without an event time:"
                      + " {\"card\":null,\"at\":null,\"amount\":1.0}"),
              Flows.rejects(flow));
          assertEquals(
              "{read records_in=2, read records_out=1, read rejected=1}", Flows.facts(flow));
          return null;
        });
  }

  @Test
  void batchesHaveBoundedSize(TestPipeline pipeline) {
    broker.createTopic("many", 1);
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      messages.add(Flows.message("many", 0, "{\"amount\":" + i + "}"));
    }
    broker.send(messages);
    check(
        pipeline,
        read("many", MessageFormat.json(PAYMENTS)).withBatches(100, 1 << 20),
        flow -> {
          List<Integer> sizes = new ArrayList<>();
          flow.forEach(
              batch -> {
                if (Flow.isRecords(batch)) {
                  sizes.add(batch.size());
                }
              });
          assertEquals(List.of(50, 100, 100), sizes.stream().sorted().toList());
          return null;
        });
  }

  @Test
  void readingStartsWhereItIsTold(TestPipeline pipeline) {
    broker.createTopic("starts", 1);
    for (int i = 0; i < 4; i++) {
      broker.send(List.of(Flows.message("starts", 0, i * 1000L, null, ("v" + i).getBytes(UTF_8))));
    }
    try (Consumer<byte[], byte[]> group =
        KafkaConnection.to(broker.servers()).consumer(Map.of("group.id", "g"))) {
      group.commitSync(Map.of(new TopicPartition("starts", 0), new OffsetAndMetadata(3)));
    }
    ReadKafka read = read("starts", MessageFormat.text("value"));
    PAssert.that(pipeline.apply("all", read.withStart(StartAt.earliest())))
        .satisfies(flow -> found(flow, 0, 1, 2, 3));
    PAssert.that(pipeline.apply("none", read.withStart(StartAt.latest())))
        .satisfies(flow -> found(flow));
    PAssert.that(pipeline.apply("from a time", read.withStart(StartAt.time(1_000_001))))
        .satisfies(flow -> found(flow, 2, 3));
    PAssert.that(pipeline.apply("after all", read.withStart(StartAt.time(9_000_000))))
        .satisfies(flow -> found(flow));
    PAssert.that(pipeline.apply("of a group", read.withStart(StartAt.group("g"))))
        .satisfies(flow -> found(flow, 3));
    PAssert.that(pipeline.apply("of a new group", read.withStart(StartAt.group("new"))))
        .satisfies(flow -> found(flow, 0, 1, 2, 3));
    pipeline.run();
  }

  private static Void found(Iterable<RecordBatch> flow, int... offsets) {
    List<String> expected = new ArrayList<>();
    for (int offset : offsets) {
      expected.add("starts-0@" + offset + " [v" + offset + "]");
    }
    assertEquals(expected, Flows.records(flow));
    return null;
  }

  @Test
  void whatATransactionTookBackIsNotReadIfOnlyCommittedIsWanted(TestPipeline pipeline) {
    broker.createTopic("transactions", 1);
    try (var producer = broker.producer(Map.of("transactional.id", "t"))) {
      producer.initTransactions();
      producer.beginTransaction();
      var taken = producer.send(Flows.message("transactions", 0, "taken back"));
      producer.flush();
      assertTrue(taken.isDone());
      producer.abortTransaction();
      producer.beginTransaction();
      var kept = producer.send(Flows.message("transactions", 0, "kept"));
      producer.commitTransaction();
      assertTrue(kept.isDone());
    }
    ReadKafka committed =
        ReadKafka.of(
                KafkaConnection.to(broker.servers())
                    .with(Map.of("isolation.level", "read_committed")),
                List.of("transactions"),
                MessageFormat.text("value"))
            .untilLatest();
    check(
        pipeline,
        committed,
        flow -> {
          assertEquals(List.of("transactions-0@2 [kept]"), Flows.records(flow));
          return null;
        });
  }

  @Test
  void aTopicThatIsNotThereIsToldAtOnce() {
    broker.createTopic("payments", 1);
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> read("payment", MessageFormat.text("value")).check());
    assertEquals(
        "Unknown topic: 'payment' at " + broker.servers() + "; did you mean 'payments'?",
        e.getMessage());
  }

  @Test
  void aBrokerThatDoesNotAnswerIsToldWithinSeconds() {
    long start = System.nanoTime();
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ReadKafka.of(
                        KafkaConnection.to("localhost:1"),
                        List.of("t"),
                        MessageFormat.text("value"))
                    .withTimeout(Duration.ofSeconds(2))
                    .check());
    assertTrue(
        e.getMessage()
            .startsWith(
                "Cannot reach Kafka: servers 'localhost:1' (must answer within 2 s; check servers"
                    + " and security): "),
        e.getMessage());
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 8);
  }

  private static final Schema V1 =
      SchemaBuilder.record("Payment")
          .fields()
          .requiredString("card")
          .requiredLong("cents")
          .endRecord();

  private static final Schema V2 =
      SchemaBuilder.record("Payment")
          .fields()
          .requiredString("card")
          .requiredLong("cents")
          .optionalString("country")
          .endRecord();

  private static byte[] avro(GenericRecord record, byte... before) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(before);
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static GenericRecord v1(String card, long cents) {
    return new GenericRecordBuilder(V1).set("card", card).set("cents", cents).build();
  }

  @Test
  void avroIsReadWithTheSchemaGiven(TestPipeline pipeline) throws IOException {
    broker.createTopic("avro", 1);
    broker.send(
        List.of(
            Flows.message("avro", 0, 0, null, avro(v1("a", 1))),
            Flows.message("avro", 0, 0, null, new byte[] {2, 'b'}),
            Flows.message("avro", 0, 0, null, avro(v1("c", 3), new byte[0]))));
    check(
        pipeline,
        read("avro", MessageFormat.avro(V1)),
        flow -> {
          assertEquals(List.of("avro-0@0 [a, 1]", "avro-0@2 [c, 3]"), Flows.records(flow));
          assertEquals(
              List.of(
                  "avro-0@1 the record cannot be decoded: a value of 1 bytes where 0 are left in"
                      + " the block: \u0002b"),
              Flows.rejects(flow));
          return null;
        });
  }

  @Test
  void confluentsWireFormatIsReadWithTheRegistrysSchemas(TestPipeline pipeline) throws Exception {
    broker.createTopic("wire", 1);
    GenericRecord v2 =
        new GenericRecordBuilder(V2).set("card", "b").set("cents", 2L).set("country", "nl").build();
    broker.send(
        List.of(
            Flows.message(
                "wire",
                0,
                0,
                null,
                avro(v1("a", 1), (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1)),
            Flows.message(
                "wire", 0, 0, null, avro(v2, (byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 2)),
            Flows.message(
                "wire",
                0,
                0,
                null,
                avro(v1("c", 3), (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 9)),
            Flows.message("wire", 0, "plain")));
    try (StubRegistry http = StubRegistry.start("reader", "hunter2")) {
      http.put("/schemas/ids/1", V1);
      http.put("/schemas/ids/258", V2);
      http.put("/subjects/wire-value/versions/latest", V2);
      SchemaRegistry registry = SchemaRegistry.at(http.url()).withLogin("reader", "hunter2");
      assertEquals(V2, registry.latest("wire"));
      check(
          pipeline,
          read("wire", MessageFormat.confluentAvro(V2, registry)),
          flow -> {
            assertEquals(
                List.of("wire-0@0 [a, 1, null]", "wire-0@1 [b, 2, nl]"), Flows.records(flow));
            assertEquals(
                List.of(
                    "wire-0@2 schema 9 is not in the registry: \u0000\u0000\u0000\u0000\t\u0002c\u0006",
                    "wire-0@3 the message is not in Confluent's wire format (must begin with a"
                        + " zero and four bytes of a schema's number): plain"),
                Flows.rejects(flow));
            return null;
          });
      assertEquals(1, http.asked("/schemas/ids/1"));
      Exception e =
          assertThrows(
              IOException.class,
              () -> SchemaRegistry.at(http.url()).withLogin("reader", "wrong").latest("wire"));
      assertEquals(
          "The registry at "
              + http.url()
              + " answers 401 for subject wire-value (check username and password)",
          e.getMessage());
    }
  }
}
