package io.featurebeam.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/**
 * Transactions on disk.
 *
 * @param directory holds the Parquet files
 * @param rows how many records they hold, as counted
 * @param users of how many different users
 */
record CardData(Path directory, long rows, long users) {
  private static final long SEED = 42;

  /** What the settings name: directories that are there, or else sizes, to be generated. */
  static List<CardData> all(Settings settings)
      throws IOException, InterruptedException, SQLException {
    List<CardData> all = new ArrayList<>();
    for (String directory : settings.data()) {
      all.add(existing(Path.of(directory)));
    }
    if (all.isEmpty()) {
      for (long rows : settings.rows()) {
        all.add(generated(settings, rows));
      }
    }
    return all;
  }

  /** So many records, of the users that the settings name, as far as there are records for them. */
  static CardData generated(Settings settings, long rows)
      throws IOException, InterruptedException, SQLException {
    try {
      int users = (int) Math.min(settings.users(), rows);
      return generated(settings.work().resolve("data"), rows, users);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Cannot generate " + rows + " records", e.getCause());
    }
  }

  /** What somebody else has put there. */
  private static CardData existing(Path directory) throws SQLException {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "Invalid data: " + directory + " (must be a directory of Parquet files)");
    }
    Path absolute = directory.toAbsolutePath().normalize();
    String files = "'" + absolute.toString().replace("'", "''") + "/*.parquet'";
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT count(*), count(DISTINCT \"user\") FROM read_parquet(" + files + ")")) {
      result.next();
      return new CardData(absolute, result.getLong(1), result.getLong(2));
    }
  }

  /**
   * Generated below a directory, unless that was done before. A generation that was broken off
   * leaves nothing that looks finished.
   */
  static CardData generated(Path parent, long rows, int users)
      throws IOException, InterruptedException, ExecutionException, SQLException {
    Path directory =
        parent.resolve(String.format(Locale.ROOT, "card-%d-rows-%d-users", rows, users));
    if (!Files.isDirectory(directory)) {
      System.err.println("Generating " + directory);
      Files.createDirectories(parent);
      Path unfinished = parent.resolve(directory.getFileName() + ".unfinished");
      Outputs.delete(unfinished);
      CardTransactions.of(rows, users, SEED)
          .write(unfinished, Runtime.getRuntime().availableProcessors());
      Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
    }
    return existing(directory);
  }
}
