package io.featurebeam.runners;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which runner a pipeline runs on: the one that is named, else the only one on the class path. What
 * does not fit is refused here, by name, before Beam or an engine fails in its own words.
 *
 * <pre>{@code
 * RunnerChoice.resolve("--spec=a.yaml")  // --spec=a.yaml --runner=FlinkRunner
 * }</pre>
 *
 * <p>Looks for files of classes and loads none: a runner whose engine is missing would not load.
 */
public final class RunnerChoice {

  private static final String FLAG = "--runner=";

  private RunnerChoice() {}

  /** The runners that this project knows, and what each needs to be there. */
  enum Known {
    DIRECT("Direct", "org/apache/beam/runners/direct/DirectRunner.class"),
    FLINK(
        "Flink",
        "org/apache/beam/runners/flink/FlinkRunner.class",
        "flink run",
        "org/apache/flink/api/common/JobID.class",
        ".flink-runtime.version.properties",
        "project.version",
        "1.19"),
    SPARK(
        "Spark",
        "org/apache/beam/runners/spark/SparkRunner.class",
        "spark-submit",
        "org/apache/spark/SparkContext.class",
        "spark-version-info.properties",
        "version",
        "3.5"),
    DATAFLOW("Dataflow", "org/apache/beam/runners/dataflow/DataflowRunner.class");

    private final String label;
    private final String runnerClass;
    private final @Nullable String submit;
    private final String engineClass;
    private final String versionFile;
    private final String versionKey;
    private final String version;

    /** A runner that brings all it needs. */
    Known(String label, String runnerClass) {
      this(label, runnerClass, null, runnerClass, "", "", "");
    }

    /**
     * A runner whose engine may come from elsewhere.
     *
     * @param submit the engine's own command, which brings it
     */
    Known(
        String label,
        String runnerClass,
        @Nullable String submit,
        String engineClass,
        String versionFile,
        String versionKey,
        String version) {
      this.label = label;
      this.runnerClass = runnerClass;
      this.submit = submit;
      this.engineClass = engineClass;
      this.versionFile = versionFile;
      this.versionKey = versionKey;
      this.version = version;
    }

    String label() {
      return label;
    }

    String runner() {
      return label + "Runner";
    }

    String id() {
      return label.toLowerCase(Locale.ROOT);
    }

    String jar() {
      return "featurebeam-" + id();
    }
  }

  /**
   * Returns {@code args}, with the runner added if none is named; {@link IllegalArgumentException}.
   */
  public static String[] resolve(String... args) {
    Objects.requireNonNull(args, "args is null");
    ClassLoader loader = RunnerChoice.class.getClassLoader();
    return resolve(args, loader, Submission.engine());
  }

  /**
   * @param classPath where runners and engines are looked for
   * @param submittedTo the engine whose client started this program, if one did: flink, spark
   */
  static String[] resolve(String[] args, ClassLoader classPath, @Nullable String submittedTo) {
    List<Known> here =
        Arrays.stream(Known.values())
            .filter(known -> classPath.getResource(known.runnerClass) != null)
            .toList();
    if (Arrays.stream(args).noneMatch(arg -> arg.startsWith(FLAG))) {
      Known only = only(here);
      check(only, classPath, submittedTo);
      List<String> all = new ArrayList<>(Arrays.asList(args));
      all.add(FLAG + only.runner());
      return all.toArray(String[]::new);
    }
    String named = RunnerName.of(args);
    for (Known known : Known.values()) {
      if (known.id().equals(named)) {
        checkHere(known, here);
        check(known, classPath, submittedTo);
      }
    }
    return args;
  }

  private static Known only(List<Known> here) {
    if (here.isEmpty()) {
      throw new IllegalArgumentException(
          "No runner on the class path (add a profile such as -Pdirect-runner to the Maven command,"
              + " or take the jar of a runner, such as featurebeam-direct)");
    }
    if (here.size() > 1) {
      throw new IllegalArgumentException(
          "Missing option: --runner (on the class path are "
              + names(here)
              + "; say which: --runner="
              + here.get(0).runner()
              + ")");
    }
    return here.get(0);
  }

  private static void checkHere(Known chosen, List<Known> here) {
    if (!here.contains(chosen)) {
      throw new IllegalArgumentException(
          "Runner not on the class path: "
              + chosen.runner()
              + " (add -P"
              + chosen.id()
              + "-runner to the Maven command, or take "
              + chosen.jar()
              + "; here is "
              + (here.isEmpty() ? "none" : names(here))
              + ")");
    }
  }

  private static String names(List<Known> runners) {
    return runners.stream().map(Known::runner).collect(Collectors.joining(", "));
  }

  private static void check(Known chosen, ClassLoader classPath, @Nullable String submittedTo) {
    if (submittedTo != null && !submittedTo.equals(chosen.id())) {
      throw new IllegalArgumentException(
          "Cannot run on "
              + chosen.runner()
              + " here: this program was submitted to "
              + submittedTo.substring(0, 1).toUpperCase(Locale.ROOT)
              + submittedTo.substring(1)
              + " (submit featurebeam-"
              + submittedTo
              + " instead; mvn package -P"
              + submittedTo
              + "-runner makes it)");
    }
    if (chosen.submit == null) {
      return;
    }
    if (classPath.getResource(chosen.engineClass) == null) {
      throw new IllegalArgumentException(
          chosen.label
              + " is not on the class path, and "
              + chosen.jar()
              + " does not bring it (submit the jar to a cluster: "
              + chosen.submit
              + " JAR --spec=...)");
    }
    String version = version(chosen, classPath);
    if (version != null && !version.startsWith(chosen.version + ".")) {
      throw new IllegalArgumentException(
          "Cannot run on "
              + chosen.label
              + " "
              + version
              + " (FeatureBeam is built for "
              + chosen.label
              + " "
              + chosen.version
              + "; submit to a cluster of that version)");
    }
  }

  private static @Nullable String version(Known chosen, ClassLoader classPath) {
    Properties properties = new Properties();
    try (InputStream in = classPath.getResourceAsStream(chosen.versionFile)) {
      if (in == null) {
        return null; // an engine that does not say is not refused
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the version of " + chosen.label, e);
    }
    return properties.getProperty(chosen.versionKey);
  }
}
