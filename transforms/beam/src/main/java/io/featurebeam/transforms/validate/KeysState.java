package io.featurebeam.transforms.validate;

import io.featurebeam.rule.RecentKeys;
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
record KeysState(RecentKeys.Meta meta, long version) {

  /** A byte for the version of this form, and three numbers. */
  static final class Coder extends AtomicCoder<KeysState> {
    private static final long serialVersionUID = 1L;
    private static final int FORM = 1;
    private static final BigEndianLongCoder LONG = BigEndianLongCoder.of();

    @Override
    public void encode(KeysState state, OutputStream out) throws IOException {
      out.write(FORM);
      LONG.encode(state.meta().nextId(), out);
      LONG.encode(state.meta().forgotten(), out);
      LONG.encode(state.version(), out);
    }

    @Override
    public KeysState decode(InputStream in) throws IOException {
      int form = in.read();
      if (form != FORM) {
        throw new CoderException(
            "State of deduplicate has form " + form + " (this release reads " + FORM + ")");
      }
      RecentKeys.Meta meta = new RecentKeys.Meta(LONG.decode(in), LONG.decode(in));
      return new KeysState(meta, LONG.decode(in));
    }
  }
}
