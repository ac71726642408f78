package io.featurebeam.pipelines.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.pipelines.report.RunSummary.Balance;
import io.featurebeam.pipelines.report.RunSummary.Output;
import io.featurebeam.pipelines.report.RunSummary.RuleCount;
import io.featurebeam.pipelines.report.RunSummary.Verdict;
import io.featurebeam.pipelines.spec.RuleSpec.OnFail;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryPrinterTest {

  @Test
  void aRunThatSucceeded() {
    assertEquals(
        """
        flight-delays succeeded in 12.4 s on DirectRunner, first record after 3.1 s

          in 50,012 = used 49,800 + rejected 200 + late 10 + duplicate 2

          3 rules, 2 with failures:
            between(delay, -180, 1440)    180  rejected  such as -300.0, (empty)
            matches(origin, [A-Z]{3})   1,020  warned

          features  out/features     49,800 rows, 3 files, 1.2 MB
          rejects   out/rejects      200 rows, 1 file, 14.0 kB
          report    out/report.html
        """,
        SummaryPrinter.print(Runs.flights().build()));
  }

  @Test
  void aRunOverARangeSaysWhichRows() {
    assertEquals(
        """
        day succeeded in 0 ms on unknown
          only rows with window_end from 2001-01-02 to before 2001-01-03

          in 0 = used 0 + rejected 0 + late 0 + duplicate 0
        """,
        SummaryPrinter.print(
            RunSummary.builder("day")
                .range("rows with window_end from 2001-01-02 to before 2001-01-03")
                .build()));
  }

  @Test
  void manySmallFilesAreToldWithTheWayOut() {
    assertEquals(
        """
        scattered succeeded in 0 ms on unknown

          in 0 = used 0 + rejected 0 + late 0 + duplicate 0

          features  out/features  48,626 rows, 7,331 files, 9.0 MB

          7,331 files of 7 rows on average: partition by less or by longer times (partitionBy)
        """,
        SummaryPrinter.print(
            RunSummary.builder("scattered")
                .output(new Output("features", "out/features", 7_331, 48_626, 9_000_000))
                .build()));
  }

  @Test
  void aReasonThatIsToldElsewhereIsLeftOut() {
    assertEquals(
        """
        broken FAILED after 0 ms on unknown

          in 0 = used 0 + rejected 0 + late 0 + duplicate 0
        """,
        SummaryPrinter.printWithoutProblem(
            RunSummary.builder("broken").failed("not published: ...").build()));
  }

  @Test
  void aRunWithNothingToTell() {
    assertEquals(
        """
        empty succeeded in 0 ms on unknown

          in 0 = used 0 + rejected 0 + late 0 + duplicate 0
        """,
        SummaryPrinter.print(RunSummary.builder("empty").build()));
  }

  @Test
  void rulesThatAllHold() {
    assertEquals(
        """
        checked succeeded in 0 ms on unknown

          in 0 = used 0 + rejected 0 + late 0 + duplicate 0

          1 rule, held by every record
        """,
        SummaryPrinter.print(
            RunSummary.builder("checked")
                .rule(new RuleCount("not_null(a)", OnFail.REJECT, 5, 0, List.of()))
                .build()));
  }

  @Test
  void aRunThatFailedAndDoesNotBalance() {
    RunSummary run =
        RunSummary.builder("broken")
            .ran(Instant.EPOCH, Duration.ofSeconds(125))
            .balance(new Balance(10, 5, 1, 0, 0))
            .failed("not_null(date) failed for 3 records.\nNothing was published.")
            .build();

    assertEquals(Verdict.FAILED, run.verdict());
    assertEquals(
        """
        broken FAILED after 2 min 05 s on unknown
          not_null(date) failed for 3 records.
          Nothing was published.

          in 10 = used 5 + rejected 1 + late 0 + duplicate 0 + unaccounted 4
        """,
        SummaryPrinter.print(run));
  }

  @Test
  void aRunThatDoesNotBalanceSaysSoInItsFirstLine() {
    RunSummary run = RunSummary.builder("odd").balance(new Balance(1, 2, 0, 0, 0)).build();

    assertEquals(Verdict.UNBALANCED, run.verdict());
    assertEquals(
        """
        odd ended, but does NOT balance, in 0 ms on unknown

          in 1 = used 2 + rejected 0 + late 0 + duplicate 0 + unaccounted -1
        """,
        SummaryPrinter.print(run));
  }

  @Test
  void onlyTheFirstTenBrokenRulesAreListed() {
    RunSummaryBuilder builder = RunSummary.builder("many");
    for (int i = 0; i < 12; i++) {
      builder.rule(new RuleCount("rule" + i, OnFail.REJECT, 5, 1, List.of()));
    }
    String text = SummaryPrinter.print(builder.build());

    assertTrue(text.contains("\n    rule9  1  rejected\n    and 2 more\n"), text);
  }

  @Test
  void hostileDataMovesNoCursorAndForgesNoLine() {
    String hostile = "x\u001b[2J\r\nfake: all is well\u202e";
    String text =
        SummaryPrinter.print(
            RunSummary.builder(hostile)
                .rule(new RuleCount(hostile, OnFail.REJECT, 1, 1, List.of(hostile)))
                .output(new Output("features", hostile + "y".repeat(1 << 20), 1, 1, 1))
                .report(hostile)
                .failed(hostile)
                .build());

    assertTrue(text.chars().noneMatch(c -> (c < 32 && c != '\n') || c == 0x202e), text);
    assertEquals(1, text.lines().filter(line -> line.strip().startsWith("fake")).count(), text);
    assertTrue(text.length() < 2000, () -> text.length() + " characters");
  }

  @Test
  void countsThatCannotBeAreRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Balance(1, -1, 0, 0, 0));
    assertEquals("Invalid count of records: -1 (must be >= 0)", e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new RuleCount("unique(id)", OnFail.WARN, 3, 4, List.of()));
    assertEquals("Invalid count of failures of unique(id): 4 (must be 0 to 3)", e.getMessage());
  }

  @Test
  void rowsThatASampleLeftOutAreCountedApart() {
    assertEquals(
        """
        daily succeeded in 0 ms on unknown

          in 0 = used 0 + rejected 0 + late 0 + duplicate 0

          features  out/features  49 rows, 1 file, 1.2 kB
          left out  by sample     1,951 rows
        """,
        SummaryPrinter.print(
            RunSummary.builder("daily")
                .output(new Output("features", "out/features", 1, 49, 1_200))
                .output(new Output("left out", "by sample", 0, 1_951, 0))
                .build()));
  }
}
