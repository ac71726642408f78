package io.featurebeam.io.jdbc;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.LatestRow;
import io.featurebeam.io.lookup.LatestRows;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** What cards spent: the rows of the tests. */
final class Cards {

  static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("card", FieldType.STRING),
          Field.required("window_end", FieldType.TIMESTAMP),
          Field.of("spent", FieldType.FLOAT64));

  private Cards() {}

  static FeatureGroup group(String table) {
    return FeatureGroup.of(table, SCHEMA, List.of("card"), List.of("spent"));
  }

  /** By the superuser, who needs no password. */
  static JdbcAccess access(PostgresServer server) {
    return JdbcAccess.of(server.url(), "postgres", null);
  }

  static WriteJdbc write(PostgresServer server, String table) {
    return WriteJdbc.of(access(server), group(table), SCHEMA, "window_end");
  }

  static TableWriter writer(JdbcAccess access, FeatureGroup group, Duration patience) {
    FeatureTable table = new FeatureTable("public", group, "window_end");
    return new TableWriter(access, TableCheck.of(table).ofSpec("cards"), patience);
  }

  /** Cards from 0 on, each at this time with as much spent. */
  static Collection<LatestRow> rows(FeatureGroup group, int cards, long time) {
    RecordBatch.Builder batch = RecordBatch.builder(SCHEMA);
    for (int card = 0; card < cards; card++) {
      batch.add("card-" + card, time, (double) time);
    }
    LatestRows latest = LatestRows.of(LatestRows.Plan.of(group, SCHEMA, "window_end", List.of()));
    latest.add(batch.build());
    return latest.take();
  }
}
