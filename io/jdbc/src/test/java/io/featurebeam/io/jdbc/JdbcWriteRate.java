package io.featurebeam.io.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.FeatureStore;
import io.featurebeam.io.lookup.JdbcStore;
import io.featurebeam.io.lookup.LatestRow;
import io.featurebeam.io.lookup.LatestRows;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How many rows and values a second one writer brings into a table, first new and then newer ones,
 * and how long many keys take to read. Named so that only {@code -Dtest=JdbcWriteRate} runs it;
 * {@code docs/benchmarks.md} says how.
 */
class JdbcWriteRate {

  private static final int ROWS = Integer.getInteger("benchmark.rows", 100_000);
  private static final int FEATURES = Integer.getInteger("benchmark.features", 10);
  private static final int RUNS = 3;
  private static final int KEYS = 1000;

  private static RecordSchema schema() {
    List<Field> fields = new ArrayList<>(Cards.SCHEMA.fields().subList(0, 2));
    for (int i = 0; i < FEATURES; i++) {
      fields.add(Field.of("feature_" + i, FieldType.FLOAT64));
    }
    return RecordSchema.of(fields);
  }

  private static Collection<LatestRow> rows(FeatureGroup group, RecordSchema schema, int run) {
    Random random = new Random(run);
    RecordBatch.Builder batch = RecordBatch.builder(schema);
    for (int row = 0; row < ROWS; row++) {
      batch.column(0).append("card-" + row);
      batch.column(1).append(1_000_000L * run);
      for (int i = 0; i < FEATURES; i++) {
        batch.column(i + 2).append(random.nextDouble() * 1000);
      }
      batch.endRecord();
    }
    LatestRows latest = LatestRows.of(LatestRows.Plan.of(group, schema, "window_end", List.of()));
    latest.add(batch.build());
    return latest.take();
  }

  @Test
  void valuesPerSecond(@TempDir Path folder)
      throws IOException, SQLException, InterruptedException {
    RecordSchema schema = schema();
    List<String> features = schema.names().subList(2, schema.size());
    FeatureGroup group = FeatureGroup.of("rate", schema, List.of("card"), features);
    try (PostgresServer server = PostgresServer.start(folder.resolve("pg"));
        TableWriter writer =
            Cards.writer(Cards.access(server), group, WriteJdbc.DEFAULT_PATIENCE)) {
      for (int run = 0; run < RUNS; run++) {
        Collection<LatestRow> rows = rows(group, schema, run);
        long start = System.nanoTime();
        writer.write(rows);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
            Locale.ROOT,
            "{\"workload\":\"jdbc-write\",\"how\":\"%s\",\"rows\":%d,\"rows_per_second\":%.0f,"
                + "\"values_per_second\":%.0f}%n",
            run == 0 ? "new" : "newer",
            ROWS,
            ROWS / seconds,
            (double) ROWS * FEATURES / seconds);
      }
      read(server);
    }
  }

  /** Over one connection, as a pool has it. */
  private static void read(PostgresServer server) throws SQLException {
    try (Connection kept = server.connect()) {
      JdbcStore store = JdbcStore.of(new OneConnection(kept), "public");
      List<FeatureStore.Address> addresses = new ArrayList<>();
      for (int i = 0; i < KEYS; i++) {
        addresses.add(new FeatureStore.Address("rate", "card-" + i * (ROWS / KEYS)));
      }
      long best = Long.MAX_VALUE;
      for (int run = 0; run < 20; run++) {
        long start = System.nanoTime();
        assertEquals(KEYS, store.rows(addresses).size());
        best = Math.min(best, System.nanoTime() - start);
      }
      System.out.printf(
          Locale.ROOT,
          "{\"workload\":\"jdbc-read\",\"keys\":%d,\"milliseconds\":%.1f}%n",
          KEYS,
          best / 1e6);
    }
  }

  /** A pool of one. */
  private static final class OneConnection extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;
    private final transient Connection connection;

    OneConnection(Connection connection) {
      this.connection = connection;
    }

    @Override
    public Connection getConnection() {
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, args) ->
                  method.getName().equals("close") ? null : method.invoke(connection, args));
    }
  }
}
