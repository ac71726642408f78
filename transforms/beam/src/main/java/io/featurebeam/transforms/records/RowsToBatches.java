package io.featurebeam.transforms.records;

import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import java.util.Arrays;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The way in for users of Beam rows: rows of one schema, batched within each bundle.
 *
 * <pre>{@code
 * PCollection<RecordBatch> batches = rows.apply(RowsToBatches.create().withEventTime("date"));
 * }</pre>
 *
 * <p>Bounded and unbounded. Columns are those of {@link BeamSchemas#toRecordSchema}. The input must
 * have a schema and be in the global window: windows belong to the kernels. A batch's element
 * timestamp is the least event time of its records, floored to milliseconds; a record whose event
 * time is null, and every record if no event-time column is named, counts with its element
 * timestamp. Nothing is kept from one bundle to the next, so no record waits longer than its
 * bundle; on a stream let the source's watermark trail by at least the longest bundle. A time more
 * than 292,277 years from 1970, which no column can hold, fails the step.
 */
public final class RowsToBatches extends PTransform<PCollection<Row>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;
  private static final long DEFAULT_MAX_BYTES = 8L << 20;

  private final @Nullable String eventTime;
  private final int maxRecords;
  private final long maxBytes;

  private RowsToBatches(@Nullable String eventTime, int maxRecords, long maxBytes) {
    this.eventTime = eventTime;
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
  }

  /** Batches of at most {@value RecordBatch#TARGET_SIZE} records and about 8 MiB. */
  public static RowsToBatches create() {
    return new RowsToBatches(null, RecordBatch.TARGET_SIZE, DEFAULT_MAX_BYTES);
  }

  /** The timestamp column, by its name in the record schema, that holds the event time. */
  public RowsToBatches withEventTime(String column) {
    return new RowsToBatches(column, maxRecords, maxBytes);
  }

  public RowsToBatches withMaxRecords(int records) {
    if (records < 1) {
      throw new IllegalArgumentException("Invalid maxRecords: " + records + " (must be > 0)");
    }
    return new RowsToBatches(eventTime, records, maxBytes);
  }

  /** A batch is closed once its values take this many bytes; one large record may exceed it. */
  public RowsToBatches withMaxBytes(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("Invalid maxBytes: " + bytes + " (must be > 0)");
    }
    return new RowsToBatches(eventTime, maxRecords, bytes);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<Row> rows) {
    if (!rows.hasSchema()) {
      throw new IllegalArgumentException(
          "Rows of '" + rows.getName() + "' have no schema (set it with setRowSchema)");
    }
    if (!(rows.getWindowingStrategy().getWindowFn() instanceof GlobalWindows)) {
      throw new IllegalArgumentException(
          "Rows of '"
              + rows.getName()
              + "' are windowed by "
              + rows.getWindowingStrategy().getWindowFn()
              + " (must be in the global window; windows are declared with the aggregate)");
    }
    Schema schema = rows.getSchema();
    RowForm form = new RowForm(schema);
    if (eventTime != null) {
      EventTimes.check(form.records(), eventTime);
    }
    return rows.apply("Batch rows", ParDo.of(new BatchRows(schema, this)))
        .setCoder(BatchCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .addIfNotNull(DisplayData.item("eventTime", eventTime))
        .add(DisplayData.item("maxRecords", maxRecords))
        .add(DisplayData.item("maxBytes", maxBytes));
  }

  private static final class BatchRows extends DoFn<Row, RecordBatch> {
    private static final long serialVersionUID = 1L;

    private final Schema schema;
    private final @Nullable String eventTime;
    private final int maxRecords;
    private final long maxBytes;
    private transient @Nullable Pending pending;

    BatchRows(Schema schema, RowsToBatches options) {
      this.schema = schema;
      this.eventTime = options.eventTime;
      this.maxRecords = options.maxRecords;
      this.maxBytes = options.maxBytes;
    }

    @StartBundle
    public void startBundle() {
      if (pending == null) {
        pending = new Pending(new RowForm(schema), eventTime);
      } else {
        pending.build(); // what a failed bundle left
      }
    }

    @ProcessElement
    public void process(
        @Element Row row, @Timestamp Instant timestamp, OutputReceiver<RecordBatch> out) {
      Pending batch = pending();
      batch.add(row, timestamp);
      if (batch.size() >= maxRecords || batch.bytes >= maxBytes) {
        Built built = batch.build();
        out.outputWithTimestamp(built.batch, built.timestamp);
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      Pending batch = pending();
      if (batch.size() > 0) {
        Built built = batch.build();
        context.output(built.batch, built.timestamp, GlobalWindow.INSTANCE);
      }
    }

    /** A batch's least event time may lie before the element that filled it. */
    @Override
    @SuppressWarnings({"deprecation", "InlineMeSuggester"}) // nothing else allows an earlier output
    public Duration getAllowedTimestampSkew() {
      return Duration.millis(Long.MAX_VALUE);
    }

    private Pending pending() {
      if (pending == null) {
        throw new IllegalStateException("No bundle was started");
      }
      return pending;
    }
  }

  private record Built(RecordBatch batch, Instant timestamp) {}

  /** The records of the bundle so far. */
  private static final class Pending {
    private final RowForm form;
    private final int eventTime;
    private final RecordBatch.Builder records;
    private long[] elementMillis = new long[16];
    private long bytes;

    Pending(RowForm form, @Nullable String eventTime) {
      this.form = form;
      this.eventTime = eventTime == null ? -1 : form.records().indexOf(eventTime);
      this.records = RecordBatch.builder(form.records());
    }

    int size() {
      return records.size();
    }

    void add(Row row, Instant timestamp) {
      int at = records.size();
      if (at == elementMillis.length) {
        elementMillis = Arrays.copyOf(elementMillis, at * 2);
      }
      elementMillis[at] = timestamp.getMillis();
      bytes += form.append(row, records);
    }

    Built build() {
      RecordBatch batch = records.build();
      bytes = 0;
      Instant least = Instant.ofEpochMilli(Long.MAX_VALUE);
      LongColumn times = eventTime < 0 ? null : (LongColumn) batch.column(eventTime);
      for (int i = 0; i < batch.size(); i++) {
        Instant time =
            times == null || times.isNull(i)
                ? Instant.ofEpochMilli(elementMillis[i])
                : EventTimes.beam(times.get(i));
        least = time.isBefore(least) ? time : least;
      }
      return new Built(batch, least);
    }
  }
}
