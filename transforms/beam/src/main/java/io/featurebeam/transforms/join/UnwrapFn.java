package io.featurebeam.transforms.join;

import io.featurebeam.columnar.RecordBatch;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Rows without the shard that they came from. */
final class UnwrapFn extends DoFn<KV<Integer, KV<Integer, RecordBatch>>, RecordBatch> {

  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void process(
      @Element KV<Integer, KV<Integer, RecordBatch>> row, OutputReceiver<RecordBatch> out) {
    out.output(row.getValue().getValue());
  }
}
