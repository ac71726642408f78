package io.featurebeam.benchmarks;

import io.featurebeam.benchmarks.Contender.Run;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The workload {@code card-windows}: what three windows of eight aggregates cost over a bounded
 * input against one of them, on the transactions of {@code card-batch}. Ours is the rival of itself
 * here, in turns, after a run of each that does not count.
 */
final class CardWindows {
  private static final String NAME = "card-windows";
  private static final String SPEC = "card-windows.yaml";
  private static final String THREE = "1h,1d,7d";
  private static final List<String> ONE = List.of("1h", "7d");

  /** Three windows may take so many times the time of one. */
  private static final double TARGET = 1.3;

  private final Settings settings;

  CardWindows(Settings settings) {
    this.settings = settings;
  }

  void run() throws IOException, InterruptedException, SQLException {
    Results results = Results.appendedTo(settings.results());
    List<String> windows = new ArrayList<>(ONE);
    windows.add(THREE);
    for (CardData data : CardData.all(settings)) {
      Map<String, List<Run>> runs = new LinkedHashMap<>();
      for (String each : windows) {
        print(each, "warm-up", run(data, each));
        runs.put(each, new ArrayList<>());
      }
      double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
      for (int round = 0; round < settings.runs(); round++) {
        for (int turn = 0; turn < windows.size(); turn++) {
          String each = windows.get((round + turn) % windows.size());
          Run run = run(data, each);
          print(each, "run " + (round + 1), run);
          Objects.requireNonNull(runs.get(each), each).add(run);
        }
      }
      for (String one : ONE) {
        results.add(
            new Comparison(
                    NAME,
                    data.rows(),
                    CardContenders.FEATUREBEAM_FLINK + "@" + THREE,
                    CardContenders.FEATUREBEAM_FLINK + "@" + one,
                    runs.getOrDefault(THREE, List.of()),
                    runs.getOrDefault(one, List.of()),
                    1 / TARGET)
                .line()
                .whole("users", data.users())
                .text("heap", settings.heap())
                .whole("processors", Runtime.getRuntime().availableProcessors())
                .decimal("load_before", load));
      }
    }
  }

  private Run run(CardData data, String windows) throws IOException, InterruptedException {
    Path output = settings.work().resolve("outputs").resolve(NAME);
    Contender contender =
        new ClassPaths(settings)
            .contender(
                CardContenders.FEATUREBEAM_FLINK,
                TimedMain.class.getName(),
                "io.featurebeam.pipelines.FeaturePipeline",
                "--runner=FlinkRunner",
                "--flinkMaster=[local]",
                "--parallelism=2",
                "--fasterCopy=true",
                "--objectReuse=true",
                "--spec=" + spec(),
                "--set=source.parquet.path={input}",
                "--set=sink.parquet.path={output}",
                "--set=rejects.path={rejects}",
                "--set=aggregate.0.window=[" + windows + "]");
    Path directory = Files.createDirectories(settings.work().resolve("contenders"));
    Contender.Job job = new Contender.Job(data.directory(), output, directory, data.rows());
    try {
      return contender.run(job, settings.heap(), settings.timeoutMinutes());
    } finally {
      Outputs.delete(output);
    }
  }

  private Path spec() throws IOException {
    Path file = Files.createDirectories(settings.work()).resolve(SPEC);
    try (InputStream resource =
        Objects.requireNonNull(CardWindows.class.getResourceAsStream(SPEC), SPEC)) {
      Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }

  private static void print(String windows, String what, Run run) {
    System.err.printf(
        Locale.ROOT,
        "%s, [%s], %s: %.2f s, %.2f s of CPU, peak %d MiB%n",
        NAME,
        windows,
        what,
        run.wallSeconds(),
        run.cpuSeconds(),
        run.peakBytes() >> 20);
  }
}
