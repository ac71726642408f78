package io.featurebeam.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * The {@code card-batch} workload in DuckDB, in memory.
 *
 * <p>Hourly partials first, then {@code RANGE BETWEEN 23 PRECEDING AND CURRENT ROW} frames over
 * them. Distinct merchants over 24 h are counted exactly: a merchant seen in hour h counts from h
 * until it is seen again or 24 hours have passed, so the count is a running sum of +1 and -1 steps.
 */
public final class DuckDbPeer {
  private static final String ACCEPTED =
      """
      CREATE VIEW accepted AS
      SELECT "user", merchant, amount, epoch_us(time) // 3600000000 AS h
      FROM transactions
      WHERE amount BETWEEN 0 AND 100000
        AND country IS NOT NULL
        AND channel IN ('pos', 'web', 'app', 'atm')
        AND regexp_full_match(merchant, 'm[0-9]{5}')
      """;

  private static final String HOURLY =
      """
      CREATE TEMP TABLE hourly AS
      SELECT "user", h, sum(amount) AS s, count(*) AS n, max(amount) AS mx,
        sum(amount * amount) AS q, sum(ln(1 + amount)) AS log_sum,
        max(CASE WHEN amount < 10 THEN 0 WHEN amount < 50 THEN 1 WHEN amount < 100 THEN 2
          WHEN amount < 500 THEN 3 ELSE 4 END) AS bucket,
        max(h % 24)::INTEGER AS hour
      FROM accepted
      GROUP BY ALL
      """;

  private static final String SPANS =
      """
      CREATE TEMP TABLE spans AS
      SELECT "user", h,
        least(h + 24, lead(h, 1, h + 24) OVER (PARTITION BY "user", merchant ORDER BY h)) AS until
      FROM (SELECT DISTINCT "user", merchant, h FROM accepted)
      """;

  private static final String STEPS =
      """
      CREATE TEMP TABLE distinct_merchants AS
      SELECT "user", h, m, sum(d) OVER (PARTITION BY "user" ORDER BY h) AS m24
      FROM (
        SELECT "user", h, sum(m) AS m, sum(m - gone) AS d
        FROM (
          SELECT "user", h, count(*) AS m, 0 AS gone FROM spans GROUP BY ALL
          UNION ALL
          SELECT "user", until, 0, count(*) FROM spans GROUP BY ALL)
        GROUP BY ALL)
      """;

  private static final String OUTPUT =
      """
      COPY (
        SELECT "user", make_timestamp((h + 1) * 3600000000) AT TIME ZONE 'UTC' AS window_end,
          s AS sum_1h, n AS count_1h, s / n AS mean_1h, mx AS max_1h,
          CASE WHEN n > 1 THEN sqrt(greatest(q - s * s / n, 0) / (n - 1)) END AS stddev_1h,
          m::BIGINT AS merchants_1h,
          s24 AS sum_24h, n24::BIGINT AS count_24h, s24 / n24 AS mean_24h, mx24 AS max_24h,
          CASE WHEN n24 > 1
            THEN sqrt(greatest(q24 - s24 * s24 / n24, 0) / (n24 - 1)) END AS stddev_24h,
          m24::BIGINT AS merchants_24h,
          log_sum AS log_amount_sum_1h, bucket AS bucket_max_1h, hour AS hour_max_1h
        FROM (
          SELECT *, sum(s) OVER day AS s24, sum(n) OVER day AS n24, max(mx) OVER day AS mx24,
            sum(q) OVER day AS q24
          FROM hourly
          WINDOW day AS (PARTITION BY "user" ORDER BY h RANGE BETWEEN 23 PRECEDING AND CURRENT ROW))
        JOIN distinct_merchants USING ("user", h))
      TO '%s' (FORMAT parquet, COMPRESSION zstd, PER_THREAD_OUTPUT true)
      """;

  private DuckDbPeer() {}

  public static void main(String[] args) throws SQLException, IOException {
    Arguments arguments = Arguments.parse(args);
    String input = arguments.required("input");
    Path output = Path.of(arguments.required("output"));
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
      statement.execute(
          "CREATE VIEW transactions AS FROM read_parquet('" + literal(input) + "/*.parquet')");
      boolean profile = Boolean.getBoolean("benchmark.profile");
      for (String sql :
          List.of(ACCEPTED, HOURLY, SPANS, STEPS, OUTPUT.formatted(literal(output.toString())))) {
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
      try (ResultSet rejected =
          statement.executeQuery(
              "SELECT (SELECT count(*) FROM transactions) - (SELECT sum(n) FROM hourly)")) {
        rejected.next();
        Progress.done(rejected.getLong(1));
      }
    }
  }

  private static String literal(String text) {
    return text.replace("'", "''");
  }
}
