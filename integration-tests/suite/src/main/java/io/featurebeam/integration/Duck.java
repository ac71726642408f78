package io.featurebeam.integration;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * DuckDB: what says independently what is right, makes input files, and reads the output with a
 * Parquet reader that is not ours.
 */
final class Duck {

  private Duck() {}

  /** Runs statements that give nothing, such as COPY. */
  static void run(String... statements) {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(String.join(";\n", statements), e);
    }
  }

  /** Writes the rows of a query to a file of a format that DuckDB takes: parquet, csv, json. */
  static void copy(String query, Path file, String format) {
    run("COPY (" + query + ") TO '" + file + "' (FORMAT " + format + ")");
  }

  /**
   * The rows of a query, sorted by all columns but those of floating-point numbers. Times become
   * microseconds since 1970, whole numbers long, other numbers double.
   */
  static Table query(String sql) {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      List<String> names = new ArrayList<>();
      List<String> columns = new ArrayList<>();
      List<String> order = new ArrayList<>();
      List<String> orderLast = new ArrayList<>();
      try (ResultSet types = statement.executeQuery("DESCRIBE " + sql)) {
        while (types.next()) {
          String name = types.getString(1);
          String type = types.getString(2);
          names.add(name);
          columns.add(plain('"' + name + '"', type) + " AS \"" + name + '"');
          (type.equals("DOUBLE") ? orderLast : order).add('"' + name + '"');
        }
      }
      order.addAll(orderLast);
      String plain = "SELECT " + String.join(", ", columns) + " FROM (" + sql + ")";
      String sorted = "SELECT * FROM (" + plain + ") ORDER BY " + String.join(", ", order);
      return new Table(List.copyOf(names), rows(statement, sorted, names.size()));
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static List<Object[]> rows(Statement statement, String sql, int columns)
      throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        Object[] row = new Object[columns];
        for (int column = 0; column < columns; column++) {
          row[column] = result.getObject(column + 1);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static String plain(String column, String type) {
    if (type.startsWith("TIMESTAMP")) {
      return "epoch_us(" + column + ")";
    }
    return switch (type) {
      case "BIGINT", "VARCHAR", "BOOLEAN", "DOUBLE" -> column;
      case "TINYINT", "SMALLINT", "INTEGER", "UINTEGER", "UBIGINT", "HUGEINT" ->
          column + "::BIGINT";
      default -> type.startsWith("DECIMAL") ? column + "::DOUBLE" : column + "::VARCHAR";
    };
  }

  private static Connection open() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("SET threads = 1");
    }
    return connection;
  }
}
