package io.featurebeam.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker in a JVM of its own, and what is asked of it. */
final class StreamBroker implements AutoCloseable {
  /** Of every topic. */
  static final int PARTITIONS = 2;

  private static final String PREFIX = "BROKER ";

  private final Process process;
  private final String servers;
  private final Admin admin;

  private StreamBroker(Process process, String servers) {
    this.process = process;
    this.servers = servers;
    this.admin = Admin.create(Map.of("bootstrap.servers", servers));
  }

  /** A new one; what an earlier one has left in the folder is deleted. */
  static StreamBroker start(ClassPaths classPaths, Path folder) throws IOException {
    Outputs.delete(folder);
    Files.createDirectories(folder);
    Contender broker =
        classPaths.contender(
            "broker",
            "io.featurebeam.benchmarks.broker.BrokerMain",
            folder.resolve("data").toString());
    Process process =
        new ProcessBuilder(broker.command(Contender.Job.NONE, "1g"))
            .redirectError(folder.resolve("broker.log").toFile())
            .start();
    BufferedReader reader = process.inputReader(UTF_8);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith(PREFIX)) {
        return new StreamBroker(process, line.substring(PREFIX.length()));
      }
    }
    throw new IllegalStateException("The broker did not start; see " + folder);
  }

  String servers() {
    return servers;
  }

  /** A topic whose messages bear the time at which the broker has taken them. */
  void create(String topic) throws InterruptedException {
    create(topic, Map.of("retention.ms", "-1"));
  }

  /** The same for what is read at once: the disk need not hold an hour of it. */
  void createBounded(String topic) throws InterruptedException {
    create(topic, Map.of("retention.bytes", String.valueOf(1L << 30)));
  }

  private void create(String topic, Map<String, String> more) throws InterruptedException {
    Map<String, String> config = new HashMap<>(more);
    config.put("message.timestamp.type", "LogAppendTime");
    config.put("segment.bytes", String.valueOf(128 << 20));
    config.put("file.delete.delay.ms", "1000");
    await(
        admin
            .createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1).configs(config)))
            .all());
  }

  void delete(String topic) throws InterruptedException {
    await(admin.deleteTopics(List.of(topic)).all());
  }

  /** How many messages a topic holds. */
  long size(String topic) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> latest =
        partitions(topic).stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
    return await(admin.listOffsets(latest).all()).values().stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }

  static List<TopicPartition> partitions(String topic) {
    return IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList();
  }

  Producer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", servers);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Of all partitions of a topic, from their beginning. */
  KafkaConsumer<byte[], byte[]> consumer(String topic) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", servers,
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "max.poll.records", "5000"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(partitions(topic));
    return consumer;
  }

  private static <T> T await(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    admin.close();
    process.getOutputStream().close(); // the sign for it to end
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
