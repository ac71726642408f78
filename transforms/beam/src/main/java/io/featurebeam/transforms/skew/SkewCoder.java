package io.featurebeam.transforms.skew;

import io.featurebeam.skew.SkewPlan;
import io.featurebeam.skew.SkewStats;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.util.VarInt;

/** Statistics of one plan as a Beam element: their binary form behind its length. Never a key. */
public final class SkewCoder extends CustomCoder<SkewStats> {

  private static final long serialVersionUID = 1L;

  private final SkewPlan plan;

  private SkewCoder(SkewPlan plan) {
    this.plan = plan;
  }

  public static SkewCoder of(SkewPlan plan) {
    return new SkewCoder(plan);
  }

  @Override
  public void encode(SkewStats stats, OutputStream out) throws IOException {
    byte[] bytes = stats.toBytes();
    VarInt.encode(bytes.length, out);
    out.write(bytes);
  }

  @Override
  public SkewStats decode(InputStream in) throws IOException {
    int length = VarInt.decodeInt(in);
    if (length < 0) {
      throw new CoderException("Invalid length of skew statistics: " + length);
    }
    byte[] bytes = in.readNBytes(length); // grows as bytes arrive: a false length allocates nothing
    if (bytes.length < length) {
      throw new EOFException("Skew statistics of " + length + " bytes end after " + bytes.length);
    }
    try {
      return SkewStats.fromBytes(plan, bytes);
    } catch (IllegalArgumentException e) {
      throw new CoderException(e.getMessage(), e);
    }
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "equal texts may be encoded with other dictionaries");
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof SkewCoder other && other.plan.fields().equals(plan.fields());
  }

  @Override
  public int hashCode() {
    return plan.fields().hashCode();
  }
}
