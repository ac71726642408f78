package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.clusters.FlinkCluster;
import io.featurebeam.clusters.JobJar;
import io.featurebeam.clusters.KafkaBroker;
import io.featurebeam.clusters.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * One stream from topic to topic by the Flink job jar, on a cluster of several processes, through
 * one fault after the other. After each the highest revision of every row, from the first on, is
 * that of a batch run: had an event been lost or counted twice, rows of the hour after it would be
 * wrong.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FlinkStreamIT {

  private static final Duration AWAY = Duration.ofSeconds(30);
  private static final int SOME = 80;

  /** The step that wrote to a topic that another takes the place of. */
  private static final String GONE = "--allowNonRestoredState";

  private static final Path JAR = JobJar.of("flink");

  @TempDir static Path shared;
  private static FlinkCluster cluster;
  private static KafkaBroker broker;
  private static PaymentsTopic topic;
  private static ReceivedRows atLeastOnce;
  private static ReceivedRows once;
  private static String job = "";
  private static String savepoint = "";

  @BeforeAll
  static void start() throws Exception {
    broker = KafkaBroker.start(Files.createDirectory(shared.resolve("kafka")));
    cluster =
        FlinkCluster.startHighlyAvailable(
            Files.createDirectory(shared.resolve("flink")),
            2,
            1,
            FlinkCluster.Memory.SMALL,
            Map.of(
                "state.checkpoints.dir", shared.resolve("checkpoints").toUri().toString(),
                "execution.checkpointing.externalized-checkpoint-retention",
                    "RETAIN_ON_CANCELLATION",
                "restart-strategy.type", "fixed-delay",
                "restart-strategy.fixed-delay.attempts", "1000",
                "restart-strategy.fixed-delay.delay", "1s",
                "heartbeat.interval", "1000",
                "heartbeat.timeout", "30000"));
    topic = new PaymentsTopic(broker, "payments");
    atLeastOnce = topic.rowsIn("features", "other-features");
    once = topic.rowsIn("once");
    topic.create("of-nobody");
    job = cluster.start(List.of("-p", "2"), JAR, "--spec=" + spec(SPEC));
    topic.send(SOME);
    topic.awaitRows();
  }

  @AfterAll
  static void stop() {
    for (AutoCloseable each : new AutoCloseable[] {topic, cluster, broker}) {
      try {
        if (each != null) {
          each.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The payments are of 2001: a partition that counted as idle would follow the clock of today. */
  private static final String SPEC =
      """
      name: payments
      source:
        kafka:
          servers: SERVERS
          topic: payments
          format: json
          columns: { id: int64, card: string, at: timestamp, amount: float64 }
          disorder: 1m
          idle: 1h
      eventTime: at
      keys: [card]
      lateness: 30m
      validate:
        - { column: amount, rule: between, min: 0, max: 1000000 }
      aggregate:
        - window: 1h
          features:
            payments: count
            spent: { sum: amount }
      sink:
        - kafka: { servers: SERVERS, topic: features, key: card }
        - kafka: { servers: SERVERS, topic: once, key: card, exactlyOnce: { group: payments-once, writers: 1 } }
      rejects: { path: REJECTS, format: json }
      runner:
        flink: { checkpointingInterval: 300 }
      """;

  private static Path spec(String text) throws IOException {
    Path file = Files.createTempFile(shared, "spec", ".yaml");
    return Files.writeString(
        file,
        text.replace("SERVERS", "\"" + broker.servers() + "\"")
            .replace("REJECTS", shared.resolve("rejects").toString()));
  }

  @Test
  @Order(1)
  void everyPaymentCountsOnceThoughATaskManagerIsKilled() throws Exception {
    topic.send(
        2 * SOME,
        () -> {
          long checkpoint = cluster.awaitCheckpoint(job);
          cluster.replaceTaskManager();
          cluster.awaitRestart(job, checkpoint);
        });
    assertNothingIsContradictedOrRepeated();
  }

  @Test
  @Order(2)
  void everyPaymentCountsOnceThoughTheJobManagerIsKilledAndStartedAgain() throws Exception {
    topic.send(
        2 * SOME,
        () -> {
          long checkpoint = cluster.awaitCheckpoint(job);
          cluster.restartJobManager();
          cluster.awaitRestart(job, checkpoint);
        });
    assertNothingIsContradictedOrRepeated();
  }

  @Test
  @Order(3)
  void everyPaymentCountsOnceThoughTheBrokerIsAwayFor30Seconds() throws Exception {
    topic.send(
        2 * SOME,
        () -> {
          broker.stop();
          try (Later later = new Later()) {
            broker =
                later
                    .clock
                    .schedule(() -> broker.start(), AWAY.toSeconds(), TimeUnit.SECONDS)
                    .get();
          }
        });
    assertNothingIsContradictedOrRepeated();
  }

  @Test
  @Order(4)
  void aStreamThatWasStoppedGoesOnFromItsSavepoint() throws Exception {
    savepoint = cluster.stop(job, shared.resolve("savepoints"));
    topic.send(SOME);
    job = cluster.start(List.of("-p", "2", "-s", savepoint), JAR, "--spec=" + spec(SPEC));
    topic.awaitRows();
    assertNothingIsContradictedOrRepeated();
  }

  @Test
  @Order(5)
  void aStreamThatWasCancelledGoesOnFromItsLastCheckpoint() throws Exception {
    cluster.cancel(job);
    topic.send(SOME);
    job = cluster.start(List.of("-p", "2", "-s", retained(job)), JAR, "--spec=" + spec(SPEC));
    topic.awaitRows();
    assertNothingIsContradictedOrRepeated();
  }

  @Test
  @Order(6)
  void aSavepointIsRefusedByTheNamesOfWhatDiffersForWhichItCannotServe() throws Exception {
    savepoint = cluster.stop(job, shared.resolve("savepoints"));
    topic.send(SOME);
    String other =
        SPEC.replace("keys: [card]", "keys: [card, id]")
            .replace("window: 1h", "window: 2h")
            .replace("{ sum: amount }", "{ max: amount }")
            .replace("topic: features", "topic: of-nobody");
    Program.Result result =
        cluster
            .cli("run", "-p", "2", "-s", savepoint, GONE, JAR.toString(), "--spec=" + spec(other))
            .run(shared);
    assertTrue(result.exitCode() != 0, result.out());
    assertTrue(
        result
            .err()
            .contains(
                "Cannot go on from the saved state: it is of another spec, which differs in"
                    + " aggregate.features.spent, aggregate.window, keys (was card, is card, id)"
                    + " (undo that, or start without the savepoint, from a time in the source from"
                    + " which on the windows fill again)"),
        result.err());
  }

  /** The savepoint of the test before, and the payments that it sent. */
  @Test
  @Order(7)
  void aSavepointServesASpecWithAnotherFeatureAndOtherOutputs() throws Exception {
    String changed =
        SPEC.replace("name: payments", "name: payments-and-fees")
            .replace("amount: float64 }", "amount: float64, fee: int64 }")
            .replace("max: 1000000", "max: 2000000")
            .replace("aggregate:", "features: { log_fee: { log1p: fee } }\naggregate:")
            .replace("topic: features", "topic: other-features")
            .replace("REJECTS", "REJECTS-of-other");
    job = cluster.start(List.of("-p", "2", "-s", savepoint, GONE), JAR, "--spec=" + spec(changed));
    topic.awaitRows();
    assertEquals(SOME, atLeastOnce.withFee());
    assertNothingIsContradictedOrRepeated();
  }

  /** The folder of the last checkpoint of a job, {@code .../JOB/chk-N}. */
  private static String retained(String ended) throws IOException {
    try (Stream<Path> folders = Files.list(shared.resolve("checkpoints").resolve(ended))) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("_metadata")))
          .max(Comparator.comparingInt(FlinkStreamIT::number))
          .orElseThrow()
          .toUri()
          .toString();
    }
  }

  private static int number(Path checkpoint) {
    return Integer.parseInt(checkpoint.getFileName().toString().substring("chk-".length()));
  }

  private static void assertNothingIsContradictedOrRepeated() {
    assertEquals(Set.of(), atLeastOnce.contradictions());
    assertEquals(Set.of(), once.contradictions());
    assertEquals(Set.of(), once.repeated());
  }

  @Test
  void aTopicThatIsNotThereIsToldByTheClient() throws Exception {
    assertRefused(
        SPEC.replace("topic: payments", "topic: none"),
        "Unknown topic: 'none' at " + broker.servers());
  }

  @Test
  void brokersThatDoNotAnswerAreToldByTheClient() throws Exception {
    assertRefused(
        SPEC.replace("SERVERS", "localhost:1"), "Cannot reach Kafka: servers 'localhost:1'");
  }

  private static void assertRefused(String text, String message) throws Exception {
    Program.Result result = cluster.submit(JAR, "--spec=" + spec(text));
    assertTrue(result.exitCode() != 0, result.out());
    assertTrue(result.err().contains(message), result.err());
  }

  private record Later(ScheduledExecutorService clock) implements AutoCloseable {
    Later() {
      this(Executors.newSingleThreadScheduledExecutor());
    }

    @Override
    public void close() {
      clock.shutdownNow();
    }
  }
}
