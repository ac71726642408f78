package io.featurebeam.transforms.join;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.join.AnswerMerger;
import io.featurebeam.join.BoundJoin;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Brings together what several stages say about the labels of a shard. */
final class MergeAnswersFn
    extends DoFn<KV<Integer, Iterable<KV<Integer, RecordBatch>>>, RecordBatch> {

  private static final long serialVersionUID = 1L;
  private final PointInTimeJoin transform;
  private transient BoundJoin plan;

  MergeAnswersFn(PointInTimeJoin transform) {
    this.transform = transform;
  }

  @Setup
  public void setup() {
    plan = transform.plan();
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, Iterable<KV<Integer, RecordBatch>>> shard,
      OutputReceiver<RecordBatch> out) {
    if (shard.getKey() < 0) {
      shard.getValue().forEach(aside -> out.output(aside.getValue()));
      return;
    }
    long start = System.nanoTime();
    JoinedFlow flow = new JoinedFlow(transform, out::output);
    try (AnswerMerger merger = plan.merger()) {
      shard.getValue().forEach(answer -> merger.add(answer.getKey(), answer.getValue()));
      merger.finish(flow);
    }
    flow.tell(System.nanoTime() - start);
  }
}
