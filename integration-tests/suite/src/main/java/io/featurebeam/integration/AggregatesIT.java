package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every aggregate over sliding and tumbling windows, at every emission: as SQL says, and the same
 * to the last bit on every runner.
 */
@Shows({"source.parquet", "sink.parquet", "keys"})
class AggregatesIT {

  /**
   * 3,000 payments of 9 cards, one of which has a third of them, in 100 hours: on every tenth
   * minute, so that most tie and many lie on an edge. Made by whole numbers alone, so that any
   * version of DuckDB makes the same.
   */
  private static final String PAYMENTS =
      """
      SELECT i AS seq,
        'card-' || CASE WHEN i %% 3 = 0 THEN 0 ELSE a %% 9 END AS card,
        TIMESTAMP '2026-02-27 20:00:00' + to_minutes(10 * (b %% 600)) AS moment,
        CASE WHEN c %% 7 = 0 THEN NULL ELSE (b * c %% 100003) / 100 END AS x,
        CASE WHEN a %% 5 = 0 THEN NULL ELSE b * a %% 2001 - 1000 END AS n,
        CASE WHEN c %% 97 = 0 THEN 'NaN'::DOUBLE ELSE (a * b %% 1009) / 8 END AS w,
        CASE WHEN b %% 6 = 0 THEN NULL ELSE 'shop-é' || c * b %% 83 END AS shop,
        CASE WHEN a %% 4 = 0 THEN NULL ELSE a %% 4 = 1 END AS online,
        DATE '2020-01-01' + (a * c %% 900)::INTEGER AS issued
      FROM (
        SELECT i, i * 7919 %% 100019 AS a, i * 104729 %% 65521 AS b, i * 15485863 %% 32749 AS c
        FROM range(3000) t(i))
      WHERE i %% 3 = %d
      ORDER BY a
      """;

  /** An aggregate in YAML and in SQL, where @ stands for what says whether an event is seen. */
  private record Feature(String name, String yaml, String sql) {
    static Feature of(String name, String yaml, String sql) {
      return new Feature(name, yaml, sql);
    }

    /** NaN wins in ours; DuckDB takes it for the largest number, or fails. */
    static Feature nanWins(String name, String yaml, String sql, int leastValues) {
      return of(
          name,
          yaml,
          "CASE WHEN count(e.w) FILTER (@) >= %d AND bool_or(isnan(e.w)) FILTER (@)"
                  .formatted(leastValues)
              + " THEN 'NaN'::DOUBLE ELSE "
              + sql.replace("@", "@ AND NOT isnan(e.w)")
              + " END");
    }
  }

  private static final List<Feature> FEATURES =
      List.of(
          Feature.of("events", "count", "count(e.seq) FILTER (@)"),
          Feature.of("values", "{ count: x }", "count(e.x) FILTER (@)"),
          Feature.of("sum", "{ sum: x }", "sum(e.x) FILTER (@)"),
          Feature.of("sum_n", "{ sum: n }", "(sum(e.n) FILTER (@))::BIGINT"),
          Feature.of("mean", "{ mean: x }", "avg(e.x) FILTER (@)"),
          Feature.of("mean_n", "{ mean: n }", "avg(e.n) FILTER (@)"),
          Feature.of(
              "mean_online", "{ mean: x, where: online }", "avg(e.x) FILTER (@ AND e.online)"),
          Feature.of("min", "{ min: x }", "min(e.x) FILTER (@)"),
          Feature.of("min_n", "{ min: n }", "min(e.n) FILTER (@)"),
          Feature.of("max", "{ max: x }", "max(e.x) FILTER (@)"),
          Feature.of("max_issued", "{ max: issued }", "max(e.issued) FILTER (@)"),
          Feature.of("latest", "{ max: moment }", "max(e.moment) FILTER (@)"),
          Feature.of("var", "{ variance: x }", "var_samp(e.x) FILTER (@)"),
          Feature.of(
              "var_pop",
              "{ variance: { column: x, population: true } }",
              "var_pop(e.x) FILTER (@)"),
          Feature.of("sd", "{ stddev: x }", "stddev_samp(e.x) FILTER (@)"),
          Feature.of("sd_n", "{ stddev: n }", "stddev_samp(e.n) FILTER (@)"),
          Feature.of(
              "sd_pop",
              "{ stddev: { column: n, population: true } }",
              "stddev_pop(e.n) FILTER (@)"),
          Feature.of(
              "median",
              "{ quantile: { column: x, q: 0.5 } }",
              "quantile_cont(e.x, 0.5) FILTER (@)"),
          Feature.of(
              "p90_n", "{ quantile: { column: n, q: 0.9 } }", "quantile_cont(e.n, 0.9) FILTER (@)"),
          last("last", "x"),
          last("last_n", "n"),
          last("last_shop", "shop"),
          last("last_online", "online"),
          last("last_w", "w"),
          Feature.of(
              "shops", "{ approximate_distinct: shop }", "count(DISTINCT e.shop) FILTER (@)"),
          Feature.of("amounts", "{ approximate_distinct: x }", "count(DISTINCT e.x) FILTER (@)"),
          Feature.nanWins("sum_w", "{ sum: w }", "sum(e.w) FILTER (@)", 1),
          Feature.nanWins("min_w", "{ min: w }", "min(e.w) FILTER (@)", 1),
          Feature.nanWins("max_w", "{ max: w }", "max(e.w) FILTER (@)", 1),
          Feature.nanWins("sd_w", "{ stddev: w }", "stddev_samp(e.w) FILTER (@)", 2),
          Feature.of(
              "median_w",
              "{ quantile: { column: w, q: 0.5 } }",
              "quantile_cont(e.w, 0.5) FILTER (@ AND NOT isnan(e.w))"));

  private static Feature last(String name, String column) {
    return Feature.of(
        name,
        "{ last: " + column + " }",
        "last(e.%1$s ORDER BY e.moment, e.seq) FILTER (@ AND e.%1$s IS NOT NULL)"
            .formatted(column));
  }

  /** The length of a window in YAML and in SQL. */
  private record Span(String yaml, String sql) {}

  private static final Span HOUR = new Span("1h", "INTERVAL 1 hour");
  private static final Span SIX_HOURS = new Span("6h", "INTERVAL 6 hour");
  private static final Span DAY = new Span("1d", "INTERVAL 1 day");
  private static final Span LIFETIME = new Span("lifetime", "INTERVAL 1000 year");

  @TempDir Path folder;

  @BeforeEach
  void writePayments() {
    for (int part = 0; part < 3; part++) {
      Duck.copy(
          PAYMENTS.formatted(part), folder.resolve("payments-" + part + ".parquet"), "parquet");
    }
  }

  private String input() {
    return folder.resolve("payments-*.parquet").toString();
  }

  private Table run(String name, String emit, List<Span> windows, String bounds)
      throws IOException {
    String features =
        FEATURES.stream()
            .map(f -> "      " + f.name() + ": " + f.yaml())
            .collect(Collectors.joining("\n"));
    Output output = new Output(folder.resolve(name));
    Job.Result result =
        Job.of(
                folder,
                """
                name: aggregates
                source:
                  parquet: { path: "%s" }
                eventTime: moment
                sequence: seq
                keys: [card]
                aggregate:
                  - window: %s
                    emit: %s
                    %s
                    features:
                %s
                sink:
                  parquet: { path: %s }
                """
                    .formatted(
                        input(),
                        windows.stream().map(Span::yaml).toList(),
                        emit,
                        bounds,
                        features.indent(2).stripTrailing(),
                        output.folder()))
            .succeed();
    result.assertCounts(3_000, 3_000, 0, 0, 0);
    return output.assertClean().rows();
  }

  /** Over a relation of rows r with a time t, joined with the events e that none sees too late. */
  private static String columns(List<Span> windows, String leftEdge) {
    return FEATURES.stream()
        .flatMap(
            f ->
                windows.stream()
                    .map(
                        w ->
                            f.sql().replace("@", "e.moment " + leftEdge + " r.t - " + w.sql())
                                + " AS "
                                + f.name()
                                + "_"
                                + w.yaml()))
        .collect(Collectors.joining(",\n  "));
  }

  private Table hopsInSql(Span hop, List<Span> windows, String leftEdge, String rightEdge) {
    // An event exactly at the end of an hour belongs to it where windows are closed on the right.
    String beside = rightEdge.equals("<=") ? " - INTERVAL 1 microsecond" : "";
    return Duck.query(
        """
        WITH events AS (FROM '%1$s'),
        ends AS (
          SELECT DISTINCT card, time_bucket(%2$s, moment%3$s, TIMESTAMP '1970-01-01') + %2$s AS t
          FROM events)
        SELECT r.card, r.t AS window_end,
          %4$s
        FROM ends r JOIN events e ON e.card = r.card AND e.moment %5$s r.t
        GROUP BY r.card, r.t
        """
            .formatted(input(), hop.sql(), beside, columns(windows, leftEdge), rightEdge));
  }

  private Table everyEventInSql(List<Span> windows, String rightEdge, String and) {
    return Duck.query(
        """
        WITH events AS (FROM '%1$s'),
        asking AS (SELECT *, moment AS t FROM events),
        seen AS (
          SELECT r.seq,
            %2$s
          FROM asking r LEFT JOIN events e
            ON e.card = r.card AND e.moment %3$s r.t %4$s
          GROUP BY r.seq)
        SELECT events.*, seen.* EXCLUDE (seq) FROM events JOIN seen ON seen.seq = events.seq
        """
            .formatted(input(), columns(windows, ">="), rightEdge, and));
  }

  /** Pinned, so that runners equal each other by more than the tolerance to SQL. */
  private static void assertBits(String digest, Table rows) {
    assertEquals(digest, rows.digest(), "digest of the rows, to the last bit");
  }

  @Test
  @Shows({"aggregate.emit.every", "aggregate.profile.default", "sequence"})
  void slidingWindowsEqualSql() throws IOException {
    List<Span> windows = List.of(HOUR, SIX_HOURS, DAY, LIFETIME);

    Table rows = run("out", "{ every: 1h }", windows, "profile: default");

    Table.assertSame(hopsInSql(HOUR, windows, ">=", "<"), rows);
    assertBits("43afac2f", rows);
  }

  @Test
  @Shows({"aggregate.emit.every", "aggregate.profile.feathr", "sequence"})
  void slidingWindowsClosedOnTheRightEqualSql() throws IOException {
    List<Span> windows = List.of(HOUR, DAY);

    Table rows = run("out", "{ every: 6h }", windows, "profile: feathr");

    Table.assertSame(hopsInSql(SIX_HOURS, windows, ">", "<="), rows);
    assertBits("a4f8fc45", rows);
  }

  @ParameterizedTest
  @CsvSource({"1h, f16a1fbe", "6h, 22a5f4d", "1d, 130212bb"})
  @Shows({"aggregate.emit.windowClose", "aggregate.profile.default", "sequence"})
  void tumblingWindowsEqualSql(String window, String digest) throws IOException {
    Span span =
        List.of(HOUR, SIX_HOURS, DAY).stream()
            .filter(s -> s.yaml().equals(window))
            .findFirst()
            .orElseThrow();

    Table rows = run("out", "windowClose", List.of(span), "profile: default");

    Table.assertSame(hopsInSql(span, List.of(span), ">=", "<"), rows);
    assertBits(digest, rows);
  }

  private Table sessionsInSql(String query, String seen) {
    String features =
        FEATURES.stream()
            .map(f -> f.sql().replace("@", seen) + " AS " + f.name() + "_session_20m")
            .collect(Collectors.joining(",\n  "));
    return Duck.query(
        """
        WITH events AS (FROM '%1$s'),
        parted AS (
          SELECT *, moment - lag(moment) OVER (PARTITION BY card ORDER BY moment, seq)
            < INTERVAL 20 minute AS goes_on
          FROM events),
        numbered AS (
          SELECT *, count(*) FILTER (goes_on IS NOT TRUE) OVER (
            PARTITION BY card ORDER BY moment, seq ROWS UNBOUNDED PRECEDING) AS session
          FROM parted)
        %2$s
        """
            .formatted(input(), query.formatted(features)));
  }

  /** Many silences are of exactly the gap, which parts sessions. */
  @Test
  @Shows({"aggregate.window.session", "aggregate.emit.windowClose", "sequence"})
  void sessionsEqualSql() throws IOException {
    Table rows =
        run("out", "windowClose", List.of(new Span("{ session: 20m }", "")), "profile: default");

    Table.assertSame(
        sessionsInSql(
            """
            SELECT e.card, min(e.moment) AS window_start,
              max(e.moment) + INTERVAL 20 minute AS window_end,
              %s
            FROM numbered e GROUP BY e.card, e.session
            """,
            "true"),
        rows);
    assertBits("0", rows);
  }

  @Test
  @Shows({"aggregate.window.session", "aggregate.emit.everyEvent", "sequence"})
  void sessionsSoFarAtEveryEventEqualSql() throws IOException {
    Table rows =
        run("out", "everyEvent", List.of(new Span("{ session: 20m }", "")), "profile: default");

    Table.assertSame(
        sessionsInSql(
            """
            , seen AS (
              SELECT r.seq,
                %s
              FROM numbered r LEFT JOIN numbered e ON e.card = r.card AND e.session = r.session
              GROUP BY r.seq)
            SELECT events.*, seen.* EXCLUDE (seq) FROM events JOIN seen ON seen.seq = events.seq
            """,
            "e.moment < r.moment"),
        rows);
    assertBits("0", rows);
  }

  @Test
  @Shows({"aggregate.emit.everyEvent", "aggregate.profile.default", "sequence"})
  void windowsAtEveryEventEqualSql() throws IOException {
    List<Span> windows = List.of(HOUR, DAY, LIFETIME);

    Table rows = run("out", "everyEvent", windows, "profile: default");

    Table.assertSame(everyEventInSql(windows, "<", ""), rows);
    assertBits("cab77581", rows);
  }

  @Test
  @Shows({
    "aggregate.emit.everyEvent",
    "aggregate.bounds.left",
    "aggregate.bounds.right",
    "aggregate.bounds.excludeCurrent",
    "sequence"
  })
  void windowsAtEveryEventWithoutItselfEqualSql() throws IOException {
    List<Span> windows = List.of(SIX_HOURS, LIFETIME);

    Table rows =
        run(
            "out",
            "everyEvent",
            windows,
            "bounds: { left: closed, right: closed, excludeCurrent: true }");

    Table.assertSame(everyEventInSql(windows, "<=", "AND e.seq <> r.seq"), rows);
    assertBits("88df54f7", rows);
  }

  /** 60,000 events of one key in 20 hours: 3,000 in an hour, beyond what is kept as it is. */
  @Test
  @Shows("aggregate.every")
  void sketchesAreWithinTheirBounds() throws IOException {
    Path events = folder.resolve("many.parquet");
    Duck.copy(
        """
        SELECT 'hot' AS card, TIMESTAMP '2026-03-01 00:00:00' + to_milliseconds(i * 1200) AS moment,
          (i * 7919 % 60000)::DOUBLE AS x, 'v' || i * 104729 % 60000 AS v
        FROM range(60000) t(i)
        """,
        events, "parquet");
    Output output = new Output(folder.resolve("sketches"));

    Job.of(
            folder,
            """
            name: sketches
            source:
              parquet: { path: %s }
            eventTime: moment
            keys: [card]
            aggregate:
              window: lifetime
              every: 1h
              features:
                p05: { quantile: { column: x, q: 0.05 } }
                median: { quantile: { column: x, q: 0.5 } }
                p95: { quantile: { column: x, q: 0.95 } }
                distinct: { approximate_distinct: v }
            sink:
              parquet: { path: %s }
            """
                .formatted(events, output.folder()))
        .succeed();

    Table all = output.assertClean().rows("window_end = TIMESTAMP '2026-03-01 20:00:00'");
    assertRank(0.05, all.column("p05_lifetime"));
    assertRank(0.5, all.column("median_lifetime"));
    assertRank(0.95, all.column("p95_lifetime"));
    long distinct = (Long) all.column("distinct_lifetime").get(0);
    assertTrue(Math.abs(distinct / 60_000.0 - 1) < 3 * 0.016, distinct + " of 60000");
  }

  /** The values are 0 to 59,999, so a value is its rank; twice the error has no chance. */
  private static void assertRank(double q, List<Object> values) {
    double rank = (Double) values.get(0) / 60_000;
    assertTrue(Math.abs(rank - q) < 2 * 0.0067, rank + " is far from " + q);
  }
}
