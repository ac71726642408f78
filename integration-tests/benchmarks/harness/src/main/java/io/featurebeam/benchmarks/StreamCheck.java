package io.featurebeam.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether two contenders have computed the same: rows, columns and values, numbers to within 1e-9,
 * deviations also to within what sums of squares lose. Revisions and whether a row is final may
 * differ.
 */
final class StreamCheck {
  private static final double TOLERANCE = 1e-9;

  /** Of squares, for what cancels when the squared mean is taken off. */
  private static final double CANCELLED = 1e-12;

  private static final Set<String> TIMES = Set.of("paid_at", "window_end");
  private static final String DEVIATION = "deviation_";

  private StreamCheck() {}

  /** Gives how many rows agree, which is all of them. */
  static long agreed(Map<String, JsonNode> ours, Map<String, JsonNode> peers) {
    if (!ours.keySet().equals(peers.keySet())) {
      TreeSet<String> different = new TreeSet<>(ours.keySet());
      different.removeAll(peers.keySet());
      TreeSet<String> missing = new TreeSet<>(peers.keySet());
      missing.removeAll(ours.keySet());
      throw new IllegalStateException(
          "Rows differ: %d of ours and %d of the peer's; ours alone has %d, such as %s; the peer alone has %d, such as %s"
              .formatted(
                  ours.size(),
                  peers.size(),
                  different.size(),
                  different.isEmpty() ? "none" : different.first(),
                  missing.size(),
                  missing.isEmpty() ? "none" : missing.first()));
    }
    ours.forEach((key, row) -> compare(row, peers.get(key)));
    return ours.size();
  }

  private static void compare(JsonNode ours, JsonNode peers) {
    TreeSet<String> names = new TreeSet<>();
    ours.fieldNames().forEachRemaining(names::add);
    peers.fieldNames().forEachRemaining(names::add);
    names.remove("revision");
    names.remove("final");
    names.remove("pane");
    for (String name : names) {
      if (!equal(name, ours, peers)) {
        throw new IllegalStateException(
            "Rows differ in " + name + ":\n  ours " + ours + "\n  peer " + peers);
      }
    }
  }

  private static boolean equal(String name, JsonNode ourRow, JsonNode peerRow) {
    JsonNode ours = ourRow.path(name);
    JsonNode peers = peerRow.path(name);
    if (empty(ours) || empty(peers)) {
      return empty(ours) && empty(peers);
    }
    if (!ours.isNumber() || !peers.isNumber()) {
      return TIMES.contains(name)
          ? Instant.parse(ours.asText()).equals(Instant.parse(peers.asText()))
          : ours.equals(peers);
    }
    double a = ours.doubleValue();
    double b = peers.doubleValue();
    if (Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b))) {
      return true;
    }
    if (!name.startsWith(DEVIATION)) {
      return false;
    }
    double mean = ourRow.path("mean_" + name.substring(DEVIATION.length())).doubleValue();
    return Math.abs(a * a - b * b) <= CANCELLED * (mean * mean + a * a);
  }

  private static boolean empty(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }
}
