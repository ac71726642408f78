package io.featurebeam.pipelines.spec;

import io.featurebeam.time.Emission;
import io.featurebeam.time.Spans;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A group of aggregates that share keys, windows, bounds and moments.
 *
 * @param windows how far they look back; each aggregate is computed over each
 * @param emit when a row is given
 * @param bounds which events at the edges belong to a window
 * @param keys the entity key columns of this group; empty for the pipeline's own
 * @param columns the aggregates, in the order of their columns
 */
public record AggregateSpec(
    List<Window> windows,
    Emission emit,
    WindowBounds bounds,
    List<String> keys,
    List<AggregateColumn> columns) {

  public AggregateSpec {
    windows = List.copyOf(windows);
    Objects.requireNonNull(emit, "emit is null");
    Objects.requireNonNull(bounds, "bounds is null");
    keys = List.copyOf(keys);
    columns = List.copyOf(columns);
    if (windows.isEmpty()) {
      throw new IllegalArgumentException("Invalid window: none given (must be at least one)");
    }
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("Invalid features: none given (must be at least one)");
    }
    if (bounds.hopMicros() > 0 && windows.stream().anyMatch(Window::isSession)) {
      throw new IllegalArgumentException(
          "Invalid hop: "
              + Spans.format(bounds.hopMicros())
              + " (a session begins with an event, which nothing rounds; leave hop and profile"
              + " chronon out, or put the session into a group of its own)");
    }
    Set<Window> lengths = new HashSet<>();
    for (Window window : windows) {
      if (!lengths.add(window)) {
        throw new IllegalArgumentException(
            "Invalid window: '" + window + "' (this length is given twice)");
      }
    }
    if (emit.kind() == Emission.Kind.WINDOW_CLOSE
        && (windows.size() != 1 || windows.get(0).isLifetime())) {
      throw new IllegalArgumentException(
          "Invalid window: "
              + windows
              + " (emit: windowClose needs exactly one, not lifetime; use everyEvent or every:"
              + " 1h)");
    }
    if (emit.kind() != Emission.Kind.EVERY_EVENT && bounds.excludeCurrent()) {
      throw new IllegalArgumentException(
          "Invalid excludeCurrent: true (only a row per event has a current event; use emit:"
              + " everyEvent)");
    }
    if (emit.kind() == Emission.Kind.WINDOW_CLOSE
        && !bounds.withRowCap(0).equals(WindowBounds.DEFAULT)) {
      throw new IllegalArgumentException(
          "Invalid bounds: not those of [t - w, t) (emit: windowClose counts each event in the one"
              + " window that holds it; leave left, right, delay, hop and profile out, or use"
              + " every: "
              + Spans.format(windows.get(0).micros())
              + ")");
    }
    Set<String> names = new HashSet<>();
    for (AggregateColumn column : columns) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException(
            "Invalid aggregate name: '" + column.name() + "' (is given twice)");
      }
    }
  }

  /** The aggregates over windows {@code [t - w, t)}, for each event. */
  public static AggregateSpec of(List<Window> windows, List<AggregateColumn> columns) {
    return new AggregateSpec(
        windows, Emission.everyEvent(), WindowBounds.DEFAULT, List.of(), columns);
  }

  /** Whether there is one row per session. */
  boolean isSessionClose() {
    return emit.kind() == Emission.Kind.WINDOW_CLOSE && windows.get(0).isSession();
  }

  public AggregateSpec withEmit(Emission newEmit) {
    return new AggregateSpec(windows, newEmit, bounds, keys, columns);
  }

  public AggregateSpec withBounds(WindowBounds newBounds) {
    return new AggregateSpec(windows, emit, newBounds, keys, columns);
  }

  public AggregateSpec withKeys(List<String> newKeys) {
    return new AggregateSpec(windows, emit, bounds, newKeys, columns);
  }
}
