package io.featurebeam.aggregate;

import io.featurebeam.aggregate.BoundAggregates.Frame;
import io.featurebeam.time.Emission;
import io.featurebeam.time.WindowBounds;
import java.util.List;
import java.util.Optional;

/**
 * The grid on which every edge of every window falls, so that a window is a run of whole tiles.
 * Tile i holds the event times from {@code i * micros} on, before the next edge; with windows that
 * are closed on the right those that are after the edge before, up to {@code i * micros}. So the
 * number of the tile of any time is a long.
 *
 * @param micros the length of a tile
 * @param rightClosed whether an event exactly on an edge belongs to the tile before it
 */
record TileGrid(long micros, boolean rightClosed) {

  /**
   * Empty if some edge cannot be on a grid: rows at every event, both ends closed, a cap of rows, a
   * session.
   */
  static Optional<TileGrid> of(WindowedAggregates spec, List<Frame> frames) {
    if (spec.emission().kind() == Emission.Kind.EVERY_EVENT) {
      return Optional.empty();
    }
    long micros = spec.hop();
    boolean rightClosed = frames.get(0).bounds().rightClosed();
    for (Frame frame : frames) {
      WindowBounds bounds = frame.bounds();
      boolean lifetime = frame.window().isLifetime();
      boolean halfOpen = lifetime || bounds.leftClosed() != bounds.rightClosed();
      if (!halfOpen
          || bounds.rightClosed() != rightClosed
          || frame.window().isSession()
          || bounds.rowCap() > 0
          || bounds.excludeCurrent()) {
        return Optional.empty();
      }
      micros = gcd(micros, lifetime ? 0 : frame.window().micros());
      micros = gcd(micros, bounds.delayMicros());
      micros = gcd(micros, bounds.hopMicros());
    }
    return Optional.of(new TileGrid(micros, rightClosed));
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  long tile(long time) {
    long tile = Math.floorDiv(time, micros);
    return rightClosed && tile * micros != time ? tile + 1 : tile;
  }

  /** The first event time of a tile that holds a time; the least long if it begins before it. */
  long start(long tile) {
    long edge = rightClosed ? tile - 1 : tile;
    if (edge < Long.MIN_VALUE / micros) {
      return Long.MIN_VALUE;
    }
    return edge * micros + (rightClosed ? 1 : 0);
  }

  /** The edge at which a tile ends. */
  long end(long tile) {
    return (rightClosed ? tile : tile + 1) * micros;
  }
}
