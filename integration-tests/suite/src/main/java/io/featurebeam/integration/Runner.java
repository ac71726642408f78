package io.featurebeam.integration;

import java.util.List;
import java.util.Locale;

/** The runner that this module's classpath holds, as a user names it on the command line. */
enum Runner {
  DIRECT {
    @Override
    List<String> args(int parallelism) {
      return List.of("--runner=DirectRunner", "--targetParallelism=" + parallelism);
    }
  },
  FLINK {
    @Override
    List<String> args(int parallelism) {
      return List.of(
          "--runner=FlinkRunner",
          "--flinkMaster=[local]",
          "--parallelism=" + parallelism,
          "--fasterCopy=true",
          "--objectReuse=true");
    }
  },
  SPARK {
    @Override
    List<String> args(int parallelism) {
      return List.of("--runner=SparkRunner", "--sparkMaster=local[" + parallelism + "]");
    }
  },
  DATAFLOW {
    @Override
    List<String> args(int parallelism) {
      return List.of("--runner=DataflowRunner");
    }
  };

  private static final String PROPERTY = "featurebeam.integration.runner";

  /** Whether this is a runner's module. */
  static boolean isKnown() {
    return System.getProperty(PROPERTY) != null;
  }

  /** What the module's pom says. */
  static Runner current() {
    String name = System.getProperty(PROPERTY);
    if (name == null) {
      throw new IllegalStateException(
          "Missing system property: " + PROPERTY + " (direct, flink, spark or dataflow)");
    }
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** The options of a run with this many threads. */
  abstract List<String> args(int parallelism);
}
