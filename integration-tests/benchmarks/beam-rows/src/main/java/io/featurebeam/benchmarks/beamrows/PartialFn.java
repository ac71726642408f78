package io.featurebeam.benchmarks.beamrows;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.values.Row;
import org.apache.datasketches.hll.Union;
import org.jspecify.annotations.Nullable;

/** Combines the records of a user and hour. */
final class PartialFn extends CombineFn<Row, Partial, Partial> {
  @Override
  public Partial createAccumulator() {
    return new Partial();
  }

  @Override
  public Partial addInput(Partial accumulator, Row row) {
    accumulator.add(row);
    return accumulator;
  }

  @Override
  public Partial mergeAccumulators(Iterable<Partial> accumulators) {
    @Nullable Partial merged = null;
    @Nullable Union union = null;
    for (Partial next : accumulators) {
      if (merged == null || merged.count == 0) {
        merged = next;
      } else if (next.count > 0) {
        merged.addAllButMerchants(next);
        if (union == null) {
          union = new Union(Partial.SKETCH_LOG_K);
          union.update(merged.merchants);
        }
        union.update(next.merchants);
      }
    }
    if (merged == null) {
      return createAccumulator();
    }
    if (union != null) {
      merged.merchants = union.getResult();
    }
    return merged;
  }

  @Override
  public Partial extractOutput(Partial accumulator) {
    return accumulator;
  }

  @Override
  public Coder<Partial> getAccumulatorCoder(CoderRegistry registry, Coder<Row> inputCoder) {
    return new PartialCoder();
  }

  @Override
  public Coder<Partial> getDefaultOutputCoder(CoderRegistry registry, Coder<Row> inputCoder) {
    return new PartialCoder();
  }
}
