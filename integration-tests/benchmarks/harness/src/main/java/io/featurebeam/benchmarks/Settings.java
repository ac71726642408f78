package io.featurebeam.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * How a workload is to be run.
 *
 * @param modules the directory of the benchmark modules
 * @param work where data, class paths and outputs lie
 * @param results the file that lines are appended to
 * @param jvm options that Flink and Spark need of the JVM
 * @param rows the sizes to run, one after the other
 * @param users how many users the generated records are of
 * @param data directories of Parquet files to use instead of generated ones
 * @param runs measured runs of each contender
 * @param heap the heap of each contender, as after {@code -Xmx}
 * @param ours our contenders
 * @param peers the contenders that ours are compared with
 * @param plan how {@code spark-sql} counts distinct merchants
 * @param timeoutMinutes how long one run may take
 * @param include which kernels, as a regular expression
 * @param seconds how long each measurement of a kernel takes
 */
record Settings(
    Path modules,
    Path work,
    Path results,
    List<String> jvm,
    List<Long> rows,
    int users,
    List<String> data,
    int runs,
    String heap,
    List<String> ours,
    List<String> peers,
    String plan,
    long timeoutMinutes,
    String include,
    double seconds) {

  Settings {
    if (rows.isEmpty() || rows.stream().anyMatch(n -> n <= 0)) {
      throw new IllegalArgumentException("Invalid rows: " + rows + " (must be > 0 each)");
    }
    if (users <= 0) {
      throw new IllegalArgumentException("Invalid users: " + users + " (must be > 0)");
    }
    if (runs <= 0) {
      throw new IllegalArgumentException("Invalid runs: " + runs + " (must be > 0)");
    }
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("Invalid seconds: " + seconds + " (must be > 0)");
    }
  }

  static Settings of(Arguments arguments) {
    return new Settings(
        Path.of(arguments.required("modules")).toAbsolutePath().normalize(),
        Path.of(arguments.required("work")).toAbsolutePath().normalize(),
        Path.of(arguments.required("results")),
        words(arguments.optional("jvm", ""), "\\s+"),
        words(arguments.optional("rows", "5000000"), ",").stream().map(Settings::count).toList(),
        Math.toIntExact(arguments.optional("users", 20_000L)),
        words(arguments.optional("data", ""), ","),
        Math.toIntExact(arguments.optional("runs", 5L)),
        arguments.optional("heap", "8g"),
        words(arguments.optional("ours", "featurebeam-flink,featurebeam-spark"), ","),
        words(arguments.optional("peers", "spark-sql,duckdb,beam-rows"), ","),
        arguments.optional("plan", "spans"),
        arguments.optional("timeoutMinutes", 60L),
        arguments.optional("include", ".*"),
        arguments.optional("seconds", 1.0));
  }

  private static long count(String text) {
    try {
      return Long.parseLong(text.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Invalid rows: " + text + " (must be whole numbers)", e);
    }
  }

  private static List<String> words(String text, String separator) {
    return Arrays.stream(text.split(separator))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
