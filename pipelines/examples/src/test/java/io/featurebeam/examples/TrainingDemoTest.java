package io.featurebeam.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.pipelines.FeaturePipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The specs of the training sets run as they are, over a small history. */
class TrainingDemoTest {

  @TempDir Path folder;

  private int run(Path spec, String... settings) {
    String[] args = new String[settings.length + 2];
    args[0] = "--runner=FlinkRunner";
    args[1] = "--spec=" + Examples.find(spec);
    for (int i = 0; i < settings.length; i++) {
      args[i + 2] = "--set=" + settings[i].replace("FOLDER", folder.toString());
    }
    return FeaturePipeline.run(args);
  }

  /** The names of the partitions, and all rows of JSON. */
  private Set<String> partitions() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      TreeSet<String> names = new TreeSet<>();
      files.map(file -> file.getFileName().toString()).forEach(names::add);
      names.removeIf(name -> name.startsWith("_"));
      return names;
    }
  }

  private List<String> rows(String partition) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("out").resolve(partition))) {
      return files.flatMap(TrainingDemoTest::lines).toList();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void cardsGetTheFeaturesOfTheStreamAndFraudsThatWereKnown() throws IOException {
    History.ofCards(folder, 1, StreamDemo.START, 20_000);

    int code =
        run(
            Path.of("card-fraud", "training.yaml"),
            "source.json.path=FOLDER/labels.jsonl",
            "trainingSet.groups.card.source.json.path=FOLDER/payments.jsonl",
            "trainingSet.groups.merchant.source.json.path=FOLDER/labels.jsonl",
            "trainingSet.groups.merchant.aggregate.bounds.delay=5d",
            "trainingSet.horizon=5d",
            "trainingSet.asOf=2025-01-14",
            "trainingSet.split.byTime.until.train=2025-01-08",
            "sink={json: {path: FOLDER/out, partitionBy: [split]}}",
            "rejects.path=FOLDER/rejects",
            "report.path=FOLDER/report.html");

    assertEquals(0, code);
    assertEquals(List.of("split=test", "split=train"), List.copyOf(partitions()));
    List<String> test = rows("split=test");
    assertTrue(test.stream().allMatch(row -> row.contains("\"spent_1h\":")), test.get(0));
    assertTrue(test.stream().anyMatch(row -> row.contains("\"fraud\":true,\"weight\":1.0")));
    assertTrue(test.stream().anyMatch(row -> row.contains("\"fraud\":false,\"weight\":5.0")));
    assertTrue(
        test.stream().anyMatch(row -> row.matches(".*\"merchant_frauds_30d\":[1-9].*")),
        "frauds of merchants that were known");
  }

  @Test
  void itemsAndUsersHaveTheirFeaturesOfMidnight() throws IOException {
    History.ofShop(folder, 1, StreamDemo.START, 32);

    int code =
        run(
            Path.of("demand", "demand.yaml"),
            "source.json.path=FOLDER/labels.jsonl",
            "trainingSet.groups.item.source.json.path=FOLDER/orders.jsonl",
            "trainingSet.groups.user.source.json.path=FOLDER/orders.jsonl",
            "trainingSet.groups.pair.source.json.path=FOLDER/orders.jsonl",
            "trainingSet.split={byTime: {until: {train: 2025-02-05}, rest: test}}",
            "sink={json: {path: FOLDER/out, partitionBy: [split]}}",
            "report.path=FOLDER/report.html");

    assertEquals(0, code);
    assertEquals(List.of("split=test", "split=train"), List.copyOf(partitions()));
    assertEquals(
        Files.readAllLines(folder.resolve("labels.jsonl")).size(),
        rows("split=test").size() + rows("split=train").size());
  }
}
