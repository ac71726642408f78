package io.featurebeam.transforms.records;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/**
 * A flow is a collection of batches in which {@link Rejects} and {@link Facts} travel along with
 * the records, told apart by their schemas. Steps hand on what is not theirs ({@link FlowFn}).
 *
 * <p>Why one collection and not three: a step with several outputs is kept whole in memory by the
 * Spark runner, for each of them to be picked from, while a flow streams through on every runner,
 * and rejects and counts cross the one shuffle that the records cross anyway. {@link #split} parts
 * a flow where a user wants the three by name.
 */
public final class Flow {

  private static final TupleTag<RecordBatch> RECORDS = new TupleTag<>("records") {};
  private static final TupleTag<RecordBatch> REJECTS = new TupleTag<>("rejects") {};
  private static final TupleTag<RecordBatch> FACTS = new TupleTag<>("facts") {};

  private Flow() {}

  /** Whether the batch holds records, not rejects or facts. */
  public static boolean isRecords(RecordBatch batch) {
    return !isRejects(batch) && !isFacts(batch);
  }

  public static boolean isRejects(RecordBatch batch) {
    return Rejects.SCHEMA.equals(batch.schema());
  }

  public static boolean isFacts(RecordBatch batch) {
    return Facts.SCHEMA.equals(batch.schema());
  }

  /** Whether records of this schema would be taken for rejects or facts. */
  public static boolean isReserved(RecordSchema schema) {
    return Rejects.SCHEMA.equals(schema) || Facts.SCHEMA.equals(schema);
  }

  /** Parts a flow by what its batches hold. */
  public static PTransform<PCollection<RecordBatch>, Parts> split() {
    return new Split();
  }

  private static final class Split extends PTransform<PCollection<RecordBatch>, Parts> {
    private static final long serialVersionUID = 1L;

    @Override
    public Parts expand(PCollection<RecordBatch> flow) {
      // Filters, not one step with three outputs: of these the Spark runner hands on all to the one
      // that is used, if the others are not.
      return new Parts(
          PCollectionTuple.of(RECORDS, flow.apply("Records", Filter.by(Flow::isRecords)))
              .and(REJECTS, flow.apply("Rejects", Filter.by(Flow::isRejects)))
              .and(FACTS, flow.apply("Facts", Filter.by(Flow::isFacts))));
    }
  }

  /** The outputs of {@link #split}, by name. */
  public static final class Parts implements POutput {
    private final PCollectionTuple outputs;

    private Parts(PCollectionTuple outputs) {
      outputs.get(RECORDS).setCoder(BatchCoder.of());
      outputs.get(REJECTS).setCoder(BatchCoder.of());
      outputs.get(FACTS).setCoder(BatchCoder.of());
      this.outputs = outputs;
    }

    public PCollection<RecordBatch> records() {
      return outputs.get(RECORDS);
    }

    /** Batches of {@link Rejects#SCHEMA}. */
    public PCollection<RecordBatch> rejects() {
      return outputs.get(REJECTS);
    }

    /** Batches of {@link Facts#SCHEMA}. */
    public PCollection<RecordBatch> facts() {
      return outputs.get(FACTS);
    }

    @Override
    public Pipeline getPipeline() {
      return outputs.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return outputs.expand();
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }
}
