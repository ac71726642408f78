package io.featurebeam.transforms.records;

import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Objects;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The way out for users of Beam rows: one row per record, each with its own event time as its
 * timestamp.
 *
 * <pre>{@code
 * PCollection<Row> rows = batches.apply(BatchesToRows.of(schema).withEventTime("date"));
 * }</pre>
 *
 * <p>Bounded and unbounded. Every batch must have the declared schema. A record whose event time is
 * null keeps the timestamp of its batch, as does every record if no event-time column is named.
 * Timestamps are floored to milliseconds, also in a field of type DATETIME; a FLOAT is rounded. Any
 * other value that a field's type cannot hold fails the step, named.
 */
public final class BatchesToRows extends PTransform<PCollection<RecordBatch>, PCollection<Row>> {

  private static final long serialVersionUID = 1L;

  private final Schema schema;
  private final @Nullable String eventTime;

  private BatchesToRows(Schema schema, @Nullable String eventTime) {
    this.schema = Objects.requireNonNull(schema, "schema is null");
    this.eventTime = eventTime;
  }

  /** Flat rows of {@link BeamSchemas#fromRecordSchema}. */
  public static BatchesToRows of(RecordSchema schema) {
    return new BatchesToRows(BeamSchemas.fromRecordSchema(schema), null);
  }

  /**
   * Rows of a Beam schema, with its narrower types and nested rows; the batches must have the
   * columns of {@link BeamSchemas#toRecordSchema}.
   */
  public static BatchesToRows of(Schema schema) {
    BeamSchemas.leaves(schema); // refuses what it cannot hold now, not on a worker
    return new BatchesToRows(schema, null);
  }

  /** The timestamp column that holds the event time. */
  public BatchesToRows withEventTime(String column) {
    EventTimes.check(BeamSchemas.toRecordSchema(schema), column);
    return new BatchesToRows(schema, column);
  }

  @Override
  public PCollection<Row> expand(PCollection<RecordBatch> batches) {
    return batches
        .apply("Split batches", ParDo.of(new SplitBatches(schema, eventTime)))
        .setRowSchema(schema);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.addIfNotNull(DisplayData.item("eventTime", eventTime));
  }

  private static final class SplitBatches extends DoFn<RecordBatch, Row> {
    private static final long serialVersionUID = 1L;

    private final Schema schema;
    private final @Nullable String eventTime;
    private transient @Nullable RowForm form;

    SplitBatches(Schema schema, @Nullable String eventTime) {
      this.schema = schema;
      this.eventTime = eventTime;
    }

    @ProcessElement
    public void process(
        @Element RecordBatch batch, @Timestamp Instant timestamp, OutputReceiver<Row> out) {
      RowForm rows = form();
      if (!batch.schema().equals(rows.records())) {
        throw new IllegalArgumentException(
            "A batch has the columns " + batch.schema() + " (must be " + rows.records() + ")");
      }
      LongColumn times = eventTime == null ? null : batch.longs(eventTime);
      for (int record = 0; record < batch.size(); record++) {
        boolean known = times != null && !times.isNull(record);
        out.outputWithTimestamp(
            rows.row(batch, record), known ? EventTimes.beam(times.get(record)) : timestamp);
      }
    }

    private RowForm form() {
      if (form == null) {
        form = new RowForm(schema);
      }
      return form;
    }

    /**
     * A batch that was grouped or windowed on its way may have a later timestamp than its records.
     */
    @Override
    @SuppressWarnings({"deprecation", "InlineMeSuggester"}) // nothing else allows an earlier output
    public Duration getAllowedTimestampSkew() {
      return Duration.millis(Long.MAX_VALUE);
    }
  }
}
