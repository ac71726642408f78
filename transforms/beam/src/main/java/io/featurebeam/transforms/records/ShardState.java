package io.featurebeam.transforms.records;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.CoderException;

/**
 * What a shard's state holds beside its journal.
 *
 * @param nextId the next id in the journal
 * @param time an event time that says how far the shard had come
 * @param version a number drawn at random by the bundle that wrote it: a shard in memory is as the
 *     state says only if both bear the same
 */
public record ShardState(long nextId, long time, long version) {

  /** A byte for the version of this form, and three numbers. */
  public static final class Coder extends AtomicCoder<ShardState> {
    private static final long serialVersionUID = 1L;
    private static final int FORM = 1;
    private static final BigEndianLongCoder LONG = BigEndianLongCoder.of();
    private final String step;

    /** For errors, the step whose state it is. */
    public Coder(String step) {
      this.step = step;
    }

    @Override
    public void encode(ShardState state, OutputStream out) throws IOException {
      out.write(FORM);
      LONG.encode(state.nextId(), out);
      LONG.encode(state.time(), out);
      LONG.encode(state.version(), out);
    }

    @Override
    public ShardState decode(InputStream in) throws IOException {
      int form = in.read();
      if (form != FORM) {
        throw new CoderException(
            "State of " + step + " has form " + form + " (this release reads " + FORM + ")");
      }
      return new ShardState(LONG.decode(in), LONG.decode(in), LONG.decode(in));
    }
  }
}
