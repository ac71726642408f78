package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.publish.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a manifest tells of a data set: enough to build it again, on this runner in any parallelism,
 * and, as every runner gives the content that stands here, on any other.
 */
class ReproduceIT {

  /** Of the example's features, on all runners. */
  static final String CONTENT = "41685317937681bf2def9a0b3a5dd015";

  @TempDir Path folder;

  private Job.Result reproduce(int parallelism, String... more) {
    List<String> args = new ArrayList<>(Runner.current().args(parallelism));
    args.add("--reproduce=" + Flights.features(folder).folder());
    args.addAll(List.of(more));
    return Job.run(args);
  }

  private static String content(Output output) {
    return Objects.requireNonNull(output.manifest().content()).hash();
  }

  private List<Path> everything() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  @Shows("--reproduce")
  void aDataSetIsBuiltAgainTheSame() throws IOException {
    Flights.job(Flights.all(), folder).succeed();
    assertEquals(CONTENT, content(Flights.features(folder).assertClean()));
    List<Path> before = everything();

    Job.Result result = reproduce(3);

    assertEquals("", result.message());
    assertTrue(
        result.out().endsWith("\nIdentical: 6,977 rows in 4 partitions, content " + CONTENT + "\n"),
        result.out());
    assertEquals(0, result.exitCode());
    assertEquals(before, everything());
  }

  @Test
  @Shows("--reproduce")
  void aDataSetOfOtherInputIsRefusedByName() throws IOException {
    Path input = folder.resolve("flights.parquet");
    Files.copy(Flights.clean(), input);
    Flights.job(input.toString(), folder).succeed();
    long bytes = Files.size(input);
    Duck.copy("SELECT * FROM '" + Flights.clean() + "' LIMIT 100", input, "parquet");

    Job.Result result = reproduce(2);

    assertEquals(
        String.format(
            java.util.Locale.ROOT,
            """
            Cannot reproduce FOLDER/features: inputs have changed
              ~ FOLDER/flights.parquet: %,d bytes then, %,d now
            (put back what they were, or run the spec again for a new version)\
            """,
            bytes,
            Files.size(input)),
        result.message().replace(folder.toString(), "FOLDER"));
    assertEquals(2, result.exitCode());
  }

  @Test
  @Shows("sink.manifest")
  void aManifestTellsTheInputsByHashesOrSizes() throws IOException {
    Path input = Flights.clean();
    Flights.job(input.toString(), folder).succeed();
    Origin origin = Objects.requireNonNull(Flights.features(folder).manifest().origin());
    assertEquals(1, origin.inputs().size());
    assertEquals(input.toString(), origin.inputs().get(0).name());
    assertEquals(Files.size(input), origin.inputs().get(0).bytes());
    assertEquals(
        Duck.query("SELECT sha256(content) AS hash FROM read_blob('" + input + "')").column("hash"),
        List.of(origin.inputs().get(0).sha256()));

    Flights.job(input.toString(), folder)
        .with("--set=sink.parquet.manifest={inputs: sizes, versions: 0}")
        .succeed();
    Manifest sizes = Flights.features(folder).assertClean().manifest();
    assertNull(Objects.requireNonNull(sizes.origin()).inputs().get(0).sha256());
    assertEquals(List.of(sizes), Manifest.versions(Flights.features(folder).folder().toString()));
  }
}
