package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be run is said in words that lead on, before anything is written. */
class BadInputIT {

  private static final String GOOD =
      "SELECT 'a' AS key, i::DOUBLE AS value, TIMESTAMP '2026-01-01' + to_seconds(i) AS moment"
          + " FROM range(1000) t(i)";

  private static final String SPEC =
      """
      name: bad-input
      source:
        parquet: { path: INPUT }
      eventTime: moment
      keys: [key]
      validate:
        - { column: value, rule: not_null }
      aggregate:
        window: 1h
        emit: windowClose
        features:
          events: count
          total: { sum: value }
      sink:
        parquet: { path: OUT }
      """;

  @TempDir Path folder;

  private Job job(String spec, String input) throws IOException {
    return Job.of(
        folder,
        spec.replace("INPUT", folder.resolve(input).toString())
            .replace("OUT", folder.resolve("out").toString()));
  }

  /** Refused with this text, in which FOLDER stands for the folder of the test; nothing written. */
  private void assertRefused(int code, String text, Job job) {
    Job.Result result = job.run();
    assertEquals(text.strip(), plain(result.message()), "message");
    assertEquals(code, result.exitCode(), "exit code");
    assertFalse(
        Files.exists(folder.resolve("out").resolve("_featurebeam").resolve("manifest.json")));
  }

  private String plain(String message) {
    return message
        .replace(folder.toString(), "FOLDER")
        .replaceAll("\\d+ bytes\\) does", "SIZE bytes) does");
  }

  private Path good() {
    Path file = folder.resolve("good.parquet");
    Duck.copy(GOOD, file, "parquet");
    return file;
  }

  @Test
  void missingFile() throws IOException {
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:3:20: source.parquet.path: Missing file: FOLDER/none.parquet (it \
        does not exist)
              parquet: { path: FOLDER/none.parquet }
                               ^
        """,
        job(SPEC, "none.parquet"));
  }

  @Test
  void patternWithoutFiles() throws IOException {
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:3:20: source.parquet.path: No file matches FOLDER/none-*.parquet \
        (hidden files, _* and .*, do not count)
              parquet: { path: FOLDER/none-*.parquet }
                               ^
        """,
        job(SPEC, "none-*.parquet"));
  }

  @Test
  void emptyFile() throws IOException {
    Files.createFile(folder.resolve("empty.parquet"));
    assertRefused(
        1,
        """
        Run failed: Not a Parquet file: FOLDER/empty.parquet is empty (0 bytes)
        (--verbose shows where)
        """,
        job(SPEC, "empty.parquet"));
  }

  @Test
  void truncatedFile() throws IOException {
    byte[] whole = Files.readAllBytes(good());
    Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, whole.length - 100));
    assertRefused(
        1,
        """
        Run failed: Truncated Parquet file: FOLDER/cut.parquet (SIZE bytes) does not \
        end with the mark PAR1 (was its writer interrupted?)
        (--verbose shows where)
        """,
        job(SPEC, "cut.parquet"));
  }

  @Test
  void damagedPageEndsTheRunInWordsAndPublishesNothing() throws IOException {
    byte[] whole = Files.readAllBytes(good());
    Arrays.fill(whole, 4, whole.length / 2, (byte) 0x5A);
    Files.write(folder.resolve("damaged.parquet"), whole);

    Job.Result result = job(SPEC, "damaged.parquet").run();

    assertEquals(1, result.exitCode());
    List<String> said = plain(result.err()).lines().toList(); // loggers included
    assertEquals(2, said.size(), result::err);
    assertEquals(
        "Run failed: Damaged Parquet file: FOLDER/damaged.parquet, row group 0, column 'key', row 0: a"
            + " broken page header",
        said.get(0).replaceAll("(page header): .*", "$1"));
    assertEquals("(--verbose shows where)", said.get(1));
    assertFalse(
        Files.exists(folder.resolve("out").resolve("_featurebeam").resolve("manifest.json")));
  }

  @Test
  void notParquet() throws IOException {
    Files.writeString(folder.resolve("text.parquet"), "key,value,moment\n".repeat(10));
    assertRefused(
        1,
        """
        Run failed: Not a Parquet file: FOLDER/text.parquet does not end with the mark \
        PAR1
        (--verbose shows where)
        """,
        job(SPEC, "text.parquet"));
  }

  @Test
  void renamedColumn() throws IOException {
    Path many = Files.createDirectory(folder.resolve("many"));
    Duck.copy(GOOD, many.resolve("a.parquet"), "parquet");
    Duck.copy(
        "SELECT key, value AS amount, moment FROM (" + GOOD + ")",
        many.resolve("b.parquet"),
        "parquet");
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:3:20: source.parquet.path: Schemas differ: FOLDER/many/b.parquet has no column 'value' (float64 in \
        FOLDER/many/a.parquet; its columns are key, amount, moment); read the files \
        apart, or leave the column out
              parquet: { path: FOLDER/many/*.parquet }
                               ^
        """,
        job(SPEC, "many/*.parquet"));
  }

  @Test
  void retypedColumn() throws IOException {
    Path many = Files.createDirectory(folder.resolve("many"));
    Duck.copy(GOOD, many.resolve("a.parquet"), "parquet");
    Duck.copy(
        "SELECT key, value::VARCHAR AS value, moment FROM (" + GOOD + ")",
        many.resolve("b.parquet"),
        "parquet");
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:3:20: source.parquet.path: Schemas differ: column 'value' is string (BINARY STRING) in \
        FOLDER/many/b.parquet but float64 (DOUBLE) in FOLDER/many/a.parquet; read the \
        files apart, or write one of them again with the other type
              parquet: { path: FOLDER/many/*.parquet }
                               ^
        """,
        job(SPEC, "many/*.parquet"));
  }

  @Test
  void ruleOnMissingColumn() throws IOException {
    good();
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:7:15: validate[0].column: Unknown column: 'valeu'; did you mean \
        'value'?
              - { column: valeu, rule: not_null }
                          ^
        """,
        job(SPEC.replace("column: value", "column: valeu"), "good.parquet"));
  }

  @Test
  void aggregateOfMissingColumn() throws IOException {
    good();
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:13:19: aggregate[0].features.total.column: Unknown column: \
        'amount'; known: key, value, moment
                total: { sum: amount }
                              ^
        """,
        job(SPEC.replace("sum: value", "sum: amount"), "good.parquet"));
  }

  @Test
  void unknownKeyWithANearMiss() throws IOException {
    good();
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:1:1: Missing key: 'eventTime': The timestamp column that \
        says when an event happened.
            name: bad-input
            ^
        FOLDER/spec.yaml:4:1: eventtime: Unknown key: 'eventtime'; did you mean \
        'eventTime'?
            eventtime: moment
            ^
        """,
        job(SPEC.replace("eventTime:", "eventtime:"), "good.parquet"));
  }

  @Test
  void windowOfZero() throws IOException {
    good();
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:9:11: aggregate.window: Invalid window: '0h' (must be > 0); \
        use for example 1h
              window: 0h
                      ^
        """,
        job(SPEC.replace("window: 1h", "window: 0h"), "good.parquet"));
  }

  @Test
  void duplicateKey() throws IOException {
    good();
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:16:1: Duplicate key: 'name' (must be given once; first in line 1)
            name: again
            ^
        """,
        job(SPEC + "name: again\n", "good.parquet"));
  }

  @Test
  void outputThatIsNotOurs() throws IOException {
    good();
    Path theirs = Files.createDirectory(folder.resolve("out")).resolve("theirs.parquet");
    Files.writeString(theirs, "keep me");
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:15:20: sink.parquet.path: Output path exists and is not ours: FOLDER/out/ holds 'theirs.parquet' and no \
        _featurebeam/manifest.json (choose another path, or set overwrite: true to \
        replace the data files in it)
              parquet: { path: FOLDER/out }
                               ^
        """,
        job(SPEC, "good.parquet"));
    assertEquals("keep me", Files.readString(theirs));
    assertEquals(List.of("theirs.parquet"), new Output(folder.resolve("out")).files());
  }

  @Test
  void outputOfAnotherSpec() throws IOException {
    good();
    job(SPEC, "good.parquet").succeed();
    byte[] manifest = Files.readAllBytes(folder.resolve("out/_featurebeam/manifest.json"));

    Job.Result result = job(SPEC.replace("bad-input", "other"), "good.parquet").run();

    assertEquals(
        """
        FOLDER/spec.yaml:15:20: sink.parquet.path: Output path is of another spec: FOLDER/out/ \
        was published by 'bad-input', this is 'other' (choose another path, or set overwrite: true \
        to replace it; once is enough, as after a rename)
              parquet: { path: FOLDER/out }
                               ^
        """
            .strip(),
        plain(result.message()));
    assertEquals(2, result.exitCode());
    assertArrayEquals(
        manifest, Files.readAllBytes(folder.resolve("out/_featurebeam/manifest.json")));

    job(SPEC.replace("bad-input", "other"), "good.parquet")
        .with("--set=sink.parquet.overwrite=true")
        .succeed();

    assertEquals("other", new Output(folder.resolve("out")).manifest().spec());
  }

  @Test
  void outputBelowAFile() throws IOException {
    good();
    Files.writeString(folder.resolve("out"), "a file");
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:15:20: sink.parquet.path: Invalid output path: FOLDER/out/features/ (FOLDER/out is a file, not a folder; \
        choose another path)
              parquet: { path: FOLDER/out/features }
                               ^
        """,
        job(SPEC.replace("OUT", "OUT/features"), "good.parquet"));
    assertEquals("a file", Files.readString(folder.resolve("out")));
  }

  @Test
  void unknownOption() throws IOException {
    good();
    assertRefused(
        2,
        """
        Unknown option: --form; did you mean --from?
        """,
        job(SPEC, "good.parquet").with("--form=2026-01-01"));
  }

  @Test
  void rangeThatEndsBeforeItBegins() throws IOException {
    good();
    assertRefused(
        2,
        """
        Invalid --from: 2026-01-02 (must be before --to=2026-01-01)
        """,
        job(SPEC, "good.parquet").with("--from=2026-01-02", "--to=2026-01-01"));
  }

  @Test
  void rangeThatCutsPartitions() throws IOException {
    good();
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:15:20: sink.parquet.path: Cannot replace 2026-01-01T00:00:00Z to 2026-01-02T00:00:00Z: the output is not \
        partitioned by time (partitionBy: []; add day(window_end), or replace all)
              parquet: { path: FOLDER/out }
                               ^
        """,
        job(SPEC, "good.parquet").with("--from=2026-01-01", "--to=2026-01-02"));
  }
}
