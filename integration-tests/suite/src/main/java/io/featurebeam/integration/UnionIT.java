package io.featurebeam.integration;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several inputs as one: windows see the events of all, as over a {@code UNION ALL} in SQL. */
class UnionIT {

  private static final String ORDERS =
      """
      SELECT 'u' || (i % 23) AS user, TIMESTAMP '1969-12-30' + to_seconds(i * 173) AS at,
        ((i * 37) % 400 / 8.0)::DOUBLE AS amount
      FROM range(3000) t(i)
      """;

  /** The same users and some others; every eleventh at the very time of an order. */
  private static final String RETURNS =
      """
      SELECT 'u' || (i % 29) AS account,
        TIMESTAMP '1969-12-30' + to_seconds(i * 173 * 3 + CASE WHEN i % 11 = 0 THEN 0 ELSE 61 END)
          AS sent,
        (-(i % 100) / 8.0)::DOUBLE AS amount, CASE WHEN i % 7 = 0 THEN NULL ELSE 'r' || (i % 3) END
          AS reason
      FROM range(1000) t(i)
      """;

  private static final String ALL =
      """
      SELECT *, NULL AS reason, 'orders' AS input FROM (%s)
      UNION ALL SELECT *, 'returns' AS input FROM (%s)
      """
          .formatted(ORDERS, RETURNS);

  @TempDir Path folder;

  private Job job(String aggregate) throws IOException {
    Path orders = folder.resolve("orders.parquet");
    Path returns = folder.resolve("returns.csv");
    Duck.copy(ORDERS, orders, "parquet");
    Duck.copy(
        "SELECT * REPLACE (strftime(sent, '%Y-%m-%dT%H:%M:%SZ') AS sent) FROM (" + RETURNS + ")",
        returns,
        "csv");
    return Job.of(
        folder,
        """
        name: net
        source:
          union:
            orders: { parquet: { path: %s } }
            returns:
              csv:
                path: %s
                columns: { account: string, sent: timestamp, amount: float64, reason: string }
              columns: { account: user, sent: at }
        eventTime: at
        keys: [user]
        %s
        sink:
          parquet: { path: %s }
        """
            .formatted(orders, returns, aggregate, folder.resolve("out")));
  }

  private void assertRowsEqual(String sql) throws IOException {
    Table.assertSame(
        Duck.query(sql.formatted(ALL)), new Output(folder.resolve("out")).assertClean().rows());
  }

  @Test
  @Shows({"source.union", "source.parquet", "source.csv", "aggregate.rows"})
  void rowsOfOneInputSeeTheEventsOfBoth() throws IOException {
    job("""
            aggregate:
              window: [1h, 1d]
              rows: "input == 'orders'"
              features:
                events: count
                net: { sum: amount }
                returned: { count: reason, where: "input == 'returns'" }
            """)
        .succeed()
        .assertCounts(4000, 4000, 0, 0, 0);

    assertRowsEqual(
        """
        WITH events AS (%s)
        SELECT e.*,
          count(o.at) FILTER (o.at >= e.at - INTERVAL 1 hour) AS events_1h,
          count(o.at) AS events_1d,
          sum(o.amount) FILTER (o.at >= e.at - INTERVAL 1 hour) AS net_1h,
          sum(o.amount) AS net_1d,
          count(o.reason) FILTER (o.at >= e.at - INTERVAL 1 hour) AS returned_1h,
          count(o.reason) AS returned_1d
        FROM events e LEFT JOIN events o
          ON o.user = e.user AND o.at >= e.at - INTERVAL 1 day AND o.at < e.at
        WHERE e.input = 'orders' GROUP BY ALL
        """);
  }

  @Test
  @Shows({"source.union", "validate.onFail.reject", "features", "aggregate.emit.windowClose"})
  void windowsOfAGridHoldTheEventsOfBoth() throws IOException {
    job("""
            validate:
              - { rule: expression, cel: "input == 'orders' || amount < 0.0" }
            features:
              hour: { date_parts: at, parts: [hour] }
            aggregate:
              window: 1h
              emit: windowClose
              features:
                events: count
                net: { sum: amount }
                hour: { max: hour }
                reasons: { distinct: reason }
            """)
        .succeed()
        .assertCounts(4000, 3990, 10, 0, 0);

    assertRowsEqual(
        """
        SELECT e.user, time_bucket(INTERVAL 1 hour, e.at, TIMESTAMP '1970-01-01') + INTERVAL 1 hour
            AS window_end,
          count(*) AS events_1h, sum(amount)::DOUBLE AS net_1h, max(hour(e.at))::BIGINT AS hour_1h,
          count(DISTINCT reason) AS reasons_1h
        FROM (%s) e WHERE input = 'orders' OR amount < 0 GROUP BY ALL
        """);
  }
}
