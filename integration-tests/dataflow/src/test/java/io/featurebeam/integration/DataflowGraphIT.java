package io.featurebeam.integration;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundled example as Dataflow would run it: its own runner accepts the graph, translates it and
 * writes the job, which these tests read. What the cloud makes of it is not known here.
 */
class DataflowGraphIT {

  private static final String SECRET = CloudFlights.SECRET;
  private static final String SECRET_SEED = CloudFlights.SECRET_SEED;

  @TempDir static Path folder;

  private static Job.Result result;
  private static Template template;

  @BeforeAll
  static void makeTemplate() throws IOException {
    Path secretive = Files.writeString(folder.resolve("flights.yaml"), CloudFlights.secretive());
    Job job =
        Job.of(secretive)
            .with(
                "--set=source.parquet.path=" + Flights.all(),
                "--set=sink.parquet.path=" + folder.resolve("out/features"),
                "--set=rejects.path=" + folder.resolve("out/rejects"),
                "--set=report.path=" + folder.resolve("out/report.html"));
    result = Template.job(job, folder).succeed();
    template = Template.read(folder);
  }

  @Test
  void theConsoleSaysWhereTheTemplateIsAndWhatItCannotReach() {
    assertEquals(
        """
        Template written: FOLDER/template.json
          It reads what the source holds now; make it again when there is more.
          Its workers will not see what is on this machine: DATA, FOLDER/out/features, FOLDER/out/rejects, FOLDER/out/report.html
        """
            .replace("FOLDER", folder.toString())
            .replace("DATA", Flights.all()),
        result.out());
  }

  @Test
  void noOutputIsTouched() {
    assertFalse(Files.exists(folder.resolve("out")));
  }

  @Test
  void theJobBearsTheNameOfTheSpec() {
    String name = template.job().get("name").asText();
    assertTrue(name.matches("flight-delays-\\d{8}-\\d{9}-[0-9a-f]{8}"), name);
    assertEquals("JOB_TYPE_BATCH", template.job().get("type").asText());
  }

  /** And what hides the secret that the spec takes from the environment. */
  @Test
  @Shows({"source.parquet", "sink.parquet", "features", "report"})
  void theOutermostStepsAreThoseOfThePlan() {
    assertEquals(
        List.of(
            "Read parquet",
            "Validate",
            "Engineer features",
            "Profile",
            "Aggregate",
            "Hide secrets",
            "Write",
            "Finish"),
        template.outermost());
  }

  @Test
  void stepsHandBatchesOnInTheirOwnCoder() {
    assertEquals(
        """
        Read parquet/Read/Read: BatchCoder
        Read parquet/Hide secrets/Hide: BatchCoder
        Validate/Check records: BatchCoder
        Engineer features/Map: BatchCoder
        Profile/Look: BatchCoder
        Aggregate/Reduce to tiles: KV<VarIntCoder, BatchCoder>
        Aggregate/Slide windows: BatchCoder
        Hide secrets/Hide: BatchCoder
        Write/Write files: Serializable<Piece>
        Finish/Claim outputs: Serializable<Piece>
        Finish/Publish: StringUtf8Coder
        """,
        lines(template.steps().stream().filter(Template.Step::isOurs).toList()));
  }

  /** Each costs a round through the network and disks: one more is a decision, not an accident. */
  @Test
  void threeShuffles() {
    assertEquals(
        """
        Read parquet/Read/Spread/Reshuffle/GroupByKey: KV<VarIntCoder, Iterable<Serializable<Planned>>>
        Aggregate/Group by shard: KV<VarIntCoder, Iterable<BatchCoder>>
        Finish/Gather: KV<VarIntCoder, Iterable<Serializable<Piece>>>
        """,
        lines(template.steps().stream().filter(step -> step.kind().equals("GroupByKey")).toList()));
    Set<String> kinds = new TreeSet<>();
    template.steps().forEach(step -> kinds.add(step.kind()));
    assertEquals(
        Set.of("Bucket", "Flatten", "GroupByKey", "ParallelDo", "ParallelRead"),
        kinds,
        "no other kind of step, which might shuffle or hold all in memory");
  }

  private static String lines(List<Template.Step> steps) {
    return steps.stream().map(step -> step.name() + ": " + step.coder() + "\n").collect(joining());
  }

  @Test
  void displayDataTellsStructureOnly() throws IOException {
    Map<String, Set<String>> told = template.displayData();
    assertEquals(
        Set.of("columns=date, delay, distance, origin, destination", "splits=2"),
        told.get("Read parquet/Read"));
    assertEquals(null, told.get("Validate"));
    assertEquals(
        Set.of("bucket=of destination", "log_distance=of distance"), told.get("Engineer features"));
    assertEquals(null, told.get("Profile"));
    assertEquals(Set.of("keys=origin", "shards=4"), told.get("Aggregate"));
    String run = template.job().get("name").asText().substring("flight-delays-".length());
    assertEquals(Set.of("runId=" + run), told.get("Write"));
    assertEquals(null, told.get("Finish"));
  }

  @Test
  void nothingThatIsShownHoldsASecret() throws IOException {
    assertEquals("[A-Z]{3}|hunter2", SECRET);
    assertEquals("47114711", SECRET_SEED);
    StringBuilder shown = new StringBuilder();
    template.steps().forEach(step -> shown.append(step.name()).append(step.displayData()));
    shown.append(template.outermost()).append(template.displayData());
    shown.append(template.options()).append(template.job().get("name"));
    template
        .pipeline()
        .getComponents()
        .getTransformsMap()
        .values()
        .forEach(transform -> shown.append(transform.getUniqueName()));
    for (String secret : List.of("hunter2", SECRET_SEED)) {
      assertFalse(shown.toString().contains(secret), () -> shown.toString());
    }
    assertTrue(template.job().toString().contains("hunter2"), "it does reach the workers");
  }
}
