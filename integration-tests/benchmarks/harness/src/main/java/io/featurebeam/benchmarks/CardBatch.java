package io.featurebeam.benchmarks;

import io.featurebeam.benchmarks.Contender.Run;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The workload {@code card-batch}: every contender reads the same transactions and writes one row
 * per user and active hour.
 *
 * <p>First all work once, which warms the page cache, and all outputs are compared: nothing is
 * timed that computes something else. Then they work in rounds, each once a round, the order
 * turning from round to round, so that a drift of the machine falls on all. A comparison takes the
 * runs of ours and of a peer from the same rounds.
 *
 * <p>With several sizes, each of ours is also compared with itself: the cost of a record in the
 * greatest against that in the least, without what a run over {@link #START_UP_ROWS} records costs.
 */
final class CardBatch {
  /** So few that a run over them is nothing but start-up. */
  static final long START_UP_ROWS = 1_000;

  private static final String NAME = "card-batch";

  private final Settings settings;

  CardBatch(Settings settings) {
    this.settings = settings;
  }

  void run() throws IOException, InterruptedException, SQLException {
    List<Contender> contenders = new CardContenders(settings).all();
    Results results = Results.appendedTo(settings.results());
    Map<Long, Map<String, List<Run>>> runsBySize = new TreeMap<>();
    for (CardData data : CardData.all(settings)) {
      Map<String, List<Run>> runs = measure(data, contenders, true, settings.runs(), results);
      runsBySize.put(data.rows(), runs);
    }
    if (runsBySize.size() > 1) {
      List<Contender> ours =
          contenders.stream().filter(c -> settings.ours().contains(c.name())).toList();
      Map<String, List<Run>> startUps =
          measure(
              CardData.generated(settings, START_UP_ROWS), ours, false, settings.runs(), results);
      compareSizes(runsBySize, startUps, results);
    }
  }

  private Map<String, List<Run>> measure(
      CardData data, List<Contender> contenders, boolean reported, int rounds, Results results)
      throws IOException, InterruptedException, SQLException {
    Map<String, List<Run>> runs = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      print("warm-up", data, contender, run(data, contender));
      runs.put(contender.name(), new ArrayList<>());
    }
    Map<String, String> outputs = new LinkedHashMap<>();
    contenders.forEach(contender -> outputs.put(contender.name(), features(contender)));
    long outputRows = PeerCheck.agreedRows(outputs);
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < contenders.size(); turn++) {
        Contender contender = contenders.get((round + turn) % contenders.size());
        Run run = run(data, contender);
        print("run " + (round + 1), data, contender, run);
        runs.get(contender.name()).add(run);
      }
    }
    for (Contender contender : contenders) {
      Outputs.delete(output(contender));
    }
    if (reported) {
      for (CardTargets.Pair pair : CardTargets.pairs(settings.ours(), settings.peers())) {
        results.add(
            new Comparison(
                    NAME,
                    data.rows(),
                    pair.ours(),
                    pair.peer(),
                    runs.get(pair.ours()),
                    runs.get(pair.peer()),
                    CardTargets.of(pair, data.users()))
                .line()
                .whole("users", data.users())
                .whole("output_rows", outputRows)
                .text("heap", settings.heap())
                .whole("processors", Runtime.getRuntime().availableProcessors())
                .decimal("load_before", load));
      }
    }
    return runs;
  }

  private Run run(CardData data, Contender contender) throws IOException, InterruptedException {
    Path directory = Files.createDirectories(settings.work().resolve("contenders"));
    Contender.Job job =
        new Contender.Job(data.directory(), output(contender), directory, data.rows());
    return contender.run(job, settings.heap(), settings.timeoutMinutes());
  }

  private Path output(Contender contender) {
    return settings.work().resolve("outputs").resolve(contender.name());
  }

  private String features(Contender contender) {
    return output(contender).resolve(Contender.FEATURES).toString();
  }

  private void compareSizes(
      Map<Long, Map<String, List<Run>>> runsBySize,
      Map<String, List<Run>> startUps,
      Results results)
      throws IOException {
    List<Long> sizes = List.copyOf(runsBySize.keySet());
    long few = sizes.get(0);
    long many = sizes.get(sizes.size() - 1);
    for (String ours : settings.ours()) {
      results.add(
          Comparison.ofSizes(
              NAME,
              ours,
              many,
              runsBySize.getOrDefault(many, Map.of()).getOrDefault(ours, List.of()),
              few,
              runsBySize.getOrDefault(few, Map.of()).getOrDefault(ours, List.of()),
              Comparison.wall(startUps.getOrDefault(ours, List.of())).median()));
    }
  }

  private static void print(String what, CardData data, Contender contender, Run run) {
    System.err.printf(
        Locale.ROOT,
        "%s, %d rows, %s: %s: %.2f s, %.2f s of them steady, %.2f s of CPU, peak %d MiB%n",
        NAME,
        data.rows(),
        what,
        contender.name(),
        run.wallSeconds(),
        run.steadySeconds(),
        run.cpuSeconds(),
        run.peakBytes() >> 20);
  }
}
