package io.featurebeam.transforms.dataset;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.dataset.Sampler;
import io.featurebeam.dataset.Sampling;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.FlowFn;
import io.featurebeam.transforms.records.LiveCounts;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a share of the records for which a condition holds, and all others, with a weight.
 *
 * <pre>{@code
 * records.apply(SampleRecords.of(Sampling.of("label == 0", 0.1, List.of("user"), "at"), schema));
 * }</pre>
 *
 * <p>Bounded or unbounded; record by record, so windows, order and lateness do not matter, and a
 * record that comes again is kept or dropped again. What is dropped is no reject: the facts of the
 * step have as many fewer records out than in. Missing columns and wrong types are errors when the
 * pipeline is built.
 */
public final class SampleRecords
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** The name of the step in facts, unless it is given another. */
  public static final String STEP = "sample";

  private final Sampling sampling;
  private final RecordSchema schema;
  private final String step;
  private final boolean telling;

  private SampleRecords(Sampling sampling, RecordSchema schema, String step, boolean telling) {
    this.sampling = sampling;
    this.schema = schema;
    this.step = step;
    this.telling = telling;
  }

  /** Over records of this schema. */
  public static SampleRecords of(Sampling sampling, RecordSchema schema) {
    Objects.requireNonNull(sampling, "sampling is null");
    SampleRecords made =
        new SampleRecords(sampling, Objects.requireNonNull(schema, "schema is null"), STEP, false);
    var unused = made.schema();
    return made;
  }

  /** The schema of what comes out. */
  public RecordSchema schema() {
    return sampling.bind(schema).weighted();
  }

  /** The name of the step in facts: {@value #STEP} unless told otherwise. */
  public SampleRecords withStep(String newStep) {
    return new SampleRecords(
        sampling, schema, Objects.requireNonNull(newStep, "step is null"), telling);
  }

  /** Adds facts to its output, for a {@link Flow}. */
  public SampleRecords inFlow() {
    return new SampleRecords(sampling, schema, step, true);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> records) {
    return records
        .apply("Sample", ParDo.of(new SampleFn(sampling, schema, step, telling)))
        .setCoder(BatchCoder.of());
  }

  /** Not the condition, which may hold a secret. */
  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("keep", sampling.keep()).withLabel("Share kept"))
        .add(DisplayData.item("weight", sampling.weight()).withLabel("Weight"));
  }

  private static final class SampleFn extends FlowFn {
    private static final long serialVersionUID = 1L;
    private final Sampling sampling;
    private final RecordSchema schema;
    private transient @Nullable Sampler sampler;

    SampleFn(Sampling sampling, RecordSchema schema, String step, boolean telling) {
      super(step, telling);
      this.sampling = sampling;
      this.schema = schema;
    }

    @Override
    protected void records(RecordBatch batch, Consumer<RecordBatch> out) {
      Sampler bound = sampler;
      if (bound == null) {
        bound = sampling.bind(schema);
        sampler = bound;
      }
      RecordBatch kept = bound.sample(batch);
      LiveCounts.aggregated(batch.size() - kept.size()); // nothing else comes of them
      if (kept.size() > 0) {
        out.accept(kept);
      }
    }
  }
}
