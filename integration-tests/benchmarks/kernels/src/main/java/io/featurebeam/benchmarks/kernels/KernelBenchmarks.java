package io.featurebeam.benchmarks.kernels;

import io.featurebeam.benchmarks.Arguments;
import io.featurebeam.benchmarks.Results;
import io.featurebeam.benchmarks.Spread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures the kernels, and beside them what memory allows, and gives one line of results for each.
 *
 * <p>The peer of every kernel is the copy of as many numbers within the cache: a kernel that reads
 * a column and writes one can hardly be faster. Kernels that read codes (a third or a sixth of the
 * bytes of a number) or write a bitmap can. There is no target.
 */
public final class KernelBenchmarks {
  private static final String WORKLOAD = "kernels";
  private static final String BOUND = "memory_bound.copy_cached";
  private static final int MEASUREMENTS = 5;

  private KernelBenchmarks() {}

  public static void main(String[] args) throws IOException, RunnerException {
    Arguments arguments = Arguments.parse(args);
    Path file = Path.of(arguments.required("results"));
    String include = arguments.optional("include", ".*");
    double seconds = arguments.optional("seconds", 1.0);
    arguments.rejectUnread();

    Results results = Results.appendedTo(file);
    Map<String, Measured> bounds = measure("\\.MemoryBound\\.", seconds);
    Measured bound = bounds.get(BOUND);
    if (bound == null) {
      throw new IllegalStateException("Not measured: " + BOUND + " (only " + bounds.keySet() + ")");
    }
    for (Map.Entry<String, Measured> entry : bounds.entrySet()) {
      results.add(line(entry.getKey(), entry.getValue(), bound));
    }
    String kernels = "\\.(Rule|Feature|Aggregate|Codec|Writer)Kernels\\..*";
    for (Map.Entry<String, Measured> entry : measure(kernels, seconds).entrySet()) {
      if (entry.getKey().matches(include)) {
        results.add(line(entry.getKey(), entry.getValue(), bound));
      }
    }
  }

  /** Nanoseconds per value, and how many values an invocation has. */
  record Measured(Spread nanos, int values) {}

  private static Map<String, Measured> measure(String pattern, double seconds)
      throws RunnerException {
    TimeValue time = TimeValue.milliseconds(Math.round(seconds * 1_000));
    Map<String, Measured> measured = new LinkedHashMap<>();
    for (RunResult result :
        new Runner(
                new OptionsBuilder()
                    .include(pattern)
                    .mode(Mode.AverageTime)
                    .timeUnit(TimeUnit.NANOSECONDS)
                    .warmupIterations(MEASUREMENTS)
                    .warmupTime(time)
                    .measurementIterations(MEASUREMENTS)
                    .measurementTime(time)
                    .forks(1)
                    .verbosity(VerboseMode.SILENT)
                    .shouldFailOnError(true)
                    .build())
            .run()) {
      BenchmarkParams params = result.getParams();
      double[] nanos =
          result.getBenchmarkResults().stream()
              .flatMap(fork -> fork.getIterationResults().stream())
              .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
              .toArray();
      measured.put(name(params), new Measured(Spread.of(nanos), params.getOpsPerInvocation()));
    }
    return measured;
  }

  /** As {@code rule.check.between}: the class, the method and the parameter. */
  private static String name(BenchmarkParams params) {
    String[] path = params.getBenchmark().split("\\.", -1);
    String type = path[path.length - 2].replaceFirst("Kernels$", "");
    String parameters =
        params.getParamsKeys().stream()
            .map(key -> "." + params.getParam(key))
            .collect(Collectors.joining());
    return snake(type) + "." + snake(path[path.length - 1]) + parameters;
  }

  static String snake(String camel) {
    return Arrays.stream(camel.split("(?=[A-Z])", -1))
        .map(word -> word.toLowerCase(Locale.ROOT))
        .collect(Collectors.joining("_"));
  }

  static Results.Line line(String kernel, Measured ours, Measured bound) {
    double passes = ours.values() / 1e9;
    return new Results.Line()
        .text("workload", WORKLOAD)
        .whole("rows", ours.values())
        .text("ours", kernel)
        .text("peer", BOUND)
        .spread("our_seconds", ours.nanos().times(passes))
        .spread("peer_seconds", bound.nanos().times(passes))
        .decimal("ratio", bound.nanos().median() / ours.nanos().median())
        .none("target")
        .none("met")
        .none("our_peak_mib")
        .none("peer_peak_mib")
        .spread("our_ns_per_value", ours.nanos())
        .spread("peer_ns_per_value", bound.nanos());
  }
}
