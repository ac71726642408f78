package io.featurebeam.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The contenders of {@code training-set} by name. Of a peer {@code NAME:PLAN} chooses the plan. All
 * may use two threads.
 */
final class TrainingContenders {
  private static final List<String> NAMES =
      List.of("duckdb", "featurebeam-flink", "featurebeam-spark", "spark-sql");

  private final ClassPaths classPaths;
  private final TrainingData data;

  TrainingContenders(Settings settings, TrainingData data) {
    this.classPaths = new ClassPaths(settings);
    this.data = data;
  }

  /**
   * One of them.
   *
   * @param features {@code few}, which peers have, too, or {@code wide}, a thousand
   */
  Contender contender(String name, String features) throws IOException {
    String base = name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
    List<String> arguments = new ArrayList<>();
    arguments.add("--events=" + data.events());
    arguments.add("--labels=" + data.labels());
    arguments.add("--output={output}");
    if (!base.equals(name)) {
      arguments.add("--plan=" + name.substring(base.length() + 1));
    }
    return switch (base) {
      case "featurebeam-flink" ->
          ours(
              name,
              features,
              arguments,
              "--runner=FlinkRunner",
              "--flinkMaster=[local]",
              "--parallelism=2",
              "--fasterCopy=true",
              "--objectReuse=true");
      case "featurebeam-spark" ->
          ours(name, features, arguments, "--runner=SparkRunner", "--sparkMaster=local[2]");
      case "spark-sql" ->
          classPaths.named(
              name,
              "spark-sql",
              "io.featurebeam.benchmarks.sparksql.SparkTrainingPeer",
              arguments.toArray(String[]::new));
      case "duckdb" ->
          classPaths.named(
              name,
              "harness",
              DuckDbTrainingPeer.class.getName(),
              arguments.toArray(String[]::new));
      default ->
          throw new IllegalArgumentException(
              "Unknown contender: "
                  + name
                  + " (must be one of "
                  + NAMES
                  + ", a peer with :PLAN behind it or not)");
    };
  }

  private Contender ours(String name, String features, List<String> arguments, String... options)
      throws IOException {
    List<String> all =
        new ArrayList<>(List.of("io.featurebeam.benchmarks.trainingset.TrainingSetJob"));
    all.add("--features=" + features);
    all.addAll(arguments);
    all.addAll(List.of(options));
    return classPaths.contender(name, TimedMain.class.getName(), all.toArray(String[]::new));
  }
}
