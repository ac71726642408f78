package io.featurebeam.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a workload by name; {@code mvn verify -Dbenchmark=NAME} calls it with everything else.
 *
 * <ul>
 *   <li>{@code card-batch}: {@link CardBatch}, against Spark SQL, DuckDB and plain Beam.
 *   <li>{@code card-stream}: {@link CardStream}, from topic to topic, against native Flink.
 *   <li>{@code card-windows}: {@link CardWindows}, three windows against one, bounded.
 *   <li>{@code training-set}: {@link TrainingSet}, labels joined with features, against Spark SQL
 *       and DuckDB.
 *   <li>{@code packaged}: {@link Packaged}, the job jars on clusters against runs in one JVM.
 *   <li>{@code kernels}: JMH over the kernels, in the module of that name.
 *   <li>{@code window-queries}: windows at many times over one key, in the same module.
 * </ul>
 */
public final class Benchmark {
  private Benchmark() {}

  public static void main(String[] args) throws IOException, InterruptedException, SQLException {
    Arguments arguments = Arguments.parse(args);
    String workload = arguments.required("workload");
    Settings settings = Settings.of(arguments);
    StreamSettings stream = StreamSettings.of(arguments);
    TrainingSettings training = TrainingSettings.of(arguments);
    arguments.rejectUnread();
    switch (workload) {
      case "card-batch" -> new CardBatch(settings).run();
      case "packaged" -> new Packaged(settings).run();
      case "card-stream" -> new CardStream(settings, stream).run();
      case "card-windows" -> new CardWindows(settings).run();
      case "training-set" -> new TrainingSet(settings, training).run();
      case "kernels" ->
          kernels(
              settings,
              "KernelBenchmarks",
              "1g",
              "--include=" + settings.include(),
              "--seconds=" + settings.seconds());
      case "window-queries" ->
          kernels(settings, "WindowQueriesBenchmark", "4g", "--runs=" + settings.runs());
      default ->
          throw new IllegalArgumentException(
              "Unknown workload: "
                  + workload
                  + " (must be card-batch, card-stream, card-windows, training-set, packaged,"
                  + " kernels or window-queries)");
    }
  }

  private static void kernels(Settings settings, String program, String heap, String... options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add("--results=" + settings.results().toAbsolutePath().normalize());
    Contender kernels =
        new ClassPaths(settings)
            .contender(
                "kernels",
                "io.featurebeam.benchmarks.kernels." + program,
                arguments.toArray(String[]::new));
    Process process =
        new ProcessBuilder(kernels.command(Contender.Job.NONE, heap))
            .directory(Path.of("").toAbsolutePath().toFile())
            .inheritIO()
            .start();
    int code = process.waitFor();
    if (code != 0) {
      throw new IllegalStateException("The kernels' benchmarks ended with " + code);
    }
  }
}
