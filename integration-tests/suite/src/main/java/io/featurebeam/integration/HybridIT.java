package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * History and its continuation as one input, both with an end: the result is that over the union of
 * distinct records. The history has ids 0 to 599 but not 420 to 449, its continuation 400 on; the
 * cut is at 500.
 */
class HybridIT {

  private static final String PAYMENTS =
      """
      SELECT i AS id, 'card-' || (i % 7) AS card, i * 0.25 AS amount,
        TIMESTAMP '2026-03-01 00:00:00' + to_minutes(i) AS seen
      FROM range(1000) t(i)
      """;

  @TempDir Path folder;
  private Path history;
  private Path continuation;

  @BeforeEach
  void writePayments() {
    history = folder.resolve("history.parquet");
    continuation = folder.resolve("continuation.parquet");
    String some = "SELECT id, card, amount::DOUBLE AS amount, seen FROM (" + PAYMENTS + ") WHERE ";
    Duck.copy(some + "id < 420 OR id BETWEEN 450 AND 599", history, "parquet");
    Duck.copy(some + "id >= 400", continuation, "parquet");
  }

  private Job job(String more) throws IOException {
    return Job.of(
        folder,
        """
        name: payments
        source:
          batch: { parquet: { path: %s } }
          stream: { parquet: { path: %s } }
          cut: 2026-03-01T08:20:00Z
        eventTime: seen
        keys: [card]
        %s
        aggregate:
          window: 1h
          emit: windowClose
          features: { payments: count, spent: { sum: amount } }
        sink:
          parquet: { path: %s }
        rejects: { path: %s }
        """
            .formatted(
                history, continuation, more, folder.resolve("out"), folder.resolve("rejects")));
  }

  @Test
  @Shows({"source.batch", "source.stream", "source.cut"})
  void eachRecordCountsOnce() throws IOException {
    Job.Result result = job("dedupe: { by: id, within: 1d }").succeed();

    result.assertCounts(570 + 600, 1_000, 0, 0, 170);
    Table.assertSame(
        Duck.query(
            "SELECT card, time_bucket(INTERVAL 1 hour, seen) + INTERVAL 1 hour AS window_end,"
                + " count(*) AS payments_1h, sum(amount)::DOUBLE AS spent_1h FROM ("
                + PAYMENTS
                + ") GROUP BY ALL"),
        new Output(folder.resolve("out")).assertClean().rows());
    Table.assertSame(
        Duck.query("SELECT 'cut' AS rule, 100 AS n UNION ALL SELECT 'unique(id)', 70"),
        Duck.query(
            "SELECT rule, count(*)::INT AS n FROM "
                + new Output(folder.resolve("rejects")).assertClean().sql()
                + " GROUP BY ALL"));
  }

  @Test
  void withoutIdsItIsRefused() throws IOException {
    Job.Result result = job("").run();

    assertEquals(2, result.exitCode());
    assertEquals(
        "spec.yaml:1:1: Missing dedupe: batch and stream have some records both; use for example"
            + " dedupe: { by: [id], within: 24h }",
        firstLine(result));
  }

  @Test
  void columnsMustBeTheSame() throws IOException {
    Duck.copy(
        "SELECT id, card, amount::BIGINT AS amount, seen FROM (" + PAYMENTS + ")",
        history,
        "parquet");

    Job.Result result = job("dedupe: id").run();

    assertEquals(2, result.exitCode());
    assertEquals(
        "spec.yaml:3:10: source.batch: Different column: 'amount' is int64 in batch and float64 in"
            + " stream (must be one type)",
        firstLine(result));
  }

  @Test
  void noColumnMayBeMissing() throws IOException {
    Duck.copy("SELECT id, card, seen FROM (" + PAYMENTS + ")", history, "parquet");

    Job.Result result = job("dedupe: id").run();

    assertEquals(
        "spec.yaml:3:10: source.batch: Missing column: 'amount' (float64) is in stream and not in"
            + " batch (both must have the same columns)",
        firstLine(result));
  }

  private String firstLine(Job.Result result) {
    String line = result.message().lines().findFirst().orElseThrow();
    return line.replace(folder.toString() + "/", "");
  }
}
