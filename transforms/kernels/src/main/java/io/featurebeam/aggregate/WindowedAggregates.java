package io.featurebeam.aggregate;

import io.featurebeam.time.Emission;
import io.featurebeam.time.Spans;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is aggregated: per which keys, over which windows, at which times.
 *
 * <pre>{@code
 * WindowedAggregates spending = new WindowedAggregates(
 *     List.of("user"), "time", null, Emission.every(Spans.parse("1h")),
 *     List.of(new Group(
 *         List.of(Window.of("1h"), Window.of("24h")), WindowBounds.DEFAULT,
 *         List.of(Feature.of("total", Aggregates.sum("amount"))))));
 * // user, window_end, total_1h, total_1d
 * }</pre>
 *
 * <p>With {@code everyEvent} each record comes out with its columns and the features at its event
 * time. With {@code every} and {@code windowClose} there is one row per key and hop (or window) in
 * which the key had an event, with the columns of the key, {@link #WINDOW_END} and the features; an
 * inactive key gives no row. A feature's column is its name, an underscore and its window: {@code
 * total_1d}.
 *
 * <p>{@code windowClose} over a {@linkplain Window#session session} with gap g gives one row per
 * key and session, with {@link #WINDOW_START}, the time of its first event, and {@link
 * #WINDOW_END}, g after its last; it sees the whole session.
 *
 * @param keys the columns of the entity key, at least one
 * @param eventTime the timestamp column that says when an event happened
 * @param sequence an int64, timestamp, date or time column that orders events of equal time, or
 *     null
 * @param emission at which times a row is made
 * @param groups features with their windows
 */
public record WindowedAggregates(
    List<String> keys,
    String eventTime,
    @Nullable String sequence,
    Emission emission,
    List<Group> groups)
    implements Serializable {

  /** The column that holds a row's time with {@code every} and {@code windowClose}. */
  public static final String WINDOW_END = "window_end";

  /** The column that holds when a session began, with {@code windowClose}. */
  public static final String WINDOW_START = "window_start";

  /** Features that share windows and bounds. */
  public record Group(List<Window> windows, WindowBounds bounds, List<Feature> features)
      implements Serializable {
    public Group {
      windows = List.copyOf(windows);
      features = List.copyOf(features);
      Objects.requireNonNull(bounds, "bounds is null");
      if (bounds.hopMicros() > 0 && windows.stream().anyMatch(Window::isSession)) {
        throw new IllegalArgumentException(
            "Invalid hop for a session: "
                + Spans.format(bounds.hopMicros())
                + " (a session begins with an event, which nothing rounds; leave hop out)");
      }
    }
  }

  /** A named aggregate, over all events or over those where an expression is true. */
  public record Feature(String name, Aggregate aggregate, @Nullable String where)
      implements Serializable {
    public static Feature of(String name, Aggregate aggregate) {
      return new Feature(name, aggregate, null);
    }
  }

  public WindowedAggregates {
    keys = List.copyOf(keys);
    groups = List.copyOf(groups);
    Objects.requireNonNull(eventTime, "eventTime is null");
    Objects.requireNonNull(emission, "emission is null");
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("Invalid keys: none (an aggregate needs at least one)");
    }
    if (groups.stream().allMatch(g -> g.features().isEmpty() || g.windows().isEmpty())) {
      throw new IllegalArgumentException(
          "Invalid aggregate: no features or no windows (needs at least one of each)");
    }
    if (emission.kind() == Emission.Kind.WINDOW_CLOSE) {
      checkOneWindow(groups);
    }
    if (isSessionClose(emission, groups)
        && groups.stream().anyMatch(g -> !g.bounds().withRowCap(0).equals(WindowBounds.DEFAULT))) {
      throw new IllegalArgumentException(
          "Invalid bounds for windowClose of a session: not those of [t - w, t) (its row sees the"
              + " whole session; leave all but rowCap out)");
    }
    if (emission.kind() != Emission.Kind.EVERY_EVENT
        && groups.stream().anyMatch(g -> g.bounds().excludeCurrent())) {
      throw new IllegalArgumentException(
          "Invalid excludeCurrent: true (only a row at every event has a current event; emit"
              + " everyEvent or leave it out)");
    }
  }

  private static void checkOneWindow(List<Group> groups) {
    List<Window> windows = groups.stream().flatMap(g -> g.windows().stream()).distinct().toList();
    if (windows.size() != 1 || windows.get(0).isLifetime()) {
      throw new IllegalArgumentException(
          "Invalid windows for windowClose: "
              + windows
              + " (it closes one window of finite length; for several windows emit every hop)");
    }
  }

  /** Whether there is one row per session. */
  public boolean isSessionClose() {
    return isSessionClose(emission, groups);
  }

  private static boolean isSessionClose(Emission emission, List<Group> groups) {
    return emission.kind() == Emission.Kind.WINDOW_CLOSE
        && groups.get(0).windows().get(0).isSession();
  }

  /**
   * The distance between rows of a key in microseconds; 0 with {@code everyEvent}. Of sessions the
   * gap: what lies between the last event and the row.
   */
  public long hop() {
    return emission.kind() == Emission.Kind.WINDOW_CLOSE
        ? groups.get(0).windows().get(0).micros()
        : emission.everyMicros();
  }

  /** Whether an event exactly at the end of a hop belongs to it. */
  boolean isRightClosed() {
    return groups.get(0).bounds().rightClosed();
  }

  /**
   * The last event time that can be aggregated: where rows are at the ends of hops, that of the
   * last hop whose end is a timestamp. A later event, {@code infinity} of some databases, must be
   * rejected before.
   */
  public long lastTime() {
    if (emission.kind() == Emission.Kind.EVERY_EVENT) {
      return Long.MAX_VALUE;
    }
    if (isSessionClose()) {
      return Long.MAX_VALUE - hop();
    }
    long lastEnd = Long.MAX_VALUE / hop() * hop();
    return isRightClosed() ? lastEnd : lastEnd - 1;
  }

  /**
   * How far before its time a row may see an event, in microseconds; a session may be of any
   * length.
   */
  public long reach() {
    long reach = hop();
    for (Group group : groups) {
      for (Window window : group.windows()) {
        reach = window.isSession() ? Long.MAX_VALUE : Math.max(reach, group.bounds().reach(window));
      }
    }
    return reach;
  }
}
