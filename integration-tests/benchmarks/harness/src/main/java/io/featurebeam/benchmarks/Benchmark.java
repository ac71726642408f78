package io.featurebeam.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * Runs a workload by name; {@code mvn verify -Dbenchmark=NAME} calls it with everything else.
 *
 * <ul>
 *   <li>{@code card-batch}: {@link CardBatch}, against Spark SQL, DuckDB and plain Beam.
 *   <li>{@code card-stream}: {@link CardStream}, from topic to topic, against native Flink.
 *   <li>{@code card-windows}: {@link CardWindows}, three windows against one, bounded.
 *   <li>{@code packaged}: {@link Packaged}, the job jars on clusters against runs in one JVM.
 *   <li>{@code kernels}: JMH over the kernels, in the module of that name.
 * </ul>
 */
public final class Benchmark {
  private Benchmark() {}

  public static void main(String[] args) throws IOException, InterruptedException, SQLException {
    Arguments arguments = Arguments.parse(args);
    String workload = arguments.required("workload");
    Settings settings = Settings.of(arguments);
    StreamSettings stream = StreamSettings.of(arguments);
    arguments.rejectUnread();
    switch (workload) {
      case "card-batch" -> new CardBatch(settings).run();
      case "packaged" -> new Packaged(settings).run();
      case "card-stream" -> new CardStream(settings, stream).run();
      case "card-windows" -> new CardWindows(settings).run();
      case "kernels" -> kernels(settings);
      default ->
          throw new IllegalArgumentException(
              "Unknown workload: "
                  + workload
                  + " (must be card-batch, card-stream, card-windows, packaged or kernels)");
    }
  }

  private static void kernels(Settings settings) throws IOException, InterruptedException {
    Contender kernels =
        new ClassPaths(settings)
            .contender(
                "kernels",
                "io.featurebeam.benchmarks.kernels.KernelBenchmarks",
                "--results=" + settings.results().toAbsolutePath().normalize(),
                "--include=" + settings.include(),
                "--seconds=" + settings.seconds());
    Process process =
        new ProcessBuilder(kernels.command(Contender.Job.NONE, "1g"))
            .directory(Path.of("").toAbsolutePath().toFile())
            .inheritIO()
            .start();
    int code = process.waitFor();
    if (code != 0) {
      throw new IllegalStateException("The kernels' benchmarks ended with " + code);
    }
  }
}
