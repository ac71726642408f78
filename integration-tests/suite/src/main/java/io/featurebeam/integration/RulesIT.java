package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.io.file.publish.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of records that a rule objects to: rejected, warned of, dropped as copies, withheld.
 */
class RulesIT {

  /** Of 5,000 payments: ids 0 to 4,899, so 100 copies; the later copies carry another amount. */
  private static final String PAYMENTS =
      """
      SELECT (i % 4900)::BIGINT AS id, 'card-' || (i % 97) AS card, (i % 500)::DOUBLE - 0.5 AS amount,
        TIMESTAMP '2026-03-01 00:00:00' + to_seconds(i * 13) AS seen
      FROM range(5000) t(i)
      """;

  @TempDir Path folder;
  private Path input;

  @BeforeEach
  void writePayments() {
    input = folder.resolve("payments.parquet");
    Duck.copy(PAYMENTS, input, "parquet");
  }

  private Job job(String rules) throws IOException {
    return Job.of(
        folder,
        """
        name: payments
        source:
          parquet: { path: %s }
        eventTime: seen
        keys: [card]
        %s
        aggregate:
          window: 1h
          emit: windowClose
          features:
            payments: count
            spent: { sum: amount }
        sink:
          parquet: { path: %s }
        rejects: { path: %s }
        report: { path: %s }
        """
            .formatted(
                input,
                rules,
                output().folder(),
                rejects().folder(),
                folder.resolve("report.html")));
  }

  private Output output() {
    return new Output(folder.resolve("out"));
  }

  private Output rejects() {
    return new Output(folder.resolve("rejects"));
  }

  @Test
  @Shows("dedupe")
  void copiesAreDuplicatesAndTheFirstIsKept() throws IOException {
    Job.Result result = job("dedupe: [id]").succeed();

    result.assertCounts(5_000, 4_900, 0, 0, 100);
    Table.assertSame(
        Duck.query(
            "SELECT card, time_bucket(INTERVAL 1 hour, seen) + INTERVAL 1 hour AS window_end,"
                + " count(*) AS payments_1h, sum(amount)::DOUBLE AS spent_1h FROM (SELECT * FROM '"
                + input
                + "' QUALIFY row_number() OVER (PARTITION BY id ORDER BY seen) = 1) GROUP BY ALL"),
        output().assertClean().rows());
    Table.assertSame(
        Duck.query("SELECT 'unique(id)' AS rule, i AS position FROM range(4900, 5000) t(i)"),
        Duck.query("SELECT rule, position FROM " + rejects().assertClean().sql()));
  }

  /** A card pays every 1,261 s: within an hour of a payment that is kept, two more times. */
  @Test
  @Shows("dedupe")
  void beyondTheHorizonAnIdIsNewAgain() throws IOException {
    Job.Result result = job("dedupe: { by: card, within: 1h }").succeed();

    result.assertCounts(5_000, 1_702, 0, 0, 3_298);
    Table.assertSame(
        Duck.query("SELECT i AS position FROM range(5000) t(i) WHERE (i // 97) % 3 <> 0"),
        Duck.query("SELECT position FROM " + rejects().assertClean().sql()));
  }

  @Test
  @Shows("validate.onFail.reject")
  void copiesByAUniqueRuleAreRejects() throws IOException {
    Job.Result result = job("validate: [{ rule: unique, columns: [id] }]").succeed();

    result.assertCounts(5_000, 4_900, 100, 0, 0);
    assertEquals(100, rejects().assertClean().rows("rule = 'unique(id)'").rows().size());
  }

  @Test
  @Shows("validate.onFail.reject")
  void aGuardedRuleJudgesOnlyWhereItsConditionHolds() throws IOException {
    Job.Result result =
        job("validate: [{ column: amount, rule: between, max: 400, when: \"id % 2 == 0\" }]")
            .succeed();

    result.assertCounts(5_000, 4_510, 490, 0, 0);
    Table.assertSame(
        Duck.query(
            "SELECT 'between(amount, *, 400) when id % 2 == 0' AS rule, i AS position"
                + " FROM range(5000) t(i) WHERE i % 4900 % 2 = 0 AND i % 500 > 400"),
        Duck.query("SELECT rule, position FROM " + rejects().assertClean().sql()));
  }

  @Test
  @Shows("validate.onFail.warn")
  void warnedRecordsAreUsedAndCounted() throws IOException {
    Job.Result result =
        job("validate: [{ column: amount, rule: between, min: 0, onFail: warn }]").succeed();

    result.assertCounts(5_000, 5_000, 0, 0, 0);
    assertEquals(
        Duck.query("SELECT sum(amount)::DOUBLE AS s FROM '" + input + "'").value(),
        Duck.query("SELECT sum(spent_1h) AS s FROM " + output().sql()).value());
  }

  @Test
  @Shows("validate.onFail.fail")
  void aFailRuleLeavesTheOldOutputAlone() throws IOException {
    job("").succeed();
    Manifest before = output().manifest();
    Table rows = output().rows();

    Job.Result result =
        job("validate: [{ column: amount, rule: between, max: 498, onFail: fail }]").run();

    assertEquals(3, result.exitCode(), result.err());
    assertEquals(
        "Not published: 10 of 5000 records break between(amount, *, 498) (onFail: fail)",
        result.message());
    assertEquals(before, output().assertClean().manifest());
    Table.assertSame(rows, output().rows());
  }

  @Test
  @Shows({"mask", "report"})
  void maskedValuesAppearNowhere() throws IOException {
    Duck.copy(
        "SELECT i AS id, 'SECRET' || i AS card, (-7000 - i)::DOUBLE AS amount,"
            + " TIMESTAMP '2026-03-01 00:00:00' + to_seconds(i) AS seen FROM range(50) t(i)",
        input,
        "parquet");

    Job.Result result =
        job("""
                mask: [card, amount]
                validate:
                  - { column: card, rule: matches, pattern: "[a-z]+" }
                  - { column: amount, rule: between, min: 0, onFail: warn }\
                """)
            .succeed();

    result.assertCounts(50, 0, 50, 0, 0);
    assertEquals(50, rejects().assertClean().rows("observed = '***'").rows().size());
    assertFalse(result.out().contains("SECRET") || result.out().contains("-70"), result.out());
    assertFalse(result.err().contains("SECRET") || result.err().contains("-70"), result.err());
    assertEquals(
        0,
        rejects()
            .rows("contains(record || reason || observed, 'SECRET') OR contains(record, '-70')")
            .rows()
            .size());
    assertTrue(Files.exists(folder.resolve("report.html")));
    for (Path file : written()) {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      assertFalse(text.contains("SECRET"), () -> "a masked value is in " + file);
      assertFalse(text.contains("-700"), () -> "a masked value is in " + file);
    }
  }

  /** Texts that people read; Parquet files are compressed and were read as such. */
  private List<Path> written() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".html") || f.toString().endsWith(".json"))
          .toList();
    }
  }
}
