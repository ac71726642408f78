package io.featurebeam.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DuckDB's plans against each other, and an output against mutants of itself. */
class TrainingCheckTest {
  @TempDir private static Path directory;

  private static TrainingData data;

  @BeforeAll
  static void compute() throws Exception {
    data = TrainingData.generated(directory, 20_000, 500, 100);
    Files.createDirectories(directory.resolve("out"));
    run("join");
  }

  @ParameterizedTest
  @ValueSource(strings = {"union", "cells", "prefix"})
  void everyPlanGivesTheSame(String plan) throws Exception {
    run(plan);
    PeerCheck.Result result = TrainingCheck.compare(output("join"), output(plan));
    assertEquals(List.of(), result.problems());
    assertEquals(500, result.rows());
  }

  @Test
  void anUnknownPlanIsRefused() {
    assertEquals(
        "Unknown plan: guess (must be one of [join, union, cells, prefix])",
        assertThrows(IllegalArgumentException.class, () -> run("guess")).getMessage());
  }

  @Test
  void labelsAreThoseOfTheSeedAndLieWhereTheLongestWindowIsFull() throws Exception {
    TrainingData again = TrainingData.generated(directory.resolve("again"), 20_000, 500, 100);
    assertEquals(
        "0",
        query(
            "SELECT count(*) FROM (FROM read_parquet('%s/*.parquet') EXCEPT ALL FROM read_parquet('%s/*.parquet'))"
                .formatted(data.labels(), again.labels())));
    assertEquals(
        "true",
        query(
            "SELECT min(time) >= TIMESTAMPTZ '2024-01-31 00:00:00Z'"
                + " AND max(time) < TIMESTAMPTZ '2024-06-29 00:00:00Z'"
                + " AND count(DISTINCT id) = 500 FROM read_parquet('%s/*.parquet')"
                    .formatted(data.labels())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "count_1h",
        "sum_1d",
        "web_count_7d",
        "count_30d",
        "mean_30d",
        "min_7d",
        "max_30d",
        "stddev_7d",
        "stddev_30d"
      })
  void oneValueOffInOneRowIsFound(String column) throws Exception {
    // The row with the most events, where no column is null.
    List<String> problems =
        compareWith(
                column,
                "* REPLACE (CASE WHEN row_number() OVER (ORDER BY count_1d DESC, id) = 1"
                    + " THEN %1$s + 1 ELSE %1$s END AS %1$s)".formatted(column))
            .problems();
    assertTrue(problems.contains("1 labels: " + column + " differs"), problems::toString);
  }

  @Test
  void whereNothingHappenedACountMayBeNullAndASumMayNotBeZero() throws Exception {
    assertEquals(
        List.of(), compareWith("nulls", "* REPLACE (nullif(count_1h, 0) AS count_1h)").problems());
    List<String> problems =
        compareWith("zeros", "* REPLACE (coalesce(sum_1h, 0) AS sum_1h)").problems();
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.get(0).endsWith("labels: sum_1h differs"), problems::toString);
  }

  @Test
  void aMissingLabelIsFound() throws Exception {
    List<String> problems = compareWith("missing", "* EXCLUDE (id), id + 1 AS id").problems();
    assertTrue(problems.get(0).startsWith("499 labels match of 500 in "), problems::toString);
  }

  private static void run(String plan) throws SQLException, IOException {
    DuckDbTrainingPeer.main(
        new String[] {
          "--events=" + data.events(),
          "--labels=" + data.labels(),
          "--output=" + output(plan),
          "--plan=" + plan
        });
  }

  private static String output(String name) {
    return directory.resolve("out").resolve(name).toString();
  }

  private static PeerCheck.Result compareWith(String name, String select)
      throws SQLException, IOException {
    Path mutant = Files.createDirectories(directory.resolve(name));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT %s FROM read_parquet('%s/*.parquet')) TO '%s/part.parquet' (FORMAT parquet)"
              .formatted(select, output("join"), mutant));
    }
    return TrainingCheck.compare(output("join"), mutant.toString());
  }

  private static String query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
