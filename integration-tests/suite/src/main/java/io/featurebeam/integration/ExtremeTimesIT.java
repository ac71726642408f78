package io.featurebeam.integration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events at both ends of the times that a timestamp can hold, as {@code infinity} of DuckDB is. */
class ExtremeTimesIT {

  private static final String EVENTS =
      """
      SELECT * FROM (VALUES
        ('a', 1, TIMESTAMP '-infinity'),
        ('a', 2, TIMESTAMP '290309-12-22 (BC) 00:00:00'),
        ('a', 3, TIMESTAMP '1970-01-01 00:00:00'),
        ('a', 4, TIMESTAMP '294247-01-10 03:59:59.999999'),
        ('a', 5, TIMESTAMP '294247-01-10 04:00:00'),
        ('a', 6, TIMESTAMP 'infinity')) t(key, id, moment)
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeEvents() {
    Duck.copy(EVENTS, folder.resolve("events.parquet"), "parquet");
  }

  private Job job(String emit) throws IOException {
    return Job.of(
        folder,
        """
        name: extreme-times
        source:
          parquet: { path: %s }
        eventTime: moment
        keys: [key]
        aggregate:
          window: [1h, lifetime]
          emit: %s
          profile: %s
          features: { events: count, sum: { sum: id } }
        sink:
          json: { path: %s }
        rejects: { path: %s }
        report: { path: %s }
        """
            .formatted(
                folder.resolve("events.parquet"),
                emit,
                emit.equals("everyEvent") ? "feast" : "default",
                output().folder(),
                rejects().folder(),
                folder.resolve("report.html")));
  }

  private Output output() {
    return new Output(folder.resolve("out"));
  }

  private Output rejects() {
    return new Output(folder.resolve("rejects"));
  }

  @Test
  @Shows("sink.json")
  void whatNoHourCanHoldIsRejectedAndTheRestIsExact() throws IOException {
    job("{ every: 1h }").succeed().assertCounts(6, 4, 2, 0, 0);

    Table.assertSame(
        new Table(
            List.of("window_end", "events_1h", "events_lifetime", "sum_1h", "sum_lifetime"),
            List.of(
                new Object[] {"+294247-01-10T04:00:00Z", 1L, 4L, 4L, 10L},
                new Object[] {"-290308-12-21T20:00:00Z", 1L, 1L, 1L, 1L},
                new Object[] {"-290308-12-22T01:00:00Z", 1L, 2L, 2L, 3L},
                new Object[] {"1970-01-01T01:00:00Z", 1L, 3L, 3L, 6L})),
        Duck.query("SELECT * EXCLUDE (key) FROM " + output().assertClean().sql()));
    String rule = "has_window(moment, 1h)";
    String reason =
        " (must be at most +294247-01-10T03:59:59.999999Z: of a later time the window of 1h ends"
            + " after the last timestamp there is)";
    Table.assertSame(
        new Table(
            List.of("position", "rule", "reason"),
            List.of(
                new Object[] {4L, rule, "moment is +294247-01-10T04:00:00Z" + reason},
                new Object[] {5L, rule, "moment is +294247-01-10T04:00:54.775807Z" + reason})),
        Duck.query("SELECT position, rule, reason FROM " + rejects().assertClean().sql()));
  }

  @Test
  void atEveryEventAllHaveTheirRow() throws IOException {
    job("everyEvent").succeed().assertCounts(6, 6, 0, 0, 0);

    Table.assertSame(
        new Table(
            List.of("id", "events_1h", "events_lifetime", "sum_1h", "sum_lifetime"),
            List.of(
                new Object[] {1L, 1L, 1L, 1L, 1L},
                new Object[] {2L, 1L, 2L, 2L, 3L},
                new Object[] {3L, 1L, 3L, 3L, 6L},
                new Object[] {4L, 1L, 4L, 4L, 10L},
                new Object[] {5L, 2L, 5L, 9L, 15L},
                new Object[] {6L, 3L, 6L, 15L, 21L})),
        Duck.query("SELECT * EXCLUDE (key, moment) FROM " + output().assertClean().sql()));
  }
}
