package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features that learn: in one run with {@code fit:}, used by others with {@code fitted:}. */
class FitIT {

  private static final String TRAINING =
      "date >= TIMESTAMP '2001-01-01' AND date < TIMESTAMP '2001-01-02'";

  @TempDir Path folder;

  private Job job(String input, String fit, String out) throws IOException {
    return Job.of(
        folder,
        """
        name: learning
        source:
          parquet: { path: %s }
        eventTime: date
        features:
          delay_z: { standardize: delay }
          distance_share: { min_max: distance }
          to_rank: { vocabulary: destination }
        %s
        sink:
          parquet: { path: %s }
        """
            .formatted(input, fit, folder.resolve(out)));
  }

  private String fit(String file) {
    return "fit: { path: %s, from: 2001-01-01, to: 2001-01-02 }".formatted(folder.resolve(file));
  }

  private String fitted(String file) {
    return "fitted: { path: %s }".formatted(folder.resolve(file));
  }

  private Table rows(String out) throws IOException {
    return new Output(folder.resolve(out)).assertClean().rows();
  }

  @Test
  @Shows({"features", "fit"})
  void whatIsLearnedEqualsSqlOverTheTrainingRange() throws IOException {
    job(Flights.clean().toString(), fit("state.json"), "out").succeed();

    Table.assertSame(
        Duck.query(
            """
            WITH events AS (FROM '%1$s'),
            training AS (FROM events WHERE %2$s),
            stats AS (
              SELECT avg(delay) AS mean, stddev_pop(delay) AS sd,
                min(distance) AS low, max(distance) AS high
              FROM training),
            ranks AS (
              SELECT destination, row_number() OVER (ORDER BY count(*) DESC, destination) - 1 AS rank
              FROM training GROUP BY destination)
            SELECT date, delay, distance, origin, events.destination,
              (delay - mean) / sd AS delay_z,
              (distance - low) / (high - low) AS distance_share,
              coalesce(rank, -1) AS to_rank
            FROM events CROSS JOIN stats LEFT JOIN ranks ON ranks.destination = events.destination
            """
                .formatted(Flights.clean(), TRAINING)),
        rows("out"));
  }

  @Test
  @Shows({"fit", "fitted"})
  void aRunThatUsesTheStateGivesTheSame() throws IOException {
    job(Flights.clean().toString(), fit("state.json"), "out").succeed();

    job(Flights.clean().toString(), fitted("state.json"), "again").succeed();

    Table.assertSame(rows("out"), rows("again"));
  }

  @Test
  @Shows("fit")
  void recordsOutsideOfTheTrainingRangeTeachNothing() throws IOException {
    Path other = folder.resolve("other.parquet");
    Duck.copy(
        "SELECT date, CASE WHEN %1$s THEN delay ELSE 5000 END AS delay,".formatted(TRAINING)
            + " CASE WHEN %1$s THEN distance ELSE 1 END AS distance, origin,".formatted(TRAINING)
            + " CASE WHEN %1$s THEN destination ELSE 'XXX' END AS destination FROM '%2$s'"
                .formatted(TRAINING, Flights.clean()),
        other,
        "parquet");

    job(Flights.clean().toString(), fit("state.json"), "out").succeed();
    job(other.toString(), fit("other.json"), "other").succeed();

    assertEquals(state("state.json"), state("other.json"));
  }

  @Test
  void aTrainingRangeMayReachFarBeyondTheData() throws IOException {
    job(
            Flights.clean().toString(),
            "fit: { path: %s, from: 0001-01-01, to: 9999-12-31 }"
                .formatted(folder.resolve("state.json")),
            "out")
        .succeed();
    job(
            Flights.clean().toString(),
            "fit: { path: %s, from: 2001-01-01, to: 2002-01-01 }"
                .formatted(folder.resolve("other.json")),
            "other")
        .succeed();

    Table.assertSame(rows("other"), rows("out"));
  }

  private JsonNode state(String file) throws IOException {
    return new ObjectMapper().readTree(Files.readString(folder.resolve(file)));
  }

  @Test
  void withoutStateARunIsRefused() throws IOException {
    Job.Result result = job(Flights.clean().toString(), "", "out").run();

    assertEquals(2, result.exitCode());
    assertEquals(
        folder.resolve("spec.yaml")
            + ":6:3: features: Missing fit: [delay_z = standardize(delay, population), distance_share ="
            + " min_max(distance, 0.0, 1.0), to_rank = vocabulary(destination)] must learn from data"
            + " first (add fit: {path, from, to} to learn in this run, or fitted: {path} with the file"
            + " of an earlier one)",
        result.message().lines().findFirst().orElse(""));
  }

  @Test
  void aMissingStateIsNamed() throws IOException {
    Job.Result result = job(Flights.clean().toString(), fitted("none.json"), "out").run();

    assertEquals(2, result.exitCode());
    String expected =
        "Missing fitted features: "
            + folder.resolve("none.json")
            + " (a run with fit: {path: ...} writes it)";
    assertTrue(result.message().contains(expected), result::message);
  }

  @Test
  void anEmptyTrainingRangeTeachesNothingAndWritesNothing() throws IOException {
    Job.Result result =
        job(
                Flights.clean().toString(),
                "fit: { path: %s, from: 1999-01-01, to: 1999-02-01 }"
                    .formatted(folder.resolve("state.json")),
                "out")
            .run();

    assertEquals(1, result.exitCode());
    String expected =
        "Nothing to learn from: no record that the rules accept has an event time from"
            + " 1999-01-01T00:00:00Z to 1999-02-01T00:00:00Z (change from and to of fit:)";
    assertTrue(result.message().contains(expected), result::message);
    assertFalse(Files.exists(folder.resolve("state.json")));
  }
}
