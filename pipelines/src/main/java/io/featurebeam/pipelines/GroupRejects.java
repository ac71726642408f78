package io.featurebeam.pipelines;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * The rejects of a group of a training set say so: their step is {@code GROUP: validate}. So a
 * person sees whose they are, and a run over a range knows which of them it makes again.
 */
final class GroupRejects extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** In no name of a group, and in no step. */
  private static final String BEHIND = ": ";

  private static final String STEP = "step";

  private final String group;

  private GroupRejects(String group) {
    this.group = group;
  }

  static GroupRejects of(String group) {
    return new GroupRejects(group);
  }

  /** The group that a reject is of; null if it is of the labels. */
  static @Nullable String group(RecordBatch rejects, int row) {
    String step = rejects.bytes(STEP).string(row);
    int end = step.indexOf(BEHIND);
    return end < 0 ? null : step.substring(0, end);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    return flow.apply("Name rejects", ParDo.of(new NameFn(group))).setCoder(BatchCoder.of());
  }

  private static final class NameFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final String group;

    NameFn(String group) {
      this.group = group;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out) {
      out.output(Flow.isRejects(batch) ? named(batch) : batch);
    }

    private RecordBatch named(RecordBatch rejects) {
      String[] steps = new String[rejects.size()];
      for (int row = 0; row < steps.length; row++) {
        steps[row] = group + BEHIND + rejects.bytes(STEP).string(row);
      }
      return rejects.with(Rejects.SCHEMA.field(STEP), BytesColumn.ofStrings(steps));
    }
  }
}
