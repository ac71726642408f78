package io.featurebeam.aggregate;

import io.featurebeam.aggregate.BoundAggregates.Frame;
import io.featurebeam.time.Emission;
import io.featurebeam.time.WindowBounds;
import java.util.List;
import java.util.Optional;

/**
 * The grid on which every edge of every window falls, so that a window is a run of whole tiles:
 * tile i holds the event times from {@code offset + i * micros} (inclusive) to the next
 * (exclusive).
 *
 * @param micros the length of a tile
 * @param offset 0 for windows closed on the left and open on the right, 1 for the opposite
 */
record TileGrid(long micros, long offset) {

  /**
   * Empty if some edge cannot be on a grid: rows at every event, both ends closed, a cap of rows.
   */
  static Optional<TileGrid> of(WindowedAggregates spec, List<Frame> frames) {
    if (spec.emission().kind() == Emission.Kind.EVERY_EVENT) {
      return Optional.empty();
    }
    long micros = spec.hop();
    long offset = frames.get(0).bounds().leftClosed() ? 0 : 1;
    for (Frame frame : frames) {
      WindowBounds bounds = frame.bounds();
      boolean lifetime = frame.window().isLifetime();
      long left = lifetime ? (bounds.rightClosed() ? 1 : 0) : bounds.leftClosed() ? 0 : 1;
      long right = bounds.rightClosed() ? 1 : 0;
      if (left != right || right != offset || bounds.rowCap() > 0 || bounds.excludeCurrent()) {
        return Optional.empty();
      }
      micros = gcd(micros, lifetime ? 0 : frame.window().micros());
      micros = gcd(micros, bounds.delayMicros());
      micros = gcd(micros, bounds.hopMicros());
    }
    return Optional.of(new TileGrid(micros, offset));
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  long tile(long time) {
    return Math.floorDiv(time - offset, micros);
  }

  /** The first event time of a tile. */
  long start(long tile) {
    return tile * micros + offset;
  }
}
