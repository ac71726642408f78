package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training sets without a list of labels: the rows of aggregates, sampled and split. */
class TrainingRowsIT {

  /** Some of equal time, from before 1970 on; c3 is hot. */
  private static final String PAYMENTS =
      """
      SELECT i AS id, 'c' || (CASE WHEN i % 3 = 0 THEN 3 ELSE i % 37 END) AS card,
        's' || (i % 11) AS shop, TIMESTAMP '1969-12-28' + to_seconds(i * 97 - i % 5 * 97) AS paid_at,
        CASE WHEN i % 13 = 0 THEN NULL ELSE ((i * 37) % 400 / 8.0)::DOUBLE END AS amount
      FROM range(5000) t(i)
      """;

  @TempDir Path folder;

  @BeforeEach
  void makeInput() {
    Duck.copy(PAYMENTS, folder.resolve("payments.parquet"), "parquet");
  }

  private Job job(String yaml) throws IOException {
    return Job.of(
        folder,
        """
        name: rows
        source: { parquet: { path: IN/payments.parquet } }
        eventTime: paid_at
        keys: [card]
        """
                .replace("IN", folder.toString())
            + yaml.replace("IN", folder.toString()));
  }

  private Output output() {
    return new Output(folder.resolve("out"));
  }

  private static long count(String sql) {
    return (Long) Duck.query("SELECT count(*) AS n FROM (" + sql + ")").value();
  }

  /** That all rows are as SQL says them, and those that were not sampled are all there. */
  private void assertRowsOf(String expected, String sampled, Job.Result result) throws IOException {
    String out = output().assertClean().sql();
    assertEquals(0, count("SELECT * FROM " + out + " EXCEPT ALL " + expected), "rows too many");
    String others = " WHERE (" + sampled + ") IS NOT TRUE";
    Table.assertSame(
        Duck.query("SELECT * FROM (" + expected + ")" + others),
        Duck.query("SELECT * FROM " + out + others));
    long all = count("SELECT * FROM (" + expected + ") WHERE " + sampled);
    long kept = count("SELECT * FROM " + out + " WHERE " + sampled);
    assertTrue(kept > all / 10 && kept < all / 2, kept + " of " + all);
    String leftOut = "  left out  by sample";
    assertEquals(
        String.format(Locale.ROOT, "%,d rows", all - kept),
        result
            .out()
            .lines()
            .filter(line -> line.startsWith(leftOut))
            .map(line -> line.substring(leftOut.length()).strip())
            .findFirst()
            .orElse("none"));
  }

  private static final String DAILY =
      """
      aggregate:
        window: 1d
        emit: windowClose
        features: { payments: count, spent: { sum: amount } }
      trainingSet:
        sample: { where: "spent_1d < 400.0", keep: 0.25 }
        split: { byTime: { until: { train: 1970-01-01, validation: 1970-01-02 }, rest: test } }
      sink: { parquet: { path: IN/out, partitionBy: [day(window_end)] } }
      """;

  private static final String DAILY_ROWS =
      """
      SELECT card, date_trunc('day', paid_at) + INTERVAL 1 day AS window_end,
        count(*) AS payments_1d, sum(amount) AS spent_1d,
        CASE WHEN sum(amount) < 400 THEN 4.0::DOUBLE ELSE 1.0::DOUBLE END AS weight,
        CASE WHEN window_end < TIMESTAMP '1970-01-01' THEN 'train'
          WHEN window_end < TIMESTAMP '1970-01-02' THEN 'validation' ELSE 'test' END AS split
      FROM (%s) GROUP BY ALL
      """
          .formatted(PAYMENTS);

  @Test
  @Shows("trainingSet")
  void theRowOfEachKeyAndDayIsOneOfTheTrainingSet() throws IOException {
    Job.Result result = job(DAILY).succeed();

    result.assertCounts(5000, 5000, 0, 0, 0);
    assertRowsOf(DAILY_ROWS, "spent_1d < 400", result);
  }

  @Test
  @Shows("trainingSet")
  void theSameRowsAreKeptOfADayThatIsComputedAgain() throws IOException {
    job(DAILY).succeed();
    String before = output().rows().digest();

    Job.Result result =
        job(DAILY).with("--from=1969-12-31", "--to=1970-01-01").withParallelism(3).succeed();

    assertEquals(before, output().rows().digest());
    assertTrue(
        result.out().contains("  only rows with window_end from 1969-12-31 to before 1970-01-01\n"),
        result.out());
  }

  @Test
  @Shows("trainingSet")
  void eachEventIsOneOfTheTrainingSetWithWhatItSaw() throws IOException {
    Job.Result result =
        job("""
            validate: [ { column: id, rule: between, min: 10 } ]
            aggregate: { window: 1d, features: { before: count } }
            trainingSet:
              sample: { where: "amount < 30.0", keep: 0.2, weight: w, seed: 3 }
              split:
                byKey:
                  keys: [shop]
                  shares: { train: 0.5 }
                  rest: test
                  within: { train: { until: { train: 1970-01-01 }, rest: unused } }
            sink: { parquet: { path: IN/out } }
            """)
            .succeed();

    result.assertCounts(5000, 4990, 10, 0, 0);
    String out = output().sql();
    assertRowsOf(
        """
        SELECT e.*, coalesce(split, 'none') AS split FROM (
          SELECT id, card, shop, paid_at, amount,
            count(*) OVER (PARTITION BY card ORDER BY paid_at
              RANGE BETWEEN INTERVAL 1 day PRECEDING AND INTERVAL 1 microsecond PRECEDING) AS before_1d,
            CASE WHEN amount < 30 THEN 5.0::DOUBLE ELSE 1.0::DOUBLE END AS w
          FROM (%s) WHERE id >= 10
        ) e LEFT JOIN (
          SELECT shop, late, any_value(split) AS split FROM (
            SELECT shop, paid_at >= TIMESTAMP '1970-01-01' AS late, split FROM %s) GROUP BY ALL
        ) s ON s.shop = e.shop AND s.late = (e.paid_at >= TIMESTAMP '1970-01-01')
        """
            .formatted(PAYMENTS, out),
        "amount < 30",
        result);
    assertEquals(
        List.of("false test|false train|true test|true unused"),
        Duck.query(
                """
                SELECT string_agg(part, '|' ORDER BY part) AS parts FROM (
                  SELECT DISTINCT (paid_at >= TIMESTAMP '1970-01-01') || ' ' || split AS part FROM %s)
                """
                    .formatted(out))
            .column("parts"));
    assertEquals(
        0,
        count(
            """
            SELECT shop FROM %s GROUP BY shop
            HAVING count(DISTINCT CASE WHEN split = 'test' THEN 'test' ELSE 'train' END) > 1
            """
                .formatted(out)));
  }

  @Test
  void aSampleByAColumnThatRowsDoNotHaveIsRefusedAtItsPlace() throws IOException {
    Job.Result result = job(DAILY.replace("spent_1d <", "spent <")).run();

    assertEquals(2, result.exitCode());
    assertTrue(
        result
            .message()
            .startsWith(folder + "/spec.yaml:10:11: trainingSet.sample: Invalid sample: "),
        result.message());
  }
}
