package io.featurebeam.benchmarks;

import io.featurebeam.benchmarks.Contender.Run;
import io.featurebeam.clusters.JobJar;
import io.featurebeam.clusters.Program;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The workload {@code packaged}: the job of {@link CardBatch} from the job jars, submitted to
 * clusters of several processes, against the same in one JVM.
 *
 * <p>Over {@link #START_UP_ROWS} records it measures start-up: from the command to the first record
 * and to the end. Over each of the sizes the jars are compared with the embedded runs, and the cost
 * of a record in the greatest with that in the least.
 */
final class Packaged {
  /** So few that a run over them is nothing but start-up, so many that some are rejected. */
  static final long START_UP_ROWS = 10_000;

  private static final String NAME = "packaged";
  private static final List<String> JARS = List.of("direct", "flink", "spark", "dataflow");

  private final Settings settings;
  private final Results results;
  private final Path folder;

  Packaged(Settings settings) throws IOException {
    this.settings = settings;
    this.results = Results.appendedTo(settings.results());
    this.folder = settings.work().resolve(NAME);
  }

  /** Rounds over one size: the runs of each contender, and the circumstances. */
  private record Rounds(CardData data, Map<String, List<Run>> runs, long outputRows, double load) {
    List<Run> of(String name) {
      return runs.getOrDefault(name, List.of());
    }
  }

  void run() throws IOException, InterruptedException, SQLException {
    PackagedTable table = new PackagedTable();
    for (String jar : JARS) {
      long bytes = Files.size(JobJar.of(jar));
      results.add(new Results.Line().text("workload", NAME).text("jar", jar).whole("bytes", bytes));
      table.jar(jar, bytes);
    }
    List<CardData> sizes = CardData.all(settings);
    CardData startUp = CardData.generated(settings, START_UP_ROWS);
    Outputs.delete(folder);
    Files.createDirectories(folder.resolve("said"));
    try (PackagedContenders contenders = PackagedContenders.start(settings, folder)) {
      Rounds startUps = measure(startUp, PackagedContenders.names(), contenders);
      for (String name : PackagedContenders.names()) {
        results.add(startUp(name, startUps));
        table.startUp(name, startUps.of(name));
      }
      List<Rounds> all = new ArrayList<>();
      for (CardData data : sizes) {
        Rounds rounds = measure(data, PackagedContenders.ofMuchData(), contenders);
        all.add(rounds);
        compare(PackagedContenders.FLINK_CLUSTER, CardContenders.FEATUREBEAM_FLINK, rounds);
        compare(PackagedContenders.SPARK_CLUSTER, CardContenders.FEATUREBEAM_SPARK, rounds);
        rounds.runs.forEach((name, runs) -> table.size(name, data.rows(), runs));
      }
      grow(PackagedContenders.FLINK_CLUSTER, all, startUps);
      grow(PackagedContenders.SPARK_CLUSTER, all, startUps);
    }
    System.out.print(table);
  }

  /** All work once and are compared; then in rounds, the order turning, as {@link CardBatch}. */
  private Rounds measure(CardData data, List<String> names, PackagedContenders contenders)
      throws IOException, InterruptedException, SQLException {
    Map<String, List<Run>> runs = new LinkedHashMap<>();
    Map<String, String> outputs = new LinkedHashMap<>();
    for (String name : names) {
      print("warm-up", data, name, run(data, name, contenders));
      runs.put(name, new ArrayList<>());
      outputs.put(name, output(name).resolve(Contender.FEATURES).toString());
    }
    long rows = PeerCheck.agreedRows(outputs);
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    for (int round = 0; round < settings.runs(); round++) {
      for (int turn = 0; turn < names.size(); turn++) {
        String name = names.get((round + turn) % names.size());
        Run run = run(data, name, contenders);
        print("run " + (round + 1), data, name, run);
        runs.get(name).add(run);
      }
    }
    for (String name : names) {
      Outputs.delete(output(name));
    }
    return new Rounds(data, runs, rows, load);
  }

  /** Steady is from the first record on; memory and CPU are in too many processes to be told. */
  private Run run(CardData data, String name, PackagedContenders contenders)
      throws IOException, InterruptedException, SQLException {
    Contender.Job job = new Contender.Job(data.directory(), output(name), folder, data.rows());
    Outputs.delete(job.output());
    Files.createDirectories(job.output());
    Program program =
        contenders.program(name, job).withLongest(Duration.ofMinutes(settings.timeoutMinutes()));
    long beginMillis = System.currentTimeMillis();
    long begin = System.nanoTime();
    Program.Result result = program.run(folder.resolve("said")).assertExit(0);
    double wall = (System.nanoTime() - begin) / 1e9;
    double first =
        FirstRecord.millis(job.output().resolve(Contender.REJECTS).toString(), result.out());
    return new Run(wall, wall - (first - beginMillis) / 1e3, Double.NaN, 0);
  }

  private Path output(String name) {
    return settings.work().resolve("outputs").resolve(name);
  }

  private Results.Line startUp(String name, Rounds startUps) {
    return circumstances(
        new Results.Line()
            .text("workload", NAME)
            .whole("rows", startUps.data.rows())
            .text("ours", name)
            .spread("first_record_seconds", Comparison.firstRecord(startUps.of(name)))
            .spread("our_seconds", Comparison.wall(startUps.of(name)))
            .whole("runs", startUps.of(name).size()),
        startUps);
  }

  private void compare(String packaged, String embedded, Rounds rounds) throws IOException {
    results.add(
        circumstances(
            new Comparison(
                    NAME,
                    rounds.data.rows(),
                    packaged,
                    embedded,
                    rounds.of(packaged),
                    rounds.of(embedded),
                    Double.NaN)
                .line(),
            rounds));
  }

  private void grow(String name, List<Rounds> all, Rounds startUps) throws IOException {
    Comparator<Rounds> bySize = Comparator.comparingLong(rounds -> rounds.data.rows());
    Rounds few = all.stream().min(bySize).orElseThrow();
    Rounds many = all.stream().max(bySize).orElseThrow();
    if (many.data.rows() > few.data.rows()) {
      results.add(
          Comparison.ofSizes(
              NAME,
              name,
              many.data.rows(),
              many.of(name),
              few.data.rows(),
              few.of(name),
              Comparison.wall(startUps.of(name)).median()));
    }
  }

  private static Results.Line circumstances(Results.Line line, Rounds rounds) {
    return line.whole("users", rounds.data.users())
        .whole("output_rows", rounds.outputRows)
        .whole("processors", Runtime.getRuntime().availableProcessors())
        .decimal("load_before", rounds.load);
  }

  private static void print(String what, CardData data, String name, Run run) {
    System.err.printf(
        Locale.ROOT,
        "%s, %d rows, %s: %s: %.2f s, first record after %.2f s%n",
        NAME,
        data.rows(),
        what,
        name,
        run.wallSeconds(),
        run.wallSeconds() - run.steadySeconds());
  }
}
