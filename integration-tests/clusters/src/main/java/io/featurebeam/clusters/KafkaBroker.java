package io.featurebeam.clusters;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker in a process of its own, its own controller. It can be stopped and started again
 * at the same port with what it held.
 *
 * <pre>{@code
 * try (KafkaBroker broker = KafkaBroker.start(folder)) {
 *   broker.servers();
 * }
 * }</pre>
 */
public final class KafkaBroker implements AutoCloseable {

  private final Path folder;
  private final int port;
  private final Program java;
  private @Nullable Process process;
  private int launched;

  private KafkaBroker(Path folder, int port, Program java) {
    this.folder = folder;
    this.port = port;
    this.java = java;
  }

  /** Clients wait until it answers. */
  public static KafkaBroker start(Path folder) throws IOException {
    int port = freePort();
    int controller = freePort();
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(
        data.resolve("meta.properties"),
        """
        version=1
        cluster.id=AAAAAAAAAAAAAAAAAAAAAA
        node.id=1
        directory.id=BBBBBBBBBBBBBBBBBBBBBA
        """);
    Path configuration = folder.resolve("server.properties");
    Files.writeString(
        configuration,
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@localhost:%2$d
        controller.listener.names=CONTROLLER
        listeners=PLAINTEXT://localhost:%1$d,CONTROLLER://localhost:%2$d
        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
        log.dirs=%3$s
        auto.create.topics.enable=false
        group.initial.rebalance.delay.ms=0
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=1
        transaction.state.log.replication.factor=1
        transaction.state.log.num.partitions=1
        transaction.state.log.min.isr=1
        """
            .formatted(port, controller, data));
    Program java =
        Program.java(
            "-Xmx256m",
            "-cp",
            Files.readString(JobJar.classPathOf("kafka")).strip(),
            "kafka.Kafka",
            configuration.toString());
    KafkaBroker broker = new KafkaBroker(folder, port, java);
    return broker.start();
  }

  /** Starts a broker that was stopped. */
  public KafkaBroker start() throws IOException {
    process = java.start(folder.resolve("broker" + launched++ + ".log"));
    return this;
  }

  /** As an administrator stops it. */
  public void stop() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      process = null;
    }
  }

  /** host:port. */
  public String servers() {
    return "localhost:" + port;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
