package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.io.file.publish.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A published folder, read by its manifest and by DuckDB. */
record Output(Path folder) {

  /**
   * The manifest, those of earlier runs and its files are there, and nothing else: no temporary
   * file, claim or journal.
   */
  Output assertClean() throws IOException {
    List<String> expected =
        Stream.concat(
                manifest().files().stream().map(f -> f.path()),
                Stream.of("_featurebeam/manifest.json"))
            .sorted()
            .toList();
    assertEquals(
        expected, files().stream().filter(f -> !f.startsWith("_featurebeam/versions/")).toList());
    return this;
  }

  /** Every file below the folder, sorted. */
  List<String> files() throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile)
          .map(f -> folder.relativize(f).toString())
          .sorted()
          .toList();
    }
  }

  Manifest manifest() {
    try {
      return Manifest.read(folder.toString()).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What SQL reads it by, after FROM: what the manifest names, not what lies there. */
  String sql() {
    List<String> paths = manifest().paths(folder.toString());
    if (paths.isEmpty()) {
      throw new AssertionError("No files in " + folder);
    }
    String list = paths.stream().map(p -> "'" + p + "'").collect(Collectors.joining(", "));
    if (paths.get(0).endsWith(".csv")) {
      return "read_csv([" + list + "], hive_partitioning = false)";
    }
    return paths.get(0).endsWith(".parquet")
        ? "read_parquet([" + list + "], hive_partitioning = false)"
        : "read_json([" + list + "], format = 'newline_delimited', hive_partitioning = false)";
  }

  /** The rows. */
  Table rows() {
    return Duck.query("SELECT * FROM " + sql());
  }

  /** The rows where a condition holds. */
  Table rows(String where) {
    return Duck.query("SELECT * FROM " + sql() + " WHERE " + where);
  }
}
