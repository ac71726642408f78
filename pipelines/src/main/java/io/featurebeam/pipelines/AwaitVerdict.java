package io.featurebeam.pipelines;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RowHashes;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Holds records back until all of a run were checked, and drops them if a rule with {@code onFail:
 * fail} objects: for outputs behind it that take nothing back, however many. Rejects and facts go
 * on at once, in any case.
 *
 * <p>Records wait in a shuffle, which every runner keeps on disk. The verdict is that of the facts
 * alone, so records are read from there once.
 */
final class AwaitVerdict extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** So that what is held under one key is little. */
  private static final int KEYS_PER_SHARD = 16;

  private final int keys;

  private AwaitVerdict(int keys) {
    this.keys = keys;
  }

  static AwaitVerdict withShards(int shards) {
    return new AwaitVerdict(shards * KEYS_PER_SHARD);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    TupleTag<RecordBatch> rest = new TupleTag<>("rest") {};
    TupleTag<KV<Integer, RecordBatch>> rows = new TupleTag<>("rows") {};
    PCollectionTuple parted =
        flow.apply(
            "Spread",
            ParDo.of(new SpreadFn(keys, rest, rows)).withOutputTags(rest, TupleTagList.of(rows)));
    PCollection<RecordBatch> others = parted.get(rest).setCoder(BatchCoder.of());
    PCollectionView<Long> objections =
        others
            .apply("Objections", ParDo.of(new ObjectionsFn()))
            .apply("Count", Count.globally())
            .apply("Verdict", View.asSingleton());
    PCollection<RecordBatch> released =
        parted
            .get(rows)
            .setCoder(KvCoder.of(VarIntCoder.of(), BatchCoder.of()))
            .apply("Hold", GroupByKey.create())
            .apply("Let go", ParDo.of(new LetGoFn(objections)).withSideInputs(objections))
            .setCoder(BatchCoder.of());
    return PCollectionList.of(others).and(released).apply("With others", Flatten.pCollections());
  }

  private static final class SpreadFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final int keys;
    private final TupleTag<RecordBatch> rest;
    private final TupleTag<KV<Integer, RecordBatch>> rows;

    SpreadFn(int keys, TupleTag<RecordBatch> rest, TupleTag<KV<Integer, RecordBatch>> rows) {
      this.keys = keys;
      this.rest = rest;
      this.rows = rows;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, MultiOutputReceiver out) {
      if (Flow.isRecords(batch)) {
        out.get(rows).output(KV.of(key(batch), batch));
      } else {
        out.get(rest).output(batch);
      }
    }

    /** The same if a worker has to do it again, or rows might be lost between two attempts. */
    private int key(RecordBatch batch) {
      RecordBatch first = batch.slice(0, Math.min(1, batch.size()));
      long[] hash = RowHashes.of(first.columns(), first.size());
      return hash.length == 0 ? 0 : Math.floorMod(hash[0], keys);
    }
  }

  private static final class ObjectionsFn extends DoFn<RecordBatch, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<String> out) {
      if (Flow.isFacts(batch)) {
        RunFacts facts = new RunFacts();
        facts.add(BatchCodec.encode(batch));
        facts.objections().forEach(out::output);
      }
    }
  }

  private static final class LetGoFn extends DoFn<KV<Integer, Iterable<RecordBatch>>, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final PCollectionView<Long> objections;

    LetGoFn(PCollectionView<Long> objections) {
      this.objections = objections;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      if (context.sideInput(objections) == 0) {
        context.element().getValue().forEach(context::output);
      }
    }
  }
}
