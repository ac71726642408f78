package io.featurebeam.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An output of DuckDB against mutants of itself. */
class PeerCheckTest {
  @TempDir private static Path directory;

  @BeforeAll
  static void compute() throws Exception {
    Path input = directory.resolve("input");
    CardTransactions.of(10_000, 50, 7).write(input, 1);
    DuckDbPeer.main(new String[] {"--input=" + input, "--output=" + directory.resolve("original")});
  }

  @Test
  void anOutputAgreesWithItself() throws Exception {
    PeerCheck.Result result = compareWith("same", "* FROM original");
    assertEquals(List.of(), result.problems());
    assertTrue(result.rows() > 5_000, () -> result.rows() + " rows");
  }

  @Test
  void aDayIsTwentyFourHours() throws Exception {
    assertEquals(
        List.of(),
        compareWith(
                "day",
                "* RENAME (sum_24h AS sum_1d, count_24h AS count_1d, mean_24h AS mean_1d,"
                    + " max_24h AS max_1d, stddev_24h AS stddev_1d, merchants_24h AS merchants_1d)"
                    + " FROM original")
            .problems());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "count_1h",
        "count_24h",
        "max_1h",
        "max_24h",
        "bucket_max_1h",
        "hour_max_1h",
        "sum_1h",
        "mean_1h",
        "sum_24h",
        "mean_24h",
        "log_amount_sum_1h",
        "stddev_1h",
        "stddev_24h"
      })
  void oneValueOffInOneRowIsFound(String column) throws Exception {
    // The row with the most events, where no column is null.
    List<String> problems =
        compareWith(
                column,
                "* REPLACE (CASE WHEN row_number() OVER (ORDER BY count_1h DESC, sum_1h) = 1"
                    + " THEN %1$s + 1 ELSE %1$s END AS %1$s) FROM original".formatted(column))
            .problems();
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.get(0).startsWith("1 rows: " + column), problems::toString);
  }

  @Test
  void aNullInsteadOfAValueIsFound() throws Exception {
    List<String> problems =
        compareWith(
                "null",
                "* REPLACE (CASE WHEN row_number() OVER (ORDER BY count_1h DESC, sum_1h) > 1"
                    + " THEN stddev_1h END AS stddev_1h) FROM original")
            .problems();
    assertEquals(List.of("1 rows: stddev_1h apart by more than cancellation explains"), problems);
  }

  @Test
  void aMissingRowIsFound() throws Exception {
    PeerCheck.Result result = compareWith("missing", "* FROM original OFFSET 1");
    assertEquals(2, result.problems().size(), () -> result.problems().toString());
    assertTrue(result.problems().get(1).startsWith("only " + result.rows() + " keys are in both"));
  }

  @Test
  void aRowTwiceIsFound() throws Exception {
    List<String> problems =
        compareWith("twice", "* FROM original UNION ALL (FROM original LIMIT 1)").problems();
    assertTrue(
        problems.contains("1 rows with a repeated key in " + directory.resolve("twice")),
        problems::toString);
  }

  @Test
  void windowEndsAnHourOffAreFound() throws Exception {
    List<String> problems =
        compareWith(
                "shifted",
                "* REPLACE (window_end + INTERVAL 1000 HOURS AS window_end) FROM original")
            .problems();
    assertTrue(problems.get(0).startsWith("only 0 keys are in both"), problems::toString);
  }

  @Test
  void distinctCountsMayDeviateInFewRowsOnly() throws Exception {
    String mutant =
        "* REPLACE (CASE WHEN row_number() OVER (ORDER BY \"user\", window_end) %% 1000 < %d"
            + " THEN merchants_24h * 2 + 2 ELSE merchants_24h END AS merchants_24h) FROM original";
    assertEquals(List.of(), compareWith("few", mutant.formatted(5)).problems());
    List<String> problems = compareWith("many", mutant.formatted(50)).problems();
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.get(0).endsWith("merchants_24h more than 5 % apart"), problems::toString);
  }

  @Test
  void aMissingColumnIsAnError() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> compareWith("narrow", "* EXCLUDE (sum_1h) FROM original"));
    assertEquals(
        "Missing columns in " + directory.resolve("narrow") + ": [sum_1h]", e.getMessage());
  }

  private static PeerCheck.Result compareWith(String name, String select)
      throws SQLException, IOException {
    Path original = directory.resolve("original");
    Path mutant = Files.createDirectories(directory.resolve(name));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE VIEW original AS FROM read_parquet('%s/*.parquet')".formatted(original));
      statement.execute(
          "COPY (SELECT %s) TO '%s/part.parquet' (FORMAT parquet)".formatted(select, mutant));
    }
    return PeerCheck.compare(original.toString(), mutant.toString());
  }
}
