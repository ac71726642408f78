package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two runs that keep the newest rows of one history in a store, each of a half of it and in no
 * order, at the same time; one of them was killed in mid-write before and is run again.
 */
final class TwoWriters {

  /** Of each card ten events, by chance in the one half or the other. */
  private static final String EVENTS =
      """
      SELECT 'c' || (i %% 20000) AS card, TIMESTAMP '1969-12-31' + to_seconds(i) AS paid, i AS id
      FROM range(200000) t(i) WHERE hash(i) %% 2 = %d ORDER BY hash(i + 1)
      """;

  private static final String NEWEST =
      "SELECT card, arg_max(id, paid) AS id FROM read_parquet('%s') GROUP BY card";

  private static final int ATTEMPTS = 3;

  /** A store that both write to. */
  interface Store {
    /** The sink of a group or table of this name. */
    String sink(String name);

    boolean hasRows(String name);

    /** The id that each card has there. */
    Map<String, String> rows(String name);
  }

  private final Path folder;
  private final Store store;

  private TwoWriters(Path folder, Store store) {
    this.folder = folder;
    this.store = store;
  }

  static void assertTheNewestRowOfEachCardIsLeft(Path folder, Store store)
      throws IOException, InterruptedException {
    TwoWriters writers = new TwoWriters(folder, store);
    for (int half = 0; half < 2; half++) {
      Duck.copy(EVENTS.formatted(half), writers.half(half), "parquet");
    }
    String name = writers.kill();
    JobProcess again = JobProcess.start(writers.job(0, name), writers.ofRun(name + "_again"));
    writers.job(1, name).succeed();
    assertEquals(0, again.process().waitFor(), Files.readString(again.log()));
    assertEquals(writers.newest("half-*.parquet"), store.rows(name));
  }

  private Path half(int number) {
    return folder.resolve("half-" + number + ".parquet");
  }

  private Path ofRun(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  private Job job(int half, String name) throws IOException {
    return Job.of(
        ofRun(name + "_" + half),
        """
        name: cards
        source: { parquet: { path: %s } }
        eventTime: paid
        keys: [card]
        sink: { %s }
        """
            .formatted(half(half), store.sink(name)));
  }

  /** Of the first half some rows are there, and some are not; where. */
  private String kill() throws IOException, InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String name = "killed_" + attempt;
      JobProcess process = JobProcess.start(job(0, name), ofRun(name));
      boolean killed = process.killWhen(() -> store.hasRows(name));
      if (killed && !store.rows(name).equals(newest(half(0).getFileName().toString()))) {
        return name;
      }
    }
    return fail("Not killed in mid-write, in " + ATTEMPTS + " attempts");
  }

  private Map<String, String> newest(String files) {
    Table rows = Duck.query(NEWEST.formatted(folder.resolve(files)));
    Map<String, String> newest = new TreeMap<>();
    rows.rows().forEach(row -> newest.put((String) row[0], String.valueOf(row[1])));
    return newest;
  }
}
