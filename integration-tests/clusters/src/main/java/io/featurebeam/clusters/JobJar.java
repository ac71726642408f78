package io.featurebeam.clusters;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The job jars that this build has made, by the name of their runner; their version is that of the
 * system property {@code featurebeam.version}.
 */
public final class JobJar {

  private JobJar() {}

  /** The jar of a runner: direct, flink, spark, dataflow. */
  public static Path of(String runner) {
    return built("pipelines/jobs/" + runner + "/target/" + name(runner) + ".jar");
  }

  /** The bill of materials beside it. */
  public static Path billOf(String runner) {
    return of(runner).resolveSibling(name(runner) + ".cdx.json");
  }

  /** The class path of an engine: flink, kafka, spark. */
  public static Path classPathOf(String engine) {
    return built("integration-tests/packaged/" + engine + "-cluster/target/class-path.txt");
  }

  private static String name(String runner) {
    return "featurebeam-" + runner + "-" + System.getProperty("featurebeam.version");
  }

  private static Path built(String path) {
    return built(path, Path.of("").toAbsolutePath());
  }

  /** Looked for above the folder that the program runs in. */
  static Path built(String path, Path from) {
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve(path))) {
        return folder.resolve(path);
      }
    }
    throw new IllegalStateException(
        "Not built: " + path + ", above " + from + " (run mvn verify, without a profile)");
  }
}
