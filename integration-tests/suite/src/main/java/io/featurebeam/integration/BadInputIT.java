package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

  /**
   * Refused with this text and nothing else, in which FOLDER stands for the folder of the test;
   * nothing written.
   */
  private void assertRefused(int code, String text, Job job) throws IOException {
    List<String> before = new Output(folder).files();
    Job.Result result = job.run();
    assertEquals(text, plain(result.err()), "message");
    assertEquals(code, result.exitCode(), "exit code");
    assertEquals(before, new Output(folder).files());
  }

  private String plain(String message) {
    return message
        .replace(folder.toString(), "FOLDER")
        .replace(Path.of("").toAbsolutePath().toString(), "HERE")
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
        FOLDER/spec.yaml:3:20: source.parquet.path: Missing file: \
        FOLDER/none.parquet (it does not exist)
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
        FOLDER/spec.yaml:3:20: source.parquet.path: No file matches \
        FOLDER/none-*.parquet (hidden files, _* and .*, do not count)
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
        Run failed: Not a Parquet file: FOLDER/empty.parquet is empty (0 bytes; write it \
        again, or leave it out)
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
        Run failed: Truncated Parquet file: FOLDER/cut.parquet (SIZE bytes) does not end \
        with the mark PAR1 (was its writer interrupted? then write it again, or leave it out)
        """,
        job(SPEC, "cut.parquet"));
  }

  @Test
  void damagedPageEndsTheRunInWordsAndPublishesNothing() throws IOException {
    byte[] whole = Files.readAllBytes(good());
    Arrays.fill(whole, 4, whole.length / 2, (byte) 0x5A);
    Files.write(folder.resolve("damaged.parquet"), whole);

    assertRefused(
        1,
        """
        Run failed: Damaged Parquet file: FOLDER/damaged.parquet, row group 0, column 'key', row \
        0: a broken page header (write it again, or leave it out)
        """,
        job(SPEC, "damaged.parquet"));
  }

  @Test
  void emptyTextFiles() throws IOException {
    for (String format : List.of("csv", "json", "avro")) {
      Files.createFile(folder.resolve("empty." + format));
    }
    String spec = SPEC.replace("parquet: { path: INPUT }", "FORMAT: { path: INPUT }");
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:3:16: source.csv.path: File FOLDER/empty.csv is empty (must start \
        with a header; say header: false if it has none)
              csv: { path: FOLDER/empty.csv }
                           ^
        """,
        job(spec.replace("FORMAT", "csv"), "empty.csv"));
    assertRefused(
        1,
        """
        Run failed: No JSON object in the first 1000 lines of FOLDER/empty.json (must hold \
        one object a line)
        """,
        job(spec.replace("FORMAT", "json"), "empty.json"));
    assertRefused(
        1,
        """
        Run failed: File FOLDER/empty.avro is empty (must be an Avro container)
        """,
        job(spec.replace("FORMAT", "avro"), "empty.avro"));
  }

  @Test
  void notParquet() throws IOException {
    Files.writeString(folder.resolve("text.parquet"), "key,value,moment\n".repeat(10));
    assertRefused(
        1,
        """
        Run failed: Not a Parquet file: FOLDER/text.parquet does not end with the mark \
        PAR1 (is it of another format?)
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
        FOLDER/spec.yaml:3:20: source.parquet.path: Schemas differ: \
        FOLDER/many/b.parquet has no column 'value' (float64 in FOLDER/many/a.parquet; its columns \
        are key, amount, moment); read the files apart, or leave the column out
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
        FOLDER/spec.yaml:3:20: source.parquet.path: Schemas differ: column \
        'value' is string (BINARY STRING) in FOLDER/many/b.parquet but float64 (DOUBLE) in \
        FOLDER/many/a.parquet; read the files apart, or write one of them again with the other type
              parquet: { path: FOLDER/many/*.parquet }
                               ^
        """,
        job(SPEC, "many/*.parquet"));
  }

  @Test
  void directoryOfFilesThatHaveNothingInCommon() throws IOException {
    Path many = Files.createDirectory(folder.resolve("many"));
    Duck.copy(GOOD, many.resolve("a.parquet"), "parquet");
    Duck.copy("SELECT 1 AS id, 'ATL' AS airport", many.resolve("b.parquet"), "parquet");
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:3:20: source.parquet.path: Schemas differ: \
        FOLDER/many/b.parquet has no column 'key' (string in FOLDER/many/a.parquet; its columns are \
        id, airport); read the files apart, or leave the column out
              parquet: { path: FOLDER/many }
                               ^
        """,
        job(SPEC, "many"));
  }

  @Test
  void directoryWithoutFilesOfTheFormat() throws IOException {
    Files.writeString(
        Files.createDirectory(folder.resolve("many")).resolve("a.csv"), "key,value,moment\n");
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:3:20: source.parquet.path: No .parquet file in \
        directory FOLDER/many (hidden files, _* and .*, do not count)
              parquet: { path: FOLDER/many }
                               ^
        """,
        job(SPEC, "many"));
  }

  /** Nothing is lost: what does not parse is a reject that says why, where, and what it was. */
  @Test
  void csvRecordsThatDoNotParse() throws IOException {
    ByteArrayOutputStream csv = new ByteArrayOutputStream();
    csv.writeBytes(
        """
        key,value,moment,day
        good,1,2026-01-01T00:00:00Z,2026-01-01
        short,1,2026-01-01T00:00:00Z
        long,1,2026-01-01T00:00:00Z,2026-01-01,more
        large,99999999999999999999,2026-01-01T00:00:00Z,2026-01-01
        fraction,1.5,2026-01-01T00:00:00Z,2026-01-01
        time,1,2026-02-29T00:00:00Z,2026-01-01
        day,1,2026-01-01T00:00:00Z,2026-02-29
        """
            .getBytes(StandardCharsets.UTF_8));
    csv.writeBytes(new byte[] {'u', (byte) 0xC3, '('});
    csv.writeBytes(",1,2026-01-01T00:00:00Z,2026-01-01\n".getBytes(StandardCharsets.UTF_8));
    csv.writeBytes("\"open,1,2026-01-01T00:00:00Z,2026-01-01\n".getBytes(StandardCharsets.UTF_8));
    Files.write(folder.resolve("bad.csv"), csv.toByteArray());
    Output rejects = new Output(folder.resolve("rejects"));

    Job.Result result =
        job(
                SPEC.replace(
                            "parquet: { path: INPUT }",
                            "csv: { path: INPUT, columns: { key: string, value: int64, moment: timestamp,"
                                + " day: date } }")
                        .replace("events: count", "events: count\n    days: { last: day }")
                    + "rejects: { path: "
                    + rejects.folder()
                    + " }\n",
                "bad.csv")
            .succeed();

    result.assertCounts(9, 1, 8, 0, 0);
    Table.assertSame(
        new Table(
            List.of("position", "reason", "rule", "raw"),
            List.of(
                malformed(1, "3 fields (must be 4)", "short,1,2026-01-01T00:00:00Z"),
                malformed(2, "5 fields (must be 4)", "long,1,2026-01-01T00:00:00Z,2026-01-01,more"),
                malformed(
                    3,
                    "column 'value': '99999999999999999999' is too large for an int64 (must be between"
                        + " -9223372036854775808 and 9223372036854775807)",
                    "large,99999999999999999999,2026-01-01T00:00:00Z,2026-01-01"),
                malformed(
                    4,
                    "column 'value': '1.5' is not an int64 (must be digits with an optional sign)",
                    "fraction,1.5,2026-01-01T00:00:00Z,2026-01-01"),
                malformed(
                    5,
                    "column 'moment': '2026-02-29T00:00:00Z' is not a timestamp (must be an ISO 8601"
                        + " timestamp that exists, such as 2001-01-31T23:59:59Z)",
                    "time,1,2026-02-29T00:00:00Z,2026-01-01"),
                malformed(
                    6,
                    "column 'day': '2026-02-29' is not a date (must be an ISO 8601 date that exists,"
                        + " such as 2001-01-31)",
                    "day,1,2026-01-01T00:00:00Z,2026-02-29"),
                malformed(
                    7,
                    "column 'key': 'u\uFFFD(' is not UTF-8 (byte 1 of the value)",
                    "u\\xC3(,1,2026-01-01T00:00:00Z,2026-01-01"),
                malformed(
                    8,
                    "a quote is opened and never closed",
                    "\\x22open,1,2026-01-01T00:00:00Z,2026-01-01"))),
        Duck.query(
            "SELECT position, reason, rule, raw::VARCHAR AS raw FROM "
                + rejects.assertClean().sql()));
  }

  private static Object[] malformed(long position, String reason, String raw) {
    return new Object[] {position, reason, "malformed", raw};
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
  void negativeWindow() throws IOException {
    good();
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:9:11: aggregate.window: Invalid window: '-1h' (must be > 0); \
        use for example 1h
              window: -1h
                      ^
        """,
        job(SPEC.replace("window: 1h", "window: -1h"), "good.parquet"));
  }

  @Test
  void unknownRuleAndAggregate() throws IOException {
    good();
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:7:28: validate[0].rule: Unknown rule: 'notnull'; did you mean \
        'not_null'?
              - { column: value, rule: notnull }
                                       ^
        FOLDER/spec.yaml:13:14: aggregate.features.total: Unknown aggregate: 'sun'; did \
        you mean 'sum'?
                total: { sun: value }
                         ^
        """,
        job(SPEC.replace("not_null", "notnull").replace("sum:", "sun:"), "good.parquet"));
  }

  @Test
  void missingSpec() throws IOException {
    assertRefused(
        2,
        """
        FOLDER/speck.yaml: Missing file (no such file in FOLDER)
        """,
        Job.of(folder.resolve("speck.yaml")));
  }

  @Test
  void overriddenPathIsToldAsTheFlag() throws IOException {
    good();
    assertRefused(
        2,
        """
        --set=source.parquet.path: Missing file: none.parquet (it does not exist in HERE)
        """,
        job(SPEC, "good.parquet").with("--set=source.parquet.path=none.parquet"));
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
        FOLDER/spec.yaml:15:20: sink.parquet.path: Output path exists and is \
        not ours: FOLDER/out/ holds 'theirs.parquet' and no _featurebeam/manifest.json (choose \
        another path, or set overwrite: true to replace the data files in it)
              parquet: { path: FOLDER/out }
                               ^
        """,
        job(SPEC, "good.parquet"));
    assertEquals("keep me", Files.readString(theirs));
    assertEquals(List.of("theirs.parquet"), new Output(folder.resolve("out")).files());
  }

  @Test
  @Shows("sink.overwrite")
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
        FOLDER/spec.yaml:15:20: sink.parquet.path: Invalid output path: \
        FOLDER/out/features/ (FOLDER/out is a file, not a folder; choose another path)
              parquet: { path: FOLDER/out/features }
                               ^
        """,
        job(SPEC.replace("OUT", "OUT/features"), "good.parquet"));
    assertEquals("a file", Files.readString(folder.resolve("out")));
  }

  @Test
  void rejectsInsideTheOutput() throws IOException {
    good();
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:16:18: rejects.path: Invalid output paths: records go to FOLDER/out/ and \
        rejects to FOLDER/out/rejects/ (must be two folders, neither in the other)
            rejects: { path: FOLDER/out/rejects }
                             ^
        """,
        job(SPEC + "rejects: { path: OUT/rejects }\n", "good.parquet"));
  }

  @Test
  void reportBelowAFile() throws IOException {
    Path file = good();
    assertRefused(
        2,
        """
        Invalid report path: 'FOLDER/good.parquet/report.html' (no file can be created in \
        FOLDER/good.parquet; choose another place)
        """,
        job(SPEC + "report: { path: " + file + "/report.html }\n", "good.parquet"));
  }

  @Test
  void windowTooLarge() throws IOException {
    good();
    assertRefused(
        2,
        """
        FOLDER/spec.yaml:9:11: aggregate.window: Invalid window: '99999999999999999999d' (must be \
        at most 292,000 years); use for example 1h
              window: 99999999999999999999d
                      ^
        """,
        job(SPEC.replace("window: 1h", "window: 99999999999999999999d"), "good.parquet"));
  }

  @Test
  void rangeFromADateThatDoesNotExist() throws IOException {
    good();
    assertRefused(
        2,
        """
        Invalid --from: '2026-02-30' (must be a date or time that exists); use for example \
        2001-01-31 or 2001-01-31T08:00:00Z
        """,
        job(SPEC, "good.parquet").with("--from=2026-02-30"));
  }

  @Test
  void specThatIsNotUtf8() throws IOException {
    Path spec = Files.write(folder.resolve("spec.yaml"), new byte[] {'n', (byte) 0xC3, '('});
    assertRefused(
        2,
        """
        FOLDER/spec.yaml: Invalid file: not UTF-8 in line 1 (byte 0xC3 at 1; save it as UTF-8)
        """,
        Job.of(spec));
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
        FOLDER/spec.yaml:15:20: sink.parquet.path: Cannot replace \
        2026-01-01T00:00:00Z to 2026-01-02T00:00:00Z: the output is not partitioned by time \
        (partitionBy: []; add day(window_end), or replace all)
              parquet: { path: FOLDER/out }
                               ^
        """,
        job(SPEC, "good.parquet").with("--from=2026-01-01", "--to=2026-01-02"));
  }
}
