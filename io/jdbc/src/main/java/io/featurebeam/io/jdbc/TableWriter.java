package io.featurebeam.io.jdbc;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.LatestRow;
import io.featurebeam.io.lookup.PgErrors;
import io.featurebeam.io.lookup.PgType;
import io.featurebeam.io.store.OnlineStore;
import io.featurebeam.transforms.records.Patience;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.util.BackOff;
import org.apache.beam.sdk.util.BackOffUtils;
import org.apache.beam.sdk.util.Sleeper;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows into the table of a group, over one connection, which is made anew when it breaks.
 * Not thread-safe.
 *
 * <p>Each batch is one statement and one transaction, with rows in the order of their keys: two
 * writers lock the same rows in the same order, so neither waits for the other in a circle. A batch
 * whose fate is unknown is written again, which changes nothing if it was written.
 */
final class TableWriter implements OnlineStore.Writer {

  /** Rows of a statement: more are no faster, and hold locks longer. */
  static final int BATCH = 2000;

  /** How many expired rows one statement deletes at most. */
  private static final int SWEEP = 1000;

  /** How many batches are written between two sweeps. */
  private static final int SWEEP_EVERY = 16;

  private final JdbcAccess access;
  private final FeatureTable table;
  private final TableCheck check;
  private final Duration patience;
  private final String upsert;
  private @Nullable Connection connection;
  private int batches;

  TableWriter(JdbcAccess access, TableCheck check, Duration patience) {
    this.access = access;
    this.table = check.table();
    this.check = check;
    this.patience = patience;
    this.upsert = table.upsert();
  }

  @Override
  public OnlineStore.Counts write(Collection<LatestRow> rows)
      throws IOException, InterruptedException {
    long written = 0;
    List<LatestRow> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparing(LatestRow::key));
    for (int from = 0; from < sorted.size(); from += BATCH) {
      List<LatestRow> batch = sorted.subList(from, Math.min(sorted.size(), from + BATCH));
      Object[][] arrays = arrays(batch);
      written += retrying(to -> upsert(to, arrays));
      if (table.group().ttlMicros() > 0 && batches++ % SWEEP_EVERY == 0) {
        var unused = retrying(this::sweep);
      }
    }
    return new OnlineStore.Counts(written, rows.size() - written, 0);
  }

  private interface Work {
    int with(Connection connection) throws SQLException;
  }

  private int retrying(Work work) throws IOException, InterruptedException {
    BackOff pauses = Patience.pauses(patience);
    for (int attempt = 1; ; attempt++) {
      try {
        return work.with(connection());
      } catch (SQLException e) {
        close();
        if (!PgErrors.passes(e)) {
          throw new IOException(Problems.text(e, access) + inTable(), e);
        }
        if (!BackOffUtils.next(Sleeper.DEFAULT, pauses)) {
          throw new IOException(
              Problems.text(e, access) + inTable() + OnlineStore.triedInVain(attempt), e);
        }
      }
    }
  }

  private String inTable() {
    return ", writing table '" + table.schema() + "." + table.name() + "'";
  }

  private Connection connection() throws SQLException {
    Connection current = connection;
    if (current == null) {
      current = access.open();
      connection = current;
      check.prepare(current);
    }
    return current;
  }

  private int upsert(Connection to, @Nullable Object[][] arrays) throws SQLException {
    List<Array> made = new ArrayList<>();
    try (PreparedStatement statement = to.prepareStatement(upsert)) {
      List<Field> columns = table.columns();
      for (int i = 0; i < arrays.length; i++) {
        String type =
            i < columns.size()
                ? PgType.wire(columns.get(i).type())
                : i == columns.size() ? "text" : "int8";
        Array array = to.createArrayOf(type, arrays[i]);
        made.add(array);
        statement.setArray(i + 1, array);
      }
      int written = statement.executeUpdate();
      to.commit();
      return written;
    } finally {
      for (Array array : made) {
        array.free();
      }
    }
  }

  private int sweep(Connection to) throws SQLException {
    try (Statement statement = to.createStatement()) {
      int deleted = statement.executeUpdate(table.deleteExpired(SWEEP));
      to.commit();
      return deleted;
    }
  }

  /** An array a column, and those of versions and expiry. */
  private @Nullable Object[][] arrays(List<LatestRow> rows) {
    FeatureGroup group = table.group();
    List<Field> columns = table.columns();
    boolean hasTtl = group.ttlMicros() > 0;
    @Nullable Object[][] arrays = new @Nullable Object[columns.size() + (hasTtl ? 2 : 1)][];
    int at = 0;
    for (Field column : columns) {
      arrays[at++] = PgType.array(column.type(), rows.size());
    }
    arrays[at++] = new String[rows.size()];
    if (hasTtl) {
      arrays[at] = new Long[rows.size()];
    }
    int keys = group.keys().size();
    int features = columns.size() - group.features().size();
    for (int r = 0; r < rows.size(); r++) {
      LatestRow row = rows.get(r);
      List<@Nullable Object> key = row.keyValues();
      for (int c = 0; c < keys; c++) {
        arrays[c][r] = wire(columns.get(c), key.get(c));
      }
      if (features > keys) {
        arrays[keys][r] = row.eventTime();
      }
      List<Column> values = row.columns();
      for (int c = features; c < columns.size(); c++) {
        arrays[c][r] = wire(columns.get(c), values.get(c - features).value(row.row()));
      }
      arrays[columns.size()][r] = row.version().text();
      if (hasTtl) {
        long expiresAt = row.expiresAt();
        arrays[columns.size() + 1][r] = expiresAt == Long.MAX_VALUE ? null : (Long) expiresAt;
      }
    }
    return arrays;
  }

  private static @Nullable Object wire(Field column, @Nullable Object value) {
    FieldType type = column.type();
    return PgType.toWire(column.name(), type, value);
  }

  /** The next write opens another connection. */
  @Override
  public void close() {
    Connection current = connection;
    connection = null;
    if (current != null) {
      try {
        current.close();
      } catch (SQLException e) {
        // it was broken, and is gone now
      }
    }
  }
}
