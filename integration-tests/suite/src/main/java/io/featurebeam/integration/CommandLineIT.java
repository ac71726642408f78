package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line asks for instead of a run. */
class CommandLineIT {

  @TempDir Path folder;

  private Job example() {
    return Flights.job(Flights.all(), folder);
  }

  private void assertNothingIsWritten() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  @Shows("--dry-run")
  void aDryRunChecksAndWritesNothing() throws IOException {
    Job.Result result = example().with("--dry-run").succeed();

    assertTrue(
        result.out().contains("Dry run: everything checks out, nothing is written\n"),
        result.out());
    assertNothingIsWritten();
  }

  @Test
  @Shows("--explain")
  void thePlanIsPrintedAndNothingIsWritten() throws IOException {
    Job.Result result = example().with("--explain").succeed();

    assertTrue(result.out().startsWith("Plan of flight-delays: 7 steps\n"), result.out());
    assertNothingIsWritten();
  }

  @Test
  @Shows({"tests", "--testSpec"})
  void theTestsThatTheSpecListsPass() throws IOException {
    Job.Result result =
        example().with("--set=tests=flights.test.yaml", "--testSpec=true").succeed();

    assertTrue(result.out().endsWith("\n2 passed, 0 failed\n"), result.out());
    assertNothingIsWritten();
  }

  @Test
  @Shows(
      value = "--templateLocation",
      refusedOn = {Runner.DIRECT, Runner.FLINK, Runner.SPARK})
  void aTemplateIsRefusedByName() throws IOException {
    Job.Result result = example().with("--templateLocation=" + folder.resolve("t.json")).run();

    String runner = Runner.current().name();
    assertEquals(
        runner.charAt(0)
            + runner.substring(1).toLowerCase(Locale.ROOT)
            + " runner cannot write a template: --templateLocation is given (only Dataflow has"
            + " templates; use --runner=DataflowRunner)",
        result.message());
    assertEquals(2, result.exitCode());
    assertNothingIsWritten();
  }
}
