package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of the output computed again: a range of days, or what repaired records touch. */
class RangeIT {

  private static final String JAN_2 =
      "window_end >= TIMESTAMP '2001-01-02' AND window_end < TIMESTAMP '2001-01-03'";

  @TempDir Path folder;
  private Path input;

  @BeforeEach
  void copyExample() throws IOException {
    input = Files.createDirectory(folder.resolve("input"));
    Files.copy(Flights.clean(), input.resolve("clean.parquet"));
    Files.copy(
        Flights.folder().resolve("data").resolve("flights-broken.parquet"),
        input.resolve("broken.parquet"));
  }

  private String all() {
    return input + "/*.parquet";
  }

  private Job job() {
    return Flights.job(all(), folder);
  }

  private List<String> filesBesides(String day) throws IOException {
    return Flights.features(folder).files().stream()
        .filter(f -> !f.startsWith("_featurebeam") && !f.contains(day))
        .toList();
  }

  @Test
  @Shows({"--from", "--to"})
  void oneDayGivesTheRowsOfTheFullRun() {
    job().with("--from=2001-01-02", "--to=2001-01-03").succeed();

    Table.assertSame(
        Duck.query("SELECT * FROM (" + Flights.features(all()) + ") WHERE " + JAN_2),
        Flights.features(folder).rows());
  }

  @Test
  @Shows({"--from", "--to", "sink.partitionBy"})
  void oneDayReplacesItsPartitionAndNoOther() throws IOException {
    job().succeed();
    List<String> others = filesBesides("2001-01-02");
    // More flights on the 2nd; those of the 1st that the 2nd looks back on stay as they are.
    Duck.copy(
        "SELECT TIMESTAMP '2001-01-02 10:30:00' AS date, (10 * i)::BIGINT AS delay,"
            + " 100::BIGINT AS distance, 'ABQ' AS origin, 'TUS' AS destination FROM range(9) t(i)",
        input.resolve("more.parquet"),
        "parquet");

    job().with("--from=2001-01-02", "--to=2001-01-03").succeed();

    Output features = Flights.features(folder).assertClean();
    assertEquals(others, filesBesides("2001-01-02"));
    Table.assertSame(
        Duck.query("SELECT * FROM (" + Flights.features(all()) + ") WHERE " + JAN_2),
        features.rows(JAN_2));
    Output rejects = Flights.rejects(folder).assertClean();
    assertEquals(
        List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L),
        Duck.query("SELECT position FROM " + rejects.sql()).column("position"));
  }

  @Test
  void runningAgainReplaces() throws IOException {
    job().succeed();
    Table first = Flights.features(folder).rows();

    job().succeed();
    job().with("--from=2001-01-03", "--to=2001-01-04").succeed();

    Table.assertSame(first, Flights.features(folder).assertClean().rows());
    assertEquals(7, Flights.rejects(folder).assertClean().rows().rows().size());
  }

  @Test
  @Shows("--replay")
  void repairedRecordsGiveTheOutputOfCleanInput() throws IOException {
    job().succeed();
    Path repaired = repair(Flights.rejects(folder));

    job().with("--replay=" + repaired).succeed();

    Files.delete(input.resolve("broken.parquet"));
    Duck.copy(REPAIRED, input.resolve("repaired.parquet"), "parquet");
    Table.assertSame(
        Duck.query(Flights.features(all())), Flights.features(folder).assertClean().rows());
    assertEquals(List.of(), Flights.rejects(folder).assertClean().manifest().files());
  }

  /** What {@link #repair} makes of the broken records. */
  private static final String REPAIRED =
      """
      SELECT CASE file_row_number WHEN 5 THEN TIMESTAMP '2001-01-02 12:00:00' ELSE date END AS date,
        CASE WHEN delay BETWEEN -180 AND 1440 THEN delay ELSE 20 END AS delay, distance,
        CASE WHEN regexp_full_match(origin, '[A-Z]{3}') THEN origin ELSE 'LAX' END AS origin,
        CASE WHEN origin = destination THEN 'JFK' ELSE destination END AS destination
      FROM read_parquet('%s', file_row_number = true)
      """
          .formatted(Flights.folder().resolve("data").resolve("flights-broken.parquet"));

  /** The rejects as a person would mend them: the record of each line edited, the rest left. */
  private Path repair(Output rejects) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> lines = new ArrayList<>();
    for (String file : rejects.manifest().paths(rejects.folder().toString())) {
      for (String line : Files.readAllLines(Path.of(file))) {
        ObjectNode reject = (ObjectNode) json.readTree(line);
        ObjectNode record = (ObjectNode) json.readTree(reject.get("record").textValue());
        if (record.get("date").isNull()) {
          record.put("date", "2001-01-02T12:00:00Z");
        }
        long delay = record.get("delay").asLong(9999);
        record.put("delay", delay >= -180 && delay <= 1440 ? delay : 20);
        if (record.get("origin").equals(record.get("destination"))) {
          record.put("destination", "JFK");
        }
        if (!record.get("origin").asText("").matches("[A-Z]{3}") || record.get("origin").isNull()) {
          record.put("origin", "LAX");
        }
        lines.add(reject.put("record", record.toString()).toString());
      }
    }
    return Files.writeString(
        folder.resolve("repaired.jsonl"),
        lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
  }
}
