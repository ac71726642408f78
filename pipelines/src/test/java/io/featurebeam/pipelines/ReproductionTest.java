package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.io.file.FileHashes;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.pipelines.cli.Cli;
import io.featurebeam.pipelines.cli.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a manifest tells, builds it again, and what is told if it cannot. FOLDER stands for the
 * folder.
 */
final class ReproductionTest {

  private static final String SPEC =
      """
      name: payments
      source:
        csv:
          path: FOLDER/in/*.csv
          columns: { at: timestamp, user: string, amount: float64 }
      eventTime: at
      keys: [user]
      aggregate:
        - window: 1d
          emit: { every: 1h }
          features:
            payments: count
            largest: { max: amount }
      sink: { parquet: { path: FOLDER/features, partitionBy: [day(window_end)] } }
      """;

  @TempDir Path folder;

  private String spec = SPEC;
  private ByteArrayOutputStream out;
  private ByteArrayOutputStream err;

  @BeforeEach
  void writePayments() throws IOException {
    write("a.csv", "2024-05-01T10:10:00Z,ann,5", "2024-05-01T11:30:00Z,ann,9");
    write("b.csv", "2024-05-02T11:30:00Z,ann,12.5", "2024-05-02T11:30:00Z,bob,1");
  }

  private void write(String name, String... payments) throws IOException {
    Path file = folder.resolve("in").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "at,user,amount\n" + String.join("\n", payments) + "\n");
  }

  private Path specFile() throws IOException {
    return Files.writeString(
        folder.resolve("payments.yaml"), spec.replace("FOLDER", folder.toString()));
  }

  private int command(String... args) {
    out = new ByteArrayOutputStream();
    err = new ByteArrayOutputStream();
    PrintStream console = new PrintStream(out, true, StandardCharsets.UTF_8);
    return Cli.run(
        args,
        (invocation, context) -> new SpecRun(invocation, context, console).run(),
        console,
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private void run(String... more) throws IOException {
    String[] args =
        Stream.concat(Stream.of("--spec=" + specFile()), Stream.of(more)).toArray(String[]::new);
    assertEquals(0, command(args), () -> plain(err));
  }

  private int reproduce(String... more) {
    return command(
        Stream.concat(Stream.of("--reproduce=" + features()), Stream.of(more))
            .toArray(String[]::new));
  }

  private String features() {
    return folder.resolve("features").toString();
  }

  private Manifest manifest() throws IOException {
    return Manifest.read(features()).orElseThrow();
  }

  private String plain(ByteArrayOutputStream text) {
    return text.toString(StandardCharsets.UTF_8)
        .replace(folder.toString(), "FOLDER")
        .replaceAll(
            "version [-0-9a-f]+, made at [-0-9:TZ]+ by .* on", "version V, made at T by CODE on")
        .replaceAll("(?m)^\\d+ records .*\\R", "") // progress
        .replaceAll("[0-9a-f]{64}", "SHA")
        .replaceAll("content [0-9a-f]{32}", "content HASH");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(f -> folder.relativize(f).toString()).sorted().toList();
    }
  }

  @Test
  void aManifestTellsHowTheOutputWasMade() throws IOException {
    run();

    Origin origin = manifest().origin();
    assertEquals("DirectRunner", origin.runner());
    assertNull(origin.range());
    assertEquals(Versions.project(), origin.code().version());
    assertEquals(
        List.of(
            Origin.Input.file(folder + "/in/a.csv", 69)
                .withSha256(FileHashes.sha256(folder + "/in/a.csv")),
            Origin.Input.file(folder + "/in/b.csv", 72)
                .withSha256(FileHashes.sha256(folder + "/in/b.csv"))),
        origin.inputs());
    assertEquals("name: payments", origin.specText().get(0));
    assertEquals(4, manifest().content().rows());
    assertEquals(
        List.of("window_end_day=2024-05-01", "window_end_day=2024-05-02"),
        List.copyOf(manifest().content().byFolder().keySet()));
  }

  @Test
  void whatIsBuiltAgainIsTheSameAndNothingIsLeft() throws IOException {
    run();
    List<String> before = files();

    assertEquals(0, reproduce(), () -> plain(err));
    assertEquals(
        """
        Reproducing FOLDER/features: version V, made at T by CODE on DirectRunner
          inputs  2 as then, by SHA-256
        Identical: 4 rows in 2 partitions, content HASH
        """,
        plain(out));
    assertEquals(before, files());
  }

  @Test
  void aPathOfTheSinkKeepsWhatIsBuilt() throws IOException {
    run();
    String kept = folder.resolve("again").toString();

    assertEquals(0, reproduce("--set=sink.parquet.path=" + kept), () -> plain(err));
    assertTrue(plain(out).contains("\n  built   FOLDER/again\nIdentical: 4 rows"), plain(out));
    Manifest again = Manifest.read(kept).orElseThrow();
    assertEquals(manifest().content(), again.content());
    assertEquals(manifest().origin().inputs(), again.origin().inputs());
  }

  @Test
  void changedInputsAreToldByName() throws IOException {
    run();
    write("a.csv", "2024-05-01T10:10:00Z,ann,5", "2024-05-01T11:30:00Z,ann,8");
    Files.delete(folder.resolve("in/b.csv"));
    write("c.csv", "2024-05-03T10:10:00Z,ann,5");
    List<String> before = files();

    assertEquals(ExitCode.USAGE.code(), reproduce());
    assertEquals(
        """
        Cannot reproduce FOLDER/features: inputs have changed
          ~ FOLDER/in/a.csv: SHA-256 SHA then, SHA now
          - FOLDER/in/b.csv (72 bytes)
          + FOLDER/in/c.csv (42 bytes)
        (put back what they were, or run the spec again for a new version)
        """,
        plain(err));
    assertEquals(before, files());
  }

  @Test
  void sizesAloneAreComparedIfHashesAreSwitchedOff() throws IOException {
    spec = SPEC.replace("partitionBy", "manifest: { inputs: sizes }, partitionBy");
    run();
    assertEquals(Origin.Input.file(folder + "/in/a.csv", 69), manifest().origin().inputs().get(0));
    write("a.csv", "2024-05-01T10:10:00Z,ann,5", "2024-05-01T11:30:00Z,ann,8");

    assertEquals(ExitCode.DIFFERENT.code(), reproduce());
    assertEquals(
        """
        Reproducing FOLDER/features: version V, made at T by CODE on DirectRunner
          inputs  2 as then, by size alone
        Different: 1 of 2 partitions
          ~ window_end_day=2024-05-01: 2 rows, other values
        """,
        plain(out));
  }

  @Test
  void aSpecThatHasChangedIsToldLineByLine() throws IOException {
    run();
    spec = SPEC.replace("max: amount", "min: amount");

    assertEquals(ExitCode.USAGE.code(), reproduce("--spec=" + specFile()));
    assertEquals(
        """
        Cannot reproduce FOLDER/features: the spec has changed
          -     features: { payments: count, largest: { max: { column: amount } } }
          +     features: { payments: count, largest: { min: { column: amount } } }
        (leave out --spec and --set to build by the spec in the manifest; \
        --set=sink.parquet.path=FOLDER alone keeps what is built)
        """,
        plain(err));
  }

  @Test
  void whereThingsGoMayChange() throws IOException {
    run();
    spec =
        SPEC + "rejects: { path: FOLDER/rejects }\nrunner: { direct: { targetParallelism: 1 } }\n";

    assertEquals(0, reproduce("--spec=" + specFile()), () -> plain(err));
    assertTrue(Files.notExists(folder.resolve("rejects")));
  }

  @Test
  void aRangeIsBuiltAgainAsARange() throws IOException {
    run("--from=2024-05-02", "--to=2024-05-03");

    assertEquals(
        new Origin.Range("2024-05-02T00:00:00Z", "2024-05-03T00:00:00Z"),
        manifest().origin().range());
    assertEquals(0, reproduce(), () -> plain(err));
    assertTrue(plain(out).endsWith("\nIdentical: 2 rows in 1 partition, content HASH\n"));
  }

  @Test
  void rangesWithAGapAreRefused() throws IOException {
    run("--from=2024-05-01", "--to=2024-05-02");
    run("--from=2024-05-03", "--to=2024-05-04");

    assertEquals(ExitCode.USAGE.code(), reproduce());
    assertEquals(
        """
        Cannot reproduce FOLDER/features: it holds several ranges of event time and not what is \
        between them
          2024-05-01T00:00:00Z to 2024-05-02T00:00:00Z
          2024-05-03T00:00:00Z to 2024-05-04T00:00:00Z
        (run the spec over one range, or over all)
        """,
        plain(err));
  }

  @Test
  void aPartComputedAgainGivesTheSameWhole() throws IOException {
    run();
    var whole = manifest().content();
    run("--from=2024-05-02", "--to=2024-05-03");

    assertEquals(whole, manifest().content());
    assertEquals(0, reproduce(), () -> plain(err));
  }

  @Test
  void anEarlierVersionIsComparedWithWhatTheInputsGiveNow() throws IOException {
    run();
    String first = manifest().runId();
    run();

    assertNotEquals(first, manifest().runId());
    assertEquals(0, command("--reproduce=" + features() + "@" + first), () -> plain(err));
    assertEquals(
        0, command("--reproduce=" + features() + "/_featurebeam/manifest.json"), () -> plain(err));
  }

  @Test
  void anOutputOfAnotherIsOneInputKnownByItsContent() throws IOException {
    run();
    String first = specFile().toString();
    String second =
        """
        name: days
        source: { parquet: { path: FOLDER/features } }
        eventTime: window_end
        features: { log: { log1p: largest_1d } }
        sink: { parquet: { path: FOLDER/days } }
        """
            .replace("FOLDER", folder.toString());
    Path file = Files.writeString(folder.resolve("days.yaml"), second);
    assertEquals(0, command("--spec=" + file), () -> plain(err));

    Manifest days = Manifest.read(folder.resolve("days").toString()).orElseThrow();
    assertEquals(
        List.of(
            Origin.Input.dataset(
                features(),
                manifest().files().size(),
                manifest().bytes(),
                manifest().content().hash())),
        days.origin().inputs());

    assertEquals(0, command("--spec=" + first)); // other files, the same rows
    String days1 = "--reproduce=" + folder.resolve("days");
    assertEquals(0, command(days1), () -> plain(err));

    write("b.csv", "2024-05-02T11:30:00Z,ann,13.5", "2024-05-02T11:30:00Z,bob,1");
    assertEquals(0, command("--spec=" + first));
    assertEquals(ExitCode.USAGE.code(), command(days1));
    assertEquals(
        """
        Cannot reproduce FOLDER/days: inputs have changed
          ~ FOLDER/features: content HASH then, HASH now
        (put back what they were, or run the spec again for a new version)
        """,
        plain(err).replaceAll(", [0-9a-f]{32} now", ", HASH now"));
  }

  @Test
  void whatIsNoDataSetIsToldWithWhatIsOne() throws IOException {
    assertEquals(ExitCode.USAGE.code(), reproduce());
    assertEquals(
        "No data set: FOLDER/features (it has no _featurebeam/manifest.json: name the folder of a"
            + " sink of files, FOLDER@VERSION or a manifest file)\n",
        plain(err));

    run();
    Path file = folder.resolve("features/_featurebeam/manifest.json");
    Files.writeString(
        file, Files.readString(file).replaceFirst("\"version\" : 2", "\"version\" : 9"));
    assertEquals(ExitCode.FAILED.code(), reproduce());
    assertEquals(
        "Run failed: FOLDER/features/_featurebeam/manifest.json has version 9 (this release reads"
            + " 2); update FeatureBeam\n",
        plain(err));

    Files.writeString(file, "{\"version\": 2, \"runId\": \"x\", \"sch");
    assertEquals(ExitCode.FAILED.code(), reproduce());
    assertTrue(
        plain(err)
            .startsWith("Run failed: Cannot read FOLDER/features/_featurebeam/manifest.json: "),
        plain(err));
    assertTrue(
        plain(err).endsWith(" (restore it, or move the output away and run again)\n"), plain(err));
  }

  @Test
  void aManifestWithoutItsOriginIsRefused() throws IOException {
    run();
    Path file = folder.resolve("features/_featurebeam/manifest.json");
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    int from = lines.indexOf("  \"origin\" : {");
    int to = lines.indexOf("  },");
    lines.subList(from, to + 1).clear();
    Files.write(file, lines);

    assertEquals(ExitCode.USAGE.code(), reproduce());
    assertEquals(
        "Cannot reproduce FOLDER/features: its manifest says neither the spec nor the inputs, as an"
            + " older release wrote it (run the spec again: the new manifest says them)\n",
        plain(err));
  }

  @Test
  void aFlagWithoutADataSetIsRefused() {
    assertEquals(ExitCode.USAGE.code(), command("--reproduce"));
    assertEquals(
        "Missing value: --reproduce=FOLDER (the data set to build again and compare)\n",
        plain(err));
  }

  @Test
  void otherFlagsThatSelectAPartAreRefused() {
    assertEquals(ExitCode.USAGE.code(), reproduce("--from=2024-05-02"));
    assertEquals(
        "Invalid --reproduce with --from (what is built is what the manifest says; leave one of"
            + " them out)\n",
        plain(err));
  }
}
