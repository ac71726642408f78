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
 * What else a spec can say, beside the kinds of {@link JobShapesIT}: Dataflow's own runner accepts
 * and translates it. What it computes is the affair of the runners that run here.
 */
class TranslatedIT {

  private static final String FROM_CSV =
      "csv: { path: FOLDER/in.csv, columns: { id: int64, card: string, at: timestamp } }";

  private static final String FITTED =
      """
      {"version": 1, "features": {"z": {"feature": "min_max(id, 0.0, 1.0)", "trainedRows": 2,
        "trainedRanges": [["2001-01-01T00:00:00Z", "2001-07-01T00:00:00Z"]],
        "state": {"min": 1.0, "max": 2.0}}}}
      """;

  @TempDir Path folder;

  /** The steps of a job that reads two records. */
  private List<String> steps(String source, String rest, String... args) throws IOException {
    Files.writeString(
        folder.resolve("in.csv"),
        "id,card,at\n1,a,2026-03-01T10:00:00Z\n2,b,2026-03-01T11:00:00Z\n");
    Files.writeString(
        folder.resolve("in.jsonl"),
        "{\"id\": 1, \"card\": \"a\", \"at\": \"2026-03-01T10:00:00Z\"}\n");
    String spec =
        """
        name: translated
        source:
          %s
        eventTime: at
        %s
        """
            .formatted(source, rest.stripTrailing())
            .replace("FOLDER", folder.toString());
    Template.job(Job.of(folder, spec).with(args), folder).succeed();
    return Template.read(folder).outermost();
  }

  @Test
  @Shows({"source.csv", "sink.csv", "sink.fileSize", "rejects.format.parquet"})
  void csv() throws IOException {
    assertEquals(
        List.of("Read csv", "Validate", "Write", "Finish"),
        steps(
            FROM_CSV,
            """
            sink: { csv: { path: FOLDER/out, fileSize: 1MiB } }
            rejects: { path: FOLDER/rejects }
            """));
  }

  @Test
  @Shows({"source.json", "sink.json", "sink.compression", "sink.overwrite"})
  void json() throws IOException {
    assertEquals(
        List.of("Read json", "Validate", "Write", "Finish"),
        steps(
            "json: { path: FOLDER/in.jsonl, columns: { id: int64, at: timestamp } }",
            "sink: { json: { path: FOLDER/out, compression: zstd, overwrite: true } }"));
  }

  @Test
  @Shows("source.avro")
  void avro() throws IOException {
    FormatsIT.writeAvro(folder.resolve("in.avro"), "");
    assertEquals(
        List.of("Read avro", "Validate", "Write", "Finish"),
        steps(
            "avro: { path: FOLDER/in.avro }",
            "sink: { parquet: { path: FOLDER/out } }",
            "--set=eventTime=seen"));
  }

  @Test
  @Shows("source.NAME")
  void aSourceOfOnesOwn() throws IOException {
    assertEquals(
        List.of("Read ticks", "Validate", "Write", "Finish"),
        steps("ticks: { count: 90 }", "sink: { parquet: { path: FOLDER/out } }"));
  }

  @Test
  @Shows({"validate.onFail.warn", "validate.onFail.fail", "mask"})
  void rulesThatWarnOrStop() throws IOException {
    assertEquals(
        List.of("Read csv", "Validate", "Write", "Finish"),
        steps(
            FROM_CSV,
            """
            mask: [card]
            validate:
              - { column: id, rule: between, min: 0, onFail: warn }
              - { column: card, rule: not_null, onFail: fail }
            sink: { parquet: { path: FOLDER/out } }
            """));
  }

  @Test
  @Shows({
    "sequence",
    "aggregate.every",
    "aggregate.keys",
    "aggregate.profile.default",
    "aggregate.profile.feast",
    "aggregate.profile.chronon",
    "aggregate.profile.feathr",
    "aggregate.profile.openmldb",
    "aggregate.bounds.left",
    "aggregate.bounds.right",
    "aggregate.bounds.delay",
    "aggregate.bounds.hop",
    "aggregate.bounds.rowCap",
    "aggregate.bounds.excludeCurrent",
    "aggregate.bounds.rowDelay",
    "aggregate.bounds.ties",
    "aggregate.changes.column",
    "aggregate.changes.deletes"
  })
  void windowsOfEveryEdge() throws IOException {
    List<String> expected = List.of("Read csv", "Validate", "Aggregate", "Write", "Finish");
    String sink = "sink: { parquet: { path: FOLDER/out } }\n";
    assertEquals(
        expected,
        steps(
            FROM_CSV,
            """
            sequence: id
            aggregate:
              - { window: 1h, keys: [card], profile: default, features: { a: count } }
              - { window: 1h, keys: [card], profile: feast, features: { b: count } }
              - { window: 1h, keys: [card], profile: chronon, features: { c: count } }
              - { window: 1h, keys: [card], profile: feathr, features: { d: count } }
              - { window: 1h, keys: [card], profile: openmldb, features: { e: count } }
              - { window: 1h, keys: [card], bounds: { left: open, right: closed, delay: 1m, hop: 5m, rowCap: 3, excludeCurrent: true, rowDelay: 1, ties: before }, features: { f: count } }
            """
                + sink));
    assertEquals(
        expected,
        steps(
            FROM_CSV,
            "aggregate: { window: 1h, keys: [card], every: 1h, features: { a: count } }\n" + sink));
    assertEquals(
        expected,
        steps(
            FROM_CSV,
            "aggregate: { window: 1h, keys: [card], changes: { column: card, deletes: [d] },"
                + " features: { a: count } }\n"
                + sink));
  }

  @Test
  @Shows({"features", "fitted"})
  void whatAnEarlierRunLearned() throws IOException {
    Files.writeString(folder.resolve("state.json"), FITTED);
    assertEquals(
        List.of("Read csv", "Validate", "Engineer features", "Write", "Finish"),
        steps(
            FROM_CSV,
            """
            features: { z: { min_max: id } }
            fitted: { path: FOLDER/state.json }
            sink: { parquet: { path: FOLDER/out } }
            """));
  }

  @Test
  @Shows("--replay")
  void repairedRecords() throws IOException {
    Path repaired =
        Files.writeString(
            folder.resolve("repaired.jsonl"),
            """
            {"step": "read", "rule": "malformed", "source": "%s", "position": 1,
             "record": "{\\"id\\": 2, \\"card\\": \\"b\\", \\"at\\": \\"2026-03-01T11:00:00Z\\"}"}
            """
                .replace("\n ", " ")
                .formatted(folder.resolve("in.csv")));
    assertEquals(
        List.of("Read csv", "Validate", "Write", "Finish"),
        steps(FROM_CSV, "sink: { parquet: { path: FOLDER/out } }", "--replay=" + repaired));
  }

  @Test
  @Shows("runner")
  void itsOwnOptionsInTheSpec() throws IOException {
    steps(
        FROM_CSV,
        """
        sink: { parquet: { path: FOLDER/out } }
        runner: { dataflow: { workerMachineType: n2-standard-4 } }
        """);

    String job = Files.readString(folder.resolve("template.json"));
    assertTrue(job.contains("n2-standard-4"), job);
  }
}
