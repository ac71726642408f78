package io.featurebeam.io.jdbc;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.expression.Condition;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.LatestRow;
import io.featurebeam.io.lookup.LatestRows;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.LiveCounts;
import io.featurebeam.transforms.records.Patience;
import java.io.IOException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

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
 * with the newest row of each key. A bundle is done when its rows are committed.
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

  /** The name of the step in facts, as all that writes output has it. */
  private static final String STEP = "write";

  /** The fact of rows that were written. */
  public static final String WRITTEN = "jdbc_rows_written";

  /** The fact of rows for whose key the table had one as new or newer. */
  public static final String OLDER = "jdbc_rows_older";

  /** How many keys a bundle holds back before it writes them. */
  private static final int MAX_KEYS = 5 * TableWriter.BATCH;

  private final Settings settings;

  private record Settings(
      JdbcAccess access,
      FeatureTable table,
      LatestRows.Plan plan,
      String spec,
      boolean addColumns,
      boolean overwrite,
      Duration patience,
      @Nullable Condition where,
      boolean handsOn)
      implements Serializable {

    TableCheck check() {
      return new TableCheck(table, spec, addColumns, overwrite);
    }
  }

  private WriteJdbc(Settings settings) {
    this.settings = settings;
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
    return new WriteJdbc(
        new Settings(
            access,
            new FeatureTable(DEFAULT_SCHEMA, group, eventTime),
            LatestRows.Plan.of(group, rows, eventTime, List.of()),
            "",
            false,
            false,
            DEFAULT_PATIENCE,
            null,
            false));
  }

  public WriteJdbc withSchema(String schema) {
    Settings s = settings;
    FeatureTable table = new FeatureTable(schema, s.table.group(), s.table.eventTime());
    return new WriteJdbc(
        new Settings(
            s.access,
            table,
            s.plan,
            s.spec,
            s.addColumns,
            s.overwrite,
            s.patience,
            s.where,
            s.handsOn));
  }

  /** The columns of the event itself: see {@link LatestRows.Plan#own()}. */
  public WriteJdbc withOwn(List<String> columns) {
    Settings s = settings;
    LatestRows.Plan plan =
        LatestRows.Plan.of(s.plan.group(), s.plan.schema(), s.plan.eventTime(), columns);
    return new WriteJdbc(
        new Settings(
            s.access,
            s.table,
            plan,
            s.spec,
            s.addColumns,
            s.overwrite,
            s.patience,
            s.where,
            s.handsOn));
  }

  /** Whose table it is: that of another is refused. */
  public WriteJdbc withSpec(String name) {
    Settings s = settings;
    return new WriteJdbc(
        new Settings(
            s.access,
            s.table,
            s.plan,
            name,
            s.addColumns,
            s.overwrite,
            s.patience,
            s.where,
            s.handsOn));
  }

  /** Gives the table the columns that it lacks, rather than refusing it. */
  public WriteJdbc addingColumns(boolean adds) {
    Settings s = settings;
    return new WriteJdbc(
        new Settings(
            s.access, s.table, s.plan, s.spec, adds, s.overwrite, s.patience, s.where, s.handsOn));
  }

  /** Writes into a table of another pipeline too, if its columns fit, and makes it this one's. */
  public WriteJdbc overwriting(boolean overwrites) {
    Settings s = settings;
    return new WriteJdbc(
        new Settings(
            s.access,
            s.table,
            s.plan,
            s.spec,
            s.addColumns,
            overwrites,
            s.patience,
            s.where,
            s.handsOn));
  }

  /** For how long a server that does not answer is tried again. */
  public WriteJdbc withPatience(Duration patience) {
    Settings s = settings;
    return new WriteJdbc(
        new Settings(
            s.access,
            s.table,
            s.plan,
            s.spec,
            s.addColumns,
            s.overwrite,
            Patience.checked(patience),
            s.where,
            s.handsOn));
  }

  /** Writes only the rows for which a condition over the records' columns is true. */
  public WriteJdbc withWhere(String cel) {
    Settings s = settings;
    return new WriteJdbc(
        new Settings(
            s.access,
            s.table,
            s.plan,
            s.spec,
            s.addColumns,
            s.overwrite,
            s.patience,
            Condition.of(cel, s.plan.schema()),
            s.handsOn));
  }

  /** Hands the records on too, all of them, for an output behind this one. */
  public WriteJdbc handingOn() {
    Settings s = settings;
    return new WriteJdbc(
        new Settings(
            s.access,
            s.table,
            s.plan,
            s.spec,
            s.addColumns,
            s.overwrite,
            s.patience,
            s.where,
            true));
  }

  /**
   * Whether the server answers, lets us in, and has a table that fits or room for one; changes
   * nothing. An error says what to do if not.
   */
  public void check() {
    try (Connection connection = settings.access.open()) {
      settings.check().look(connection);
    } catch (SQLException e) {
      throw new IllegalArgumentException(Problems.text(e, settings.access), e);
    }
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    check();
    return flow.apply("Upsert", ParDo.of(new UpsertFn(settings))).setCoder(BatchCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("url", settings.access.toString()))
        .add(DisplayData.item("table", settings.table.schema() + "." + settings.table.name()));
  }

  private static final class UpsertFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final Settings settings;
    private final String output;
    private transient @Nullable TableWriter writer;
    private transient LatestRows latest;
    private transient long rows;
    private transient long written;
    private transient long older;
    private transient long nanos;

    UpsertFn(Settings settings) {
      this.settings = settings;
      this.output = "jdbc:" + settings.table.name();
    }

    @StartBundle
    public void startBundle() {
      latest = LatestRows.of(settings.plan); // empty, whatever became of the bundle before
      rows = 0;
      written = 0;
      older = 0;
      nanos = 0;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out)
        throws IOException, InterruptedException {
      if (!Flow.isRecords(batch)) {
        out.output(batch);
        return;
      }
      long start = System.nanoTime();
      RecordBatch chosen = settings.where == null ? batch : settings.where.keep(batch);
      latest.add(chosen);
      rows += chosen.size();
      if (latest.size() >= MAX_KEYS) {
        write();
      }
      nanos += System.nanoTime() - start;
      LiveCounts.written(output, chosen.size());
      if (settings.handsOn) {
        out.output(batch);
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) throws IOException, InterruptedException {
      long start = System.nanoTime();
      write();
      nanos += System.nanoTime() - start;
      if (rows > 0) {
        RecordBatch facts =
            new Facts.Builder()
                .add(STEP, Facts.RECORDS_IN, rows)
                .add(STEP, Facts.RECORDS_OUT, rows)
                .add(STEP, WRITTEN, written)
                .add(STEP, OLDER, older)
                .add(STEP, Facts.NANOS, nanos)
                .build();
        context.output(facts, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
      }
    }

    private void write() throws IOException, InterruptedException {
      if (latest.size() == 0) {
        return;
      }
      if (writer == null) {
        writer =
            new TableWriter(settings.access, settings.table, settings.check(), settings.patience);
      }
      Collection<LatestRow> newest = latest.take();
      long newer = writer.write(newest);
      written += newer;
      older += newest.size() - newer;
    }

    @Teardown
    @SuppressWarnings({"EffectivelyPrivate", "UnusedMethod"}) // Beam calls it
    public void close() {
      if (writer != null) {
        writer.close();
        writer = null;
      }
    }
  }
}
