package io.featurebeam.integration;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Change data capture: windows over inserts and deletes equal SQL over the events that are left.
 */
class ChangesIT {

  /**
   * 2,000 events, of which two thirds are deleted, half of them by an update that inserts other
   * values: in no order, deletes also before their inserts.
   */
  private static final String CHANGES =
      """
      WITH events AS (
        SELECT i, 'card-' || a %% 7 AS card,
          TIMESTAMP '2026-02-27 20:00:00' + to_minutes(10 * (b %% 300)) AS moment,
          CASE WHEN a %% 5 = 0 THEN NULL ELSE b %% 1001 - 500 END AS n,
          CASE WHEN b %% 40 = 0 THEN 'NaN'::DOUBLE ELSE c * 1e10 + 0.1 END AS x,
          CASE WHEN c %% 6 = 0 THEN NULL ELSE 'shop-é' || c * b %% 5 END AS shop
        FROM (
          SELECT i, i * 7919 %% 100019 AS a, i * 104729 %% 65521 AS b, i * 15485863 %% 32749 AS c
          FROM range(2000) t(i))),
      updated AS (SELECT * REPLACE (coalesce(n, 0) + 1 AS n, -1.5 AS x) FROM events WHERE i %% 3 = 1)
      SELECT * EXCLUDE (i) FROM (
        SELECT *, CASE WHEN i %% 4 = 0 THEN NULL ELSE 'c' END AS op FROM events
        UNION ALL SELECT *, 'd' FROM events WHERE i %% 3 = 0
        UNION ALL SELECT *, '-U' FROM events WHERE i %% 3 = 1
        UNION ALL SELECT *, 'u' FROM updated)
      ORDER BY hash(card, n, op)
      """;

  /** Each event as often as it was inserted more often than it was deleted. */
  private static final String LEFT =
      """
      WITH changes AS (SELECT *, (op IS NOT NULL AND op IN ('d', '-U')) AS deletes FROM '%s'),
      events AS (
        SELECT card, moment, n, x, shop FROM changes WHERE NOT deletes
        EXCEPT ALL SELECT card, moment, n, x, shop FROM changes WHERE deletes)
      """;

  private static final String FEATURES =
      """
          events: count
          values: { count: n }
          sum: { sum: n }
          sum_x: { sum: x }
          mean: { mean: n }
          sd: { stddev: n }
          median: { median: n }
          least: { quantile: { column: n, q: 0 } }
          shops: { distinct: shop }
          which: { distinct_list: shop }
          high: { count: n, where: "n > 100" }
      """;

  private static final String IN_SQL =
      """
      count(e.card) AS events_1d, count(e.n) AS values_1d, sum(e.n)::BIGINT AS sum_1d,
      CASE WHEN bool_or(isnan(e.x)) THEN 'NaN'::DOUBLE ELSE fsum(e.x) END AS sum_x_1d,
      avg(e.n) AS mean_1d, stddev_samp(e.n) AS sd_1d, quantile_cont(e.n, 0.5) AS median_1d,
      min(e.n)::DOUBLE AS least_1d, count(DISTINCT e.shop) AS shops_1d,
      list_sort(coalesce(list(DISTINCT e.shop) FILTER (e.shop IS NOT NULL), []))::VARCHAR AS which_1d,
      count(e.n) FILTER (e.n > 100) AS high_1d
      """;

  @TempDir Path folder;

  @Test
  @Shows({"aggregate.changes.column", "aggregate.changes.deletes"})
  void windowsSeeWhatIsLeft() throws IOException {
    Path changes = changes();

    Output output = run(changes, "every: 1h");

    Table.assertSame(
        Duck.query(
            (LEFT
                    + ", ends AS (SELECT DISTINCT card, time_bucket(INTERVAL 1 hour, moment,"
                    + " TIMESTAMP '1970-01-01') + INTERVAL 1 hour AS window_end FROM changes)"
                    + " SELECT r.card, r.window_end, "
                    + IN_SQL
                    + " FROM ends r LEFT JOIN events e ON e.card = r.card AND e.moment < r.window_end"
                    + " AND e.moment >= r.window_end - INTERVAL 1 day GROUP BY ALL")
                .formatted(changes)),
        Duck.query(
            "SELECT * REPLACE (which_1d::VARCHAR AS which_1d) FROM " + output.assertClean().sql()));
  }

  @Test
  @Shows({"aggregate.changes.column", "aggregate.changes.deletes", "aggregate.emit.everyEvent"})
  void aDeleteHasNoRowOfItsOwn() throws IOException {
    Path changes = changes();

    Output output = run(changes, "emit: everyEvent");

    Table.assertSame(
        Duck.query(
            (LEFT
                    + ", inserts AS (SELECT row_number() OVER () AS id, * FROM changes WHERE NOT deletes)"
                    + " SELECT any_value(r.card) AS card, any_value(r.moment) AS moment,"
                    + " any_value(r.op) AS op, "
                    + IN_SQL
                    + " FROM inserts r LEFT JOIN events e ON e.card = r.card AND e.moment < r.moment"
                    + " AND e.moment >= r.moment - INTERVAL 1 day GROUP BY r.id")
                .formatted(changes)),
        Duck.query(
            "SELECT * EXCLUDE (n, x, shop) REPLACE (which_1d::VARCHAR AS which_1d) FROM "
                + output.assertClean().sql()));
  }

  private Path changes() throws IOException {
    Path changes = folder.resolve("changes.parquet");
    Duck.copy(CHANGES.formatted(), changes, "parquet");
    return changes;
  }

  private Output run(Path changes, String emit) throws IOException {
    Output output = new Output(folder.resolve("out"));
    Job.of(
            folder,
            """
            name: changes
            source:
              parquet: { path: %s }
            eventTime: moment
            keys: [card]
            aggregate:
              window: 1d
              %s
              changes: { column: op, deletes: [d, "-U"] }
              features:
            %ssink:
              parquet: { path: %s }
            """
                .formatted(changes, emit, FEATURES.indent(2), output.folder()))
        .succeed();
    return output;
  }
}
