package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.io.kafka.EmbeddedBroker;
import io.featurebeam.io.kafka.ReadKafka;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many records a second are read, parsed and batched on this module's runner with two threads,
 * up to the end of a topic and without end. Named so that only {@code -Dit.test=KafkaReadRate} runs
 * it; {@code docs/benchmarks.md} says how.
 */
class KafkaReadRate {

  private static final int MESSAGES = Integer.getInteger("benchmark.messages", 3_000_000);
  private static final int RUNS = 3;

  @Test
  void recordsPerSecond(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
      broker.createTopic("rate", 2);
      try (var producer = broker.producer(Map.of("linger.ms", 20, "batch.size", 1 << 18))) {
        for (int i = 0; i < MESSAGES; i++) {
          var unused = producer.send(KafkaStream.message("rate", i % 2, i));
        }
      }
      ReadKafka read = KafkaStream.read(broker.servers(), "rate");
      for (int run = 0; run < RUNS; run++) {
        measure("bounded", read.untilLatest());
        measure("KafkaIO", read);
        measure("polled", read.polled());
      }
    }
  }

  private static void measure(String how, ReadKafka read) {
    Pipeline pipeline = KafkaStream.pipeline();
    KafkaStream.countUpTo(KafkaStream.sizes(pipeline.apply(read)), MESSAGES);
    try {
      pipeline.run().waitUntilFinish();
    } catch (RuntimeException e) { // that enough was counted, as the next line sees
      System.out.println(how + " ended: " + e.getClass().getSimpleName());
    }
    assertEquals(MESSAGES, KafkaStream.counted());
    System.out.printf(
        Locale.ROOT,
        "{\"workload\":\"kafka-read\",\"how\":\"%s\",\"records\":%d,\"records_per_second\":%.0f}%n",
        how,
        MESSAGES,
        MESSAGES * 1e9 / KafkaStream.nanos());
  }
}
