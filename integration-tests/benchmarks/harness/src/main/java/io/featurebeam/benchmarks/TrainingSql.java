package io.featurebeam.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The twenty features of {@code training-set} in the SQL that Spark and DuckDB have in common.
 *
 * <p>Both have views {@code events} (card, t, amount, web) and {@code labels} (id, card, t, label),
 * where t are microseconds and web is 1 or 0. A window of w shows a label the events in {@code [t -
 * w, t)}.
 */
public final class TrainingSql {
  private static final long HOUR = 3_600_000_000L;

  /** Windows by their suffix, in microseconds. */
  public static final Map<String, Long> WINDOWS = windows();

  /** Of the longer of them there are means, extremes and deviations besides. */
  public static final List<String> LONG = List.of("7d", "30d");

  /** What a cell of events carries, so that cells can be put together. */
  public static final String CELL =
      "count(amount) AS n, sum(amount) AS s, sum(amount * amount) AS q, min(amount) AS mn,"
          + " max(amount) AS mx, sum(web) AS w";

  private TrainingSql() {}

  private static Map<String, Long> windows() {
    Map<String, Long> windows = new LinkedHashMap<>();
    windows.put("1h", HOUR);
    windows.put("1d", 24 * HOUR);
    windows.put("7d", 7 * 24 * HOUR);
    windows.put("30d", 30 * 24 * HOUR);
    return windows;
  }

  /** Events {@code e} joined to labels {@code l} that see them, each window a filter. */
  public static String overPairs() {
    List<String> columns = new ArrayList<>();
    WINDOWS.forEach(
        (name, micros) -> {
          String seen = " FILTER (WHERE e.t >= l.t - " + micros + ")";
          columns.add("count(e.t)" + seen + " AS count_" + name);
          columns.add("sum(e.amount)" + seen + " AS sum_" + name);
          columns.add("sum(e.web)" + seen + " AS web_count_" + name);
          if (LONG.contains(name)) {
            columns.add("avg(e.amount)" + seen + " AS mean_" + name);
            columns.add("min(e.amount)" + seen + " AS min_" + name);
            columns.add("max(e.amount)" + seen + " AS max_" + name);
            columns.add("stddev_samp(e.amount)" + seen + " AS stddev_" + name);
          }
        });
    return String.join(",\n  ", columns);
  }

  /** In frames {@link #frames} over events and labels in one. */
  public static String overEvents() {
    List<String> columns = new ArrayList<>();
    for (String name : WINDOWS.keySet()) {
      String over = " OVER w" + name;
      columns.add("count(amount)" + over + " AS count_" + name);
      columns.add("sum(amount)" + over + " AS sum_" + name);
      columns.add("sum(web)" + over + " AS web_count_" + name);
      if (LONG.contains(name)) {
        columns.add("avg(amount)" + over + " AS mean_" + name);
        columns.add("min(amount)" + over + " AS min_" + name);
        columns.add("max(amount)" + over + " AS max_" + name);
        columns.add("stddev_samp(amount)" + over + " AS stddev_" + name);
      }
    }
    return String.join(",\n  ", columns);
  }

  /** In the same frames over {@link #CELL cells} and labels in one; {@link #ofParts} finishes. */
  public static String partsOverCells() {
    List<String> columns = new ArrayList<>();
    for (String name : WINDOWS.keySet()) {
      String over = " OVER w" + name;
      columns.add("sum(n)" + over + " AS n" + name);
      columns.add("sum(s)" + over + " AS s" + name);
      columns.add("sum(w)" + over + " AS w" + name);
      if (LONG.contains(name)) {
        columns.add("sum(q)" + over + " AS q" + name);
        columns.add("min(mn)" + over + " AS mn" + name);
        columns.add("max(mx)" + over + " AS mx" + name);
      }
    }
    return String.join(",\n  ", columns);
  }

  /** The features, of counts, sums, sums of squares and extremes of each window. */
  public static String ofParts() {
    List<String> columns = new ArrayList<>();
    for (String w : WINDOWS.keySet()) {
      columns.add("CAST(n%1$s AS BIGINT) AS count_%1$s".formatted(w));
      columns.add("s%1$s AS sum_%1$s".formatted(w));
      columns.add("CAST(w%1$s AS BIGINT) AS web_count_%1$s".formatted(w));
      if (LONG.contains(w)) {
        columns.add("CASE WHEN n%1$s > 0 THEN s%1$s / n%1$s END AS mean_%1$s".formatted(w));
        columns.add("mn%1$s AS min_%1$s".formatted(w));
        columns.add("mx%1$s AS max_%1$s".formatted(w));
        columns.add(
            ("CASE WHEN n%1$s > 1 THEN sqrt(greatest(q%1$s - s%1$s * s%1$s / n%1$s, 0)"
                    + " / (n%1$s - 1)) END AS stddev_%1$s")
                .formatted(w));
      }
    }
    return String.join(",\n  ", columns);
  }

  /** One frame a window: what lies in it, and nothing at the row's own time. */
  public static String frames() {
    List<String> frames = new ArrayList<>();
    WINDOWS.forEach(
        (name, micros) ->
            frames.add(
                "w%s AS (PARTITION BY card ORDER BY t RANGE BETWEEN %d PRECEDING AND 1 PRECEDING)"
                    .formatted(name, micros)));
    return "WINDOW " + String.join(",\n  ", frames);
  }
}
