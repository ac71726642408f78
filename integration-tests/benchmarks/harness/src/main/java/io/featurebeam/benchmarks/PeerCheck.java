package io.featurebeam.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Says whether two outputs of the {@code card-batch} workload hold the same values, row by row.
 *
 * <p>Rows are matched by user and window end; both sides must have the same rows, each once.
 * Counts, maxima, buckets and hours must be equal. Sums and means must agree within {@link
 * #RELATIVE}, as sums in different orders do. Deviations must agree within the same share; where
 * the values of a window nearly coincide, the squares of the deviations may instead differ by
 * {@link #CANCELLATION} of the squared mean, which is what is lost when a variance is computed from
 * a sum of squares. Distinct merchants are approximate by contract: a row deviates if the two
 * counts differ by more than 5 % (and by more than 1), and at most {@link #APPROXIMATE_SHARE} of
 * the rows may.
 *
 * <p>Deviations that pass only by the second clause, and the distribution of the differences
 * between distinct counts, are stated in the report.
 */
public final class PeerCheck {
  static final double RELATIVE = 1e-9;
  static final double CANCELLATION = 1e-12;
  static final double APPROXIMATE_SHARE = 0.01;

  private static final List<String> EXACT =
      List.of("count_1h", "count_24h", "max_1h", "max_24h", "bucket_max_1h", "hour_max_1h");
  private static final List<String> SUMS =
      List.of("sum_1h", "mean_1h", "sum_24h", "mean_24h", "log_amount_sum_1h");
  private static final List<String> WINDOWS = List.of("1h", "24h");
  private static final List<String> COLUMNS =
      Stream.of(
              List.of("user", "window_end"),
              EXACT,
              SUMS,
              List.of("stddev_1h", "stddev_24h", "merchants_1h", "merchants_24h"))
          .flatMap(List::stream)
          .toList();

  /**
   * What a comparison found.
   *
   * @param rows matched rows
   * @param problems one sentence for each broken promise; empty if the outputs agree
   * @param observations counts that are worth stating but break nothing
   */
  public record Result(long rows, List<String> problems, Map<String, Long> observations) {
    public Result {
      problems = List.copyOf(problems);
      observations = new LinkedHashMap<>(observations);
    }

    public boolean agrees() {
      return problems.isEmpty();
    }
  }

  private PeerCheck() {}

  /** Compares two directories of Parquet files and exits with 1 if they disagree. */
  public static void main(String[] args) throws SQLException {
    Arguments arguments = Arguments.parse(args);
    String left = arguments.required("left");
    String right = arguments.required("right");
    arguments.rejectUnread();
    Result result = compare(left, right);
    System.out.println("rows: " + result.rows());
    result.observations().forEach((name, count) -> System.out.println(name + ": " + count));
    result.problems().forEach(problem -> System.out.println("PROBLEM: " + problem));
    System.out.println(result.agrees() ? "AGREE" : "DISAGREE");
    if (!result.agrees()) {
      System.exit(1);
    }
  }

  /**
   * Every output against the first: what agrees with one agrees with all.
   *
   * @param outputs directories by the names of who wrote them, in order
   * @return how many rows all of them have
   */
  static long agreedRows(Map<String, String> outputs) throws SQLException {
    List<String> names = List.copyOf(outputs.keySet());
    String first = names.get(0);
    long rows = 0;
    for (String other : names.subList(1, names.size())) {
      Result check = compare(outputs.get(first), outputs.get(other));
      if (!check.agrees()) {
        throw new IllegalStateException(
            "Nothing is timed: the outputs of %s and %s differ: %s"
                .formatted(first, other, check.problems()));
      }
      System.err.printf(Locale.ROOT, "%s and %s agree on %d rows%n", first, other, check.rows());
      rows = check.rows();
    }
    return rows;
  }

  static Result compare(String left, String right) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 2");
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("SET preserve_insertion_order = false");
      load(statement, "a", left);
      load(statement, "b", right);
      List<String> problems = new ArrayList<>();
      long rows = rowsByKey(statement, left, right, problems);
      Map<String, Long> counts = valueCounts(statement);
      Map<String, Long> observations = new LinkedHashMap<>();
      counts.forEach(
          (name, count) -> {
            if (!name.startsWith("!")) {
              observations.put(name, count);
            } else if (count > 0) {
              problems.add(count + " rows: " + name.substring(1));
            }
          });
      for (String window : WINDOWS) {
        long deviating = counts.get(approximateName(window, 5));
        if (deviating > APPROXIMATE_SHARE * rows) {
          problems.add(
              deviating + " of " + rows + " rows: merchants_" + window + " more than 5 % apart");
        }
      }
      return new Result(rows, problems, observations);
    }
  }

  /** Loads an output under the names of the peers: what ours calls a day is 24 hours there. */
  private static void load(Statement statement, String table, String directory)
      throws SQLException {
    String files = "read_parquet('%s/*.parquet')".formatted(directory.replace("'", "''"));
    List<String> selected = new ArrayList<>();
    List<String> missing = new ArrayList<>(COLUMNS);
    try (ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM " + files)) {
      while (columns.next()) {
        String theirs = columns.getString("column_name");
        String name = theirs.endsWith("_1d") ? theirs.replaceFirst("_1d$", "_24h") : theirs;
        if (missing.remove(name)) {
          String value = name.equals("window_end") ? "epoch_us(window_end)" : quoted(theirs);
          selected.add(value + " AS " + quoted(name));
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("Missing columns in " + directory + ": " + missing);
    }
    statement.execute(
        "CREATE TEMP TABLE %s AS SELECT %s FROM %s"
            .formatted(table, String.join(", ", selected), files));
  }

  private static String quoted(String column) {
    return '"' + column + '"';
  }

  private static long rowsByKey(
      Statement statement, String left, String right, List<String> problems) throws SQLException {
    long leftRows = single(statement, "SELECT count(*) FROM a");
    long rightRows = single(statement, "SELECT count(*) FROM b");
    if (leftRows == 0) {
      problems.add("no rows in " + left);
    }
    if (leftRows != rightRows) {
      problems.add(leftRows + " rows in " + left + ", " + rightRows + " in " + right);
    }
    for (String table : List.of("a", "b")) {
      long keys =
          single(
              statement,
              "SELECT count(*) FROM (SELECT DISTINCT \"user\", window_end FROM " + table + ")");
      long rows = table.equals("a") ? leftRows : rightRows;
      if (keys != rows) {
        problems.add(
            (rows - keys) + " rows with a repeated key in " + (table.equals("a") ? left : right));
      }
    }
    long matched = single(statement, "SELECT count(*) FROM a JOIN b USING (\"user\", window_end)");
    if (matched != leftRows || matched != rightRows) {
      problems.add(
          "only " + matched + " keys are in both of " + leftRows + " and " + rightRows + " rows");
    }
    return matched;
  }

  /** Counts of rows by finding; a name that begins with "!" is a broken promise if above zero. */
  private static Map<String, Long> valueCounts(Statement statement) throws SQLException {
    Map<String, String> conditions = new LinkedHashMap<>();
    for (String column : EXACT) {
      conditions.put("!" + column + " differs", "a.%1$s IS DISTINCT FROM b.%1$s".formatted(column));
    }
    for (String column : SUMS) {
      conditions.put(
          "!" + column + " more than " + RELATIVE + " apart",
          apart("a." + column, "b." + column, RELATIVE));
    }
    for (String window : WINDOWS) {
      String left = "a.stddev_" + window;
      String right = "b.stddev_" + window;
      String strictly = apart(left, right, RELATIVE);
      conditions.put("stddev_" + window + " more than " + RELATIVE + " apart", strictly);
      conditions.put(
          "!stddev_" + window + " apart by more than cancellation explains",
          ("(%1$s) AND coalesce(abs(%2$s * %2$s - %3$s * %3$s) "
                  + "> %4$s * a.mean_%5$s * a.mean_%5$s, true)")
              .formatted(strictly, left, right, CANCELLATION, window));
      String merchants =
          "abs(a.merchants_%1$s - b.merchants_%1$s) ".formatted(window)
              + "> greatest(%s, a.merchants_%s * %s)";
      conditions.put(
          "merchants_" + window + " differs",
          "a.merchants_%1$s IS DISTINCT FROM b.merchants_%1$s".formatted(window));
      conditions.put(approximateName(window, 2), merchants.formatted(0, window, 0.02));
      conditions.put(approximateName(window, 5), merchants.formatted(1, window, 0.05));
      conditions.put(
          "!merchants_" + window + " is null",
          "a.merchants_%1$s IS NULL OR b.merchants_%1$s IS NULL".formatted(window));
    }
    StringBuilder sql = new StringBuilder("SELECT ");
    conditions.forEach(
        (name, condition) -> sql.append("count(*) FILTER (").append(condition).append("), "));
    sql.setLength(sql.length() - 2);
    sql.append(" FROM a JOIN b USING (\"user\", window_end)");
    Map<String, Long> counts = new LinkedHashMap<>();
    try (ResultSet result = statement.executeQuery(sql.toString())) {
      result.next();
      int column = 0;
      for (String name : conditions.keySet()) {
        counts.put(name, result.getLong(++column));
      }
    }
    return counts;
  }

  private static String approximateName(String window, int percent) {
    return "merchants_"
        + window
        + " more than "
        + percent
        + " % apart"
        + (percent > 2 ? " (and 1)" : "");
  }

  /**
   * True where one side is null and the other is not, or both are and differ by more than a share.
   */
  private static String apart(String left, String right, double share) {
    return ("((%1$s IS NULL) <> (%2$s IS NULL) OR coalesce(abs(%1$s - %2$s) "
            + "> %3$s * greatest(abs(%1$s), abs(%2$s)), false))")
        .formatted(left, right, share);
  }

  private static long single(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }
}
