package io.featurebeam.examples;

import io.featurebeam.io.kafka.EmbeddedBroker;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends the example's events at a steady pace, on a thread of its own: a few at first, the others
 * once the stream has begun, so that it has no backlog.
 */
final class Generator {

  private static final int FIRST = 20;

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Deliveries deliveries;
  private final StreamDemo.Request request;
  private final Scoreboard scores;
  private final Thread thread;
  private final CountDownLatch begun = new CountDownLatch(1);
  private volatile long now;
  private volatile boolean stopped;

  private Generator(EmbeddedBroker broker, StreamDemo.Request request, Scoreboard scores) {
    this.request = request;
    this.scores = scores;
    this.deliveries =
        new Deliveries(
            request.example().events(request.seed(), StreamDemo.START),
            request.seed(),
            request.example().lateMicros());
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
      long sent = 0;
      for (; sent < FIRST; sent++) {
        send(producer);
      }
      producer.flush();
      begun.await();
      long begin = System.nanoTime();
      while (sent < request.messages() && !stopped) {
        long due = FIRST + (System.nanoTime() - begin) * request.rate() / 1_000_000_000L;
        for (; sent < Math.min(due, request.messages()); sent++) {
          send(producer);
        }
        LockSupport.parkNanos(SLICE_NANOS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(Producer<byte[], byte[]> producer) {
    Deliveries.Delivery next = deliveries.next();
    scores.sent(next); // before anybody can see it
    now = next.at();
    var unused =
        producer.send(new ProducerRecord<>(request.example().input(), next.key(), next.value()));
  }

  /** What time it is where the events happen: that at which the last came. */
  Instant now() {
    return Instant.EPOCH.plus(now, ChronoUnit.MICROS);
  }

  /** The first row has come out of the stream. */
  void begin() {
    begun.countDown();
  }

  /** No more is sent from now on. */
  void stop() {
    stopped = true;
  }
}
