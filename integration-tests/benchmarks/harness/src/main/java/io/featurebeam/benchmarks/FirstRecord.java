package io.featurebeam.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a run read its first record, by what it left: its summary says how long after its begin, and
 * its rejects bear the time of that begin. Both are told by the run itself, on whatever machine.
 */
final class FirstRecord {

  private static final Pattern AFTER =
      Pattern.compile(
          " succeeded in .*, first record after (?:(\\d+) min )?(\\d+(?:\\.\\d)?) (ms|s)$",
          Pattern.MULTILINE);

  private FirstRecord() {}

  /**
   * In milliseconds since 1970.
   *
   * @param rejects the folder of the run's rejects, of which there must be one
   * @param summary what the run printed
   */
  static double millis(String rejects, String summary) throws SQLException {
    return begunMillis(rejects) + 1000 * secondsAfterBegin(summary);
  }

  /** Of durations as the summary words them: to a tenth of a second, below one to a millisecond. */
  static double secondsAfterBegin(String summary) {
    Matcher matcher = AFTER.matcher(summary);
    if (!matcher.find()) {
      throw new IllegalStateException("No time of a first record in:\n" + summary);
    }
    int minutes = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
    double amount = Double.parseDouble(matcher.group(2));
    return 60 * minutes + (matcher.group(3).equals("ms") ? amount / 1000 : amount);
  }

  static double begunMillis(String rejects) throws SQLException {
    String files = "'" + rejects.replace("'", "''") + "/*.parquet'";
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      // A run without rejects leaves no file, which would be an error of its own.
      if (number(statement, "SELECT count(*) FROM glob(" + files + ")") == 0) {
        throw new IllegalStateException("No reject in " + rejects + " says when the run began");
      }
      return number(statement, "SELECT epoch_us(max(rejected_at)) FROM " + files) / 1e3;
    }
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }
}
