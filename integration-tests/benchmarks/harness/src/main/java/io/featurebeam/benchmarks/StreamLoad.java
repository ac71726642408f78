package io.featurebeam.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends events at a steady rate and watches for the row of each: its latency is from when the event
 * was due, whether or not it was sent then, to when a consumer of this process has the row.
 * Revisions of rows that have come already do not count.
 */
final class StreamLoad implements AutoCloseable {
  private final StreamBroker broker;
  private final String input;
  private final StreamEvents events;
  private final long firstId;
  private final double rate;
  private final Thread watcher;
  private final CountDownLatch watching = new CountDownLatch(1);
  private final AtomicReference<Latencies> latencies = new AtomicReference<>(new Latencies());
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private final Producer<byte[], byte[]> producer;
  private volatile boolean over;
  private volatile long beganNanos;
  private volatile long seen;
  private volatile long counted;
  private long sent;

  /**
   * @param firstId of the next event, which is due when the first interval begins
   * @param rate events a second
   */
  StreamLoad(
      StreamBroker broker,
      String input,
      String output,
      StreamEvents events,
      long firstId,
      double rate) {
    this.broker = broker;
    this.input = input;
    this.events = events;
    this.firstId = firstId;
    this.rate = rate;
    this.producer = broker.producer(Map.of("linger.ms", 1, "compression.type", "lz4", "acks", "1"));
    this.watcher = new Thread(() -> watch(output), "watcher");
    watcher.setDaemon(true);
  }

  /** Watches from here on: what is there is no answer to what it will send. */
  void start() throws InterruptedException {
    watcher.start();
    watching.await();
  }

  long sent() {
    return sent;
  }

  /** Events whose row has come. */
  long seen() {
    return seen;
  }

  /** From now on, only events that are sent later count as latencies. */
  void forgetSent() {
    counted = sent;
  }

  /** Sends for so long; gives the latencies of the rows that came meanwhile. */
  Latencies send(Duration duration) {
    if (beganNanos == 0) {
      beganNanos = System.nanoTime();
    }
    latencies.set(new Latencies());
    long until = sent + Math.round(duration.toNanos() / 1e9 * rate);
    while (sent < until) {
      long due = Math.min(until, (long) ((System.nanoTime() - beganNanos) / 1e9 * rate) + 1);
      for (; sent < due; sent++) {
        byte[] value = events.next();
        int partition = events.partition(StreamBroker.PARTITIONS);
        var unused = producer.send(new ProducerRecord<>(input, partition, events.key(), value));
      }
      LockSupport.parkNanos(500_000);
    }
    rethrow();
    return latencies.get();
  }

  /** Waits until all rows are there, or for so long; says whether they are. */
  boolean drain(StreamJob job, Duration patience) throws IOException, InterruptedException {
    producer.flush();
    long deadline = System.nanoTime() + patience.toNanos();
    while (seen < sent && System.nanoTime() < deadline) {
      job.pause(Duration.ofMillis(50));
    }
    rethrow();
    return seen == sent;
  }

  private void rethrow() {
    RuntimeException e = failure.get();
    if (e != null) {
      throw e;
    }
  }

  private void watch(String output) {
    BitSet ids = new BitSet();
    long count = 0;
    try (KafkaConsumer<byte[], byte[]> consumer = broker.consumer(output)) {
      consumer.seekToEnd(StreamBroker.partitions(output));
      StreamBroker.partitions(output).forEach(consumer::position); // else it is sought later
      watching.countDown();
      while (!over) {
        for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(20))) {
          long id = StreamOutput.id(message.value()) - firstId;
          if (id >= 0 && !ids.get((int) id)) {
            ids.set((int) id);
            long due = beganNanos + (long) (id / rate * 1e9);
            if (id >= counted) {
              latencies.get().add((System.nanoTime() - due) / 1_000);
            }
            count++;
          }
        }
        seen = count;
      }
    } catch (RuntimeException e) {
      failure.set(e);
      watching.countDown();
    }
  }

  @Override
  public void close() {
    over = true;
    producer.close(Duration.ofSeconds(5));
    try {
      watcher.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
