package io.featurebeam.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The contenders of {@code card-stream}, as command lines. */
final class StreamContenders {
  static final String OURS = "featurebeam-flink";
  static final String PEER = "flink-native";

  /** Each card's row as soon as the event is there. */
  static final String EVERY_EVENT = "everyEvent";

  /** Begins the option of ours that says how often a checkpoint is made. */
  static final String CHECKPOINTING_INTERVAL = "--checkpointingInterval=";

  private static final String SPEC = "card-stream.yaml";

  private final Settings settings;
  private final StreamSettings stream;
  private final ClassPaths classPaths;

  /**
   * What a contender does.
   *
   * @param emit everyEvent, or a period
   * @param brief whether pauses count: another collector then
   * @param options more options for ours
   */
  record Task(
      String servers,
      String input,
      String output,
      String emit,
      boolean brief,
      List<String> options) {}

  StreamContenders(Settings settings, StreamSettings stream) {
    this.settings = settings;
    this.stream = stream;
    this.classPaths = new ClassPaths(settings);
  }

  StreamJob start(String name, Task task) throws IOException {
    Contender contender = name.equals(OURS) ? ours(task) : peer(task);
    List<String> command = new ArrayList<>(contender.command(Contender.Job.NONE, settings.heap()));
    if (task.brief) {
      command.replaceAll(word -> word.equals("-XX:+UseParallelGC") ? "-XX:+UseG1GC" : word);
    }
    Outputs.delete(checkpoints(name));
    Files.createDirectories(checkpoints(name));
    return StreamJob.start(name, command, settings.work().resolve("contenders"));
  }

  /** Where a contender's checkpoints lie. */
  Path checkpoints(String name) {
    return settings.work().resolve("checkpoints").resolve(name);
  }

  private Contender ours(Task task) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add("--runner=FlinkRunner");
    arguments.add("--flinkMaster=[local]");
    arguments.add("--parallelism=2");
    arguments.add("--fasterCopy=true");
    arguments.add("--objectReuse=true");
    boolean otherwise =
        task.options.stream().anyMatch(option -> option.startsWith(CHECKPOINTING_INTERVAL));
    if (stream.checkpointMillis() > 0 || otherwise) {
      if (!otherwise) {
        arguments.add(CHECKPOINTING_INTERVAL + stream.checkpointMillis());
      }
      arguments.add("--stateBackend=filesystem");
      arguments.add("--stateBackendStoragePath=" + checkpoints(OURS).toUri());
    }
    arguments.add("--spec=" + spec());
    arguments.add("--set=source.kafka.servers=" + task.servers);
    arguments.add("--set=source.kafka.topic=" + task.input);
    arguments.add("--set=sink.kafka.servers=" + task.servers);
    arguments.add("--set=sink.kafka.topic=" + task.output);
    arguments.add("--set=aggregate.0.window=[" + stream.windows() + "]");
    if (!task.emit.equals(EVERY_EVENT)) {
      arguments.add("--set=aggregate.0.emit={every: " + task.emit + "}");
    }
    arguments.addAll(stream.options());
    arguments.addAll(task.options);
    return classPaths.contender(
        OURS, "io.featurebeam.pipelines.FeaturePipeline", arguments.toArray(String[]::new));
  }

  private Contender peer(Task task) throws IOException {
    return classPaths.contender(
        PEER,
        "io.featurebeam.benchmarks.flinknative.FlinkNativePeer",
        "--servers=" + task.servers,
        "--input=" + task.input,
        "--output=" + task.output,
        "--windows=" + stream.windows(),
        "--emit=" + task.emit,
        "--disorderSeconds=180",
        "--checkpointMillis=" + stream.checkpointMillis(),
        "--checkpoints=" + checkpoints(PEER).toUri());
  }

  private Path spec() throws IOException {
    Path file = Files.createDirectories(settings.work()).resolve(SPEC);
    try (InputStream resource =
        Objects.requireNonNull(StreamContenders.class.getResourceAsStream(SPEC), SPEC)) {
      Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }
}
