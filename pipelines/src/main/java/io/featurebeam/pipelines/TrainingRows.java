package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.dataset.Sampling;
import io.featurebeam.pipelines.spec.TrainingSetSpec;
import io.featurebeam.transforms.dataset.SampleRecords;
import io.featurebeam.transforms.dataset.SplitRecords;
import java.util.function.Supplier;
import org.apache.beam.sdk.values.PCollection;

/**
 * What a training set does to its rows one by one: it leaves some out, with weights for the others,
 * and says in which part each is.
 */
final class TrainingRows {

  private final TrainingSetSpec spec;

  TrainingRows(TrainingSetSpec spec) {
    this.spec = spec;
  }

  /** The columns of rows that were sampled. */
  RecordSchema sampled(RecordSchema rows) {
    RecordSchema columns = rows;
    for (Sampling sampling : spec.samples()) {
      RecordSchema before = columns;
      columns = part("sample", () -> sampling.bind(before).weighted());
    }
    return columns;
  }

  /** The columns of rows that are in parts. */
  RecordSchema split(RecordSchema rows) {
    return spec.split() == null ? rows : part("split", () -> spec.split().bind(rows).labelled());
  }

  /** Says which part of the spec it is that does not fit the columns. */
  private static RecordSchema part(String name, Supplier<RecordSchema> bound) {
    try {
      return bound.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Invalid " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Leaves rows out.
   *
   * @param step the name of the step in facts
   */
  PCollection<RecordBatch> sample(PCollection<RecordBatch> flow, RecordSchema rows, String step) {
    PCollection<RecordBatch> sampled = flow;
    RecordSchema columns = rows;
    int number = 1;
    for (Sampling sampling : spec.samples()) {
      SampleRecords sample = SampleRecords.of(sampling, columns).withStep(step).inFlow();
      sampled = sampled.apply("Sample " + number++, sample);
      columns = sample.schema();
    }
    return sampled;
  }

  /** Puts rows into parts. */
  PCollection<RecordBatch> split(PCollection<RecordBatch> flow, RecordSchema rows) {
    return spec.split() == null
        ? flow
        : flow.apply("Split", SplitRecords.of(spec.split(), rows).inFlow());
  }
}
