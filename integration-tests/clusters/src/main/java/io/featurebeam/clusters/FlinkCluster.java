package io.featurebeam.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A standalone Flink cluster: a job manager and task managers, each a process, and Flink's own
 * client.
 *
 * <pre>{@code
 * try (FlinkCluster cluster = FlinkCluster.start(folder, 1, 2, FlinkCluster.Memory.SMALL)) {
 *   cluster.submit(jar, "--spec=...").assertExit(0);
 * }
 * }</pre>
 */
public final class FlinkCluster implements AutoCloseable {

  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Path folder;
  private final int rest;
  private final int metrics;
  private final Program java;
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  private FlinkCluster(Path folder, int rest, int metrics, Program java) {
    this.folder = folder;
    this.rest = rest;
    this.metrics = metrics;
    this.java = java;
  }

  /**
   * What a task manager has.
   *
   * @param heapMebibytes for the records that tasks work on
   * @param managedMebibytes beside the heap, to sort in
   */
  public record Memory(int heapMebibytes, int managedMebibytes) {
    /** Enough for an example. */
    public static final Memory SMALL = new Memory(512, 256);
  }

  /**
   * Starts and waits until all slots are there.
   *
   * @param memory of each task manager, for all of its slots
   */
  public static FlinkCluster start(Path folder, int taskManagers, int slots, Memory memory)
      throws IOException, InterruptedException {
    int rest = freePort();
    int metrics = freePort();
    Path configuration = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        configuration.resolve("config.yaml"),
        configuration(folder, rest, freePort(), slots, memory) + metrics(metrics));
    List<String> opens = new ArrayList<>();
    opens.add("-XX:SoftRefLRUPolicyMSPerMB=0"); // what a cache may hold is not leaked
    for (String open : OPENS) {
      opens.add("--add-opens=" + open + "=ALL-UNNAMED");
    }
    opens.add("-cp");
    opens.add(Files.readString(JobJar.classPathOf("flink")).strip());
    FlinkCluster cluster =
        new FlinkCluster(
            folder,
            rest,
            metrics,
            Program.java(opens.toArray(String[]::new))
                .withEnvironment("FLINK_CONF_DIR", configuration.toString()));
    try {
      cluster.launch(
          "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint", "-Xmx512m");
      for (int i = 0; i < taskManagers; i++) {
        cluster.launch(
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            "-Xmx" + memory.heapMebibytes + "m");
      }
      cluster.awaitSlots(taskManagers * slots);
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** What Flink's own scripts open (env.java.opts.all). */
  private static final List<String> OPENS =
      List.of(
          "java.base/java.lang",
          "java.base/java.net",
          "java.base/java.io",
          "java.base/java.nio",
          "java.base/sun.nio.ch",
          "java.base/java.lang.reflect",
          "java.base/java.text",
          "java.base/java.time",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/java.util.concurrent.locks");

  private static String configuration(Path folder, int rest, int rpc, int slots, Memory memory) {
    return """
        rest.port: %d
        rest.address: localhost
        jobmanager.rpc.address: localhost
        jobmanager.rpc.port: %d
        jobmanager.memory.process.size: 1g
        taskmanager.host: localhost
        taskmanager.numberOfTaskSlots: %d
        taskmanager.cpu.cores: 2.0
        taskmanager.memory.framework.heap.size: 128m
        taskmanager.memory.framework.off-heap.size: 128m
        taskmanager.memory.task.heap.size: %dm
        taskmanager.memory.task.off-heap.size: 128m
        taskmanager.memory.network.min: 128m
        taskmanager.memory.network.max: 128m
        taskmanager.memory.managed.size: %dm
        taskmanager.memory.jvm-metaspace.size: 256m
        taskmanager.memory.jvm-overhead.min: 192m
        taskmanager.memory.jvm-overhead.max: 192m
        slot.request.timeout: 20000
        io.tmp.dirs: %s
        """
        .formatted(
            rest, rpc, slots, memory.heapMebibytes, memory.managedMebibytes, folder.resolve("tmp"));
  }

  private static String metrics(int port) {
    return """
        metrics.reporter.prometheus.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory
        metrics.reporter.prometheus.port: %d-%d
        """
        .formatted(port, port + 9);
  }

  private void launch(String main, String heap) throws IOException {
    Path log =
        folder.resolve(main.substring(main.lastIndexOf('.') + 1) + processes.size() + ".log");
    processes.add(
        java.with(heap, main, "--configDir", folder.resolve("conf").toString()).start(log));
  }

  private void awaitSlots(int slots) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(LONGEST);
    while (Instant.now().isBefore(end)) {
      for (Process process : processes) {
        if (!process.isAlive()) {
          throw new IllegalStateException(
              "A process of the cluster died; see the logs in " + folder);
        }
      }
      try {
        if (get("/overview").path("slots-total").asInt() == slots) {
          return;
        }
      } catch (IOException e) {
        // Not up yet.
      }
      Thread.sleep(200);
    }
    throw new IllegalStateException(
        "No " + slots + " slots after " + LONGEST + "; logs: " + folder);
  }

  /** What {@code flink run -p 2} does, to its end. */
  public Program.Result submit(Path jar, String... arguments)
      throws IOException, InterruptedException {
    return client(2, jar, arguments).run(folder);
  }

  /** {@code flink run}, ready to start. */
  public Program client(int parallelism, Path jar, String... arguments) {
    return java.with(
            "-Xmx512m",
            "org.apache.flink.client.cli.CliFrontend",
            "run",
            "-m",
            "localhost:" + rest,
            "-p",
            String.valueOf(parallelism),
            jar.toString())
        .with(arguments);
  }

  /** What {@code flink cancel} does to the only job that runs, once there is one. */
  public void cancelTheJob() throws IOException, InterruptedException {
    Instant end = Instant.now().plus(LONGEST);
    while (Instant.now().isBefore(end)) {
      for (JsonNode job : get("/jobs").path("jobs")) {
        if (job.path("status").asText().equals("RUNNING")) {
          java.with(
                  "-Xmx512m",
                  "org.apache.flink.client.cli.CliFrontend",
                  "cancel",
                  "-m",
                  "localhost:" + rest,
                  job.path("id").asText())
              .run(folder)
              .assertExit(0);
          return;
        }
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("No job ran within " + LONGEST);
  }

  /** An answer of the REST API. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return JsonMapper.builder().build().readTree(read("http://localhost:" + rest + path));
  }

  /** What Prometheus would scrape, of the process that took the n-th port. */
  public String scrape(int process) throws IOException, InterruptedException {
    return read("http://localhost:" + (metrics + process) + "/metrics");
  }

  private String read(String url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** The job manager and the task managers. */
  public List<Process> processes() {
    return List.copyOf(processes);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(
        process -> {
          try {
            process.waitFor();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
