package io.featurebeam.pipelines.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.pipelines.spec.SpecParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CliTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(Cli.Command command, String... args) {
    return Cli.run(
        args,
        command,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  @Test
  void commandThatEndsGivesItsCodeAndSaysNothing() {
    assertEquals(0, run((invocation, context) -> ExitCode.OK));
    assertEquals("", errors());
  }

  @Test
  void wrongArgumentIsTwoWithOneLine() {
    assertEquals(2, run((invocation, context) -> ExitCode.OK, "--spek=x"));
    assertEquals("Unknown option: --spek; did you mean --spec?\n", errors());
  }

  @Test
  void wrongSpecIsTwoWithItsPlace() {
    assertEquals(
        2,
        run(
            (invocation, context) -> {
              var unused = SpecParser.withDefaults().parse("keys: 1\n", "f.yaml");
              return ExitCode.OK;
            }));
    assertTrue(errors().startsWith("f.yaml:1:1: Missing key: 'name'"), errors());
  }

  @Test
  void failedRunIsOneWithTheCausesOnce() {
    Cli.Command command =
        (invocation, context) -> {
          IllegalStateException disk = new IllegalStateException("No space left on /out");
          throw new RuntimeException(new RuntimeException("Cannot write part 3", disk));
        };
    assertEquals(1, run(command));
    assertEquals(
        """
        Run failed: Cannot write part 3
          because: No space left on /out
        (--verbose shows where)
        """,
        errors());
  }

  @Test
  void completeMessageStandsAloneWhateverIsAroundIt() {
    Cli.Command command =
        (invocation, context) -> {
          IOException disk = new IOException("Cannot write out/a: disk full (free space)");
          throw new RuntimeException("Job failed", new RuntimeException("Task 3 failed", disk));
        };
    assertEquals(1, run(command));
    assertEquals("Run failed: Cannot write out/a: disk full (free space)\n", errors());
  }

  @Test
  void whatARunnerMakesOfAFailureIsNotTold() {
    Cli.Command command =
        (invocation, context) -> {
          IllegalStateException disk = new IllegalStateException("No space left on /out");
          throw new RuntimeException("Pipeline execution failed", disk);
        };
    assertEquals(1, run(command));
    assertEquals("Run failed: No space left on /out\n(--verbose shows where)\n", errors());
  }

  @Test
  void whatFollowsFromAnInterruptionIsNotTold() {
    Cli.Command command =
        (invocation, context) -> {
          context.interrupted();
          throw new IllegalStateException("the engine is gone");
        };
    assertEquals(1, run(command));
    assertEquals("", errors());
  }

  @Test
  void verboseShowsTheTrace() {
    Cli.Command command =
        (invocation, context) -> {
          throw new IllegalStateException("broken");
        };
    assertEquals(1, run(command, "--verbose"));
    assertTrue(errors().startsWith("java.lang.IllegalStateException: broken\n\tat "), errors());
  }

  @Test
  void verdictIsThreeAlsoInsideARunnersException() {
    Cli.Command command =
        (invocation, context) -> {
          throw new RuntimeException(new VerdictException("not_null(origin) failed for 3 records"));
        };
    assertEquals(3, run(command));
    assertEquals("Not published: not_null(origin) failed for 3 records\n", errors());
  }

  @Test
  void errorsHideWhatCameFromTheEnvironment() {
    Cli.Command command =
        (invocation, context) -> {
          context.hide(
              SpecParser.withDefaults()
                  .withEnvironment(Map.of("OUT", "/secret/place"))
                  .parse(
                      "name: n\nsource: { parquet: { path: \"${OUT}\" } }\neventTime: t\n",
                      "f.yaml")
                  .secrets());
          throw new IllegalStateException("Cannot read /secret/place/part-1");
        };
    assertEquals(1, run(command));
    assertEquals("Run failed: Cannot read ${OUT}/part-1\n(--verbose shows where)\n", errors());
  }

  @Test
  void whateverIsPrintedHidesWhatCameFromTheEnvironment() {
    PrintStream before = System.err;
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    System.setErr(new PrintStream(seen, true, StandardCharsets.UTF_8));
    try {
      assertEquals(
          0,
          run(
              (invocation, context) -> {
                context.hide(
                    SpecParser.withDefaults()
                        .withEnvironment(Map.of("OUT", "/secret/place"))
                        .parse(
                            "name: n\nsource: { parquet: { path: \"${OUT}\" } }\neventTime: t\n",
                            "f.yaml")
                        .secrets());
                new IllegalStateException("Cannot read /secret/place/part-1").printStackTrace();
                System.err.print("half a line of /secret/");
                System.err.write("place".getBytes(StandardCharsets.UTF_8), 0, 5);
                System.err.println(" é");
                return ExitCode.OK;
              }));
    } finally {
      System.setErr(before);
    }
    String text = seen.toString(StandardCharsets.UTF_8);
    assertTrue(text.startsWith("java.lang.IllegalStateException: Cannot read ${OUT}/part-1"), text);
    assertTrue(text.endsWith("half a line of ${OUT} é" + System.lineSeparator()), text);
  }

  @Test
  void helpListsTheOptionsAndDoesNotRun() {
    for (String help : List.of("-h", "--help")) {
      out.reset();
      assertEquals(
          0,
          run(
              (invocation, context) -> {
                throw new AssertionError("must not run");
              },
              help));
    }
    String text = out.toString(StandardCharsets.UTF_8);
    assertTrue(text.startsWith("Usage: FeaturePipeline --spec=FILE [--option=value ...]\n"), text);
    assertTrue(text.contains("\n  --set               Overrides a key of the spec"), text);
    assertTrue(
        text.contains("\n  3    a rule with onFail: fail was broken; nothing was published\n"),
        text);
  }
}
