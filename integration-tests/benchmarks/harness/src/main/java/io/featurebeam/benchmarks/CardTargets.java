package io.featurebeam.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code card-batch} is to reach: the peer's median wall time divided by ours, at least.
 *
 * <p>The target against DuckDB need only be met by the better of our runners.
 */
final class CardTargets {
  /** From so many users on, state and not records is what costs. */
  static final int MANY_USERS = 1_000_000;

  private CardTargets() {}

  /** Ours against a peer. */
  record Pair(String ours, String peer) {}

  /** Who is compared with whom: plain Beam runs on Flink, so ours on Flink alone is its rival. */
  static List<Pair> pairs(List<String> ours, List<String> peers) {
    List<Pair> pairs = new ArrayList<>();
    for (String our : ours) {
      for (String peer : peers) {
        if (!peer.equals("beam-rows") || our.equals("featurebeam-flink")) {
          pairs.add(new Pair(our, peer));
        }
      }
    }
    return pairs;
  }

  static double of(Pair pair, long users) {
    return switch (pair.peer()) {
      case "spark-sql" -> 2.0; // half its time
      case "duckdb" -> 1.0 / 3;
      case "beam-rows" -> users >= MANY_USERS ? 2.0 : 5.0;
      default -> 1.0;
    };
  }
}
