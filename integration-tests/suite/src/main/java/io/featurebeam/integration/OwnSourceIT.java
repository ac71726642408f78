package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @ValueSource(strings = {"--verbose=false", "--dry-run", "--explain"})
  @Shows(value = Shows.ALL, mode = Shows.Mode.STREAM, refusedOn = Runner.SPARK)
  void withoutAnEndIsRefusedWhereTheRunnerCannot(String flag) throws IOException {
    assumeTrue(Runner.current() == Runner.SPARK, "other runners take it");

    Job.Result result = job("{}").with(flag).run();

    assertEquals(
        """
        %s:3:3: source.ticks: Spark runner cannot run a streaming pipeline: the source 'ticks' has \
        no end (it has no event-time timers in streaming; use --runner=FlinkRunner or \
        --runner=DataflowRunner or --runner=DirectRunner)
              ticks: {}
              ^\
        """
            .formatted(folder.resolve("spec.yaml")),
        result.message());
    assertEquals(2, result.exitCode());
    assertEquals("", result.out());
    assertFalse(Files.exists(folder.resolve("out")), "no output is claimed");
  }

  @Test
  void aStreamBehindHistoryIsRefusedToo() throws IOException {
    assumeTrue(Runner.current() == Runner.SPARK, "other runners take it");

    Job.Result result =
        Job.of(
                folder,
                """
                name: ticks
                source:
                  batch: { ticks: { count: 9 } }
                  stream: { ticks: {} }
                  cut: 2001-01-01
                eventTime: at
                dedupe: { by: tick, within: 1d }
                """)
            .run();

    assertEquals(2, result.exitCode());
    assertEquals(
        "spec.yaml:4:11: source.stream.ticks: Spark runner cannot run a streaming pipeline: the"
            + " source 'ticks' has no end (it has no event-time timers in streaming; use"
            + " --runner=FlinkRunner or --runner=DataflowRunner or --runner=DirectRunner)",
        firstLine(result.message()));
  }

  @Test
  void aTopicWithoutAnEndIsRefusedBeforeABrokerIsAsked() throws IOException {
    assumeTrue(Runner.current() == Runner.SPARK, "other runners take it");

    Job.Result result =
        Job.of(
                folder,
                """
                name: payments
                source:
                  kafka: { servers: "nowhere.invalid:9092", topic: payments, format: json, columns: { at: timestamp } }
                eventTime: at
                """)
            .run();

    assertEquals(2, result.exitCode());
    assertEquals(
        "spec.yaml:3:10: source.kafka: Spark runner cannot run a streaming pipeline: the source"
            + " 'kafka' has no end (it has no event-time timers in streaming; use"
            + " --runner=FlinkRunner or --runner=DataflowRunner or --runner=DirectRunner)",
        firstLine(result.message()));
  }

  @Test
  void aTopicWithoutAnEndIsRefusedAmongInputsToo() throws IOException {
    assumeTrue(Runner.current() == Runner.SPARK, "other runners take it");

    Job.Result result =
        Job.of(
                folder,
                """
                name: payments
                source:
                  union:
                    some: { ticks: { count: 1 } }
                    more:
                      kafka: { servers: "nowhere.invalid:9092", topic: payments, format: json, columns: { at: timestamp } }
                eventTime: at
                """)
            .run();

    assertEquals(2, result.exitCode());
    assertEquals(
        "spec.yaml:6:14: source.union.more.kafka: Spark runner cannot run a streaming pipeline: the"
            + " source 'kafka' has no end (it has no event-time timers in streaming; use"
            + " --runner=FlinkRunner or --runner=DataflowRunner or --runner=DirectRunner)",
        firstLine(result.message()));
  }

  @Test
  void exactlyOnceIsRefusedBeforeABrokerIsAsked() throws IOException {
    assumeTrue(Runner.current() == Runner.SPARK, "other runners take it");

    Job.Result result =
        Job.of(
                folder,
                """
                name: payments
                source: { ticks: { count: 1 } }
                eventTime: at
                sink:
                  kafka:
                    servers: "nowhere.invalid:9092"
                    topic: out
                    exactlyOnce: { group: g }
                """)
            .run();

    assertEquals(2, result.exitCode());
    assertEquals(
        "spec.yaml:8:18: sink.kafka.exactlyOnce: Spark runner cannot write a topic exactly once: the"
            + " sink says exactlyOnce (its retries may give a sink other input than before; use"
            + " --runner=FlinkRunner or --runner=DataflowRunner or --runner=DirectRunner)",
        firstLine(result.message()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dedupe: [tick] | 4:9: dedupe: Missing within of dedupe (the source 'ticks' has no end; ids"
            + " cannot be remembered for ever); use for example dedupe: { by: [tick], within: 24h"
            + " }",
        "report: { path: r.html } | 4:9: report: Invalid report (the source 'ticks' has no end; a"
            + " report is of a whole run; leave it out)",
        "features: { z: { standardize: tick } };fit: { path: f, from: 2001-01-01, to: 2001-01-02 }"
            + " | 5:6: fit: Invalid fit (the source"
            + " 'ticks' has no end; learn from a bounded source and give fitted: {path})"
      })
  void whatNeedsAnEndIsRefusedWithoutOne(String section, String message) throws IOException {
    assumeTrue(Runner.current() != Runner.SPARK, "refuses streams as such");

    Job.Result result = job("{}\n" + section.replace(';', '\n')).run();

    assertEquals(2, result.exitCode());
    assertEquals("spec.yaml:" + message, firstLine(result.message()));
  }

  private String firstLine(String message) {
    String line = message.lines().findFirst().orElseThrow();
    return line.replace(folder.toString() + "/", "");
  }

  @Test
  void aRangeIsRefusedWithoutAnEnd() throws IOException {
    assumeTrue(Runner.current() != Runner.SPARK, "refuses streams as such");

    Job.Result result = job("{}").with("--from=2001-01-01").run();

    assertEquals(2, result.exitCode());
    assertEquals(
        "Invalid --replay, --from or --to (the source has no end; bound it to compute a part)",
        result.message());
  }

  @Test
  void aDryRunChecksAStreamWithoutRunningIt() throws IOException {
    assumeTrue(Runner.current() != Runner.SPARK, "refuses streams as such");

    Job.Result result = job("{}").with("--dry-run").run();

    assertEquals(0, result.exitCode(), result.message());
    assertTrue(result.out().startsWith("Dry run: everything checks out"), result.out());
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
