package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was logged at serving time against what is computed later. */
class SkewIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private Path write(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private Job check(Path logged, Path recomputed, String more) throws IOException {
    return Job.of(
        folder,
        """
        name: skew
        logged: { json: { path: %s, columns: { card: string, n: int64, mean: float64, city: string, at: timestamp, revision: int64 } } }
        recomputed: { csv: { path: %s, columns: { card: string, n: int64, mean: float64, city: string, at: timestamp } } }
        on: [card]
        report: { path: %s }
        %s
        """
            .formatted(logged, recomputed, folder.resolve("skew.html"), more));
  }

  private JsonNode verdict() throws IOException {
    return JSON.readTree(Files.readString(folder.resolve("skew.json")));
  }

  private static JsonNode feature(JsonNode verdict, String name) {
    for (JsonNode feature : verdict.get("features")) {
      if (feature.get("name").textValue().equals(name)) {
        return feature;
      }
    }
    throw new AssertionError("No feature " + name + " in " + verdict);
  }

  private static String numbers(JsonNode node, String... names) {
    List<String> numbers = new ArrayList<>();
    for (String name : names) {
      numbers.add(name + " " + node.get(name).asText());
    }
    return String.join(", ", numbers);
  }

  /**
   * Nulls, NaN, copies, revisions, rows of one side, records that are none: the same everywhere.
   */
  @Test
  @Shows({"skew.revision", "skew.tolerance", "skew.fail", "skew.mask", "skew.report"})
  void everyRowAndValueIsCounted() throws IOException {
    Path logged =
        write(
            "logged.jsonl",
            "{'card':'a','n':1,'mean':0.5,'city':'Bern','at':'2001-01-01T00:00:00Z','revision':0}",
            "{'card':'a','n':2,'mean':0.5,'city':'Bern','at':'2001-01-01T00:00:00Z','revision':3}",
            "{'card':'b','n':2,'mean':'NaN','city':null,'at':'2001-01-01T00:00:01Z'}",
            "{'card':'b','n':2,'mean':'NaN','city':null,'at':'2001-01-01T00:00:01Z'}",
            "{'card':'c','n':5,'mean':1.25,'city':'Lyon','at':'2001-01-01T00:00:00Z'}",
            "{'card':'d','n':6,'mean':null,'city':'Lyon','at':'2001-01-01T00:00:00Z'}",
            "{'card':'x','n':0}",
            "{'n':0}",
            "{'card':");
    Files.writeString(logged, Files.readString(logged).replace('\'', '"'));
    Path recomputed =
        write(
            "recomputed.csv",
            "card,n,mean,city,at",
            "a,2,0.75,Bern,2001-01-01T00:00:00Z",
            "b,2,NaN,,2001-01-01T00:00:00Z",
            "c,3,1.0,Turin,2001-01-01T00:00:00Z",
            "d,6,,,2001-01-01T00:00:00Z",
            "y,0,,,");

    Job.Result result =
        check(
                logged,
                recomputed,
                """
                tolerance: { absolute: 0.25, time: 1s }
                fail: { below: 0.75, missing: 0.5, extra: 0.1 }
                mask: [city]
                """)
            .checkSkew();

    assertEquals(3, result.exitCode(), result.err());
    JsonNode verdict = verdict();
    assertEquals("fail", verdict.get("verdict").textValue());
    assertEquals(
        "[\"city: 2 of 4 pairs match, 0.5 (must be at least 0.75)\","
            + "\"1 of 5 keys are missing in the recomputation, 0.2 (must be at most 0.1)\"]",
        verdict.get("reasons").toString());
    JsonNode rows = verdict.get("rows");
    assertEquals("pairs 4, missing 1, extra 1", numbers(rows, "pairs", "missing", "extra"));
    assertEquals(
        "rows 8, unreadable 1, withoutKey 1, superseded 1, duplicates 1, conflicting 0",
        numbers(
            rows.get("logged"),
            "rows",
            "unreadable",
            "withoutKey",
            "superseded",
            "duplicates",
            "conflicting"));
    assertEquals("[{\"card\":\"y\"}]", rows.get("missingKeys").toString());
    assertEquals("[{\"card\":\"x\"}]", rows.get("extraKeys").toString());
    String[] counts = {"pairs", "equal", "missing", "extra", "different", "verdict"};
    assertEquals(
        "pairs 4, equal 3, missing 0, extra 0, different 1, verdict pass",
        numbers(feature(verdict, "n"), counts));
    assertEquals(
        "pairs 4, equal 4, missing 0, extra 0, different 0, verdict pass",
        numbers(feature(verdict, "mean"), counts));
    assertEquals(
        "pairs 4, equal 2, missing 0, extra 1, different 1, verdict fail",
        numbers(feature(verdict, "city"), counts));
    assertEquals(
        "pairs 4, equal 4, missing 0, extra 0, different 0, verdict pass",
        numbers(feature(verdict, "at"), counts));
    assertEquals(
        "{\"key\":{\"card\":\"c\"},\"logged\":\"5\",\"recomputed\":\"3\",\"distance\":2.0,"
            + "\"relativeDistance\":0.4}",
        feature(verdict, "n").get("worst").get(0).toString());
    assertEquals(0.5, feature(verdict, "n").get("distance").get("mean").doubleValue());
    String report = Files.readString(folder.resolve("skew.html"));
    assertTrue(report.contains("city: 2 of 4 pairs match"), report);
    for (String shown : List.of(report, verdict.toString(), result.out(), result.err())) {
      assertFalse(shown.contains("Turin") || shown.contains("Lyon"), shown);
    }
  }

  /** Of the bundled example: what docs/skew.md shows. */
  @Test
  @Shows({"skew.report", "skew.verdict"})
  void theExampleFindsWhatIsWrongWithItsLog() throws IOException {
    Path data = Flights.example("card-skew").resolve("data");
    Job.Result result =
        Job.of(Flights.example("card-skew").resolve("card-skew.yaml"))
            .with(
                "--set=logged.json.path=" + data.resolve("logged.jsonl"),
                "--set=recomputed.csv.path=" + data.resolve("recomputed.csv"),
                "--set=report.path=" + folder.resolve("skew.html"),
                "--set=verdict.path=" + folder.resolve("skew.json"))
            .checkSkew();

    assertEquals(3, result.exitCode(), result.err());
    List<String> failed = new ArrayList<>();
    for (JsonNode feature : verdict().get("features")) {
      if (feature.get("verdict").textValue().equals("fail")) {
        failed.add(feature.get("name").textValue());
      }
    }
    assertEquals(List.of("payments_1h"), failed);
  }

  @Test
  void theFlightsExampleAgainstItselfMatches() throws IOException {
    Flights.job(Flights.all(), folder).succeed();

    Job.Result result =
        Job.of(
                folder,
                """
                name: same
                logged: { parquet: { path: %s } }
                recomputed: { parquet: { path: %s } }
                on: [origin, window_end]
                fail: { missing: 0, extra: 0 }
                verdict: { path: %s }
                """
                    .formatted(
                        Flights.features(folder).folder(),
                        Flights.features(folder).folder(),
                        folder.resolve("skew.json")))
            .checkSkew();

    assertEquals(0, result.exitCode(), result.err());
    JsonNode verdict = verdict();
    assertEquals("pass", verdict.get("verdict").textValue());
    assertEquals(6_977, verdict.get("rows").get("pairs").longValue());
    for (JsonNode feature : verdict.get("features")) {
      assertEquals(1.0, feature.get("matchRate").doubleValue(), feature.toString());
    }
  }

  @Test
  @Shows("skew.columns")
  void onlyTheNamedColumnsAreCompared() throws IOException {
    Path logged = write("logged.jsonl", "{\"card\":\"a\",\"n\":1,\"mean\":2}");
    Path recomputed = write("recomputed.csv", "card,n,mean,city,at", "a,1,3,,");

    Job.Result result = check(logged, recomputed, "columns: [n]").checkSkew();

    assertEquals(0, result.exitCode(), result.err());
    assertEquals(1, verdict().get("features").size());
    assertEquals(
        "{\"logged\":[\"mean\",\"city\",\"at\"],\"recomputed\":[\"mean\",\"city\",\"at\"]}",
        verdict().get("notCompared").toString());
  }

  @Test
  void noRowInCommonIsAFailureThatIsSaidClearly() throws IOException {
    Path logged = write("logged.jsonl", "{\"card\":\"a\",\"n\":1}");
    Path recomputed = write("recomputed.csv", "card,n,mean,city,at", "b,1,,,");

    Job.Result result = check(logged, recomputed, "").checkSkew();

    assertEquals(3, result.exitCode(), result.err());
    String reason =
        "nothing was compared: no row of the log (1) has the card of a row of the recomputation"
            + " (1)";
    assertTrue(result.out().contains(reason), result.out());
    assertEquals("[\"" + reason + "\"]", verdict().get("reasons").toString());
  }

  @Test
  void anEmptyLogIsAFailureThatIsSaidClearly() throws IOException {
    Path logged = write("logged.jsonl");
    Path recomputed = write("recomputed.csv", "card,n,mean,city,at", "b,1,,,");

    Job.Result result = check(logged, recomputed, "").checkSkew();

    assertEquals(3, result.exitCode(), result.err());
    assertEquals(
        "[\"nothing was compared: the log is empty\"]", verdict().get("reasons").toString());
  }
}
