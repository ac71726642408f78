package io.featurebeam.transforms.records;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.RecordBatch;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * A batch as a Beam element: {@link BatchCodec} behind its length. Not deterministic in Beam's
 * sense (equal batches may differ in dictionaries), so a batch is never a key.
 */
public final class BatchCoder extends AtomicCoder<RecordBatch> {

  private static final long serialVersionUID = 1L;
  private static final BatchCoder INSTANCE = new BatchCoder();

  private BatchCoder() {}

  public static BatchCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(RecordBatch batch, OutputStream out) throws IOException {
    byte[] bytes = BatchCodec.encode(batch);
    VarInt.encode(bytes.length, out);
    out.write(bytes);
  }

  @Override
  public RecordBatch decode(InputStream in) throws IOException {
    int length = VarInt.decodeInt(in);
    if (length < 0) {
      throw new CoderException("Invalid length of a record batch: " + length);
    }
    byte[] bytes = in.readNBytes(length); // grows as bytes arrive: a false length allocates nothing
    if (bytes.length < length) {
      throw new EOFException("Record batch of " + length + " bytes ends after " + bytes.length);
    }
    try {
      return BatchCodec.decode(bytes);
    } catch (IllegalArgumentException e) {
      throw new CoderException(e.getMessage(), e);
    }
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(
        this, "equal batches may be encoded with different dictionaries");
  }

  /** Equal bytes are equal batches, so a runner may compare batches without encoding them. */
  @Override
  public boolean consistentWithEquals() {
    return true;
  }

  /** A guess from the columns is good enough for a runner's statistics, and needs no encoding. */
  @Override
  public boolean isRegisterByteSizeObserverCheap(RecordBatch batch) {
    return true;
  }

  @Override
  protected long getEncodedElementByteSize(RecordBatch batch) {
    return batch.byteSize();
  }

  @Override
  public TypeDescriptor<RecordBatch> getEncodedTypeDescriptor() {
    return TypeDescriptor.of(RecordBatch.class);
  }

  private Object readResolve() {
    return INSTANCE;
  }
}
