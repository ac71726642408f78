package io.featurebeam.benchmarks.flinknative;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What is held of a card where a period emits: tiles of the period, on whose ends all windows begin
 * and end, and tiles of an hour over them.
 */
final class CardTiles {
  private static final long COARSE = 3_600_000_000L;

  private final Tiles fine;
  private final Tiles coarse;

  CardTiles(long period) {
    this(new Tiles(period), new Tiles(COARSE));
  }

  private CardTiles(Tiles fine, Tiles coarse) {
    this.fine = fine;
    this.coarse = coarse;
  }

  CardTiles copy() {
    return new CardTiles(fine.copy(), coarse.copy());
  }

  /** Says whether it is the first of its period. */
  boolean add(long time, double amount, byte channel) {
    boolean first = fine.add(time, amount, channel, true);
    coarse.add(time, amount, channel, first);
    return first;
  }

  /** The windows {@code [end - length, end)}, the shorter ones first. */
  void windows(long end, long[] lengths, Totals totals, FeatureWriter row) throws IOException {
    int next = fine.lowerBound(end);
    int tile = coarse.lowerBound(coarse.startOf(end - 1) + 1) - 1;
    boolean whole = next == fine.end() || fine.start(next) >= coarse.end(tile);
    totals.clear();
    if (next > fine.first() && fine.start(next - 1) < coarse.start(tile)) {
      tile--;
      whole = true;
    }
    for (int window = 0; window < lengths.length; window++) {
      long start = end - lengths[window];
      while (next > fine.first() && fine.start(next - 1) >= start) {
        if (whole && coarse.start(tile) >= start) {
          coarse.mergeInto(totals, tile);
          next -= coarse.members(tile);
          tile--;
        } else {
          next--;
          fine.mergeInto(totals, next);
          whole = next > fine.first() && fine.start(next - 1) < coarse.start(tile);
          if (whole) {
            tile--;
          }
        }
      }
      row.window(window, totals);
    }
  }

  /** Forgets what ends at a time or before, in whole hours. */
  void evict(long time) {
    while (!coarse.isEmpty() && coarse.end(coarse.first()) <= time) {
      for (int i = coarse.members(coarse.first()); i > 0; i--) {
        fine.dropFirst();
      }
      coarse.dropFirst();
    }
  }

  boolean isEmpty() {
    return coarse.isEmpty();
  }

  /** When the last tile has left a window of a length. */
  long neededUntil(long length) {
    return coarse.end(coarse.end() - 1) + length;
  }

  void write(DataOutputView out) throws IOException {
    fine.write(out);
    coarse.write(out);
  }

  static CardTiles read(long period, DataInputView in) throws IOException {
    return new CardTiles(Tiles.read(period, in), Tiles.read(COARSE, in));
  }
}
