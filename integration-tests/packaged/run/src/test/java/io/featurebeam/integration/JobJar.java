package io.featurebeam.integration;

import java.nio.file.Files;
import java.nio.file.Path;

/** The job jars that this build has made, by the name of their runner. */
final class JobJar {

  private JobJar() {}

  /** The jar of a runner: direct, flink, spark, dataflow. */
  static Path of(String runner) {
    return built("pipelines/jobs/" + runner + "/target/" + name(runner) + ".jar");
  }

  /** The bill of materials beside it. */
  static Path billOf(String runner) {
    return of(runner).resolveSibling(name(runner) + ".cdx.json");
  }

  /** The class path of an engine: flink, spark. */
  static Path classPathOf(String engine) {
    return built("integration-tests/packaged/" + engine + "-cluster/target/class-path.txt");
  }

  private static String name(String runner) {
    return "featurebeam-" + runner + "-" + System.getProperty("featurebeam.version");
  }

  private static Path built(String path) {
    Path root = Flights.folder().resolve("../../..").normalize();
    Path file = root.resolve(path);
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException(
          "Not built: " + file + " (run mvn verify, without a profile)");
    }
    return file;
  }
}
