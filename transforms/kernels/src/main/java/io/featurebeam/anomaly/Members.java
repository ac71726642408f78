package io.featurebeam.anomaly;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which of an ensemble's values each member is given. */
final class Members {

  private final int width;
  private final int[][] places;
  private final double[][] values;

  Members(List<List<String>> members) {
    List<String> columns = columns(members);
    width = columns.size();
    places =
        members.stream()
            .map(member -> member.stream().mapToInt(columns::indexOf).toArray())
            .toArray(int[][]::new);
    values = members.stream().map(member -> new double[member.size()]).toArray(double[][]::new);
  }

  /** All columns of all members, each once. */
  static List<String> columns(List<List<String>> members) {
    Set<String> columns = new LinkedHashSet<>();
    members.forEach(columns::addAll);
    return List.copyOf(columns);
  }

  int width() {
    return width;
  }

  /** The values of one member, in an array that the next call overwrites. */
  double[] of(int member, double[] all) {
    double[] own = values[member];
    for (int i = 0; i < own.length; i++) {
      own[i] = all[places[member][i]];
    }
    return own;
  }
}
