package io.featurebeam.integration;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row per record: with windows of several edges, and without any window. */
class EveryEventIT {

  @TempDir Path folder;

  @Test
  @Shows({
    "keys",
    "features",
    "aggregate.emit.everyEvent",
    "aggregate.profile.feast",
    "aggregate.bounds.left",
    "aggregate.bounds.right",
    "aggregate.bounds.delay",
    "sink.partitionBy"
  })
  void windowsOfEachEdgeEqualSql() throws IOException {
    String spec =
        """
        name: every-event
        source:
          parquet: { path: %s }
        eventTime: date
        keys: [origin]
        features:
          log_distance: { log1p: distance }
          hour: { date_parts: date, parts: [hour] }
        aggregate:
          - window: [1h, 1d]
            emit: everyEvent
            features:
              flights: count
              mean_delay: { mean: delay }
          - window: 6h
            emit: everyEvent
            profile: feast
            features:
              with_own: count
              worst: { max: delay }
          - window: 6h
            emit: everyEvent
            bounds: { left: open, right: closed, delay: 30m }
            features:
              delayed: { count: delay, where: "delay > 15" }
        sink:
          parquet: { path: %s, partitionBy: [day(date)] }
        """
            .formatted(Flights.clean(), folder.resolve("out"));

    Job.of(folder, spec).succeed();

    Table.assertSame(
        Duck.query(everyEvent()), new Output(folder.resolve("out")).assertClean().rows());
  }

  /** Counted once per origin and time, which many records share, then joined back to each. */
  private static String everyEvent() {
    return """
        WITH events AS (FROM '%1$s'),
        times AS (SELECT DISTINCT origin, date AS t FROM events),
        seen AS (
          SELECT o.origin, o.t,
            count(e.date) FILTER (e.date >= t - INTERVAL 1 hour AND e.date < t) AS flights_1h,
            count(e.date) FILTER (e.date < t) AS flights_1d,
            avg(e.delay) FILTER (e.date >= t - INTERVAL 1 hour AND e.date < t) AS mean_delay_1h,
            avg(e.delay) FILTER (e.date < t) AS mean_delay_1d,
            count(e.date) FILTER (e.date >= t - INTERVAL 6 hour) AS with_own_6h,
            max(e.delay) FILTER (e.date >= t - INTERVAL 6 hour) AS worst_6h,
            count(e.delay) FILTER (e.delay > 15 AND e.date > t - INTERVAL 390 minute
              AND e.date <= t - INTERVAL 30 minute) AS delayed_6h
          FROM times o JOIN events e
            ON e.origin = o.origin AND e.date >= o.t - INTERVAL 1 day AND e.date <= o.t
          GROUP BY ALL)
        SELECT e.*, ln(1 + distance) AS log_distance, hour(e.date)::BIGINT AS hour,
          seen.* EXCLUDE (origin, t)
        FROM events e JOIN seen ON seen.origin = e.origin AND seen.t = e.date
        """
        .formatted(Flights.clean());
  }

  @Test
  @Shows({"source.parquet", "validate.onFail.reject", "features", "sink.parquet"})
  void withoutWindowsEachRecordComesOutWithItsFeatures() throws IOException {
    String spec =
        """
        name: features-only
        source:
          parquet: { path: %s }
        eventTime: date
        validate:
          - { column: delay, rule: between, max: 600 }
        features:
          log_distance: { log1p: distance }
          band: { bucketize: delay, boundaries: [0, 15, 60] }
          to_hub: { one_hot: destination, categories: [ATL, ORD, DFW] }
          calendar: { date_parts: date, parts: [day_of_week, hour] }
        sink:
          parquet: { path: %s }
        """
            .formatted(Flights.clean(), folder.resolve("out"));

    Job.Result result = Job.of(folder, spec).succeed();

    long all = 48_626;
    long kept =
        (long)
            Duck.query("SELECT count(*) FROM '" + Flights.clean() + "' WHERE delay <= 600").value();
    result.assertCounts(all, kept, all - kept, 0, 0);
    Table.assertSame(
        Duck.query(
            """
            SELECT *, ln(1 + distance) AS log_distance,
              CASE WHEN delay < 0 THEN 0 WHEN delay < 15 THEN 1 WHEN delay < 60 THEN 2 ELSE 3 END
                ::BIGINT AS band,
              (destination = 'ATL')::INTEGER::DOUBLE AS "to_hub_ATL",
              (destination = 'ORD')::INTEGER::DOUBLE AS "to_hub_ORD",
              (destination = 'DFW')::INTEGER::DOUBLE AS "to_hub_DFW",
              isodow(date)::BIGINT AS calendar_day_of_week, hour(date)::BIGINT AS calendar_hour
            FROM '%s' WHERE delay <= 600
            """
                .formatted(Flights.clean())),
        new Output(folder.resolve("out")).assertClean().rows());
  }
}
