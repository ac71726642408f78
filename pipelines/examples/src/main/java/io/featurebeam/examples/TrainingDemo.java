package io.featurebeam.examples;

import io.featurebeam.pipelines.FeaturePipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a training set: writes a history of events and labels, and joins to each label what was
 * known at its time, by the example's spec.
 *
 * <pre>
 * mvn -q -pl pipelines/examples -am compile exec:java@demo -Dexec.args=card-fraud-training
 * mvn -q -pl pipelines/examples -am compile exec:java@demo -Dexec.args=demand
 * </pre>
 *
 * <p>Other arguments go to {@link FeaturePipeline}.
 */
final class TrainingDemo {

  static final List<String> NAMES = List.of("card-fraud-training", "demand");

  private static final long SEED = 1;

  /** Sixty days of payments. */
  private static final int PAYMENTS = 120_000;

  private static final int SHOP_DAYS = 70;

  private TrainingDemo() {}

  /** Whether this is one of its examples. */
  static boolean has(String name) {
    return NAMES.contains(name);
  }

  static int run(String name, String... others) throws IOException {
    boolean isShop = name.equals("demand");
    Path spec =
        Examples.find(
            isShop ? Path.of("demand", "demand.yaml") : Path.of("card-fraud", "training.yaml"));
    Path history = Path.of("out", isShop ? "demand" : "card-fraud", "history");
    if (isShop) {
      History.ofShop(history, SEED, StreamDemo.START, SHOP_DAYS);
    } else {
      History.ofCards(history, SEED, StreamDemo.START, PAYMENTS);
    }
    for (Path file : files(history)) {
      System.out.printf("wrote %s, %,d kB%n", file, Files.size(file) / 1000);
    }
    List<String> args =
        new ArrayList<>(List.of("--runner=FlinkRunner", "--parallelism=2", "--spec=" + spec));
    args.addAll(Arrays.asList(others));
    return FeaturePipeline.run(args.toArray(String[]::new));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
