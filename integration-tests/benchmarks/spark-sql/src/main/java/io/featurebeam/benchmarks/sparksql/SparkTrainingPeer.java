package io.featurebeam.benchmarks.sparksql;

import io.featurebeam.benchmarks.Arguments;
import io.featurebeam.benchmarks.Progress;
import io.featurebeam.benchmarks.TrainingSql;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * The {@code training-set} workload in native Spark SQL. {@code --plan} is how:
 *
 * <ul>
 *   <li>{@code join}: the range join; labels and the events of their 30 days as pairs, grouped by
 *       label, each window a filter.
 *   <li>{@code bins}: the same by card and day, each label in all of its days, so that only pairs
 *       of the same day are looked at and no card is one partition's.
 *   <li>{@code union}: events and labels as one table, windows as RANGE frames over it.
 *   <li>{@code cells}: each card's time is cut where a window of a label begins or ends, and events
 *       are put together between the cuts. Time being parted in blocks as long as a window, each
 *       window is the end of one block and the beginning of the next, so two running frames find
 *       it: Spark computes any other frame anew for each row.
 * </ul>
 */
public final class SparkTrainingPeer {
  private static final List<String> PLANS = List.of("join", "bins", "union", "cells");

  private static final String EVENTS =
      "SELECT user AS card, unix_micros(time) AS t, amount, IF(channel = 'web', 1, 0) AS web"
          + " FROM parquet.`%s`";

  private static final String LABELS =
      "SELECT id, user AS card, unix_micros(time) AS t, label FROM parquet.`%s`";

  private static final String JOIN =
      """
      SELECT l.id, l.card, l.t, l.label,
        %s
      FROM labels l LEFT JOIN events e
        ON e.card = l.card AND e.t < l.t AND e.t >= l.t - 2592000000000
      GROUP BY l.id, l.card, l.t, l.label
      """;

  private static final String BINS =
      """
      SELECT l.id, l.card, l.t, l.label,
        %s
      FROM (
        SELECT *,
          explode(sequence((t - 2592000000000) DIV 86400000000, (t - 1) DIV 86400000000)) AS bin
        FROM labels) l
      LEFT JOIN (SELECT *, t DIV 86400000000 AS bin FROM events) e
        ON e.card = l.card AND e.bin = l.bin AND e.t < l.t AND e.t >= l.t - 2592000000000
      GROUP BY l.id, l.card, l.t, l.label
      """;

  private static final String UNION =
      """
      SELECT * FROM (
        SELECT *,
        %s
        FROM (
          SELECT NULL AS id, card, t, NULL AS label, amount, web FROM events
          UNION ALL SELECT id, card, t, label, NULL, NULL FROM labels)
        %s)
      WHERE id IS NOT NULL
      """;

  /** Events and cuts, a cut before the events of its time. */
  private static final String CUT =
      """
      SELECT card, t, NULL AS id, NULL AS width, amount, web, 0 AS cut FROM events
      UNION ALL
      SELECT card, t - width, id, width, NULL, NULL, 1 FROM labels
      LATERAL VIEW explode(array(0, %s)) widths AS width
      """;

  private static final String CELLS =
      """
      SELECT card, cell, max(IF(cut = 1, t, NULL)) AS t, max(id) AS id, max(width) AS width,
        %s
      FROM (
        SELECT *,
          sum(cut) OVER (PARTITION BY card ORDER BY t, cut DESC ROWS UNBOUNDED PRECEDING) AS cell
        FROM by_card)
      WHERE cell > 0
      GROUP BY card, cell
      """;

  private SparkTrainingPeer() {}

  public static void main(String[] args) {
    Arguments arguments = Arguments.parse(args);
    String events = arguments.required("events");
    String labels = arguments.required("labels");
    String output = arguments.required("output");
    String plan = arguments.optional("plan", "join");
    int threads = (int) arguments.optional("threads", 2L);
    long partitions = arguments.optional("partitions", 8L);
    arguments.rejectUnread();

    try (SparkSession spark =
        SparkSession.builder()
            .appName("training-set")
            .master("local[" + threads + "]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", partitions)
            .config("spark.sql.adaptive.coalescePartitions.enabled", "false")
            .config("spark.sql.parquet.compression.codec", "zstd")
            .config("spark.io.compression.codec", "lz4")
            .config("spark.sql.windowExec.buffer.in.memory.threshold", 1 << 20)
            .config("spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version", "2")
            .getOrCreate()) {
      spark.sparkContext().setLogLevel("WARN");
      Progress.started();
      spark.sql(EVENTS.formatted(events)).createOrReplaceTempView("events");
      spark.sql(LABELS.formatted(labels)).createOrReplaceTempView("labels");
      Dataset<Row> result = result(spark, plan, (int) partitions);
      if (Boolean.getBoolean("benchmark.profile")) {
        result.explain();
      }
      result.write().mode(SaveMode.Overwrite).parquet(output);
      Progress.done(-1);
    }
  }

  private static Dataset<Row> result(SparkSession spark, String plan, int partitions) {
    return switch (plan) {
      case "join" -> spark.sql(JOIN.formatted(TrainingSql.overPairs()));
      case "bins" -> spark.sql(BINS.formatted(TrainingSql.overPairs()));
      case "union" ->
          spark
              .sql(UNION.formatted(TrainingSql.overEvents(), TrainingSql.frames()))
              .drop("amount", "web");
      case "cells" -> {
        String widths =
            String.join(", ", TrainingSql.WINDOWS.values().stream().map(w -> w + "L").toList());
        spark
            .sql(CUT.formatted(widths))
            .repartition(partitions, org.apache.spark.sql.functions.col("card"))
            .createOrReplaceTempView("by_card");
        spark.sql(CELLS.formatted(TrainingSql.CELL)).createOrReplaceTempView("cells");
        spark.sql("SELECT *, " + running() + " FROM cells").createOrReplaceTempView("frames");
        spark
            .sql("SELECT card, id, " + windows() + " FROM frames GROUP BY card, id")
            .createOrReplaceTempView("parts");
        yield spark.sql(
            "SELECT id, l.card, t, label, "
                + TrainingSql.ofParts()
                + " FROM parts p JOIN labels l USING (id)");
      }
      default ->
          throw new IllegalArgumentException(
              "Unknown plan: " + plan + " (must be one of " + PLANS + ")");
    };
  }

  /** Of each block what was before a row, and what comes from it on. */
  private static String running() {
    List<String> columns = new ArrayList<>();
    TrainingSql.WINDOWS.forEach(
        (name, micros) -> {
          String block = "(PARTITION BY card, t DIV " + micros + " ORDER BY t ";
          for (String part : parts(name)) {
            String sum = aggregate(part) + " OVER " + block;
            columns.add(
                sum
                    + "RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_"
                    + part
                    + name);
            columns.add(
                sum
                    + "DESC RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS after_"
                    + part
                    + name);
          }
        });
    return String.join(",\n  ", columns);
  }

  /** What is in each window of a label: at its cuts, the end of one block and the next. */
  private static String windows() {
    List<String> columns = new ArrayList<>();
    TrainingSql.WINDOWS.forEach(
        (name, micros) -> {
          for (String part : parts(name)) {
            String before = "max(before_%s%s) FILTER (WHERE width = 0)".formatted(part, name);
            String after =
                "max(after_%s%s) FILTER (WHERE width = %d)".formatted(part, name, micros);
            String whole =
                switch (part) {
                  case "mn" -> "least(" + before + ", " + after + ")";
                  case "mx" -> "greatest(" + before + ", " + after + ")";
                  default -> "coalesce(%1$s + %2$s, %1$s, %2$s)".formatted(before, after);
                };
            columns.add(whole + " AS " + part + name);
          }
        });
    return String.join(",\n  ", columns);
  }

  private static List<String> parts(String window) {
    return TrainingSql.LONG.contains(window)
        ? List.of("n", "s", "w", "q", "mn", "mx")
        : List.of("n", "s", "w");
  }

  private static String aggregate(String part) {
    return switch (part) {
      case "mn" -> "min(mn)";
      case "mx" -> "max(mx)";
      default -> "sum(" + part + ")";
    };
  }
}
