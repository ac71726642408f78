package io.featurebeam.transforms.join;

import io.featurebeam.aggregate.ShardSplitter;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.join.BoundJoin;
import io.featurebeam.join.JoinShard;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Joins the labels and records of one shard. Rows of the only stage, and all that is no record, go
 * to shards below 0; the answer of one of several stages to the shards of its labels.
 */
final class JoinStageFn
    extends DoFn<
        KV<Integer, Iterable<KV<Integer, RecordBatch>>>, KV<Integer, KV<Integer, RecordBatch>>> {

  private static final long serialVersionUID = 1L;
  private final PointInTimeJoin transform;
  private final int stage;
  private transient BoundJoin plan;

  JoinStageFn(PointInTimeJoin transform, int stage) {
    this.transform = transform;
    this.stage = stage;
  }

  @Setup
  public void setup() {
    plan = transform.plan();
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, Iterable<KV<Integer, RecordBatch>>> shard,
      OutputReceiver<KV<Integer, KV<Integer, RecordBatch>>> out) {
    if (shard.getKey() < 0) {
      shard.getValue().forEach(aside -> out.output(KV.of(shard.getKey(), aside)));
      return;
    }
    try (JoinShard join = plan.shard(stage)) {
      process(join, shard, out);
    }
  }

  private void process(
      JoinShard join,
      KV<Integer, Iterable<KV<Integer, RecordBatch>>> shard,
      OutputReceiver<KV<Integer, KV<Integer, RecordBatch>>> out) {
    long start = System.nanoTime();
    for (KV<Integer, RecordBatch> part : shard.getValue()) {
      if (part.getKey() == SplitInputFn.LABELS) {
        join.addLabels(part.getValue());
      } else {
        join.addRecords(part.getKey(), part.getValue());
      }
    }
    int aside = -1 - shard.getKey();
    if (plan.stages() == 1) {
      JoinedFlow flow =
          new JoinedFlow(
              transform, batch -> out.output(KV.of(aside, KV.of(SplitInputFn.ASIDE, batch))));
      join.finish(flow);
      flow.tell(System.nanoTime() - start);
      return;
    }
    ShardSplitter splitter = plan.answerSplitter(stage, transform.shards(), SplitInputFn.MAX_BYTES);
    join.finishStage(
        answer -> {
          splitter.add(answer);
          if (splitter.isFull()) {
            drain(splitter, out);
          }
        });
    drain(splitter, out);
    RecordBatch facts = PointInTimeJoin.facts(0, 0, 0, System.nanoTime() - start).build();
    out.output(KV.of(aside, KV.of(SplitInputFn.ASIDE, facts)));
  }

  private void drain(
      ShardSplitter splitter, OutputReceiver<KV<Integer, KV<Integer, RecordBatch>>> out) {
    splitter.drain((slice, to) -> out.output(KV.of(to, KV.of(stage, slice))));
  }
}
