package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.featurebeam.io.jdbc.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Specs that keep the newest row of each key in a table, with a real PostgreSQL. */
class JdbcIT {

  private static final String BATCH = "{ count: 9000 }";
  private static final String STREAM = "{}";

  private static PostgresServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    server = PostgresServer.start(directory.resolve("pg"));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  /** A tick a second in three lanes: an hour of a lane has 1200, when there was one. */
  private Job job(String source, String table, String more) throws IOException {
    return Job.of(
        folder,
        """
        name: lanes
        source:
          ticks: %s
        eventTime: at
        features:
          lane: { expression: { cel: "tick %% 3" } }
        keys: [lane]
        aggregate:
          window: 1h
          emit: { every: 1m }
          features:
            ticks: count
            latest: { max: tick }
        sink:
          jdbc: { url: "%s", user: postgres, table: %s }
        %s
        """
            .formatted(source, server.url(), table, more)
            .replace(more.startsWith("  - ") ? "  jdbc:" : "nothing", "  - jdbc:"));
  }

  private static final String ROWS =
      "SELECT lane, window_end, ticks_1h, latest_1h FROM %s ORDER BY lane";

  @Test
  @Shows("sink.jdbc")
  void theTableHoldsTheNewestRowOfEachKey() throws Exception {
    job(BATCH, "lanes", "").succeed().assertCounts(9000, 9000, 0, 0, 0);

    assertEquals(
        List.of(
            "0|1970-01-01 02:30:00+00|1200|8997",
            "1|1970-01-01 02:30:00+00|1200|8998",
            "2|1970-01-01 02:30:00+00|1200|8999"),
        server.query(ROWS.formatted("lanes")));
  }

  @Test
  void whatIsOlderChangesNothing() throws Exception {
    job(BATCH, "twice", "").succeed();
    List<String> rows = server.query(ROWS.formatted("twice"));

    String out = job("{ count: 4000 }", "twice", "").succeed().out();

    assertTrue(out.lines().anyMatch(l -> l.matches("  store +jdbc, older \\d+ +0 rows")), out);
    assertEquals(rows, server.query(ROWS.formatted("twice")));
  }

  @Test
  void filesBesideATableHoldAllRows() throws Exception {
    job(BATCH, "beside", "  - parquet: { path: " + folder.resolve("out") + " }").succeed();

    assertEquals(List.of("3"), server.query("SELECT count(*) FROM beside"));
    assertEquals(
        List.of("450"),
        Duck.query("SELECT count(*)::VARCHAR AS n FROM " + new Output(folder.resolve("out")).sql())
            .column("n"));
  }

  @Test
  @Shows("sink.where")
  void rowsForWhichAConditionHoldsAreKept() throws Exception {
    Job.of(
            folder,
            """
            name: events
            source: { ticks: { count: 100 } }
            eventTime: at
            features:
              lane: { expression: { cel: "tick %% 3" } }
            keys: [lane]
            sink:
              jdbc: { url: "%s", user: postgres, ttl: 40000d, where: "tick < 50" }
            """
                .formatted(server.url()))
        .succeed();

    assertEquals(
        List.of(
            "0|48|1970-01-01 00:00:48+00|2079-07-08 00:00:48+00",
            "1|49|1970-01-01 00:00:49+00|2079-07-08 00:00:49+00",
            "2|47|1970-01-01 00:00:47+00|2079-07-08 00:00:47+00"),
        server.query("SELECT lane, tick, at, expires_at FROM events ORDER BY lane"));
  }

  @Test
  @Shows("validate.onFail.fail")
  void nothingIsWrittenIfARuleFailsTheRun() throws Exception {
    String rule = "validate: [ { column: tick, rule: between, min: 0, max: %d, onFail: fail } ]";
    Job.Result failed = job(BATCH, "failed", rule.formatted(8998)).run();

    assertEquals(3, failed.exitCode(), failed.err());
    assertTrue(
        failed.message().contains("1 of 9000 records break between(tick, 0, 8998)"), failed.err());
    assertEquals(List.of("null"), server.query("SELECT to_regclass('failed')"));

    job(BATCH, "failed", rule.formatted(9000)).succeed();
    assertEquals(List.of("3"), server.query("SELECT count(*) FROM failed"));
  }

  @Test
  void aTableTakesWhatATrainingSetAddsUnlessARuleOfAGroupFailsTheRun() throws Exception {
    String yaml =
        """
        name: labelled
        source: { ticks: { count: 100 } }
        eventTime: at
        features:
          lane: { expression: { cel: "tick %% 3" } }
        keys: [lane]
        trainingSet:
          groups:
            lanes:
              source: { ticks: { count: 100 } }
              eventTime: at
              features:
                lane: { expression: { cel: "tick %% 3" } }
              keys: [lane]
              validate: [ { column: tick, rule: between, min: 0, max: %d, onFail: fail } ]
              aggregate: { window: 1h, features: { ticks: count } }
        sink:
          jdbc: { url: "%s", user: postgres }
        """;
    Job.Result failed = Job.of(folder, yaml.formatted(98, server.url())).run();

    assertEquals(3, failed.exitCode(), failed.err());
    assertEquals(List.of("null"), server.query("SELECT to_regclass('labelled')"));

    Job.of(folder, yaml.formatted(99, server.url())).succeed();
    assertEquals(
        List.of("0|99|33", "1|97|32", "2|98|32"),
        server.query("SELECT lane, tick, ticks_1h FROM labelled ORDER BY lane"));
  }

  @Test
  @Shows({"sink.jdbc", "trainingSet"})
  void theTableHasTheLastRowOfTheTrainingSetPerKey() throws Exception {
    String lanes =
        """
        source: { ticks: { count: 9000 } }
        eventTime: at
        features:
          lane: { expression: { cel: "tick %% 3" } }
        keys: [lane]
        sink:
          jdbc: { url: "%s", user: postgres }
        """
            .formatted(server.url());
    Job served =
        Job.of(
            Files.createDirectory(folder.resolve("served")),
            "name: served\n"
                + lanes
                + """
                aggregate:
                  window: 1h
                  emit: everyEvent
                  features: { ticks: count, latest: { max: tick } }
                """);
    served.succeed();
    Job.of(
            folder,
            "name: trained\n"
                + lanes
                + "trainingSet: { groups: { lanes: { spec: %s } } }\n".formatted(served.spec()))
        .succeed();

    assertEquals(
        List.of("0|8997|1200|8994", "1|8998|1200|8995", "2|8999|1200|8996"),
        server.query(
            "SELECT lane, s.tick, ticks_1h, latest_1h FROM served s"
                + " JOIN trained t USING (lane, at, ticks_1h, latest_1h) ORDER BY lane"));
  }

  @Test
  void twoRunsOfWhichOneWasKilledLeaveTheNewestRowOfEachKey() throws Exception {
    TwoWriters.assertTheNewestRowOfEachCardIsLeft(
        folder,
        new TwoWriters.Store() {
          @Override
          public String sink(String name) {
            return "jdbc: { url: \"%s\", user: postgres, table: %s }".formatted(server.url(), name);
          }

          @Override
          public boolean hasRows(String name) {
            return hasRow("SELECT 1 FROM " + name + " LIMIT 1");
          }

          @Override
          public Map<String, String> rows(String name) {
            try {
              Map<String, String> rows = new TreeMap<>();
              for (String row : server.query("SELECT card, id FROM " + name)) {
                int bar = row.indexOf('|');
                rows.put(row.substring(0, bar), row.substring(bar + 1));
              }
              return rows;
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          }
        });
  }

  @Test
  void thePlanNamesTheTableAndWhatItWaitsFor() throws Exception {
    String plan =
        job(
                BATCH,
                "planned",
                "validate: [ { column: tick, rule: between, min: 0, max: 9, onFail: fail } ]")
            .with("--explain")
            .succeed()
            .out();

    assertTrue(plan.contains("public.planned, the newest row of each lane"), plan);
    assertTrue(plan.contains("rows until no rule fails the run: a store takes nothing back"), plan);
    assertEquals(List.of("null"), server.query("SELECT to_regclass('planned')"));
  }

  @Test
  void aDryRunLooksAtTheTableAndMakesNone() throws Exception {
    String out = job(BATCH, "dry", "").with("--dry-run").succeed().out();

    assertTrue(out.contains("  features  table public.dry\n"), out);
    assertEquals(List.of("null"), server.query("SELECT to_regclass('dry')"));
  }

  @Test
  void aTableThatDoesNotFitIsToldWhereTheSpecNamesIt() throws Exception {
    server.execute("CREATE TABLE unfit (lane bigint PRIMARY KEY)");

    Job.Result result = job(BATCH, "unfit", "").run();

    assertEquals(2, result.exitCode());
    assertEquals(
        "spec.yaml:15:0: sink.jdbc.table: Invalid table: 'public.unfit': it is there and was not"
            + " made by a pipeline (must be a table of its own; name another, or say overwrite:"
            + " true once to write into it)",
        firstLine(result).replaceFirst(":15:\\d+:", ":15:0:")); // the port has four digits or five
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() throws Exception {
    server.execute("CREATE ROLE denied LOGIN PASSWORD 'right'");

    Job.Result result =
        job(BATCH, "any", "")
            .with("--set={sink.jdbc.user: denied, sink.jdbc.password: hunter2}")
            .run();

    assertEquals(2, result.exitCode());
    assertFalse((result.out() + result.err()).contains("hunter2"), result.err());
    assertTrue(
        firstLine(result)
            .endsWith(
                "as 'denied': FATAL: password authentication failed for user \"denied\" (check user"
                    + " and password, and the server's pg_hba.conf)"),
        firstLine(result));
  }

  private String firstLine(Job.Result result) {
    return result.message().lines().findFirst().orElse("").replace(folder.toString() + "/", "");
  }

  @Test
  @Shows(value = "sink.jdbc", mode = Shows.Mode.STREAM)
  void afterAStreamTheTableHoldsWhatItDoesAfterABatch() throws Exception {
    assumeTrue(Runner.current() != Runner.SPARK, "it refuses streams");
    job(BATCH, "batch", "").succeed();

    JobProcess process = JobProcess.start(job(STREAM, "stream", ""), folder);
    boolean killed =
        process.killWhen(
            () ->
                hasRow( // of each lane: some are ahead of others
                    "SELECT 1 FROM stream HAVING count(*) = 3"
                        + " AND min(window_end) >= 'epoch'::timestamptz + '150 min'"));
    assertTrue(killed, Files.readString(process.log()));

    String complete =
        "SELECT count(*) FROM stream s WHERE ticks_1h = 1200 AND latest_1h ="
            + " extract(epoch FROM window_end) - 3 + lane";
    assertEquals(List.of("3"), server.query(complete)); // each row is the batch's of its time
    job(BATCH, "stream", "").succeed(); // a batch over a part of it changes nothing newer
    assertEquals(List.of("3"), server.query(complete));
    assertEquals(
        List.of(),
        server.query(
            "SELECT s.lane FROM stream s JOIN batch b USING (lane) WHERE s.version < b.version"));
    String columns =
        "SELECT definition::jsonb -> 'keys', definition::jsonb -> 'features'"
            + " FROM featurebeam_groups WHERE name = ";
    assertEquals(server.query(columns + "'batch'"), server.query(columns + "'stream'"));
  }

  private static boolean hasRow(String sql) {
    try {
      return !server.query(sql).isEmpty();
    } catch (SQLException e) {
      return false; // no table yet
    }
  }
}
