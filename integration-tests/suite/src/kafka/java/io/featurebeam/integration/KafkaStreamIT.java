package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.io.kafka.EmbeddedBroker;
import io.featurebeam.io.kafka.ReadKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic read without end, on this module's runner. */
class KafkaStreamIT {

  private static final int MESSAGES = 3000;

  /**
   * Each message a minute after the one before it, sent one by one while the pipeline runs: a
   * watermark that followed them at once would leave behind those that still wait in a bundle. The
   * last windows close because the topic gives nothing more.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noRecordTurnsLateWhileItWaitsInABundle(boolean polled, @TempDir Path directory)
      throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
      broker.createTopic("minutes", 2);
      Pipeline pipeline = KafkaStream.pipeline();
      ReadKafka read =
          KafkaStream.read(broker.servers(), "minutes")
              .withDisorder(Duration.ZERO)
              .withIdle(Duration.ofSeconds(5));
      KafkaStream.countUpTo(
          KafkaStream.sizes(pipeline.apply(polled ? read.polled() : read))
              .apply(
                  Window.<Long>into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1)))
                      .withAllowedLateness(org.joda.time.Duration.ZERO)
                      .discardingFiredPanes())
              .apply("Sum", Sum.longsGlobally().withoutDefaults()),
          MESSAGES);
      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        Future<?> run = threads.submit(() -> pipeline.run().waitUntilFinish());
        Future<?> sent = threads.submit(() -> send(broker));
        sent.get(5, TimeUnit.MINUTES);
        Exception end = assertThrows(Exception.class, () -> run.get(5, TimeUnit.MINUTES));
        assertEquals(MESSAGES, KafkaStream.counted(), () -> String.valueOf(end));
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private static void send(EmbeddedBroker broker) {
    try (var producer = broker.producer(Map.of())) {
      for (int i = 0; i < MESSAGES; i++) {
        var sent = producer.send(KafkaStream.message("minutes", i % 2, i * 60L));
        producer.flush();
        if (!sent.isDone()) {
          throw new IllegalStateException("Not sent: " + i);
        }
      }
    }
  }
}
