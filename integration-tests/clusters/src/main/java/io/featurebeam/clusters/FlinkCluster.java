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
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A standalone Flink cluster: a job manager and task managers, each a process that can be killed,
 * and Flink's own client.
 *
 * <pre>{@code
 * try (FlinkCluster cluster = FlinkCluster.start(folder, 1, 2, FlinkCluster.Memory.SMALL)) {
 *   cluster.submit(jar, "--spec=...").assertExit(0);
 * }
 * }</pre>
 */
public final class FlinkCluster implements AutoCloseable {

  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** What a process that SIGKILL ended gives: 128 and the signal's number. */
  private static final int KILLED = 128 + 9;

  private static final Pattern SUBMITTED = Pattern.compile("JobID ([0-9a-f]{32})");
  private static final Pattern SAVED = Pattern.compile("Savepoint completed. Path: (\\S+)");

  private final Path folder;
  private final int rest;
  private final int metrics;
  private final Program java;
  private final Memory memory;
  private final List<Process> taskManagers = new ArrayList<>();
  private final List<Process> others = new ArrayList<>();
  private @Nullable Process jobManager;
  private int launched;
  private final HttpClient http = HttpClient.newHttpClient();

  private FlinkCluster(Path folder, int rest, int metrics, Program java, Memory memory) {
    this.folder = folder;
    this.rest = rest;
    this.metrics = metrics;
    this.java = java;
    this.memory = memory;
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
    return start(folder, taskManagers, slots, memory, Map.of(), -1);
  }

  /**
   * The same for streams: a job manager that is started again goes on with the jobs of the one
   * before, as ZooKeeper, one more process, keeps which there are.
   */
  public static FlinkCluster startHighlyAvailable(
      Path folder, int taskManagers, int slots, Memory memory, Map<String, String> settings)
      throws IOException, InterruptedException {
    return start(folder, taskManagers, slots, memory, settings, freePort());
  }

  private static FlinkCluster start(
      Path folder,
      int taskManagers,
      int slots,
      Memory memory,
      Map<String, String> settings,
      int zooKeeper)
      throws IOException, InterruptedException {
    int rest = freePort();
    int metrics = freePort();
    Path configuration = Files.createDirectories(folder.resolve("conf"));
    StringBuilder config =
        new StringBuilder(configuration(folder, rest, freePort(), slots, memory));
    config.append(metrics(metrics));
    if (zooKeeper >= 0) {
      config.append(highAvailability(folder, zooKeeper));
    }
    settings.forEach((name, value) -> config.append(name + ": " + value + "\n"));
    Files.writeString(configuration.resolve("config.yaml"), config);
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
                .withEnvironment("FLINK_CONF_DIR", configuration.toString()),
            memory);
    try {
      if (zooKeeper >= 0) {
        cluster.startZooKeeper(zooKeeper);
      }
      cluster.startJobManager();
      for (int i = 0; i < taskManagers; i++) {
        cluster.startTaskManager();
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

  private static String highAvailability(Path folder, int port) {
    return """
        high-availability.type: zookeeper
        high-availability.zookeeper.quorum: localhost:%d
        high-availability.storageDir: %s
        high-availability.zookeeper.client.session-timeout: 10000
        """
        .formatted(port, folder.resolve("available").toUri());
  }

  private void startZooKeeper(int port) throws IOException {
    Path configuration = folder.resolve("conf/zoo.cfg");
    Files.writeString(
        configuration,
        """
        clientPort=%d
        clientPortAddress=localhost
        dataDir=%s
        tickTime=500
        admin.enableServer=false
        """
            .formatted(port, folder.resolve("zookeeper")));
    others.add(
        launch(
            "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
            "-Xmx128m",
            "--zkConfigFile",
            configuration.toString(),
            "--peerId",
            "1"));
  }

  private void startJobManager() throws IOException {
    jobManager =
        launch(
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            "-Xmx512m",
            "--configDir",
            folder.resolve("conf").toString());
  }

  private void startTaskManager() throws IOException {
    taskManagers.add(
        launch(
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            "-Xmx" + memory.heapMebibytes + "m",
            "--configDir",
            folder.resolve("conf").toString()));
  }

  private Process launch(String main, String heap, String... arguments) throws IOException {
    Path log = folder.resolve(main.substring(main.lastIndexOf('.') + 1) + launched++ + ".log");
    return java.with(heap, main).with(arguments).start(log);
  }

  /** Kills a task manager without a warning, and starts another once it is dead. */
  public void replaceTaskManager() throws IOException, InterruptedException {
    kill(taskManagers.remove(0));
    startTaskManager();
  }

  /** Kills the job manager without a warning, and starts it again. */
  public void restartJobManager() throws IOException, InterruptedException {
    kill(Objects.requireNonNull(jobManager, "jobManager is null"));
    startJobManager();
  }

  private static void kill(Process process) throws InterruptedException {
    if (process.destroyForcibly().waitFor() != KILLED) {
      throw new IllegalStateException("It had ended before it was killed: " + process.info());
    }
  }

  private void awaitSlots(int wanted) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(LONGEST);
    while (Instant.now().isBefore(end)) {
      for (Process process : processes()) {
        if (!process.isAlive()) {
          throw new IllegalStateException(
              "A process of the cluster died; see the logs in " + folder);
        }
      }
      try {
        if (get("/overview").path("slots-total").asInt() == wanted) {
          return;
        }
      } catch (IOException e) {
        // Not up yet.
      }
      Thread.sleep(200);
    }
    throw new IllegalStateException(
        "No " + wanted + " slots after " + LONGEST + "; logs: " + folder);
  }

  /** What {@code flink run -p 2} does, to its end. */
  public Program.Result submit(Path jar, String... arguments)
      throws IOException, InterruptedException {
    return client(2, jar, arguments).run(folder);
  }

  /** {@code flink run}, ready to start. */
  public Program client(int parallelism, Path jar, String... arguments) {
    return cli("run", "-p", String.valueOf(parallelism), jar.toString()).with(arguments);
  }

  /** {@code flink run -d}: starts a job and leaves it alone; gives its id. */
  public String start(List<String> options, Path jar, String... arguments)
      throws IOException, InterruptedException {
    return found(
        SUBMITTED,
        cli("run", "-d")
            .with(options.toArray(String[]::new))
            .with(jar.toString())
            .with(arguments)
            .run(folder)
            .assertExit(0));
  }

  /** {@code flink stop}: gives the savepoint. */
  public String stop(String job, Path savepoints) throws IOException, InterruptedException {
    return found(
        SAVED,
        cli("stop", "--savepointPath", savepoints.toUri().toString(), job)
            .run(folder)
            .assertExit(0));
  }

  private static String found(Pattern pattern, Program.Result result) {
    Matcher matcher = pattern.matcher(result.out());
    if (!matcher.find()) {
      throw new AssertionError("No '" + pattern + "' in:\n" + result.out() + result.err());
    }
    return matcher.group(1);
  }

  /** A command of Flink's client, such as run, to this cluster. */
  public Program cli(String command, String... arguments) {
    return java.with(
            "-Xmx512m",
            "org.apache.flink.client.cli.CliFrontend",
            command,
            "-m",
            "localhost:" + rest)
        .with(arguments);
  }

  /** What {@code flink cancel} does to the only job that runs, once there is one. */
  public void cancelTheJob() throws IOException, InterruptedException {
    Instant end = Instant.now().plus(LONGEST);
    while (Instant.now().isBefore(end)) {
      for (JsonNode job : get("/jobs").path("jobs")) {
        if (job.path("status").asText().equals("RUNNING")) {
          cli("cancel", job.path("id").asText()).run(folder).assertExit(0);
          return;
        }
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("No job ran within " + LONGEST);
  }

  /** What {@code flink cancel} does to a job, once it has a checkpoint; until it has ended. */
  public void cancel(String job) throws IOException, InterruptedException {
    var unused = awaitCheckpoint(job);
    cli("cancel", job).run(folder).assertExit(0);
    Instant end = Instant.now().plus(LONGEST);
    while (!get("/jobs/" + job).path("state").asText().equals("CANCELED")) {
      if (Instant.now().isAfter(end)) {
        throw new IllegalStateException("Job " + job + " still runs after " + LONGEST);
      }
      Thread.sleep(100);
    }
  }

  /** Until a checkpoint of a job is complete that is not yet; gives its number. */
  public long awaitCheckpoint(String job) throws IOException, InterruptedException {
    long before = latest(job, "completed");
    return await(job, "completed", before + 1);
  }

  /** Until a job has gone on from this checkpoint or a later one. */
  public void awaitRestart(String job, long checkpoint) throws IOException, InterruptedException {
    var unused = await(job, "restored", checkpoint);
  }

  private long await(String job, String what, long atLeast)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(LONGEST);
    while (Instant.now().isBefore(end)) {
      try {
        long latest = latest(job, what);
        if (latest >= atLeast) {
          return latest;
        }
      } catch (IOException e) {
        // The job manager is on its way.
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException(
        "No checkpoint " + atLeast + " of job " + job + " is " + what + "; logs: " + folder);
  }

  private long latest(String job, String what) throws IOException, InterruptedException {
    JsonNode latest = get("/jobs/" + job + "/checkpoints").path("latest");
    return latest.path(what).path("id").asLong();
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
    List<Process> all = new ArrayList<>(taskManagers);
    if (jobManager != null) {
      all.add(0, jobManager);
    }
    return List.copyOf(all);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    List<Process> all = new ArrayList<>(processes());
    all.addAll(others);
    all.forEach(Process::destroyForcibly);
    all.forEach(
        process -> {
          try {
            process.waitFor();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
