package io.featurebeam.transforms.profile;

import io.featurebeam.profile.BatchProfile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.VarInt;

/** A profile as a Beam element: its binary form behind its length. Never a key. */
public final class ProfileCoder extends AtomicCoder<BatchProfile> {

  private static final long serialVersionUID = 1L;
  private static final ProfileCoder INSTANCE = new ProfileCoder();

  private ProfileCoder() {}

  public static ProfileCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(BatchProfile profile, OutputStream out) throws IOException {
    byte[] bytes = profile.toBytes();
    VarInt.encode(bytes.length, out);
    out.write(bytes);
  }

  @Override
  public BatchProfile decode(InputStream in) throws IOException {
    int length = VarInt.decodeInt(in);
    if (length < 0) {
      throw new CoderException("Invalid length of a profile: " + length);
    }
    byte[] bytes = in.readNBytes(length); // grows as bytes arrive: a false length allocates nothing
    if (bytes.length < length) {
      throw new EOFException("Profile of " + length + " bytes ends after " + bytes.length);
    }
    try {
      return BatchProfile.fromBytes(bytes);
    } catch (IllegalArgumentException e) {
      throw new CoderException(e.getMessage(), e);
    }
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "quantile sketches of equal values may differ");
  }

  private Object readResolve() {
    return INSTANCE;
  }
}
