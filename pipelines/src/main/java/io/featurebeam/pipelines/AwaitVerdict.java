package io.featurebeam.pipelines;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Holds records back until all of a run were checked, and drops them if a rule with {@code onFail:
 * fail} objects: for outputs behind it that take nothing back. Rejects and facts go on in any case.
 *
 * <p>The flow waits in a shuffle, which every runner keeps on disk, and is read from there twice:
 * for the verdict and for the records.
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
    PCollection<KV<Integer, Iterable<RecordBatch>>> held =
        flow.apply("Spread", ParDo.of(new SpreadFn(keys)))
            .setCoder(KvCoder.of(VarIntCoder.of(), BatchCoder.of()))
            .apply("Hold", GroupByKey.create());
    PCollectionView<Long> objections =
        held.apply("Objections", ParDo.of(new ObjectionsFn()))
            .apply("Count", Count.globally())
            .apply("Verdict", View.asSingleton());
    return held.apply("Let go", ParDo.of(new LetGoFn(objections)).withSideInputs(objections))
        .setCoder(BatchCoder.of());
  }

  private static final class SpreadFn extends DoFn<RecordBatch, KV<Integer, RecordBatch>> {
    private static final long serialVersionUID = 1L;
    private final int keys;

    SpreadFn(int keys) {
      this.keys = keys;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<KV<Integer, RecordBatch>> out) {
      out.output(KV.of(ThreadLocalRandom.current().nextInt(keys), batch));
    }
  }

  private static final class ObjectionsFn extends DoFn<KV<Integer, Iterable<RecordBatch>>, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<RecordBatch>> held, OutputReceiver<String> out) {
      for (RecordBatch batch : held.getValue()) {
        if (Flow.isFacts(batch)) {
          RunFacts facts = new RunFacts();
          facts.add(BatchCodec.encode(batch));
          facts.objections().forEach(out::output);
        }
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
      boolean objected = context.sideInput(objections) > 0;
      for (RecordBatch batch : context.element().getValue()) {
        if (!objected || !Flow.isRecords(batch)) {
          context.output(batch);
        }
      }
    }
  }
}
