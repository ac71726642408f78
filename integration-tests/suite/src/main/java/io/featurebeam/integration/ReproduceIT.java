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
    return reproduce(Flights.features(folder).folder(), parallelism, more);
  }

  private static Job.Result reproduce(Path dataSet, int parallelism, String... more) {
    List<String> args = new ArrayList<>(Runner.current().args(parallelism));
    args.add("--reproduce=" + dataSet);
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

  private static final String CARDS =
      """
      SELECT 'c' || (i %% 7) AS card, 's' || (i %% 3) AS shop, i AS id, (i %% 50)::DOUBLE AS amount,
        TIMESTAMP '2001-01-01' + to_seconds(i * 600) AS at
      FROM range(%d) t(i)
      """;

  /** A training set with a group of another spec, and one with a source of its own. */
  private Path trainingSet() throws IOException {
    Duck.copy(CARDS.formatted(1000), folder.resolve("payments.parquet"), "parquet");
    Duck.copy(CARDS.formatted(900), folder.resolve("sales.parquet"), "parquet");
    Duck.copy(
        "SELECT * EXCLUDE (amount) FROM (" + CARDS.formatted(1000) + ") WHERE id % 5 = 0",
        folder.resolve("labels.parquet"),
        "parquet");
    Files.writeString(
        folder.resolve("card.yaml"),
        """
        name: cards
        source: { kafka: { servers: "nowhere:9092", topic: t, format: json, columns: { id: int64 } } }
        eventTime: at
        keys: [card]
        dedupe: { by: [id], within: 1h }
        lateness: 1h
        features: { euros: { expression: "amount / 2.0" } }
        aggregate: { window: [1d, 2d], features: { spent: { sum: euros } } }
        """);
    Job.of(
            folder,
            """
            name: training
            source: { parquet: { path: IN/labels.parquet } }
            eventTime: at
            trainingSet:
              groups:
                card: { spec: card.yaml, source: { parquet: { path: IN/payments.parquet } } }
                shop:
                  source: { parquet: { path: IN/sales.parquet } }
                  eventTime: at
                  keys: [shop]
                  aggregate: { window: 1d, features: { sales: count } }
              sample: { where: "card == 'c1'", keep: 0.5 }
              split: { byKey: { keys: [card], shares: { train: 0.5 }, rest: test } }
            sink: { parquet: { path: IN/out } }
            """
                .replace("IN", folder.toString()))
        .succeed();
    return folder.resolve("out");
  }

  @Test
  @Shows("--reproduce")
  void aTrainingSetIsBuiltAgainTheSameWhateverTheSpecsOfItsGroupsSayNow() throws IOException {
    Path out = trainingSet();
    Manifest manifest = new Output(out).manifest();
    assertEquals(
        List.of("labels.parquet", "payments.parquet", "sales.parquet"),
        Objects.requireNonNull(manifest.origin()).inputs().stream()
            .map(input -> Path.of(input.name()).getFileName().toString())
            .toList());
    Files.delete(folder.resolve("card.yaml"));

    Job.Result result = reproduce(out, 3);

    assertEquals("", result.message());
    assertTrue(
        result
            .out()
            .endsWith(
                "\nIdentical: "
                    + manifest.rows()
                    + " rows, content "
                    + content(new Output(out))
                    + "\n"),
        result.out());
    assertEquals(0, result.exitCode());
  }

  @Test
  @Shows("--reproduce")
  void aTrainingSetOfOtherInputOfAGroupIsRefusedByName() throws IOException {
    Path out = trainingSet();
    Path sales = folder.resolve("sales.parquet");
    long bytes = Files.size(sales);
    Duck.copy(CARDS.formatted(10), sales, "parquet");

    Job.Result result = reproduce(out, 2);

    assertEquals(
        String.format(
            java.util.Locale.ROOT,
            """
            Cannot reproduce FOLDER/out: inputs have changed
              ~ FOLDER/sales.parquet: %,d bytes then, %,d now
            (put back what they were, or run the spec again for a new version)\
            """,
            bytes,
            Files.size(sales)),
        result.message().replace(folder.toString(), "FOLDER"));
    assertEquals(2, result.exitCode());
  }

  @Test
  @Shows("--reproduce")
  void aTrainingSetOfAnotherSpecOfAGroupIsRefusedByName() throws IOException {
    Path out = trainingSet();
    Path card = folder.resolve("card.yaml");
    Files.writeString(card, Files.readString(card).replace("amount / 2.0", "amount / 3.0"));

    Job.Result result = reproduce(out, 2, "--spec=" + folder.resolve("spec.yaml"));

    assertEquals(
        """
        Cannot reproduce FOLDER/out: the spec has changed
          -       features: { euros: { expression: { cel: "amount / 2.0" } } }
          +       features: { euros: { expression: { cel: "amount / 3.0" } } }
        (leave out --spec and --set to build by the spec in the manifest; \
        --set=sink.parquet.path=FOLDER alone keeps what is built)\
        """,
        result.message().replace(folder.toString(), "FOLDER"));
    assertEquals(2, result.exitCode());
  }
}
