package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.featurebeam.io.file.publish.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A run that is killed leaves readers what they had, whole; the next run's output is complete, and
 * nothing is left of the other.
 */
class KillIT {

  /** Payments of 20 cards, so many seconds apart; one of {@link #PER_NEGATIVE} is negative. */
  private static final String PAYMENTS =
      """
      SELECT 'card-' || (i %% 20) AS card, ((i * 7919) %% 1000) / 4.0 - 1 AS amount,
        TIMESTAMP '2024-01-01' + to_seconds(i * %d) AS paid
      FROM range(%d) t(i)
      """;

  private static final String SPEC =
      """
      name: payments
      source:
        parquet: { path: INPUT }
      eventTime: paid
      keys: [card]
      validate:
        - { column: amount, rule: between, min: 0 }
      aggregate:
        window: 1d
        emit: windowClose
        features:
          payments: count
          spent: { sum: amount }
      sink:
        parquet: { path: FOLDER/features, partitionBy: [day(window_end)] }
      rejects: { path: FOLDER/rejects, format: json }
      """;

  private static final int EARLIER = 20_000;
  private static final int ALL = 200_000;
  private static final int PER_NEGATIVE = 250;
  private static final int ATTEMPTS = 3;

  /** Where a run is, told by what lies in its output folder. */
  private enum Moment {
    READING {
      @Override
      boolean isNow(JobProcess process, Path input, Path features) {
        return wasHit(features) && process.reads(input);
      }

      @Override
      boolean wasHit(Path features) {
        return Files.exists(features.resolve(CLAIM))
            && names(features.resolve(TEMPORARY)).isEmpty();
      }
    },
    WRITING {
      @Override
      boolean wasHit(Path features) {
        return !Files.exists(features.resolve(JOURNAL))
            && runs(features).anyMatch(run -> names(run).size() > 20);
      }
    },
    /** Some files are in their places, others not yet. */
    PUBLISHING {
      @Override
      boolean wasHit(Path features) {
        List<String> places = names(features.resolve(FIRST_PARTITION));
        return Files.exists(features.resolve(JOURNAL))
            && runs(features)
                .filter(run -> !names(run).isEmpty())
                .anyMatch(
                    run -> places.stream().anyMatch(f -> f.startsWith(run.getFileName() + "-")));
      }
    };

    private static final String CLAIM = "_featurebeam/claim.json";
    private static final String JOURNAL = "_featurebeam/publish.json";
    private static final String TEMPORARY = "_featurebeam/tmp";
    private static final String FIRST_PARTITION = "window_end_day=2024-01-02";

    /** Whether it is time to kill. */
    boolean isNow(JobProcess process, Path input, Path features) {
      return wasHit(features);
    }

    /** Whether a process that is dead got so far and no further. */
    abstract boolean wasHit(Path features);

    private static Stream<Path> runs(Path features) {
      Path temporary = features.resolve(TEMPORARY);
      return names(temporary).stream().map(temporary::resolve);
    }

    private static List<String> names(Path folder) {
      String[] names = folder.toFile().list();
      return names == null ? List.of() : List.of(names); // there is none yet, or none any more
    }
  }

  @TempDir static Path shared;
  @TempDir Path temp;
  private Path folder;

  @BeforeAll
  static void writeInputsAndTheEarlierOutput() throws IOException {
    Duck.copy(PAYMENTS.formatted(400, EARLIER), input(EARLIER), "parquet");
    Duck.copy(PAYMENTS.formatted(40, ALL), input(ALL), "parquet");
    job(EARLIER, Files.createDirectory(earlier())).succeed();
  }

  private static Path input(int payments) {
    return shared.resolve("payments-" + payments + ".parquet");
  }

  private static Path earlier() {
    return shared.resolve("earlier");
  }

  private static Job job(int payments, Path folder) throws IOException {
    return Job.of(
        folder,
        SPEC.replace("INPUT", input(payments).toString()).replace("FOLDER", folder.toString()));
  }

  private static Output features(Path folder) {
    return new Output(folder.resolve("features"));
  }

  private static Output rejects(Path folder) {
    return new Output(folder.resolve("rejects"));
  }

  @ParameterizedTest
  @EnumSource(Moment.class)
  void earlierOutputStaysWholeAndTheNextRunReplacesIt(Moment moment)
      throws IOException, InterruptedException {
    kill(moment, true);

    Table.assertSame(featuresOf(EARLIER), features(folder).rows());
    boolean rejectsCameFirst = moment == Moment.PUBLISHING;
    Table.assertSame(rejectsOf(rejectsCameFirst ? ALL : EARLIER), rejectRows());
    assertNextRunIsCompleteAndLeavesNothing();
  }

  @Test
  void firstOutputIsNotSeenInPart() throws IOException, InterruptedException {
    kill(Moment.PUBLISHING, false);

    assertEquals(Optional.empty(), Manifest.read(features(folder).folder().toString()));
    Table.assertSame(rejectsOf(ALL), rejectRows());
    assertNextRunIsCompleteAndLeavesNothing();
  }

  /** Of Ctrl-C and of kill: what the process that they end gives is 128 and their number. */
  private enum Signal {
    INT(2),
    TERM(15);

    private final int number;

    Signal(int number) {
      this.number = number;
    }

    /** Whoever starts a JVM in the background may have it ignore Ctrl-C. */
    boolean isIgnored() throws IOException {
      Path status = Path.of("/proc/self/status");
      return Files.exists(status)
          && Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("SigIgn:"))
              .anyMatch(
                  line -> (Long.parseLong(line.substring(8).strip(), 16) >> (number - 1)) % 2 != 0);
    }
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void interruptedRunSaysSoAndLeavesNothing(Signal signal)
      throws IOException, InterruptedException {
    assumeFalse(signal.isIgnored(), "this build was started with Ctrl-C ignored");
    String log = interrupt(signal);

    assertEquals(
        List.of("Interrupted: nothing was published, earlier output stands"),
        log.lines().filter(line -> !line.matches("[0-9,]+ records? .*")).toList());
    Table.assertSame(featuresOf(EARLIER), features(folder).assertClean().rows());
    Table.assertSame(rejectsOf(EARLIER), rejectRows());
    rejects(folder).assertClean();
    assertNoTemporary("featurebeam");
    assertNextRunIsCompleteAndLeavesNothing();
  }

  /** While it writes; gives what the process said. */
  private String interrupt(Signal signal) throws IOException, InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      folder = Files.createDirectory(temp.resolve("attempt-" + attempt));
      copyEarlier();
      JobProcess process = JobProcess.start(job(ALL, folder), folder);
      Path features = features(folder).folder();
      int code = process.signalWhen(() -> Moment.WRITING.wasHit(features), signal.name());
      String log = Files.readString(process.log());
      if (code != 0 && !log.contains("Interrupted after publishing")) {
        assertEquals(128 + signal.number, code, log);
        return log;
      }
    }
    return fail("Not interrupted while it writes, in " + ATTEMPTS + " attempts");
  }

  /** In a folder of its own, with the earlier output in it or without. */
  private void kill(Moment moment, boolean withEarlier) throws IOException, InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      folder = Files.createDirectory(temp.resolve("attempt-" + attempt));
      if (withEarlier) {
        copyEarlier();
      }
      JobProcess process = JobProcess.start(job(ALL, folder), folder);
      Path features = features(folder).folder();
      boolean killed = process.killWhen(() -> moment.isNow(process, input(ALL), features));
      if (killed && moment.wasHit(features)) {
        return;
      }
    }
    fail("Not killed while " + moment + ", in " + ATTEMPTS + " attempts");
  }

  private void copyEarlier() throws IOException {
    try (Stream<Path> files = Files.walk(earlier())) {
      for (Path file : files.skip(1).toList()) { // the folder itself comes first
        Files.copy(file, folder.resolve(earlier().relativize(file)));
      }
    }
  }

  private void assertNextRunIsCompleteAndLeavesNothing() throws IOException {
    Job.Result result = job(ALL, folder).succeed();

    result.assertCounts(ALL, ALL - ALL / PER_NEGATIVE, ALL / PER_NEGATIVE, 0, 0);
    Table.assertSame(featuresOf(ALL), features(folder).assertClean().rows());
    rejects(folder).assertClean();
    assertNoTemporary("featurebeam-run");
    Table.assertSame(rejectsOf(ALL), rejectRows());
  }

  private void assertNoTemporary(String name) throws IOException {
    try (Stream<Path> temporary = Files.list(folder.resolve("tmp"))) {
      assertEquals(
          List.of(), temporary.filter(f -> f.getFileName().toString().startsWith(name)).toList());
    }
  }

  private static Table featuresOf(int payments) {
    return Duck.query(
        "SELECT card, time_bucket(INTERVAL 1 day, paid) + INTERVAL 1 day AS window_end,"
            + " count(*) AS payments_1d, sum(amount)::DOUBLE AS spent_1d FROM '"
            + input(payments)
            + "' WHERE amount >= 0 GROUP BY ALL");
  }

  private static Table rejectsOf(int payments) {
    return Duck.query(
        "SELECT file_row_number AS position, amount::VARCHAR AS observed FROM read_parquet('"
            + input(payments)
            + "', file_row_number = true) WHERE amount < 0");
  }

  private Table rejectRows() {
    return Duck.query("SELECT position, observed FROM " + rejects(folder).sql());
  }
}
