package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source that a user's jar brings, with and without an end. */
class OwnSourceIT {

  @TempDir Path folder;

  private Job job(String source) throws IOException {
    return Job.of(
        folder,
        """
        name: ticks
        source:
          ticks: %s
        eventTime: at
        sink:
          parquet: { path: %s }
        """
            .formatted(source, folder.resolve("out")));
  }

  @Test
  @Shows("source.NAME")
  void isReadToItsEnd() throws IOException {
    job("{ count: 90 }").succeed().assertCounts(90, 90, 0, 0, 0);

    Table.assertSame(
        Duck.query("SELECT i AS tick, to_timestamp(i) AS at FROM range(90) t(i)"),
        new Output(folder.resolve("out")).assertClean().rows());
  }

  /** Where nothing refuses streams as such, they are still to come. */
  @ParameterizedTest
  @ValueSource(strings = {"--verbose=false", "--dry-run", "--explain"})
  @Shows(value = Shows.ALL, mode = Shows.Mode.STREAM, refusedOn = Runner.SPARK)
  void withoutAnEndIsRefusedBeforeAnythingRuns(String flag) throws IOException {
    Job.Result result = job("{}").with(flag).run();

    String refusal =
        Runner.current() == Runner.SPARK
            ? "Spark runner cannot run a streaming pipeline: the source 'ticks' has no end (it has"
                + " no event-time timers in streaming; use --runner=FlinkRunner or"
                + " --runner=DataflowRunner or --runner=DirectRunner)"
            : "Streams are not read yet: the source 'ticks' has no end (must be a source with an"
                + " end)";
    assertEquals(
        """
        %s:3:3: source.ticks: %s
              ticks: {}
              ^\
        """
            .formatted(folder.resolve("spec.yaml"), refusal),
        result.message());
    assertEquals(2, result.exitCode());
    assertEquals("", result.out());
    assertFalse(Files.exists(folder.resolve("out")), "no output is claimed");
  }

  @Test
  void theOptionOfBeamIsRefusedToo() throws IOException {
    Job job = job("{ count: 90 }").with("--streaming=true");
    if (Runner.current() != Runner.SPARK) {
      job.succeed().assertCounts(90, 90, 0, 0, 0);
      return;
    }

    Job.Result result = job.run();

    assertEquals(
        "Spark runner cannot run a streaming pipeline: the option streaming is true (it has no"
            + " event-time timers in streaming; use --runner=FlinkRunner or --runner=DataflowRunner"
            + " or --runner=DirectRunner)",
        result.message());
    assertEquals(2, result.exitCode());
    assertEquals(List.of(), new Output(folder.resolve("out")).files());
  }
}
