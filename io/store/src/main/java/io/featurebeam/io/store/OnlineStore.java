package io.featurebeam.io.store;

import io.featurebeam.io.lookup.LatestRow;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collection;
import org.apache.beam.sdk.transforms.display.HasDisplayData;

/**
 * A group of features in a store, as a pipeline writes to it.
 *
 * <p>The store itself decides which row is newer, in one step with the writing: an older row never
 * replaces a newer one, whoever else writes, and a row that is written again changes nothing.
 */
public interface OnlineStore extends Serializable, HasDisplayData {

  /** Which store it is, in a word: facts, counters and counts on the console begin with it. */
  String kind();

  /** The group's name there. */
  String group();

  /** Whether it answers and takes the rows; changes nothing. An error says what to do if not. */
  void check();

  /** For one thread; connects when something is written. */
  Writer writer();

  /** What is said of a store that was tried again until patience ended. */
  static String triedInVain(int attempts) {
    return ", after "
        + attempts
        + " attempts (run again when it answers: rows that are there stay, and none counts twice)";
  }

  /** Writes rows, and waits for a store that is down. */
  interface Writer extends AutoCloseable {

    /** When this returns, rows of this and earlier calls are there for everybody. */
    Counts write(Collection<LatestRow> rows) throws IOException, InterruptedException;

    @Override
    void close();
  }

  /** What became of rows: written, older than what the store has, or of a time that is over. */
  record Counts(long written, long older, long expired) {
    public static final Counts NONE = new Counts(0, 0, 0);

    public Counts plus(Counts other) {
      return new Counts(written + other.written, older + other.older, expired + other.expired);
    }
  }
}
