package io.featurebeam.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The contenders of {@code card-batch} by name. All may use two threads. */
final class CardContenders {
  static final String FEATUREBEAM_FLINK = "featurebeam-flink";
  static final String FEATUREBEAM_SPARK = "featurebeam-spark";

  private static final String SPEC = "card-batch.yaml";
  private static final List<String> NAMES =
      List.of("beam-rows", "duckdb", FEATUREBEAM_FLINK, FEATUREBEAM_SPARK, "spark-sql");

  private final Settings settings;
  private final ClassPaths classPaths;

  CardContenders(Settings settings) {
    this.settings = settings;
    this.classPaths = new ClassPaths(settings);
  }

  /** Those that take part, peers first: the first output is what the others are compared with. */
  List<Contender> all() throws IOException {
    Set<String> names = new LinkedHashSet<>(settings.peers());
    names.addAll(settings.ours());
    if (settings.ours().isEmpty() || settings.peers().isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid contenders: " + names + " (there must be one of ours and one peer at least)");
    }
    List<Contender> contenders = new ArrayList<>();
    for (String name : names) {
      contenders.add(contender(name));
    }
    return contenders;
  }

  /** One of them. */
  Contender contender(String name) throws IOException {
    return switch (name) {
      case FEATUREBEAM_FLINK ->
          ours(
              name,
              "--runner=FlinkRunner",
              "--flinkMaster=[local]",
              "--parallelism=2",
              "--fasterCopy=true",
              "--objectReuse=true");
      case FEATUREBEAM_SPARK -> ours(name, "--runner=SparkRunner", "--sparkMaster=local[2]");
      case "spark-sql" ->
          classPaths.contender(
              name,
              "io.featurebeam.benchmarks.sparksql.SparkSqlPeer",
              "--input={input}",
              "--output={output}",
              "--plan=" + settings.plan());
      case "duckdb" ->
          classPaths.named(
              name, "harness", DuckDbPeer.class.getName(), "--input={input}", "--output={output}");
      case "beam-rows" ->
          classPaths.contender(
              name,
              "io.featurebeam.benchmarks.beamrows.BeamRowsPeer",
              "--input={input}",
              "--output={output}");
      default ->
          throw new IllegalArgumentException(
              "Unknown contender: " + name + " (must be one of " + NAMES + ")");
    };
  }

  /** Our program as a user starts it, with the spec and the paths of this run. */
  private Contender ours(String name, String... options) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add("io.featurebeam.pipelines.FeaturePipeline");
    arguments.addAll(Arrays.asList(options));
    arguments.addAll(arguments());
    return classPaths.contender(name, TimedMain.class.getName(), arguments.toArray(String[]::new));
  }

  /** The spec and the paths of a run: what all of ours are given, packaged or not. */
  List<String> arguments() throws IOException {
    return List.of(
        "--spec=" + spec(),
        "--set=source.parquet.path={input}",
        "--set=sink.parquet.path={output}",
        "--set=rejects.path={rejects}");
  }

  private Path spec() throws IOException {
    Path file = Files.createDirectories(settings.work()).resolve(SPEC);
    try (InputStream resource =
        Objects.requireNonNull(CardContenders.class.getResourceAsStream(SPEC), SPEC)) {
      Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }
}
