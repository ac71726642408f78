package io.featurebeam.transforms.dataset;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.dataset.Split;
import io.featurebeam.dataset.Splitter;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.FlowFn;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Adds a column {@value Splitter#COLUMN} that names the part of a data set a record belongs to.
 *
 * <pre>{@code
 * records.apply(SplitRecords.of(KeySplit.by("user").share("train", 0.8).rest("test"), schema));
 * }</pre>
 *
 * <p>Bounded or unbounded; record by record, so windows, order and lateness do not matter, and a
 * record that comes again gets the same part. No record is dropped or rejected; one without a time
 * has a null where the time decides. Missing columns and wrong types are errors when the pipeline
 * is built.
 */
public final class SplitRecords
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** The name of the step in facts. */
  public static final String STEP = "split";

  private final Split split;
  private final RecordSchema schema;
  private final boolean telling;

  private SplitRecords(Split split, RecordSchema schema, boolean telling) {
    this.split = split;
    this.schema = schema;
    this.telling = telling;
  }

  /** Over records of this schema. */
  public static SplitRecords of(Split split, RecordSchema schema) {
    Objects.requireNonNull(split, "split is null");
    SplitRecords made =
        new SplitRecords(split, Objects.requireNonNull(schema, "schema is null"), false);
    var unused = made.schema();
    return made;
  }

  /** The schema of what comes out. */
  public RecordSchema schema() {
    return split.bind(schema).labelled();
  }

  /** Adds facts to its output, for a {@link Flow}. */
  public SplitRecords inFlow() {
    return new SplitRecords(split, schema, true);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> records) {
    return records
        .apply("Split", ParDo.of(new SplitFn(split, schema, telling)))
        .setCoder(BatchCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("parts", String.join(", ", split.names())).withLabel("Parts"))
        .add(DisplayData.item("by", String.join(", ", split.columns())).withLabel("Split by"));
  }

  private static final class SplitFn extends FlowFn {
    private static final long serialVersionUID = 1L;
    private final Split split;
    private final RecordSchema schema;
    private transient @Nullable Splitter splitter;

    SplitFn(Split split, RecordSchema schema, boolean telling) {
      super(STEP, telling);
      this.split = split;
      this.schema = schema;
    }

    @Override
    protected void records(RecordBatch batch, Consumer<RecordBatch> out) {
      Splitter bound = splitter;
      if (bound == null) {
        bound = split.bind(schema);
        splitter = bound;
      }
      out.accept(bound.label(batch));
    }
  }
}
