package io.featurebeam.pipelines;

import java.util.ArrayList;
import java.util.List;

/** The lines by which two texts differ: {@code - old} and {@code + new}, in their order. */
final class LineDiff {

  private LineDiff() {}

  static List<String> of(List<String> old, List<String> now) {
    int same = 0;
    while (same < Math.min(old.size(), now.size()) && old.get(same).equals(now.get(same))) {
      same++;
    }
    int sameEnd = 0;
    while (sameEnd < Math.min(old.size(), now.size()) - same
        && old.get(old.size() - 1 - sameEnd).equals(now.get(now.size() - 1 - sameEnd))) {
      sameEnd++;
    }
    return middle(old.subList(same, old.size() - sameEnd), now.subList(same, now.size() - sameEnd));
  }

  /** By the longest list of lines that both have. */
  private static List<String> middle(List<String> old, List<String> now) {
    int[][] common = new int[old.size() + 1][now.size() + 1];
    for (int i = old.size() - 1; i >= 0; i--) {
      for (int j = now.size() - 1; j >= 0; j--) {
        common[i][j] =
            old.get(i).equals(now.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<String> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < old.size() || j < now.size()) {
      if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
        i++;
        j++;
      } else if (j == now.size() || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
        lines.add("- " + old.get(i++));
      } else {
        lines.add("+ " + now.get(j++));
      }
    }
    return lines;
  }
}
