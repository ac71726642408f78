package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run over a part of the time, or with some records repaired, gives what a full run gives there:
 * also with copies, with records that have no time, and with records that could not be read.
 */
class PartialRunIT {

  /** Three days of an event a minute; 30 copies a day later, 10 records without a time. */
  private static final String EVENTS =
      """
      WITH events AS (
        SELECT i AS id, 'k' || (i %% 3) AS key, i::DOUBLE AS value,
          TIMESTAMP '2026-01-01' + to_minutes(i) AS moment
        FROM range(3 * 1440) t(i))
      SELECT * FROM events
      UNION ALL SELECT id, key, value, moment + INTERVAL 1 day FROM events WHERE id %% 100 = 7
        AND id < 3000
      UNION ALL SELECT 100000 + id, key, value, NULL FROM events WHERE id < 10
      ORDER BY moment NULLS FIRST, id
      """
          .formatted();

  private static final String SPEC =
      """
      name: partial
      source:
        parquet: { path: INPUT }
      eventTime: moment
      keys: [key]
      dedupe: [id]
      aggregate:
        window: [1h]
        emit: { every: 1h }
        features:
          events: count
          total: { sum: value }
      sink:
        parquet: { path: FEATURES, partitionBy: [day(window_end)] }
      rejects: { path: REJECTS, format: json }
      """;

  @TempDir Path folder;
  private Output features;
  private Output rejects;

  private Job job(String name, String spec, Path input) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    features = new Output(place.resolve("features"));
    rejects = new Output(place.resolve("rejects"));
    return Job.of(
        place,
        spec.replace("INPUT", input.toString())
            .replace("FEATURES", features.folder().toString())
            .replace("REJECTS", rejects.folder().toString()));
  }

  private Path events() {
    Path file = folder.resolve("events.parquet");
    // Small row groups, so that those without a wanted time are passed over.
    Duck.run("COPY (" + EVENTS + ") TO '" + file + "' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
    return file;
  }

  @Test
  @Shows({"--from", "rejects.format.json"})
  void openRangeGivesTheRowsOfTheFullRunAndKeepsEveryReject() throws IOException {
    Path events = events();
    job("full", SPEC, events).succeed();
    Table all = features.rows("window_end >= TIMESTAMP '2026-01-02'");
    List<Object> rejected = rejectedPlaces();
    assertEquals(40, rejected.size());

    Job partial = job("partial", SPEC, events);
    partial.with("--from=2026-01-02").succeed();

    Table.assertSame(all, features.assertClean().rows());
    assertEquals(rejected, rejectedPlaces());

    partial.with("--to=2026-01-02").succeed(); // the rest, beside what is there
    Table both = features.assertClean().rows();
    List<Object> bothRejected = rejectedPlaces();
    job("full", SPEC, events);
    Table.assertSame(features.rows(), both);
    assertEquals(rejected, bothRejected);
  }

  private List<Object> rejectedPlaces() {
    return Duck.query("SELECT position FROM " + rejects.sql()).column("position");
  }

  @Test
  void stepsOfDuplicatesCountEachRecordOnce() throws IOException {
    Job.Result result = job("full", SPEC, events()).succeed();

    result.assertCounts(4360, 4320, 10, 0, 30);
  }

  @Test
  void withoutAggregatesTheCountsOfDuplicatesBalanceToo() throws IOException {
    String spec =
        SPEC.replaceAll("(?s)keys:.*?dedupe", "dedupe")
            .replaceAll("(?s)aggregate:.*?sink:.*?\n.*?\n", "");

    Job.Result result = job("none", spec, events()).succeed();

    result.assertCounts(4360, 4320, 10, 0, 30);
  }

  @Test
  @Shows("--replay")
  void repairedRecordThatCouldNotBeReadCountsOnce() throws IOException {
    Path csv = folder.resolve("events.csv");
    Files.writeString(
        csv,
        """
        key,value,moment
        a,1,2026-01-01T00:10:00Z
        a,two,2026-01-01T00:20:00Z
        b,3,2026-01-01T00:30:00Z
        """);
    String spec =
        SPEC.replace(
                "parquet: { path: INPUT }",
                "csv: { path: INPUT, columns: { key: string, value: float64, moment: timestamp } }")
            .replace("dedupe: [id]\n", "");
    Job job = job("csv", spec, csv);
    job.succeed().assertCounts(3, 2, 1, 0, 0);
    Path repaired = folder.resolve("repaired.jsonl");
    String record =
        "{\\\"key\\\":\\\"a\\\",\\\"value\\\":2,\\\"moment\\\":\\\"2026-01-01T00:20:00Z\\\"}";
    String reject =
        Files.readString(Path.of(rejects.manifest().paths(rejects.folder().toString()).get(0)));
    assertTrue(reject.contains("\"record\":null"), reject);
    Files.writeString(repaired, reject.replace("\"record\":null", "\"record\":\"" + record + "\""));

    job.with("--replay=" + repaired).succeed().assertCounts(3, 3, 0, 0, 0);

    assertEquals(List.of(3.0, 3.0), features.assertClean().rows().column("total_1h"));
    assertEquals(List.of(), rejects.assertClean().manifest().files());
  }

  @Test
  void keyMadeByAFeatureMustHaveAValue() throws IOException {
    Path file = folder.resolve("parts.parquet");
    Duck.copy(
        "SELECT CASE WHEN i < 5 THEN NULL ELSE TIMESTAMP '2026-01-01 05:00:00' END AS born,"
            + " i::DOUBLE AS value, TIMESTAMP '2026-01-01' + to_minutes(i) AS moment"
            + " FROM range(20) t(i)",
        file,
        "parquet");
    String spec =
        SPEC.replace(
                "keys: [key]\n",
                "keys: [birth]\nfeatures:\n  birth: { date_parts: born, parts: [hour] }\n")
            .replace("dedupe: [id]\n", "");

    job("key", spec, file).succeed().assertCounts(20, 15, 5, 0, 0);

    assertEquals(List.of(15L), features.rows().column("events_1h"));
    assertEquals(
        List.of("validate features"),
        Duck.query("SELECT DISTINCT step FROM " + rejects.sql()).column("step"));
  }

  @Test
  void ruleOnAKeyMayStopTheRun() throws IOException {
    Path file = folder.resolve("keys.parquet");
    Duck.copy(
        "SELECT NULL::VARCHAR AS key, 1.0::DOUBLE AS value, TIMESTAMP '2026-01-01' AS moment",
        file,
        "parquet");
    String spec =
        SPEC.replace(
            "dedupe: [id]\n", "validate:\n  - { column: key, rule: not_null, onFail: fail }\n");

    Job.Result result = job("fail", spec, file).run();

    assertEquals(3, result.exitCode(), result::err);
    assertEquals(
        "Not published: 1 of 1 records break not_null(key) (onFail: fail)", result.message());
  }
}
