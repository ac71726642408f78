package io.featurebeam.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstRecordTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"850 ms, 0.85", "3.1 s, 3.1", "1 min 03 s, 63"})
  void theSummarySaysHowLongAfterTheBegin(String shown, double seconds) {
    assertEquals(seconds, FirstRecord.secondsAfterBegin(summary(shown)), 1e-9);
  }

  @Test
  void aRunThatDoesNotSayItIsShown() {
    String summary = "card-batch succeeded in 9.4 s on FlinkRunner\n";
    assertEquals(
        "No time of a first record in:\n" + summary,
        assertThrows(IllegalStateException.class, () -> FirstRecord.secondsAfterBegin(summary))
            .getMessage());
  }

  @Test
  void theRejectsBearTheTimeOfTheBegin() throws SQLException {
    rejects("VALUES (TIMESTAMPTZ '1970-01-01 00:00:10.000250Z')");
    assertEquals(13_100.25, FirstRecord.millis(folder.toString(), summary("3.1 s")), 1e-6);
  }

  @Test
  void withoutARejectNobodyKnowsWhenTheRunBegan() {
    assertEquals(
        "No reject in " + folder + " says when the run began",
        assertThrows(IllegalStateException.class, () -> FirstRecord.begunMillis(folder.toString()))
            .getMessage());
  }

  private void rejects(String rows) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM (%s) t(rejected_at)) TO '%s' (FORMAT parquet)"
              .formatted(rows, folder.resolve("part.parquet")));
    }
  }

  private static String summary(String shown) {
    return "running on the cluster  5.0 s\ncard-batch succeeded in 9.4 s on FlinkRunner,"
        + " first record after "
        + shown
        + "\n\n  in 1,000 = used 999 + rejected 1 + late 0 + duplicate 0\n";
  }
}
