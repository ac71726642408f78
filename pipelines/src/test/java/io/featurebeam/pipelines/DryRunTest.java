package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything but the run itself. FOLDER stands for the folder of the test. */
class DryRunTest {

  @TempDir Path folder;
  private Payments payments;

  @BeforeEach
  void writeInput() throws IOException {
    payments = new Payments(folder);
    payments.write("in.parquet", "1, A, 1, 2026-03-01T10:10:00Z");
  }

  /** Files and folders. */
  private List<Path> lying() throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.sorted().toList();
    }
  }

  private String refusal(Path spec, String... args) {
    String[] all = Stream.concat(Stream.of("--dry-run"), Stream.of(args)).toArray(String[]::new);
    Payments.Result result = Payments.run(spec, all);
    assertEquals(2, result.code(), result.err());
    return result.err().lines().findFirst().orElse("").replace(folder.toString(), "FOLDER");
  }

  @Test
  void saysWhatWouldBeRunAndLeavesNothing() throws IOException {
    Path spec = payments.spec(Payments.HOURLY);
    List<Path> before = lying();

    assertEquals(
        """
        Dry run: everything checks out, nothing is written

          source    parquet FOLDER/*.parquet
          features  FOLDER/features
          rejects   FOLDER/rejects
          report    FOLDER/report.html

        Without --dry-run this runs payments on DirectRunner
        """,
        Payments.run(spec, "--dry-run").succeeded().out().replace(folder.toString(), "FOLDER"));
    assertEquals(before, lying());
  }

  @Test
  void whatIsThereAlreadyStays() throws IOException {
    Path spec = payments.spec(Payments.HOURLY);
    Payments.run(spec).succeeded();
    List<Path> before = lying();

    Payments.run(spec, "--dry-run").succeeded();

    assertEquals(before, lying());
  }

  @Test
  void aFitIsNotLearned() throws IOException {
    Path spec =
        payments.spec(
            "features: { z: { standardize: amount } }",
            "fit: { path: " + folder + "/state.json, from: 2026-03-01, to: 2026-03-02 }");
    List<Path> before = lying();

    Payments.run(spec, "--dry-run").succeeded();

    assertEquals(before, lying());
  }

  @Test
  void whatIsWrongWithSourceColumnsOrOutputsIsTold() throws IOException {
    Path spec = payments.spec(Payments.HOURLY);
    Files.writeString(folder.resolve("file"), "");
    List<Path> before = lying();

    assertEquals(
        "--set=source.parquet.path: Missing file: FOLDER/none (it does not exist)",
        refusal(spec, "--set=source.parquet.path=" + folder + "/none"));
    assertEquals(
        "--set=keys: keys[0]: Unknown column: 'cart'; did you mean 'card'?",
        refusal(spec, "--set=keys=[cart]"));
    assertEquals(
        "--set=sink.parquet.path: Invalid output path: FOLDER/file/ (FOLDER/file is a file, not a"
            + " folder; choose another path)",
        refusal(spec, "--set=sink.parquet.path=" + folder + "/file"));
    assertEquals(
        "Invalid report path: 'FOLDER/file/r.html' (no file can be created in FOLDER/file; choose"
            + " another place)",
        refusal(spec, "--set=report.path=" + folder + "/file/r.html"));
    assertEquals(before, lying());
  }

  @Test
  void whatIsNoRunIsNotRunDry() throws IOException {
    assertEquals(
        "Invalid --dry-run with --testSpec (it is of runs alone; leave one of them out)",
        refusal(payments.spec(), "--testSpec"));
  }
}
