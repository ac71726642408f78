package io.featurebeam.benchmarks;

import io.featurebeam.benchmarks.Contender.Run;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The medians of {@code packaged} as the tables of {@code docs/benchmarks.md}. */
final class PackagedTable {

  private static final String NONE = "–";

  private final Map<String, Long> jars = new LinkedHashMap<>();
  private final Map<String, List<Run>> startUps = new LinkedHashMap<>();
  private final Map<String, Map<Long, List<Run>>> bySize = new LinkedHashMap<>();

  void jar(String name, long bytes) {
    jars.put(name, bytes);
  }

  void startUp(String name, List<Run> runs) {
    startUps.put(name, runs);
  }

  void size(String name, long rows, List<Run> runs) {
    bySize.computeIfAbsent(name, n -> new TreeMap<>()).put(rows, runs);
  }

  @Override
  public String toString() {
    List<String> megabytes = new ArrayList<>();
    jars.forEach((jar, bytes) -> megabytes.add(decimal("%.0f MB", bytes / 1e6)));
    StringBuilder text = new StringBuilder();
    append(text, new ArrayList<>(jars.keySet()));
    append(text, Collections.nCopies(jars.size(), "---"));
    append(text, megabytes);
    text.append('\n');

    SortedSet<Long> sizes = new TreeSet<>();
    bySize.values().forEach(runs -> sizes.addAll(runs.keySet()));
    List<String> head = new ArrayList<>();
    head.add("contender");
    head.add("first record");
    head.add(rows(Packaged.START_UP_ROWS) + " rows");
    sizes.forEach(size -> head.add(rows(size) + " rows"));
    sizes.forEach(size -> head.add("µs per record at " + rows(size)));
    append(text, head);
    append(text, Collections.nCopies(head.size(), "---"));
    startUps.forEach((name, runs) -> append(text, contender(name, runs, sizes)));
    return text.toString();
  }

  private List<String> contender(String name, List<Run> startUp, SortedSet<Long> sizes) {
    double startUpSeconds = Comparison.wall(startUp).median();
    List<String> cells = new ArrayList<>();
    cells.add(name);
    cells.add(decimal("%.1f", Comparison.firstRecord(startUp).median()));
    cells.add(decimal("%.1f", startUpSeconds));
    Map<Long, List<Run>> runs = bySize.getOrDefault(name, Map.of());
    List<String> costs = new ArrayList<>();
    for (long size : sizes) {
      List<Run> ofSize = runs.get(size);
      if (ofSize == null) {
        cells.add(NONE);
        costs.add(NONE);
      } else {
        Spread wall = Comparison.wall(ofSize);
        cells.add(decimal("%.1f", wall.median()));
        costs.add(decimal("%.2f", wall.minus(startUpSeconds).median() * 1e6 / size));
      }
    }
    cells.addAll(costs);
    return cells;
  }

  /** Millions as such. */
  private static String rows(long count) {
    return count % 1_000_000 == 0
        ? count / 1_000_000 + " M"
        : String.format(Locale.ROOT, "%,d", count);
  }

  private static String decimal(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static void append(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
