package io.featurebeam.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CardTransactionsTest {
  private static final long ROWS = 10_000;
  private static final int USERS = 300;

  @TempDir private static Path directory;

  @BeforeAll
  static void generate() throws Exception {
    CardTransactions.of(ROWS, USERS, 42).write(directory.resolve("one"), 1);
    CardTransactions.of(ROWS, USERS, 42).write(directory.resolve("again"), 2);
    CardTransactions.of(ROWS, USERS, 43).write(directory.resolve("other"), 2);
  }

  @Test
  void sameSeedGivesTheSameRecordsWithAnyNumberOfThreads() throws SQLException {
    assertEquals("10000", query("SELECT count(*) FROM one"));
    assertEquals(
        "0", query("SELECT count(*) FROM (FROM one EXCEPT ALL FROM again)"), "records that differ");
  }

  @Test
  void anotherSeedGivesOtherRecords() throws SQLException {
    assertNotEquals("0", query("SELECT count(*) FROM (FROM one EXCEPT ALL FROM other)"));
  }

  @Test
  void everyUserHasARecord() throws SQLException {
    assertEquals("300", query("SELECT count(DISTINCT \"user\") FROM one"));
  }

  @Test
  void timesCoverThirtyDaysInTheOrderOfTheLogUpToTheDisorder() throws SQLException {
    assertEquals(
        "true",
        query(
            "SELECT min(time) >= TIMESTAMPTZ '2024-01-01 00:00:00Z'"
                + " AND max(time) < TIMESTAMPTZ '2024-01-31 00:00:00Z'"
                + " AND count(DISTINCT time::DATE) = 30 FROM one"));
    assertEquals(
        "0",
        query(
            "SELECT count(*) FROM (SELECT time, max(time) OVER (ORDER BY id) AS latest FROM one)"
                + " WHERE latest - time > INTERVAL 8 MINUTES"));
  }

  @Test
  void aFewRecordsBreakExactlyOneRule() throws SQLException {
    String broken =
        "(amount < 0)::INT + (country IS NULL)::INT"
            + " + (channel NOT IN ('pos', 'web', 'app', 'atm'))::INT"
            + " + (NOT regexp_full_match(merchant, 'm[0-9]{5}'))::INT";
    assertEquals("1", query("SELECT max(" + broken + ") FROM one"));
    assertEquals("true", query("SELECT sum(" + broken + ") BETWEEN 1 AND 30 FROM one"));
  }

  @Test
  void aDirectoryWithFilesIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> CardTransactions.of(ROWS, USERS, 42).write(directory.resolve("one"), 1));
    assertEquals("Output is not empty: " + directory.resolve("one"), e.getMessage());
  }

  @Test
  void generatedDataIsUsedAgain() throws Exception {
    Path parent = directory.resolve("data");
    CardData first = CardData.generated(parent, 1_000, 10);
    Path file = first.directory().resolve("part-00000.parquet");
    var written = Files.getLastModifiedTime(file);
    CardData second = CardData.generated(parent, 1_000, 10);
    assertEquals(new CardData(parent.resolve("card-1000-rows-10-users"), 1_000, 10), second);
    assertEquals(written, Files.getLastModifiedTime(file));
  }

  private static String query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (String name : new String[] {"one", "again", "other"}) {
        statement.execute(
            "CREATE VIEW %s AS FROM read_parquet('%s/*.parquet')"
                .formatted(name, directory.resolve(name)));
      }
      try (ResultSet result = statement.executeQuery(sql)) {
        result.next();
        return result.getString(1);
      }
    }
  }
}
