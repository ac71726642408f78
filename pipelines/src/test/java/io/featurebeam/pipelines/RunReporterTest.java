package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.io.file.publish.PublishOutcome;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.pipelines.spec.Secrets;
import io.featurebeam.rule.RuleCount;
import io.featurebeam.rule.Validation;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.validate.ValidateRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReporterTest {

  @TempDir Path folder;

  private RunReporter reporter(boolean aggregated, String report) {
    return new RunReporter(
        "payments",
        0,
        aggregated,
        false,
        "name: payments",
        Secrets.NONE,
        "DirectRunner",
        new RunReporter.Paths(
            "parquet", "out/", "out/", report == null ? null : new ReportFile(report)),
        null,
        folder.resolve("ending.txt").toString());
  }

  private static RunFacts facts(Facts.Builder facts) {
    RunFacts all = new RunFacts();
    all.add(BatchCodec.encode(facts.build()));
    return all;
  }

  private static PublishOutcome published(long rows) {
    return new PublishOutcome("out/", "run", true, 1, rows, 2000, List.of());
  }

  private static PublishOutcome withheld() {
    return new PublishOutcome("out/", "run", false, 0, 0, 0, List.of("no"));
  }

  private static String balance(String summary) {
    return summary.lines().filter(line -> line.startsWith("  in ")).findFirst().get().strip();
  }

  private static Facts.Builder tenRead() {
    return new Facts.Builder()
        .add("read", Facts.RECORDS_IN, 10)
        .add("read", Facts.RECORDS_OUT, 9)
        .add("read", Facts.REJECTED, 1)
        .add("validate", Facts.RECORDS_IN, 9)
        .add("validate", Facts.RECORDS_OUT, 7)
        .add("validate", Facts.REJECTED, 2);
  }

  @Test
  void usedRecordsAreThoseThatWereWritten() throws IOException {
    RunReporter reporter = reporter(false, null);

    reporter.report(facts(tenRead()), published(7), null);

    assertEquals(
        "in 10 = used 7 + rejected 3 + late 0 + duplicate 0", balance(reporter.ending().summary()));
    assertTrue(
        reporter.ending().summary().startsWith("payments succeeded in "),
        reporter.ending().summary());
    assertEquals("", reporter.ending().problem());
  }

  @Test
  void theFirstRecordIsTimedFromTheStart() throws IOException {
    RunReporter reporter = reporter(false, null); // it started at 0

    reporter.report(facts(tenRead().add("read", ReadFiles.FIRST_RECORD, 3_100_000)), null, null);

    assertTrue(
        reporter
            .ending()
            .summary()
            .lines()
            .findFirst()
            .get()
            .endsWith(", first record after 3.1 s"),
        reporter.ending().summary());
  }

  @Test
  void aWorkerWhoseClockIsBehindReadsNothingBeforeTheStart() throws IOException {
    RunReporter reporter = reporter(false, null);

    reporter.report(facts(tenRead().add("read", ReadFiles.FIRST_RECORD, -5_000_000)), null, null);

    assertTrue(
        reporter.ending().summary().lines().findFirst().get().endsWith(", first record after 0 ms"),
        reporter.ending().summary());
  }

  @Test
  void aRunWithoutRecordsHasNoFirst() throws IOException {
    RunReporter reporter = reporter(false, null);

    reporter.report(facts(new Facts.Builder()), null, null);

    assertFalse(reporter.ending().summary().contains("first record"), reporter.ending().summary());
  }

  @Test
  void recordsThatAreNowhereAreTold() throws IOException {
    RunReporter reporter = reporter(false, null);

    reporter.report(facts(tenRead()), published(6), null);

    assertFalse(
        reporter.ending().summary().startsWith("payments succeeded in "),
        reporter.ending().summary());
  }

  @Test
  void usedRecordsAreThoseThatPassedIfNothingIsWritten() throws IOException {
    RunReporter reporter = reporter(false, null);

    reporter.report(facts(tenRead()), null, null);

    assertEquals(
        "in 10 = used 7 + rejected 3 + late 0 + duplicate 0", balance(reporter.ending().summary()));
    assertFalse(reporter.ending().summary().contains("features"), reporter.ending().summary());
  }

  @Test
  void usedRecordsAreThoseThatWereAggregatedWhateverTheRows() throws IOException {
    RunReporter reporter = reporter(true, null);
    Facts.Builder facts =
        tenRead()
            .add("deduplicate", Facts.REJECTED, 3)
            .add("aggregate", Facts.RECORDS_IN, 4)
            .add("aggregate", Facts.RECORDS_OUT, 2);

    reporter.report(facts(facts), published(2), published(6));

    assertEquals(
        "in 10 = used 4 + rejected 3 + late 0 + duplicate 3", balance(reporter.ending().summary()));
    assertTrue(
        reporter.ending().summary().contains("  features  out/  2 rows, 1 file, 2.0 kB\n"),
        reporter.ending().summary());
    assertTrue(
        reporter.ending().summary().contains("  rejects   out/  6 rows, 1 file, 2.0 kB\n"),
        reporter.ending().summary());
  }

  @Test
  void anObjectionIsTheProblemAndInTheReport() throws IOException {
    Path report = folder.resolve("report.html");
    RunReporter reporter = reporter(false, report.toString());
    RuleCount count = new RuleCount("between(x, 0, *)", Validation.OnFail.FAIL, 10, 2, List.of());
    Facts.Builder facts =
        tenRead()
            .add(
                "validate",
                ValidateRecords.RULE_COUNT,
                SerializableUtils.serializeToByteArray(count));

    reporter.report(facts(facts), withheld(), published(3));

    String objection = "2 of 10 records break between(x, 0, *) (onFail: fail)";
    assertEquals(objection, reporter.ending().problem());
    assertFalse(reporter.ending().summary().contains("not published"), "the command line says it");
    assertFalse(reporter.ending().summary().contains("  features  "), reporter.ending().summary());
    String html = Files.readString(report);
    assertTrue(html.contains(objection) && html.contains("name: payments"));
  }
}
