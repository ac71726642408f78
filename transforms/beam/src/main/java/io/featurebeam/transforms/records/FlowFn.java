package io.featurebeam.transforms.records;

import io.featurebeam.columnar.RecordBatch;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;

/**
 * A step of a {@link Flow}: it works on batches of records, hands rejects and facts on as they are,
 * and tells at the end of each bundle what it did: records in and out, rejected, nanoseconds.
 */
public abstract class FlowFn extends DoFn<RecordBatch, RecordBatch> {

  private static final long serialVersionUID = 1L;

  private final String step;
  private final boolean telling;
  private transient long recordsIn;
  private transient long recordsOut;
  private transient long rejected;
  private transient long nanos;

  /**
   * @param step the step's name in facts, plan and report
   * @param telling whether to add facts; false where only records are wanted in the output
   */
  protected FlowFn(String step, boolean telling) {
    this.step = step;
    this.telling = telling;
  }

  /** The step's name. */
  protected final String step() {
    return step;
  }

  /** Works on one batch of records; what it gives goes to {@code out}, rejects too. */
  protected abstract void records(RecordBatch batch, Consumer<RecordBatch> out);

  /** Adds facts of its own at the end of a bundle, and starts anew. */
  protected void addFacts(Facts.Builder facts) {}

  @StartBundle
  public final void startBundle() {
    recordsIn = 0;
    recordsOut = 0;
    rejected = 0;
    nanos = 0;
  }

  @ProcessElement
  public final void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out) {
    if (!Flow.isRecords(batch)) {
      out.output(batch);
      return;
    }
    recordsIn += batch.size();
    long start = System.nanoTime();
    long[] downstream = {0};
    records(
        batch,
        result -> {
          if (Flow.isRejects(result)) {
            rejected += result.size();
          } else {
            recordsOut += result.size();
          }
          long before = System.nanoTime();
          out.output(result); // runs the steps fused behind this one
          downstream[0] += System.nanoTime() - before;
        });
    nanos += System.nanoTime() - start - downstream[0];
  }

  @FinishBundle
  public final void finishBundle(FinishBundleContext context) {
    if (!telling) {
      return;
    }
    Facts.Builder facts = new Facts.Builder();
    facts.add(step, Facts.RECORDS_IN, recordsIn);
    facts.add(step, Facts.RECORDS_OUT, recordsOut);
    facts.add(step, Facts.REJECTED, rejected);
    facts.add(step, Facts.NANOS, nanos);
    addFacts(facts);
    if (!facts.isEmpty()) {
      context.output(facts.build(), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }
  }
}
