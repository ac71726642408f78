package io.featurebeam.benchmarks;

import io.featurebeam.clusters.FlinkCluster;
import io.featurebeam.clusters.JobJar;
import io.featurebeam.clusters.Program;
import io.featurebeam.clusters.SparkCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The contenders of {@code packaged}: the job jars as users start them, and the same pipeline in
 * one JVM. All may use two threads; the Flink cluster lives as long as this.
 */
final class PackagedContenders implements AutoCloseable {

  /** The job jar alone, by {@code java -jar}. */
  static final String DIRECT_JAR = "direct-jar";

  /** The job jar by {@code flink run}. */
  static final String FLINK_CLUSTER = "flink-cluster";

  /** The job jar by {@code spark-submit}. */
  static final String SPARK_CLUSTER = "spark-cluster";

  private static final FlinkCluster.Memory TASK_MANAGER = new FlinkCluster.Memory(4096, 1024);
  private static final int EXECUTOR_MEBIBYTES = 3072;
  private static final String DRIVER_HEAP = "1g";

  private final Settings settings;
  private final FlinkCluster flink;
  private final SparkCluster spark;
  private final Contender embeddedFlink;
  private final Contender embeddedSpark;
  private final List<String> arguments;

  private PackagedContenders(
      Settings settings,
      FlinkCluster flink,
      SparkCluster spark,
      Contender embeddedFlink,
      Contender embeddedSpark,
      List<String> arguments) {
    this.settings = settings;
    this.flink = flink;
    this.spark = spark;
    this.embeddedFlink = embeddedFlink;
    this.embeddedSpark = embeddedSpark;
    this.arguments = arguments;
  }

  /** Starts the Flink cluster, in an empty folder. */
  static PackagedContenders start(Settings settings, Path folder)
      throws IOException, InterruptedException {
    CardContenders contenders = new CardContenders(settings);
    Contender embeddedFlink = contenders.contender(CardContenders.FEATUREBEAM_FLINK);
    Contender embeddedSpark = contenders.contender(CardContenders.FEATUREBEAM_SPARK);
    SparkCluster spark = SparkCluster.in(Files.createDirectory(folder.resolve("spark")));
    FlinkCluster flink =
        FlinkCluster.start(Files.createDirectory(folder.resolve("flink")), 1, 2, TASK_MANAGER);
    return new PackagedContenders(
        settings, flink, spark, embeddedFlink, embeddedSpark, contenders.arguments());
  }

  /** All of them. */
  static List<String> names() {
    List<String> names = new ArrayList<>(List.of(DIRECT_JAR));
    names.addAll(ofMuchData());
    return names;
  }

  /** Those that are made for more than a sample. */
  static List<String> ofMuchData() {
    return List.of(
        CardContenders.FEATUREBEAM_FLINK,
        FLINK_CLUSTER,
        CardContenders.FEATUREBEAM_SPARK,
        SPARK_CLUSTER);
  }

  /** The command, ready to start. */
  Program program(String name, Contender.Job job) {
    String[] filled =
        arguments.stream().map(argument -> Contender.fill(argument, job)).toArray(String[]::new);
    return switch (name) {
      case DIRECT_JAR ->
          Program.java("-Xmx" + settings.heap(), "-jar", JobJar.of("direct").toString())
              .with(filled);
      case FLINK_CLUSTER -> flink.client(2, JobJar.of("flink"), filled);
      case SPARK_CLUSTER ->
          spark.client(DRIVER_HEAP, EXECUTOR_MEBIBYTES, JobJar.of("spark"), filled);
      case CardContenders.FEATUREBEAM_FLINK -> embedded(embeddedFlink, job);
      case CardContenders.FEATUREBEAM_SPARK -> embedded(embeddedSpark, job);
      default -> throw new IllegalArgumentException("Unknown contender: " + name);
    };
  }

  private Program embedded(Contender contender, Contender.Job job) {
    List<String> command = contender.command(job, settings.heap());
    return Program.java(command.subList(1, command.size()).toArray(String[]::new));
  }

  @Override
  public void close() {
    flink.close();
  }
}
