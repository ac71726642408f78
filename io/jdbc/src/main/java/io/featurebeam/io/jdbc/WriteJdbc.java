package io.featurebeam.io.jdbc;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.LatestRows;
import io.featurebeam.io.store.KeepNewest;
import io.featurebeam.io.store.NewestRows;
import io.featurebeam.io.store.OnlineStore;
import io.featurebeam.transforms.records.Patience;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;

/**
 * Keeps the newest row of each key in a table of PostgreSQL, an online store, and hands on the rest
 * of the flow: rejects, and facts with its own; the records too if another output follows ({@link
 * #handingOn}).
 *
 * <pre>{@code
 * rows.apply(
 *     WriteJdbc.of(
 *             JdbcAccess.of("jdbc:postgresql://db:5432/features", "writer", password),
 *             FeatureGroup.of("card_features", schema, List.of("card"), List.of("spent_1h")),
 *             schema,
 *             "window_end")
 *         .withSpec("card-fraud"));
 * }</pre>
 *
 * <p>The table has a column for each key, the event time and each feature, and {@code version} and
 * {@code expires_at}. A row replaces another only if its version is higher, which the statement
 * itself decides: whatever the order of rows, the number of writers and of attempts, the table ends
 * with the newest row of each key. A bundle ({@link KeepNewest}) is done when its rows are
 * committed.
 *
 * <p>The table is made if it is not there, and looked at when the pipeline is built: one of other
 * keys or types is refused. A connection that breaks, a server that restarts or has no room are
 * waited for ({@link #withPatience}); everything else fails at once.
 */
public final class WriteJdbc
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** The schema of PostgreSQL that is there from the beginning. */
  public static final String DEFAULT_SCHEMA = "public";

  /** A minute. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(1);

  /** What this store is called in facts, counters and counts. */
  public static final String KIND = "jdbc";

  private final Store store;
  private final NewestRows rows;

  /** Where rows go, and on what terms. */
  private record Store(JdbcAccess access, TableCheck table, Duration patience)
      implements OnlineStore {

    Store with(TableCheck other) {
      return new Store(access, other, patience);
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public String group() {
      return table.table().name();
    }

    @Override
    public void check() {
      try (Connection connection = access.open()) {
        table.look(connection);
      } catch (SQLException e) {
        throw new IllegalArgumentException(Problems.text(e, access), e);
      }
    }

    @Override
    public TableWriter writer() {
      return new TableWriter(access, table, patience);
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder
          .add(DisplayData.item("url", access.toString()))
          .add(DisplayData.item("table", table.table().schema() + "." + group()));
    }
  }

  private WriteJdbc(Store store, NewestRows rows) {
    this.store = store;
    this.rows = rows;
  }

  /**
   * In the table of the group's name, in schema {@link #DEFAULT_SCHEMA}.
   *
   * @param rows the columns of the records
   * @param eventTime the timestamp column that says which row of a key is the newest
   */
  public static WriteJdbc of(
      JdbcAccess access, FeatureGroup group, RecordSchema rows, String eventTime) {
    Objects.requireNonNull(access, "access is null");
    FeatureTable table = new FeatureTable(DEFAULT_SCHEMA, group, eventTime);
    return new WriteJdbc(
        new Store(access, TableCheck.of(table), DEFAULT_PATIENCE),
        NewestRows.of(LatestRows.Plan.of(group, rows, eventTime, List.of())));
  }

  public WriteJdbc withSchema(String schema) {
    return new WriteJdbc(store.with(store.table.in(schema)), rows);
  }

  /** The columns of the event itself: see {@link LatestRows.Plan#own()}. */
  public WriteJdbc withOwn(List<String> columns) {
    return new WriteJdbc(store, rows.withOwn(columns));
  }

  /** Whose table it is: that of another is refused. */
  public WriteJdbc withSpec(String name) {
    return new WriteJdbc(store.with(store.table.ofSpec(name)), rows);
  }

  /** Gives the table the columns that it lacks, rather than refusing it. */
  public WriteJdbc addingColumns(boolean adds) {
    return new WriteJdbc(store.with(store.table.addingColumns(adds)), rows);
  }

  /** Writes into a table of another pipeline too, if its columns fit, and makes it this one's. */
  public WriteJdbc overwriting(boolean overwrites) {
    return new WriteJdbc(store.with(store.table.overwriting(overwrites)), rows);
  }

  /** For how long a server that does not answer is tried again. */
  public WriteJdbc withPatience(Duration patience) {
    return new WriteJdbc(new Store(store.access, store.table, Patience.checked(patience)), rows);
  }

  /** Writes only the rows for which a condition over the records' columns is true. */
  public WriteJdbc withWhere(String cel) {
    return new WriteJdbc(store, rows.withWhere(cel));
  }

  /** Hands the records on too, all of them, for an output behind this one. */
  public WriteJdbc handingOn() {
    return new WriteJdbc(store, rows.handingOn());
  }

  /**
   * Whether the server answers, lets us in, and has a table that fits or room for one; changes
   * nothing. An error says what to do if not.
   */
  public void check() {
    store.check();
  }

  /** The same without another look at the table, for those who called {@link #check}. */
  public KeepNewest unchecked() {
    return KeepNewest.in(store, rows);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    check();
    return unchecked().expand(flow);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.delegate(store);
  }
}
