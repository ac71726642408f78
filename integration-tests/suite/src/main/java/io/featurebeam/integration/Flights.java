package io.featurebeam.integration;

import java.nio.file.Files;
import java.nio.file.Path;

/** The bundled example, and the same job in SQL. */
final class Flights {

  private Flights() {}

  /** The windows of the example and the names that their columns end with. */
  private static final String WINDOWS = "(VALUES ('1h', 1), ('6h', 6), ('1d', 24)) w(name, hours)";

  /** The folder of the example, looked for above the folder that the tests run in. */
  static Path folder() {
    return example("flights");
  }

  /** That of another example, likewise. */
  static Path example(String name) {
    Path example = Path.of("pipelines", "examples", name);
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      if (Files.isDirectory(p.resolve(example))) {
        return p.resolve(example);
      }
    }
    throw new IllegalStateException("No " + example + " above " + Path.of("").toAbsolutePath());
  }

  /** The example's spec with its output in {@code folder}. */
  static Job job(String input, Path folder) {
    return Job.of(Flights.folder().resolve("flights.yaml"))
        .with(
            "--set=source.parquet.path=" + input,
            "--set=sink.parquet.path=" + features(folder).folder(),
            "--set=rejects.path=" + rejects(folder).folder(),
            "--set=report.path=" + folder.resolve("report.html"));
  }

  static Output features(Path folder) {
    return new Output(folder.resolve("features"));
  }

  static Output rejects(Path folder) {
    return new Output(folder.resolve("rejects"));
  }

  /** All files of the example. */
  static String all() {
    return folder().resolve("data") + "/*.parquet";
  }

  /** The records without the broken ones. */
  static Path clean() {
    return folder().resolve("data").resolve("flights-2001-01.parquet");
  }

  /** The records that satisfy the example's rules, as a query. */
  static String valid(String input) {
    return "SELECT * FROM '"
        + input
        + "' WHERE date IS NOT NULL AND origin IS NOT NULL AND regexp_full_match(origin, '[A-Z]{3}')"
        + " AND delay IS NOT NULL AND delay BETWEEN -180 AND 1440"
        + " AND (destination IS NULL OR origin <> destination)";
  }

  /** The rows that the example makes of these files, as a query. */
  static String features(String input) {
    return """
        WITH valid AS (%s),
        hops AS (
          SELECT DISTINCT origin, time_bucket(INTERVAL 1 hour, date) + INTERVAL 1 hour AS t
          FROM valid),
        seen AS (
          SELECT h.origin, h.t, w.name,
            count(*) AS flights, avg(delay) AS mean_delay, count(*) FILTER (delay > 15) AS late,
            max(delay) AS worst, count(DISTINCT destination) AS destinations,
            avg(ln(1 + distance)) AS mean_log_distance
          FROM hops h CROSS JOIN %s
          JOIN valid v ON v.origin = h.origin AND v.date >= h.t - to_hours(w.hours) AND v.date < h.t
          GROUP BY ALL)
        SELECT origin, t AS window_end,
          %s, %s, %s, %s, %s, %s
        FROM seen GROUP BY origin, t
        """
        .formatted(
            valid(input),
            WINDOWS,
            perWindow("flights", "flights"),
            perWindow("mean_delay", "mean_delay"),
            perWindow("late", "late_flights"),
            perWindow("worst", "worst_delay"),
            perWindow("destinations", "destinations"),
            perWindow("mean_log_distance", "mean_log_distance"));
  }

  private static String perWindow(String column, String name) {
    String each = "max(%1$s) FILTER (name = '%3$s') AS %2$s_%3$s";
    return String.join(
        ", ",
        each.formatted(column, name, "1h"),
        each.formatted(column, name, "6h"),
        each.formatted(column, name, "1d"));
  }
}
