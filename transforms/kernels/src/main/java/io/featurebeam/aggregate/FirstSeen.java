package io.featurebeam.aggregate;

import io.featurebeam.aggregate.BoundAggregates.Frame;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.List;

/**
 * From when on the rows of a key see its items, over the longest of their windows; where a session
 * begins depends on the items there are. Not thread-safe.
 */
final class FirstSeen {

  private final BoundAggregates plan;
  private final List<Session> sessions;

  FirstSeen(BoundAggregates plan) {
    this.plan = plan;
    this.sessions =
        plan.frames().stream()
            .filter(frame -> frame.window().isSession())
            .map(frame -> new Session(frame, plan.isSessionClose()))
            .toList();
  }

  /** Starts anew, with the rows of another key, or of an earlier time. */
  void begin(Timeline line) {
    for (Session session : sessions) {
      session.begin(line);
    }
  }

  /**
   * The first time that a row at {@code t} sees; no later row sees an item before it. Times must
   * ascend.
   */
  long at(long t) {
    long first = plan.firstSeen(t);
    for (Session session : sessions) {
      first = Math.min(first, session.at(t));
    }
    return first;
  }

  /** The session of one frame, on which the rows move forward. */
  private static final class Session {
    private final Window window;
    private final WindowBounds bounds;
    private final boolean closing;
    private Timeline line;
    private int start;
    private int end;

    Session(Frame frame, boolean closing) {
      this.window = frame.window();
      this.bounds = frame.bounds();
      this.closing = closing;
    }

    void begin(Timeline newLine) {
      line = newLine;
      end = -1;
    }

    long at(long t) {
      if (end < 0) {
        end = line.until(bounds, t);
        start = end == 0 ? 0 : line.sessionStart(window, end - 1);
      }
      while (end < line.size() && !bounds.endsBefore(line.time(end), t)) {
        if (end > 0 && window.isParted(line.time(end - 1), line.time(end))) {
          start = end;
        }
        end++;
      }
      boolean isOver = end == 0 || (!closing && bounds.isOver(line.time(end - 1), t, window));
      if (isOver) {
        return end < line.size() ? line.time(end) : Long.MAX_VALUE;
      }
      return line.time(start);
    }
  }
}
