package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions listed and compared, from manifests alone. FOLDER stands for the folder of the test. */
final class DatasetsTest {

  private static final String MANIFEST =
      """
      {"version": 2, "runId": "RUN", "created": "2026-01-0DAYT00:00:00Z", "spec": "flights",
       "specHash": "0123456789abcdefDAY",
       "origin": {
         "runner": "DirectRunner",
         "code": {"version": "1.DAY", "commit": "abcdef0123456789"},
         "inputs": [INPUTS],
         "specText": ["name: flights", "lateness: DAYh", "keys: [a]"]},
       "schema": [COLUMNS],
       "partitionBy": ["day(at)"],
       "content": {"rows": ROWS, "hash": "HASH", "partitions": [PARTITIONS]},
       "files": [{"path": "x", "rows": ROWS, "bytes": 1, "partition": {}}]}
      """;

  @TempDir Path folder;
  private String out;
  private String err;

  private static String column(String name, String type) {
    return "{\"name\":\"" + name + "\",\"type\":\"" + type + "\",\"nullable\":true}";
  }

  private static String file(String name, int bytes, String hash) {
    return "{\"kind\":\"file\",\"name\":\"%s\",\"bytes\":%d,\"sha256\":\"%s\"}"
        .formatted(name, bytes, hash);
  }

  private static String partition(String day, int rows, String hash) {
    return "{\"folder\":\"at_day=%s\",\"rows\":%d,\"hash\":\"%s\"}".formatted(day, rows, hash);
  }

  @BeforeEach
  void writeVersions() throws IOException {
    String first =
        MANIFEST
            .replace("RUN", "20260101-a")
            .replace("DAY", "1")
            .replace("ROWS", "1234")
            .replace("HASH", "a".repeat(32))
            .replace("COLUMNS", column("at", "timestamp") + "," + column("n", "int64"))
            .replace("INPUTS", file("a.csv", 10, "aa") + "," + file("b.csv", 1000, "bb"))
            .replace(
                "PARTITIONS",
                partition("2001-01-01", 1000, "1".repeat(32))
                    + ","
                    + partition("2001-01-02", 200, "2".repeat(32))
                    + ","
                    + partition("2001-01-03", 34, "3".repeat(32)));
    String second =
        MANIFEST
            .replace("RUN", "20260102-b")
            .replace("DAY", "2")
            .replace("ROWS", "1235")
            .replace("HASH", "b".repeat(32))
            .replace("COLUMNS", column("at", "timestamp") + "," + column("n", "float64"))
            .replace("INPUTS", file("a.csv", 10, "ab") + "," + file("c.csv", 1, "cc"))
            .replace(
                "PARTITIONS",
                partition("2001-01-01", 1000, "1".repeat(32))
                    + ","
                    + partition("2001-01-02", 201, "5".repeat(32))
                    + ","
                    + partition("2001-01-03", 34, "4".repeat(32)));
    Path control = Files.createDirectories(folder.resolve("_featurebeam/versions")).getParent();
    Files.writeString(control.resolve("manifest.json"), second);
    Files.writeString(control.resolve("versions/20260101-a.json"), first);
  }

  private int run(String... args) {
    ByteArrayOutputStream seenOut = new ByteArrayOutputStream();
    ByteArrayOutputStream seenErr = new ByteArrayOutputStream();
    int code =
        Datasets.run(
            new PrintStream(seenOut, true, StandardCharsets.UTF_8),
            new PrintStream(seenErr, true, StandardCharsets.UTF_8),
            args);
    out = plain(seenOut);
    err = plain(seenErr);
    return code;
  }

  private String plain(ByteArrayOutputStream seen) {
    return seen.toString(StandardCharsets.UTF_8)
        .replace(System.lineSeparator(), "\n")
        .replace(folder.toString(), "FOLDER");
  }

  @Test
  void versionsAreListedThePublishedOneFirst() {
    assertEquals(0, run("list", folder.toString()));
    assertEquals(
        """
        FOLDER: 2 versions, the published one first
          version     made at                rows  spec      code                   runner        inputs  content
          20260102-b  2026-01-02T00:00:00Z  1,235  01234567  1.2 (commit abcdef01)  DirectRunner       2  bbbbbbbb
          20260101-a  2026-01-01T00:00:00Z  1,234  01234567  1.1 (commit abcdef01)  DirectRunner       2  aaaaaaaa
        """,
        out);
  }

  @Test
  void differencesAreToldPartByPart() {
    String told =
        """
        A  20260101-a  made at 2026-01-01T00:00:00Z, 1,234 rows
        B  20260102-b  made at 2026-01-02T00:00:00Z, 1,235 rows

        spec
          - lateness: 1h
          + lateness: 2h

        code
          1.1 (commit abcdef01) then, 1.2 (commit abcdef01) now

        inputs
          ~ a.csv: SHA-256 aa then, ab now
          - b.csv (1,000 bytes)
          + c.csv (1 byte)

        columns
          ~ n: int64 then, float64 now

        partitions
          ~ at_day=2001-01-02: 200 rows then, 201 rows now
          ~ at_day=2001-01-03: 34 rows, other values

        Other rows: content AAAA then, BBBB now
        """
            .replace("AAAA", "a".repeat(32))
            .replace("BBBB", "b".repeat(32));
    assertEquals(4, run("diff", folder.toString()));
    assertEquals(told, out);
    assertEquals(4, run("diff", folder + "@20260101", folder.toString()));
    assertEquals(told, out);
    assertEquals(
        4,
        run(
            "diff",
            folder + "/_featurebeam/versions/20260101-a.json",
            folder + "/_featurebeam/manifest.json"));
    assertEquals(told, out);
  }

  @Test
  void aVersionIsTheSameAsItself() {
    assertEquals(0, run("diff", folder + "@20260101-a", folder + "@20260101-a"));
    assertTrue(out.endsWith("\n\nThe same rows: content " + "a".repeat(32) + "\n"), out);
  }

  @Test
  void machinesReadTheSame() throws IOException {
    assertEquals(0, run("list", folder.toString(), "--json"));
    JsonNode list = new ObjectMapper().readTree(out);
    assertEquals(1235, list.get(0).get("rows").asLong());
    assertEquals("20260101-a", list.get(1).get("version").textValue());

    assertEquals(4, run("diff", folder.toString(), "--json"));
    JsonNode diff = new ObjectMapper().readTree(out);
    assertEquals(false, diff.get("same").booleanValue());
    assertEquals("b".repeat(32), diff.get("b").get("content").textValue());
    assertEquals("- b.csv (1,000 bytes)", diff.get("inputs").get(1).textValue());
  }

  @Test
  void aManifestOfAnOlderReleaseIsListedAndItsContentIsUnknown() throws IOException {
    Files.writeString(
        folder.resolve("old.json"),
        """
        {"version":1,"runId":"r0","created":"2025-12-31T00:00:00Z","spec":"flights","specHash":null,
         "schema":[],"partitionBy":[],"files":[]}
        """);
    Files.copy(folder.resolve("old.json"), folder.resolve("_featurebeam/versions/20251231-0.json"));

    assertEquals(0, run("list", folder.toString()));
    assertEquals(
        "  r0          2025-12-31T00:00:00Z      0  -         -                      -             "
            + "     -  -",
        out.lines().skip(4).findFirst().orElseThrow());
    assertEquals(4, run("diff", folder + "/old.json", folder.toString()));
    assertTrue(
        out.endsWith("\nThe content of one of them is not known: an older release wrote it\n"),
        out);
  }

  @Test
  void mistakesAreTold() throws IOException {
    assertError(
        2,
        "Invalid arguments: lst x (must be list FOLDER, diff FOLDER or diff A B; --help says more)",
        "lst",
        "x");
    assertError(
        2,
        "Invalid options: --jsn (must be --json, or an option of Beam and its file systems,"
            + " --name=value)",
        "list",
        folder.toString(),
        "--jsn");
    assertError(
        2,
        "Unknown version: '2027' of FOLDER (must be the start of one of 20260102-b, 20260101-a)",
        "diff",
        folder + "@2027",
        folder.toString());
    assertError(
        2,
        "Ambiguous version: '2026' of FOLDER (must be the start of one of 20260102-b, 20260101-a)",
        "diff",
        folder + "@2026",
        folder.toString());
    assertError(
        2,
        "No data set: FOLDER/none (it has no _featurebeam/manifest.json: name the folder of a sink"
            + " of files, FOLDER@VERSION or a manifest file)",
        "list",
        folder + "/none");
    assertError(
        2,
        "Missing manifest: FOLDER/none.json (there is no such file)",
        "diff",
        folder + "/none.json",
        folder.toString());
    Files.delete(folder.resolve("_featurebeam/versions/20260101-a.json"));
    assertError(
        2,
        "Nothing to compare: FOLDER has one version (name two data sets: diff A B)",
        "diff",
        folder.toString());
    Files.writeString(folder.resolve("_featurebeam/manifest.json"), "{\"version\": 12");
    assertEquals(1, run("list", folder.toString()));
    assertTrue(
        err.startsWith("Cannot read FOLDER/_featurebeam/manifest.json: Unexpected end-of-input"),
        err);
  }

  private void assertError(int code, String message, String... args) {
    assertEquals(code, run(args), List.of(args).toString());
    assertEquals(message + "\n", err);
  }
}
