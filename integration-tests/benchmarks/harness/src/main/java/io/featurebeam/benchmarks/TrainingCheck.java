package io.featurebeam.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Says whether two outputs of the {@code training-set} workload hold the same labels with the same
 * features. Counts and extremes must be equal, sums and means agree within {@link
 * PeerCheck#RELATIVE}, deviations as in {@link PeerCheck}. Of a window without events the count may
 * be 0 or null: who joins from the labels has a 0 there, and who finds no card has nothing.
 */
final class TrainingCheck {
  private TrainingCheck() {}

  /** Every output against the first; how many labels all of them have. */
  static long agreedRows(Map<String, String> outputs) throws SQLException {
    List<String> names = List.copyOf(outputs.keySet());
    String first = names.get(0);
    long rows = 0;
    for (String other : names.subList(1, names.size())) {
      PeerCheck.Result check = compare(outputs.get(first), outputs.get(other));
      if (!check.agrees()) {
        throw new IllegalStateException(
            "Nothing is timed: the outputs of %s and %s differ: %s"
                .formatted(first, other, check.problems()));
      }
      System.err.println(first + " and " + other + " agree on " + check.rows() + " labels");
      rows = check.rows();
    }
    return rows;
  }

  static PeerCheck.Result compare(String left, String right) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 2");
      statement.execute("SET memory_limit = '2GB'");
      statement.execute("SET preserve_insertion_order = false");
      load(statement, "a", left);
      load(statement, "b", right);
      List<String> problems = new ArrayList<>();
      long leftRows = single(statement, "SELECT count(*) FROM a");
      long rightRows = single(statement, "SELECT count(*) FROM b");
      long matched = single(statement, "SELECT count(*) FROM a JOIN b USING (id)");
      if (leftRows == 0 || matched != leftRows || matched != rightRows) {
        problems.add(
            "%d labels match of %d in %s and %d in %s"
                .formatted(matched, leftRows, left, rightRows, right));
      }
      for (Map.Entry<String, Long> broken : broken(statement).entrySet()) {
        if (broken.getValue() > 0) {
          problems.add(broken.getValue() + " labels: " + broken.getKey());
        }
      }
      return new PeerCheck.Result(matched, problems, Map.of());
    }
  }

  private static void load(Statement statement, String table, String directory)
      throws SQLException {
    statement.execute(
        "CREATE TEMP VIEW %s AS FROM read_parquet('%s/*.parquet')"
            .formatted(table, directory.replace("'", "''")));
  }

  private static Map<String, Long> broken(Statement statement) throws SQLException {
    Map<String, String> conditions = new LinkedHashMap<>();
    for (String window : TrainingSql.WINDOWS.keySet()) {
      for (String count : List.of("count_", "web_count_")) {
        conditions.put(
            count + window + " differs",
            "coalesce(a.%1$s, 0) <> coalesce(b.%1$s, 0)".formatted(count + window));
      }
      conditions.put("sum_" + window + " differs", apart("sum_" + window));
      if (TrainingSql.LONG.contains(window)) {
        conditions.put("mean_" + window + " differs", apart("mean_" + window));
        for (String extreme : List.of("min_", "max_")) {
          conditions.put(
              extreme + window + " differs",
              "a.%1$s IS DISTINCT FROM b.%1$s".formatted(extreme + window));
        }
        String deviation = "stddev_" + window;
        conditions.put(
            deviation + " differs",
            "%1$s AND coalesce(abs(a.%2$s * a.%2$s - b.%2$s * b.%2$s) > %3$s * a.mean_%4$s * a.mean_%4$s, true)"
                .formatted(apart(deviation), deviation, PeerCheck.CANCELLATION, window));
      }
    }
    List<String> counted =
        conditions.values().stream().map(c -> "count(*) FILTER (" + c + ")").toList();
    Map<String, Long> counts = new LinkedHashMap<>();
    try (ResultSet result =
        statement.executeQuery(
            "SELECT " + String.join(", ", counted) + " FROM a JOIN b USING (id)")) {
      result.next();
      int column = 0;
      for (String name : conditions.keySet()) {
        counts.put(name, result.getLong(++column));
      }
    }
    return counts;
  }

  /** True where one side is null and the other is not, or they differ by more than a share. */
  private static String apart(String column) {
    return ("((a.%1$s IS NULL) <> (b.%1$s IS NULL) OR coalesce(abs(a.%1$s - b.%1$s)"
            + " > %2$s * greatest(abs(a.%1$s), abs(b.%1$s)), false))")
        .formatted(column, PeerCheck.RELATIVE);
  }

  private static long single(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }
}
