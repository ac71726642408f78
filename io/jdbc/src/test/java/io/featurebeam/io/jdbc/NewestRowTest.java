package io.featurebeam.io.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.LatestRows;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever order and whichever writer, the table ends with the newest row of each key. */
class NewestRowTest {

  private static final int WRITERS = 3;

  private static PostgresServer server;

  @BeforeContainer
  static void start() throws IOException {
    server = PostgresServer.start(Files.createTempDirectory("newest-row").resolve("pg"));
  }

  @AfterContainer
  static void stop() throws IOException {
    server.close();
  }

  /** A row, who writes it, and whether that writer commits after it. */
  record Write(int writer, String card, long time, boolean ends) {}

  @Provide
  Arbitrary<List<Write>> writes() {
    return Combinators.combine(
            Arbitraries.integers().between(0, WRITERS - 1),
            Arbitraries.of("a", "b:", "%3A", "\u00e9", ""),
            Arbitraries.longs().between(-3, 6),
            Arbitraries.of(true, false))
        .as(Write::new)
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 40)
  void theTableEndsWithTheNewestRowOfEachKey(@ForAll("writes") List<Write> writes)
      throws Exception {
    server.execute("DROP TABLE IF EXISTS newest_row");
    FeatureGroup group = Cards.group("newest_row");
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Void>> done = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        done.add(
            threads.submit(
                () -> {
                  write(group, writes.stream().filter(w -> w.writer == writer).toList());
                  return null;
                }));
      }
      for (Future<Void> each : done) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(expected(writes), found(writes));
  }

  private static void write(FeatureGroup group, List<Write> writes)
      throws IOException, InterruptedException {
    LatestRows rows =
        LatestRows.of(LatestRows.Plan.of(group, Cards.SCHEMA, "window_end", List.of()));
    try (TableWriter writer =
        Cards.writer(Cards.access(server), group, WriteJdbc.DEFAULT_PATIENCE)) {
      for (Write write : writes) {
        rows.add(
            RecordBatch.builder(Cards.SCHEMA)
                .add(write.card, write.time, (double) write.time)
                .build());
        if (write.ends) {
          writer.write(rows.take());
        }
      }
      writer.write(rows.take());
    }
  }

  private static Map<String, String> expected(List<Write> writes) {
    Map<String, Long> newest = new TreeMap<>();
    writes.forEach(write -> newest.merge(write.card, write.time, Math::max));
    Map<String, String> spent = new TreeMap<>();
    newest.forEach((card, time) -> spent.put(card, String.valueOf(time)));
    return spent;
  }

  private static Map<String, String> found(List<Write> writes) throws SQLException {
    Map<String, String> spent = new TreeMap<>();
    if (!writes.isEmpty()) { // else there is no table
      for (String line : server.query("SELECT card, spent FROM newest_row")) {
        int bar = line.indexOf('|');
        spent.put(line.substring(0, bar), line.substring(bar + 1));
      }
    }
    return spent;
  }
}
