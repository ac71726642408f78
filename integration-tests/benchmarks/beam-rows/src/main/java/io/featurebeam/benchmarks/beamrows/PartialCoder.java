package io.featurebeam.benchmarks.beamrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.datasketches.hll.HllSketch;

/** A partial in a few dozen bytes, and its sketch. */
final class PartialCoder extends CustomCoder<Partial> {
  private static final DoubleCoder DOUBLE = DoubleCoder.of();
  private static final VarLongCoder LONG = VarLongCoder.of();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  @Override
  public void encode(Partial value, OutputStream out) throws IOException {
    LONG.encode(value.count, out);
    DOUBLE.encode(value.sum, out);
    DOUBLE.encode(value.mean, out);
    DOUBLE.encode(value.squares, out);
    DOUBLE.encode(value.max, out);
    DOUBLE.encode(value.logSum, out);
    INT.encode(value.bucket, out);
    INT.encode(value.hour, out);
    BYTES.encode(value.merchants == null ? new byte[0] : value.merchants.toCompactByteArray(), out);
  }

  @Override
  public Partial decode(InputStream in) throws IOException {
    Partial value = new Partial();
    value.count = LONG.decode(in);
    value.sum = DOUBLE.decode(in);
    value.mean = DOUBLE.decode(in);
    value.squares = DOUBLE.decode(in);
    value.max = DOUBLE.decode(in);
    value.logSum = DOUBLE.decode(in);
    value.bucket = INT.decode(in);
    value.hour = INT.decode(in);
    byte[] merchants = BYTES.decode(in);
    value.merchants = merchants.length == 0 ? null : HllSketch.heapify(merchants);
    return value;
  }

  @Override
  public void verifyDeterministic() {}
}
