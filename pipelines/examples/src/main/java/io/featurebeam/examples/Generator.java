package io.featurebeam.examples;

import io.featurebeam.io.kafka.EmbeddedBroker;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends the example's events at a steady pace, on a thread of its own. */
final class Generator {

  /** Long past, so that no event lies ahead of the clock. */
  private static final Instant START = Instant.parse("2025-01-06T00:00:00Z");

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Deliveries deliveries;
  private final StreamDemo.Request request;
  private final Scoreboard scores;
  private final Thread thread;
  private volatile boolean stopped;

  private Generator(EmbeddedBroker broker, StreamDemo.Request request, Scoreboard scores) {
    this.request = request;
    this.scores = scores;
    this.deliveries =
        new Deliveries(request.example().events(request.seed(), START), request.seed());
    this.thread = new Thread(() -> send(broker), "generator");
    thread.setDaemon(true);
  }

  static Generator start(EmbeddedBroker broker, StreamDemo.Request request, Scoreboard scores) {
    Generator generator = new Generator(broker, request, scores);
    generator.thread.start();
    return generator;
  }

  private void send(EmbeddedBroker broker) {
    try (Producer<byte[], byte[]> producer = broker.producer(Map.of("linger.ms", 5))) {
      long begin = System.nanoTime();
      for (long sent = 0; sent < request.messages() && !stopped; ) {
        long due = (System.nanoTime() - begin + SLICE_NANOS) * request.rate() / 1_000_000_000L;
        for (; sent < Math.min(due, request.messages()); sent++) {
          Deliveries.Delivery next = deliveries.next();
          scores.sent(next); // before anybody can see it
          var unused =
              producer.send(
                  new ProducerRecord<>(request.example().input(), next.key(), next.value()));
        }
        LockSupport.parkNanos(SLICE_NANOS);
      }
    }
  }

  /** No more is sent from now on. */
  void stop() {
    stopped = true;
  }
}
