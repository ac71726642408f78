package io.featurebeam.benchmarks.sparksql;

import io.featurebeam.benchmarks.Arguments;
import io.featurebeam.benchmarks.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * The {@code card-batch} workload in native Spark SQL: no UDF, no Dataset lambda, one shuffle of
 * records.
 *
 * <p>Accepted records are shuffled by user once; everything after that (hourly partials, the 24 h
 * frame over them, distinct merchants) keeps that partitioning. The 24 h columns come from a {@code
 * RANGE BETWEEN 23 PRECEDING AND CURRENT ROW} frame over the hourly partials; for the deviation the
 * partials carry the sum of squares.
 *
 * <p>{@code --plan} chooses how merchants are counted over 24 h. Which of these takes least depends
 * on the data; {@code spans} is the default.
 *
 * <ul>
 *   <li>{@code spans}, exact: a merchant seen in hour h counts from h until it is seen again or 24
 *       hours have passed, so the count is a running sum of +1 and -1 steps. Steps and hourly
 *       partials come out of one aggregation over twice the records.
 *   <li>{@code join}, exact: the same steps, from the distinct triples of user, hour and merchant
 *       alone, joined to the hourly partials.
 *   <li>{@code sets}, exact: an hourly {@code collect_set}, flattened and made distinct in each
 *       frame.
 *   <li>{@code sketch}, approximate: an hourly {@code hll_sketch_agg}, merged in each frame by
 *       {@code hll_union_agg}.
 * </ul>
 */
public final class SparkSqlPeer {
  private enum Plan {
    SPANS,
    JOIN,
    SETS,
    SKETCH
  }

  /** The log2 of the sketch's buckets: a standard error of 1.6 %, so that 5 % is three of them. */
  private static final int SKETCH_LOG_K = 12;

  private static final String ACCEPTED =
"""
SELECT user, merchant, amount, time DIV 3600000000 AS h
FROM (SELECT user, merchant, amount, country, channel, unix_micros(time) AS time FROM transactions)
WHERE amount BETWEEN 0 AND 100000
  AND country IS NOT NULL
  AND channel IN ('pos', 'web', 'app', 'atm')
  AND merchant RLIKE '^m[0-9]{5}$'
""";

  /** The features of a record; recomputed nowhere else. */
  private static final String FEATURES =
      """
      SELECT user, merchant, h, amount,
        ln(1 + amount) AS log_amount,
        CASE WHEN amount < 10 THEN 0 WHEN amount < 50 THEN 1 WHEN amount < 100 THEN 2
          WHEN amount < 500 THEN 3 ELSE 4 END AS amount_bucket,
        CAST(h % 24 AS INT) AS hour_of_day
      FROM by_user
      """;

  private static final String HOURLY =
      """
      SELECT user, h,
        sum(amount) AS s, count(*) AS n, max(amount) AS mx, sum(amount * amount) AS q,
        sum(log_amount) AS log_sum, max(amount_bucket) AS bucket, max(hour_of_day) AS hour,
        %s
      FROM features
      GROUP BY user, h
      """;

  /**
   * Each record, with the hour at which its merchant stops counting: that of the next record with
   * the same merchant, or 24 hours on. Of the records of one hour all but the last stop at once, so
   * no DISTINCT is needed. The frame spans all of a user and compares merchants itself: Spark pays
   * for each window partition, and there are millions of pairs of user and merchant.
   */
  private static final String SPANS =
      """
      SELECT *,
        CASE WHEN lead(merchant) OVER seen = merchant THEN least(h + 24, lead(h) OVER seen)
          ELSE h + 24 END AS until
      FROM features
      WINDOW seen AS (PARTITION BY user ORDER BY merchant, h)
      """;

  private static final String STEPS =
      """
      SELECT user, h,
        sum(amount) AS s, count(amount) AS n, max(amount) AS mx, sum(amount * amount) AS q,
        sum(log_amount) AS log_sum, max(amount_bucket) AS bucket, max(hour_of_day) AS hour,
        count_if(d = 1) AS m, sum(d) AS d
      FROM (
        SELECT user, stack(2,
          h, IF(until > h, 1, 0), amount, log_amount, amount_bucket, hour_of_day,
          until, IF(until > h, -1, 0), NULL, NULL, NULL, NULL)
          AS (h, d, amount, log_amount, amount_bucket, hour_of_day)
        FROM spans)
      GROUP BY user, h
      """;

  /** The steps of the distinct merchants by themselves. */
  private static final String MERCHANT_STEPS =
      """
      SELECT user, h, sum(m) AS m, sum(d) AS d
      FROM (
        SELECT user, stack(2, h, 1, 1, until, 0, -1) AS (h, m, d)
        FROM (
          SELECT user, h,
            CASE WHEN lead(merchant) OVER seen = merchant THEN least(h + 24, lead(h) OVER seen)
              ELSE h + 24 END AS until
          FROM (SELECT DISTINCT user, merchant, h FROM features)
          WINDOW seen AS (PARTITION BY user ORDER BY merchant, h)))
      GROUP BY user, h
      """;

  private static final String RUNNING_MERCHANTS =
      """
      SELECT user, h, m,
        sum(d) OVER (PARTITION BY user ORDER BY h ROWS UNBOUNDED PRECEDING) AS m24
      FROM merchant_steps
      """;

  private static final String FRAMES =
      """
      SELECT *,
        sum(s) OVER day AS s24, sum(n) OVER day AS n24, max(mx) OVER day AS mx24,
        sum(q) OVER day AS q24, %s
      FROM hourly
      WINDOW day AS (PARTITION BY user ORDER BY h RANGE BETWEEN 23 PRECEDING AND CURRENT ROW)
      """;

  private static final String OUTPUT =
"""
SELECT user, timestamp_micros((h + 1) * 3600000000) AS window_end,
  s AS sum_1h, n AS count_1h, s / n AS mean_1h, mx AS max_1h,
  CASE WHEN n > 1 THEN sqrt(greatest(q - s * s / n, 0) / (n - 1)) END AS stddev_1h,
  %s AS merchants_1h,
  s24 AS sum_24h, n24 AS count_24h, s24 / n24 AS mean_24h, mx24 AS max_24h,
  CASE WHEN n24 > 1 THEN sqrt(greatest(q24 - s24 * s24 / n24, 0) / (n24 - 1)) END AS stddev_24h,
  %s AS merchants_24h,
  log_sum AS log_amount_sum_1h, bucket AS bucket_max_1h, hour AS hour_max_1h
FROM frames %s
""";

  private SparkSqlPeer() {}

  public static void main(String[] args) {
    Arguments arguments = Arguments.parse(args);
    String input = arguments.required("input");
    String output = arguments.required("output");
    Plan plan = plan(arguments.optional("plan", "spans"));
    int threads = (int) arguments.optional("threads", 2L);
    long partitions = arguments.optional("partitions", 8L);
    arguments.rejectUnread();

    try (SparkSession spark =
        SparkSession.builder()
            .appName("card-batch")
            .master("local[" + threads + "]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", partitions)
            // Partitions are chosen; coalescing them would leave a core idle at the end.
            .config("spark.sql.adaptive.coalescePartitions.enabled", "false")
            .config("spark.sql.parquet.compression.codec", "zstd")
            .config("spark.shuffle.compress", "true")
            .config("spark.io.compression.codec", "lz4")
            // The default of 128 keys would sort every partition as soon as sketches or sets
            // appear.
            .config("spark.sql.objectHashAggregate.sortBased.fallbackThreshold", 1 << 20)
            .config("spark.sql.windowExec.buffer.in.memory.threshold", 1 << 16)
            .config("spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version", "2")
            .getOrCreate()) {
      spark.sparkContext().setLogLevel("WARN");
      Progress.started();
      Dataset<Row> transactions = spark.read().parquet(input);
      transactions.createOrReplaceTempView("transactions");
      spark
          .sql(ACCEPTED)
          .repartition((int) partitions, org.apache.spark.sql.functions.col("user"))
          .createOrReplaceTempView("by_user");
      spark.sql(FEATURES).createOrReplaceTempView("features");
      Dataset<Row> result = result(spark, plan);
      if (Boolean.getBoolean("benchmark.profile")) {
        result.explain();
      }
      result.write().mode(SaveMode.Overwrite).parquet(output);

      // Both from a few bytes a row: the row count from the footers, the accepted from one column.
      long accepted = spark.read().parquet(output).selectExpr("sum(count_1h)").first().getLong(0);
      Progress.done(transactions.count() - accepted);
    }
  }

  private static Plan plan(String name) {
    List<String> names =
        Arrays.stream(Plan.values()).map(plan -> plan.name().toLowerCase(Locale.ROOT)).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "Unknown plan: " + name + " (must be one of " + names + ")");
    }
    return Plan.values()[index];
  }

  private static Dataset<Row> result(SparkSession spark, Plan plan) {
    return switch (plan) {
      case SPANS -> {
        spark.sql(SPANS).createOrReplaceTempView("spans");
        spark.sql(STEPS).createOrReplaceTempView("hourly");
        spark
            .sql(
                FRAMES.formatted(
                    "sum(d) OVER (PARTITION BY user ORDER BY h ROWS UNBOUNDED PRECEDING) AS m24"))
            .createOrReplaceTempView("frames");
        // An hour in which merchants only stop counting is not an active one.
        yield spark.sql(OUTPUT.formatted("m", "m24", "WHERE n > 0"));
      }
      case JOIN -> {
        spark.sql(MERCHANT_STEPS).createOrReplaceTempView("merchant_steps");
        spark.sql(RUNNING_MERCHANTS).createOrReplaceTempView("merchants");
        spark.sql(HOURLY.formatted("0 AS unused")).createOrReplaceTempView("hourly");
        spark.sql(FRAMES.formatted("0 AS unused24")).createOrReplaceTempView("frames");
        yield spark.sql(OUTPUT.formatted("m", "m24", "JOIN merchants USING (user, h)"));
      }
      case SETS -> {
        frames(
            spark,
            "collect_set(merchant) AS m",
            "CAST(size(array_distinct(flatten(collect_list(m) OVER day))) AS BIGINT) AS m24");
        yield spark.sql(OUTPUT.formatted("CAST(size(m) AS BIGINT)", "m24", ""));
      }
      case SKETCH -> {
        frames(
            spark,
            "hll_sketch_agg(merchant, " + SKETCH_LOG_K + ") AS m",
            "hll_sketch_estimate(hll_union_agg(m) OVER day) AS m24");
        yield spark.sql(OUTPUT.formatted("hll_sketch_estimate(m)", "m24", ""));
      }
    };
  }

  private static void frames(SparkSession spark, String hourlyDistinct, String dailyDistinct) {
    spark.sql(HOURLY.formatted(hourlyDistinct)).createOrReplaceTempView("hourly");
    spark.sql(FRAMES.formatted(dailyDistinct)).createOrReplaceTempView("frames");
  }
}
