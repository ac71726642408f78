package io.featurebeam.transforms.aggregate;

import io.featurebeam.aggregate.LiveShard;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.CoderException;

/**
 * What a shard's state holds beside its journal.
 *
 * @param meta where the shard was
 * @param version a number drawn at random by the bundle that wrote it: a shard in memory is as the
 *     state says only if both bear the same
 */
record LiveState(LiveShard.Meta meta, long version) {

  /** A byte for the version of this form, and three numbers. */
  static final class Coder extends AtomicCoder<LiveState> {
    private static final long serialVersionUID = 1L;
    private static final int FORM = 1;
    private static final BigEndianLongCoder LONG = BigEndianLongCoder.of();

    @Override
    public void encode(LiveState state, OutputStream out) throws IOException {
      out.write(FORM);
      LONG.encode(state.meta().nextId(), out);
      LONG.encode(state.meta().complete(), out);
      LONG.encode(state.version(), out);
    }

    @Override
    public LiveState decode(InputStream in) throws IOException {
      int form = in.read();
      if (form != FORM) {
        throw new CoderException(
            "State of aggregate has form " + form + " (this release reads " + FORM + ")");
      }
      LiveShard.Meta meta = new LiveShard.Meta(LONG.decode(in), LONG.decode(in));
      return new LiveState(meta, LONG.decode(in));
    }
  }
}
