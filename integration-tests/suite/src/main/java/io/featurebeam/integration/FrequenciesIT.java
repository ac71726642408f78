package io.featurebeam.integration;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Aggregates of how often values occur, and aggregates per category, equal SQL. */
class FrequenciesIT {

  @TempDir Path folder;

  @Test
  void slidingWindowsEqualSql() throws IOException {
    Path events = folder.resolve("events.parquet");
    Duck.copy(
        """
        SELECT 'card-' || a % 7 AS card,
          TIMESTAMP '2026-02-27 20:00:00' + to_minutes(10 * (b % 300)) AS moment,
          CASE WHEN a % 5 = 0 THEN NULL ELSE b % 1001 - 500 END AS n,
          CASE WHEN b % 6 = 0 THEN NULL ELSE 'é"' || c * b % 11 END AS shop,
          CASE WHEN c % 4 = 0 THEN NULL ELSE c % 4 = 1 END AS online
        FROM (
          SELECT i * 7919 % 100019 AS a, i * 104729 % 65521 AS b, i * 15485863 % 32749 AS c
          FROM range(3000) t(i))
        """,
        events, "parquet");
    Output output = new Output(folder.resolve("out"));

    Job.of(
            folder,
            """
            name: frequencies
            source:
              parquet: { path: %s }
            eventTime: moment
            keys: [card]
            aggregate:
              window: [6h, 1d]
              emit: { every: 1h }
              features:
                shops: { distinct: shop }
                few: { distinct: shop, maxDistinct: 3 }
                which: { distinct_list: shop }
                most: { most_frequent: shop }
                top: { frequent_items: shop, topK: 3 }
                times: { frequent_items: shop, topK: 3, counts: true }
                bits: { entropy: shop }
                bins: { histogram: n, boundaries: [-100, 0, 250] }
                range: { quantiles: n, q: [0, 1] }
                spent: { sum: n, per: shop }
                many: { count: , per: { column: shop, maxCategories: 5 } }
                last: { count: , per: { column: shop, top: 2 } }
                best: { sum: n, per: { column: shop, top: 1, by: value } }
                by: { max: n, where: "n < 300", per: { column: online, values: [true, false] } }
            sink:
              parquet: { path: %s }
            report: { path: %s }
            """
                .formatted(events, output.folder(), folder.resolve("report.html")))
        .succeed();

    Table.assertSame(
        Duck.query(
            """
            WITH events AS (FROM '%s'),
            ends AS (
              SELECT DISTINCT card,
                time_bucket(INTERVAL 1 hour, moment, TIMESTAMP '1970-01-01') + INTERVAL 1 hour AS t
              FROM events),
            %s,
            %s
            SELECT * FROM of_6h JOIN of_1d USING (card, window_end)
            """
                .formatted(events, window("6h", "6 hour"), window("1d", "1 day"))),
        Duck.query("SELECT %s FROM %s".formatted(shown(), output.assertClean().sql())));
  }

  private static String shown() {
    return "card, window_end, " + shown("6h") + ", " + shown("1d");
  }

  /** Lists as text. */
  private static String shown(String window) {
    return """
        shops_@, few_@, which_@::VARCHAR AS which_@, most_@, top_@::VARCHAR AS top_@,
        times_@::VARCHAR AS times_@, bits_@, bins_@::VARCHAR AS bins_@,
        range_@::VARCHAR AS range_@, spent_@, many_@, last_@, best_@, by_true_@, by_false_@"""
        .replace("@", window);
  }

  private static String window(String name, String length) {
    return """
        seen_@ AS (
          SELECT r.card, r.t, e.* EXCLUDE (card)
          FROM ends r JOIN events e
            ON e.card = r.card AND e.moment < r.t AND e.moment >= r.t - INTERVAL #),
        counts_@ AS (
          SELECT card, t, shop, count(*) AS times, sum(n) AS spent
          FROM seen_@ WHERE shop IS NOT NULL GROUP BY card, t, shop),
        shops_@ AS (
          SELECT card, t, count(*) AS shops, list(shop ORDER BY shop) AS which,
            list(shop ORDER BY times DESC, shop) AS top,
            list(times ORDER BY times DESC, shop) AS times,
            '{' || string_agg('"' || replace(shop, '"', '\\"') || '":' || coalesce(spent::VARCHAR, 'null'), ','
              ORDER BY shop) || '}' AS spent,
            '{' || string_agg('"' || replace(shop, '"', '\\"') || '":' || times, ','
              ORDER BY shop) || '}' AS many,
            '{' || array_to_string(list('"' || replace(shop, '"', '\\"') || '":' || times
              ORDER BY shop DESC)[1:2], ',') || '}' AS last,
            '{' || list('"' || replace(shop, '"', '\\"') || '":' || coalesce(spent::VARCHAR, 'null')
              ORDER BY spent DESC NULLS LAST, shop)[1] || '}' AS best
          FROM counts_@ GROUP BY card, t),
        others_@ AS (
          SELECT card, t, CASE WHEN count(shop) > 0 THEN entropy(shop) END AS bits,
            [count(*) FILTER (n < -100), count(*) FILTER (n >= -100 AND n < 0),
              count(*) FILTER (n >= 0 AND n < 250), count(*) FILTER (n >= 250)] AS bins,
            CASE WHEN count(n) > 0 THEN [min(n)::DOUBLE, max(n)::DOUBLE] END AS range,
            max(n) FILTER (online AND n < 300) AS by_true,
            max(n) FILTER (NOT online AND n < 300) AS by_false
          FROM seen_@ GROUP BY card, t),
        of_@ AS (
          SELECT card, t AS window_end, coalesce(shops, 0) AS shops_@,
            least(coalesce(shops, 0), 3) AS few_@,
            coalesce(which, [])::VARCHAR AS which_@, top[1] AS most_@,
            coalesce(top[1:3], [])::VARCHAR AS top_@,
            coalesce(times[1:3], [])::VARCHAR AS times_@,
            bits AS bits_@, bins::VARCHAR AS bins_@, range::VARCHAR AS range_@,
            coalesce(spent, '{}') AS spent_@,
            CASE WHEN coalesce(shops, 0) <= 5 THEN coalesce(many, '{}') END AS many_@,
            coalesce(last, '{}') AS last_@, coalesce(best, '{}') AS best_@,
            by_true AS by_true_@, by_false AS by_false_@
          FROM others_@ LEFT JOIN shops_@ USING (card, t))"""
        .replace("@", name)
        .replace("#", length);
  }
}
