package io.featurebeam.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.kafka.KafkaConnection;
import io.featurebeam.io.kafka.MessageFormat;
import io.featurebeam.io.kafka.ReadKafka;
import io.featurebeam.transforms.records.Flow;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A pipeline on this module's runner that reads a topic without end. It is over when it has counted
 * so many records: then it fails on purpose, since embedded runners cannot be told to end.
 */
final class KafkaStream {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("card", FieldType.STRING),
          Field.of("amount", FieldType.FLOAT64));

  /** Of the pipeline that runs: there is one at a time in a JVM. */
  private static final AtomicLong COUNTED = new AtomicLong();

  private static final AtomicLong BEGAN = new AtomicLong();
  private static final AtomicLong ENDED = new AtomicLong();

  private KafkaStream() {}

  static ReadKafka read(String servers, String topic) {
    return ReadKafka.of(KafkaConnection.to(servers), List.of(topic), MessageFormat.json(SCHEMA))
        .withEventTime("at");
  }

  /** About 150 bytes with an event time of so many seconds after the beginning of 2001. */
  static ProducerRecord<byte[], byte[]> message(String topic, int partition, long seconds) {
    String text =
        "{\"at\":\""
            + java.time.Instant.ofEpochSecond(978_307_200 + seconds)
            + "\",\"card\":\"card-"
            + seconds % 1000
            + "\",\"amount\":"
            + seconds
            + ".25,\"note\":\""
            + "x".repeat(70)
            + "\"}";
    return new ProducerRecord<>(topic, partition, null, text.getBytes(UTF_8));
  }

  static Pipeline pipeline() {
    COUNTED.set(0);
    BEGAN.set(0);
    ENDED.set(0);
    return Pipeline.create(
        PipelineOptionsFactory.fromArgs(Runner.current().args(2).toArray(String[]::new)).create());
  }

  static PCollection<Long> sizes(PCollection<RecordBatch> flow) {
    return flow.apply("Sizes", ParDo.of(new SizeFn()));
  }

  /** Fails the pipeline once so many were counted. */
  static void countUpTo(PCollection<Long> sizes, long enough) {
    sizes.apply("Count", ParDo.of(new CountFn(enough)));
  }

  static long counted() {
    return COUNTED.get();
  }

  /** Nanoseconds from the first to the last count. */
  static long nanos() {
    return ENDED.get() - BEGAN.get();
  }

  private static final class SizeFn extends DoFn<RecordBatch, Long> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<Long> out) {
      if (Flow.isRecords(batch)) {
        out.output((long) batch.size());
      }
    }
  }

  private static final class CountFn extends DoFn<Long, Void> {
    private static final long serialVersionUID = 1L;
    private final long enough;

    CountFn(long enough) {
      this.enough = enough;
    }

    @ProcessElement
    public void process(@Element Long size) {
      BEGAN.compareAndSet(0, System.nanoTime());
      ENDED.set(System.nanoTime());
      if (COUNTED.addAndGet(size) >= enough) {
        throw new EnoughException();
      }
    }
  }

  /** That all is well. */
  static final class EnoughException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EnoughException() {
      super("Enough was counted");
    }
  }
}
