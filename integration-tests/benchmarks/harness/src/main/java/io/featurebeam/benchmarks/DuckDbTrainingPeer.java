package io.featurebeam.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The {@code training-set} workload in DuckDB, in memory, with two threads. {@code --plan} is how:
 *
 * <ul>
 *   <li>{@code join}: labels and the events of their 30 days as pairs, grouped by label, each
 *       window a filter.
 *   <li>{@code union}: events and labels as one table, windows as RANGE frames over it.
 *   <li>{@code cells}: each card's time is cut where a window of a label begins or ends, events are
 *       put together between the cuts, to which an ASOF join brings them; RANGE frames over these
 *       cells.
 *   <li>{@code prefix}: running sums of the events, of which an ASOF join finds those at both ends
 *       of each window, their difference being what lies between; in whole cents, which lose no
 *       digits. Extremes, which have no difference, by cells.
 * </ul>
 */
public final class DuckDbTrainingPeer {
  private static final List<String> PLANS = List.of("join", "union", "cells", "prefix");

  private static final String EVENTS =
      """
      CREATE VIEW events AS
      SELECT "user" AS card, epoch_us(time) AS t, amount, (channel = 'web')::INTEGER AS web
      FROM read_parquet('%s/*.parquet')
      """;

  private static final String LABELS =
      """
      CREATE VIEW labels AS
      SELECT id, "user" AS card, epoch_us(time) AS t, label
      FROM read_parquet('%s/*.parquet')
      """;

  private static final String JOIN =
      """
      SELECT l.id, l.card, l.t, l.label,
        %s
      FROM labels l LEFT JOIN events e
        ON e.card = l.card AND e.t < l.t AND e.t >= l.t - 2592000000000
      GROUP BY ALL
      """;

  private static final String UNION =
      """
      SELECT * EXCLUDE (amount, web) FROM (
        SELECT *,
        %s
        FROM (
          SELECT NULL AS id, card, t, NULL AS label, amount, web FROM events
          UNION ALL SELECT id, card, t, label, NULL, NULL FROM labels)
        %s)
      WHERE id IS NOT NULL
      """;

  /** The cuts, of all windows or of the long ones. */
  private static final String CUTS =
      """
      CREATE TEMP TABLE cuts AS
      SELECT DISTINCT card, t - width AS t
      FROM labels, (VALUES (0), %s) AS widths(width)
      """;

  private static final String CELLS =
      """
      CREATE TEMP TABLE cells AS
      SELECT c.card, c.t, %s
      FROM events e ASOF JOIN cuts c ON e.card = c.card AND e.t >= c.t
      GROUP BY c.card, c.t
      """;

  private static final String OVER_CELLS =
      """
      SELECT id, card, t, label,
        %s
      FROM (
        SELECT *,
        %s
        FROM (
          SELECT NULL AS id, card, t, NULL AS label, n, s, q, mn, mx, w FROM cells
          UNION ALL
          SELECT id, card, t, label, NULL, NULL, NULL, NULL, NULL, NULL FROM labels)
        %s)
      WHERE id IS NOT NULL
      """;

  private static final String RUNNING =
      """
      CREATE TEMP TABLE running AS
      SELECT card, t, count(*) OVER c AS n, sum(round(amount * 100)) OVER c AS s,
        sum(round(amount * 100) * round(amount * 100)) OVER c AS q, sum(web) OVER c AS w
      FROM events
      WINDOW c AS (PARTITION BY card ORDER BY t)
      """;

  private static final String ENDS =
      """
      CREATE TEMP TABLE ends AS
      SELECT a.id, a.width, coalesce(r.n, 0) AS n, coalesce(r.s, 0) AS s, coalesce(r.q, 0) AS q,
        coalesce(r.w, 0) AS w
      FROM (
        SELECT id, card, width, t - width AS t
        FROM labels, (VALUES (0), %s) AS widths(width)) a
      ASOF LEFT JOIN running r ON a.card = r.card AND a.t > r.t
      """;

  private static final String EXTREMES =
      """
      CREATE TEMP TABLE extremes AS
      SELECT id, mn7d, mx7d, mn30d, mx30d FROM (
        SELECT id, min(mn) OVER w7d AS mn7d, max(mx) OVER w7d AS mx7d,
          min(mn) OVER w30d AS mn30d, max(mx) OVER w30d AS mx30d
        FROM (
          SELECT NULL AS id, card, t, mn, mx FROM cells
          UNION ALL SELECT id, card, t, NULL, NULL FROM labels)
        %s)
      WHERE id IS NOT NULL
      """;

  private static final String DIFFERENCES =
      """
      SELECT id, card, t, label,
        %s
      FROM labels JOIN (SELECT id, %s FROM ends GROUP BY id) USING (id) JOIN extremes USING (id)
      """;

  private DuckDbTrainingPeer() {}

  public static void main(String[] args) throws SQLException, IOException {
    Arguments arguments = Arguments.parse(args);
    String events = arguments.required("events");
    String labels = arguments.required("labels");
    Path output = Path.of(arguments.required("output"));
    String plan = arguments.optional("plan", "cells");
    long threads = arguments.optional("threads", 2L);
    String memory = arguments.optional("memory", "8GB");
    arguments.rejectUnread();

    Outputs.delete(output);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = " + threads);
      statement.execute("SET memory_limit = '" + memory + "'");
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("SET preserve_insertion_order = false");
      Progress.started();
      boolean profile = Boolean.getBoolean("benchmark.profile");
      for (String sql : statements(plan, literal(events), literal(labels), literal("" + output))) {
        long before = System.nanoTime();
        statement.execute(sql);
        if (profile) {
          System.out.printf(
              Locale.ROOT,
              "%.2f s: %s...%n",
              (System.nanoTime() - before) / 1e9,
              sql.lines().findFirst().orElse(""));
        }
      }
      Progress.done(-1);
    }
  }

  private static List<String> statements(String plan, String events, String labels, String output) {
    List<String> all = new ArrayList<>();
    all.add(EVENTS.formatted(events));
    all.add(LABELS.formatted(labels));
    String frames = TrainingSql.frames();
    String result =
        switch (plan) {
          case "join" -> JOIN.formatted(TrainingSql.overPairs());
          case "union" -> UNION.formatted(TrainingSql.overEvents(), frames);
          case "cells" -> {
            all.add(CUTS.formatted(widths(List.copyOf(TrainingSql.WINDOWS.keySet()))));
            all.add(CELLS.formatted(TrainingSql.CELL));
            yield OVER_CELLS.formatted(TrainingSql.ofParts(), TrainingSql.partsOverCells(), frames);
          }
          case "prefix" -> {
            all.add(RUNNING);
            all.add(ENDS.formatted(widths(List.copyOf(TrainingSql.WINDOWS.keySet()))));
            all.add("DROP TABLE running");
            all.add(CUTS.formatted(widths(TrainingSql.LONG)));
            all.add(CELLS.formatted("min(amount) AS mn, max(amount) AS mx"));
            all.add(EXTREMES.formatted(frames));
            yield DIFFERENCES.formatted(TrainingSql.ofParts(), differences());
          }
          default ->
              throw new IllegalArgumentException(
                  "Unknown plan: " + plan + " (must be one of " + PLANS + ")");
        };
    all.add(
        "COPY ("
            + result
            + ") TO '"
            + output
            + "' (FORMAT parquet, COMPRESSION zstd, PER_THREAD_OUTPUT true)");
    return all;
  }

  private static String widths(List<String> windows) {
    return String.join(
        ", ", windows.stream().map(w -> "(" + TrainingSql.WINDOWS.get(w) + ")").toList());
  }

  /** What lies between the ends of each window; no sum where nothing does. */
  private static String differences() {
    List<String> columns = new ArrayList<>();
    TrainingSql.WINDOWS.forEach(
        (name, micros) -> {
          columns.add(difference("n", micros) + " AS n" + name);
          columns.add(difference("w", micros) + " AS w" + name);
          columns.add(
              "CASE WHEN n%1$s > 0 THEN %2$s / 100 END AS s%1$s"
                  .formatted(name, difference("s", micros)));
          columns.add(difference("q", micros) + " / 10000 AS q" + name);
        });
    return String.join(",\n  ", columns);
  }

  private static String difference(String part, long micros) {
    return "(max(%1$s) FILTER (width = 0) - max(%1$s) FILTER (width = %2$d))"
        .formatted(part, micros);
  }

  private static String literal(String text) {
    return text.replace("'", "''");
  }
}
