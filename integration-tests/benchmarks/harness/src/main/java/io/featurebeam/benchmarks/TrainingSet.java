package io.featurebeam.benchmarks;

import io.featurebeam.benchmarks.Contender.Run;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The workload {@code training-set}: labels joined with what twenty features over the last hour to
 * thirty days say of their cards at their times.
 *
 * <ul>
 *   <li>{@code join}: every contender once, outputs compared, then rounds in turns, as in {@link
 *       CardBatch}.
 *   <li>{@code wide}: ours alone, few labels with a thousand features each.
 *   <li>{@code growth}: ours alone, the same events with ever more labels, for what a label costs.
 * </ul>
 */
final class TrainingSet {
  private static final String NAME = "training-set";

  /** What a wide set may take. */
  private static final double WIDE_SECONDS = 60;

  private static final long WIDE_PEAK_MIB = 4096;

  /** A label may cost so much more among many than among few. */
  private static final double GROWTH = 1.05;

  private final Settings settings;
  private final TrainingSettings training;

  TrainingSet(Settings settings, TrainingSettings training) {
    this.settings = settings;
    this.training = training;
  }

  void run() throws IOException, InterruptedException, SQLException {
    Results results = Results.appendedTo(settings.results());
    for (String measure : training.measure()) {
      switch (measure) {
        case "join" -> join(results);
        case "wide" -> wide(results);
        default -> growth(results);
      }
    }
  }

  private void join(Results results) throws IOException, InterruptedException, SQLException {
    for (long rows : settings.rows()) {
      TrainingData data = data(rows, training.labels());
      Map<String, Contender> contenders = contenders(data);
      Map<String, List<Run>> runs = new LinkedHashMap<>();
      Map<String, String> outputs = new LinkedHashMap<>();
      for (Contender contender : contenders.values()) {
        print("warm-up", data, contender, run(data, contender));
        runs.put(contender.name(), new ArrayList<>());
        outputs.put(contender.name(), output(contender).resolve(Contender.FEATURES).toString());
      }
      TrainingCheck.agreedRows(outputs);
      double load = load();
      List<Contender> turns = List.copyOf(contenders.values());
      for (int round = 0; round < settings.runs(); round++) {
        for (int turn = 0; turn < turns.size(); turn++) {
          Contender contender = turns.get((round + turn) % turns.size());
          Run run = run(data, contender);
          print("run " + (round + 1), data, contender, run);
          runs.get(contender.name()).add(run);
        }
      }
      for (Contender contender : turns) {
        Outputs.delete(output(contender));
      }
      for (String our : settings.ours()) {
        for (String peer : settings.peers()) {
          results.add(
              circumstances(
                  new Comparison(NAME, rows, our, peer, runs.get(our), runs.get(peer), target(peer))
                      .line(),
                  data,
                  load));
        }
      }
    }
  }

  private Map<String, Contender> contenders(TrainingData data) throws IOException {
    Set<String> names = new LinkedHashSet<>(settings.peers());
    names.addAll(settings.ours());
    TrainingContenders all = new TrainingContenders(settings, data);
    Map<String, Contender> contenders = new LinkedHashMap<>();
    for (String name : names) {
      contenders.put(name, all.contender(name, "few"));
    }
    return contenders;
  }

  /** The peer's median time divided by ours, at least. */
  private static double target(String peer) {
    return switch (peer) {
      case "spark-sql", "spark-sql:join" -> 5.0;
      case "duckdb", "duckdb:cells" -> 0.5;
      default -> Double.NaN;
    };
  }

  private void wide(Results results) throws IOException, InterruptedException {
    TrainingData data = data(training.wideRows(), training.wideLabels());
    for (String our : settings.ours()) {
      List<Run> runs = runs(data, our, "wide", training.wideHeap());
      Spread seconds = Comparison.wall(runs);
      long peak = Comparison.peakMebibytes(runs);
      results.add(
          circumstances(
              new Results.Line()
                  .text("workload", NAME + "-wide")
                  .whole("rows", data.rows())
                  .text("ours", our)
                  .spread("our_seconds", seconds)
                  .decimal("target_seconds", WIDE_SECONDS)
                  .whole("our_peak_mib", peak)
                  .whole("target_peak_mib", WIDE_PEAK_MIB)
                  .truth("met", seconds.median() <= WIDE_SECONDS && peak <= WIDE_PEAK_MIB)
                  .decimal("our_cpu_seconds", Comparison.cpu(runs)),
              data,
              load()));
    }
  }

  /**
   * What a label costs: the seconds over many labels, without those over a few, which read the same
   * events.
   */
  private void growth(Results results) throws IOException, InterruptedException {
    long rows = settings.rows().get(0);
    List<Long> sizes = training.growth();
    for (String our : settings.ours()) {
      double none = Comparison.wall(runs(data(rows, 1), our, "few", settings.heap())).median();
      Map<Long, Spread> seconds = new LinkedHashMap<>();
      for (long labels : sizes) {
        List<Run> runs = runs(data(rows, labels), our, "few", settings.heap());
        seconds.put(labels, Comparison.wall(runs));
      }
      long few = sizes.get(0);
      long many = sizes.get(sizes.size() - 1);
      double ratio = cost(seconds, few, none) / cost(seconds, many, none);
      Results.Line line =
          new Results.Line()
              .text("workload", NAME + "-growth")
              .whole("rows", rows)
              .text("ours", our + "@" + many + "-labels")
              .text("peer", our + "@" + few + "-labels")
              .spread("our_seconds", seconds.get(many))
              .spread("peer_seconds", seconds.get(few))
              .decimal("seconds_without_labels", none)
              .decimal("ratio", ratio)
              .decimal("target", 1 / GROWTH)
              .truth("met", ratio >= 1 / GROWTH);
      for (long labels : sizes) {
        line.decimal("micros_per_label_of_" + labels, 1e6 * cost(seconds, labels, none));
      }
      results.add(circumstances(line, data(rows, many), load()));
    }
  }

  private static double cost(Map<Long, Spread> seconds, long labels, double none) {
    return Math.max(0, seconds.getOrDefault(labels, Spread.of(0)).median() - none) / labels;
  }

  private List<Run> runs(TrainingData data, String our, String features, String heap)
      throws IOException, InterruptedException {
    Contender contender = new TrainingContenders(settings, data).contender(our, features);
    List<Run> runs = new ArrayList<>();
    for (int round = 0; round <= settings.runs(); round++) {
      Run run = run(data, contender, heap);
      print(round == 0 ? "warm-up" : "run " + round, data, contender, run);
      if (round > 0) {
        runs.add(run);
      }
    }
    Outputs.delete(output(contender));
    return runs;
  }

  private TrainingData data(long rows, long labels) throws IOException, InterruptedException {
    return TrainingData.generated(settings.work().resolve("data"), rows, labels, settings.users());
  }

  private Run run(TrainingData data, Contender contender) throws IOException, InterruptedException {
    return run(data, contender, settings.heap());
  }

  private Run run(TrainingData data, Contender contender, String heap)
      throws IOException, InterruptedException {
    Path directory = Files.createDirectories(settings.work().resolve("contenders"));
    Contender.Job job = new Contender.Job(data.events(), output(contender), directory, data.rows());
    return contender.run(job, heap, settings.timeoutMinutes());
  }

  private Path output(Contender contender) {
    return settings.work().resolve("outputs").resolve(contender.name().replace(':', '-'));
  }

  private Results.Line circumstances(Results.Line line, TrainingData data, double load) {
    return line.whole("labels", data.labelRows())
        .whole("users", data.users())
        .text("heap", settings.heap())
        .whole("processors", Runtime.getRuntime().availableProcessors())
        .decimal("load_before", load);
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static void print(String what, TrainingData data, Contender contender, Run run) {
    System.err.printf(
        Locale.ROOT,
        "%s, %d labels, %d events, %s: %s: %.2f s, %.2f s of CPU, peak %d MiB%n",
        NAME,
        data.labelRows(),
        data.rows(),
        what,
        contender.name(),
        run.wallSeconds(),
        run.cpuSeconds(),
        run.peakBytes() >> 20);
  }
}
