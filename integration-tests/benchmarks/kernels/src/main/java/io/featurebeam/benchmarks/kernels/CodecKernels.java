package io.featurebeam.benchmarks.kernels;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.RecordBatch;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A batch to bytes and back; a value is one of the five of a record. */
@State(Scope.Thread)
@NullUnmarked
public class CodecKernels {
  static final int VALUES = 5 * CardBatches.SIZE;

  private RecordBatch batch;
  private byte[] bytes;

  @Setup
  public void fill() {
    batch = CardBatches.batch(1);
    bytes = BatchCodec.encode(batch);
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public byte[] encode() {
    return BatchCodec.encode(batch);
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public RecordBatch decode() {
    return BatchCodec.decode(bytes);
  }
}
