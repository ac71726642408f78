package io.featurebeam.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/**
 * What {@code training-set} joins, on disk: events as those of {@code card-batch} over 180 days,
 * and labels.
 *
 * @param events holds Parquet files
 * @param labels the same
 * @param rows how many events
 * @param labelRows how many labels
 * @param users of how many different users the events are
 */
record TrainingData(Path events, Path labels, long rows, long labelRows, int users) {
  private static final long SEED = 42;

  /** Generated below a directory, unless that was done before. */
  static TrainingData generated(Path parent, long rows, long labelRows, int users)
      throws IOException, InterruptedException {
    int some = (int) Math.min(users, rows);
    CardTransactions transactions = CardTransactions.of(rows, some, TrainingLabels.SPAN, SEED);
    String name = String.format(Locale.ROOT, "training-%d-rows-%d-users", rows, some);
    Path events = parent.resolve(name);
    if (!Files.isDirectory(events)) {
      Path unfinished = unfinished(events);
      try {
        transactions.write(unfinished, Runtime.getRuntime().availableProcessors());
      } catch (ExecutionException e) {
        throw new IllegalStateException("Cannot generate " + rows + " events", e.getCause());
      }
      Files.move(unfinished, events, StandardCopyOption.ATOMIC_MOVE);
    }
    Path labels = parent.resolve(String.format(Locale.ROOT, "%s-%d-labels", name, labelRows));
    if (!Files.isDirectory(labels)) {
      Path unfinished = unfinished(labels);
      TrainingLabels.write(unfinished, labelRows, transactions, SEED + 1);
      Files.move(unfinished, labels, StandardCopyOption.ATOMIC_MOVE);
    }
    return new TrainingData(events, labels, rows, labelRows, some);
  }

  /** Where to write what is not to be taken for finished if that breaks off. */
  private static Path unfinished(Path directory) throws IOException {
    System.err.println("Generating " + directory);
    Files.createDirectories(directory.toAbsolutePath().getParent());
    Path unfinished = directory.resolveSibling(directory.getFileName() + ".unfinished");
    Outputs.delete(unfinished);
    return unfinished;
  }
}
