package io.featurebeam.clusters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * spark-submit in local-cluster mode: the client is the driver, and two executors of one core are
 * processes that live as long as the job.
 *
 * <pre>{@code
 * SparkCluster.in(folder).client("1g", 1024, jar, "--spec=...").run(folder).assertExit(0);
 * }</pre>
 */
public final class SparkCluster {

  /** What Spark's own launcher opens (JavaModuleOptions). */
  private static final List<String> OPENS =
      List.of(
          "java.base/java.lang",
          "java.base/java.lang.invoke",
          "java.base/java.lang.reflect",
          "java.base/java.io",
          "java.base/java.net",
          "java.base/java.nio",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/jdk.internal.ref",
          "java.base/sun.nio.ch",
          "java.base/sun.nio.cs",
          "java.base/sun.security.action",
          "java.base/sun.util.calendar");

  private final Path home;

  private SparkCluster(Path home) {
    this.home = home;
  }

  /**
   * A Spark distribution is its jars, as far as processes are concerned.
   *
   * @param home an empty folder
   */
  public static SparkCluster in(Path home) throws IOException {
    Path jars = Files.createDirectory(home.resolve("jars"));
    for (String jar : Files.readString(JobJar.classPathOf("spark")).strip().split(":", -1)) {
      Files.createSymbolicLink(jars.resolve(Path.of(jar).getFileName()), Path.of(jar));
    }
    return new SparkCluster(home);
  }

  /**
   * {@code spark-submit}, ready to start.
   *
   * @param driverHeap as after {@code -Xmx}
   * @param executorMebibytes the heap of each executor
   */
  public Program client(String driverHeap, int executorMebibytes, Path jar, String... arguments) {
    List<String> command = new ArrayList<>();
    for (String open : OPENS) {
      command.add("--add-opens=" + open + "=ALL-UNNAMED");
    }
    command.addAll(
        List.of(
            "-Xmx" + driverHeap,
            "-cp",
            home.resolve("jars") + "/*",
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            "local-cluster[2,1," + executorMebibytes + "]",
            "--conf",
            "spark.executor.memory=" + executorMebibytes + "m",
            "--conf",
            "spark.local.dir=" + home.resolve("local"),
            "--conf",
            "spark.driver.host=localhost",
            "--conf",
            "spark.ui.enabled=false",
            jar.toString()));
    return Program.java(command.toArray(String[]::new))
        .with(arguments)
        .withEnvironment("SPARK_HOME", home.toString())
        .withEnvironment("SPARK_SCALA_VERSION", "2.12")
        .withEnvironment("SPARK_LOCAL_IP", "127.0.0.1");
  }
}
