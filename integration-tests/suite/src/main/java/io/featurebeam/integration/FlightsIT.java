package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.io.file.publish.PublishedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bundled example gives what SQL gives, on this runner, in any parallelism and order. As every
 * runner must equal the SQL, the runners equal each other.
 */
class FlightsIT {

  private static final long CLEAN = 48_626;
  private static final long BROKEN = 7;

  @TempDir Path folder;

  @Test
  @Shows({
    "source.parquet",
    "keys",
    "validate.onFail.reject",
    "features",
    "aggregate.emit.every",
    "sink.parquet"
  })
  void countsBalanceAndRowsEqualSql() throws IOException {
    Job.Result result = Flights.job(Flights.all(), folder).succeed();

    result.assertCounts(CLEAN + BROKEN, CLEAN, BROKEN, 0, 0);
    Output features = Flights.features(folder).assertClean();
    Table.assertSame(Duck.query(Flights.features(Flights.all())), features.rows());
    assertTrue(Files.size(folder.resolve("report.html")) > 0, "the report is there");
  }

  @Test
  @Shows({"validate.onFail.reject", "rejects.format.json"})
  void eachRejectSaysWhichRuleWhyAndWhere() throws IOException {
    Flights.job(Flights.all(), folder).succeed();

    Output rejects = Flights.rejects(folder).assertClean();
    String file = Flights.folder().resolve("data").resolve("flights-broken.parquet").toString();
    Table.assertSame(
        new Table(
            List.of("position", "rule", "reason", "file", "step"),
            List.of(
                row(
                    0,
                    "between(delay, -180, 1440)",
                    "delay is 2400 (must be between -180 and 1440)",
                    file),
                row(
                    1,
                    "between(delay, -180, 1440)",
                    "delay is -720 (must be between -180 and 1440)",
                    file),
                row(
                    2,
                    "expression(origin != destination)",
                    "origin != destination is false (origin=ATL, destination=ATL)",
                    file),
                row(3, "matches(origin, [A-Z]{3})", "origin is la x (must match [A-Z]{3})", file),
                row(4, "not_null(origin)", "origin is null (must have a value)", file),
                row(5, "not_null(date)", "date is null (must have a value)", file),
                row(6, "not_null(delay)", "delay is null (must have a value)", file))),
        Duck.query("SELECT position, rule, reason, source AS file, step FROM " + rejects.sql()));
  }

  private static Object[] row(long position, String rule, String reason, String file) {
    return new Object[] {position, rule, reason, file, "validate"};
  }

  @Test
  @Shows("sink.partitionBy")
  void rowsLieInThePartitionOfTheirDay() throws IOException {
    Flights.job(Flights.all(), folder).succeed();

    Output features = Flights.features(folder);
    for (PublishedFile file : features.manifest().files()) {
      String day = file.partition().get("window_end_day");
      assertEquals(
          List.of(day),
          Duck.query(
                  "SELECT DISTINCT strftime(window_end, '%Y-%m-%d') AS day FROM '"
                      + features.folder().resolve(file.path())
                      + "'")
              .column("day"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void rowsAreTheSameInAnyParallelismOrderAndNumberOfFiles(int parallelism) throws IOException {
    Path input = Files.createDirectory(folder.resolve("input"));
    shuffle(input, parallelism);

    Job.Result result =
        Flights.job(input + "/*.parquet", folder).withParallelism(parallelism).succeed();

    result.assertCounts(CLEAN + BROKEN, CLEAN, BROKEN, 0, 0);
    Table.assertSame(
        Duck.query(Flights.features(Flights.all())), Flights.features(folder).assertClean().rows());
    assertEquals(
        ReproduceIT.CONTENT,
        Objects.requireNonNull(Flights.features(folder).manifest().content()).hash());
    assertEquals(BROKEN, Flights.rejects(folder).assertClean().rows().rows().size());
  }

  /** The records of all files in another order, in five files with several row groups. */
  private static void shuffle(Path input, int seed) {
    for (int part = 0; part < 5; part++) {
      Duck.run(
          "COPY (SELECT * FROM (FROM '%s') ORDER BY hash(date, origin, destination, delay, %d)"
                  .formatted(Flights.all(), seed)
              + " LIMIT 10000 OFFSET %d) TO '%s' (FORMAT parquet, ROW_GROUP_SIZE 2048)"
                  .formatted(part * 10_000, input.resolve("part-" + part + ".parquet")));
    }
  }
}
