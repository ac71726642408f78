package io.featurebeam.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says why a feature cannot read another: it is declared later, or reads it in turn. */
final class Order {

  private final Map<String, Feature> features;

  Order(Map<String, Feature> features) {
    this.features = features;
  }

  /** For {@code name}, which reads {@code input}, the name of a feature that is not before it. */
  IllegalArgumentException error(String name, String input) {
    List<String> path = new ArrayList<>(List.of(name));
    return new IllegalArgumentException(
        leadsBack(input, name, path)
            ? "reads itself: " + String.join(" -> ", path)
            : "reads '" + input + "', which is declared after it (declare '" + input + "' first)");
  }

  /** Extends {@code path} from {@code from} to {@code target} along what features read. */
  private boolean leadsBack(String from, String target, List<String> path) {
    if (path.lastIndexOf(from) > 0) {
      return false;
    }
    path.add(from);
    if (from.equals(target)) {
      return true;
    }
    for (String input : features.get(from).inputs()) {
      if (features.containsKey(input) && leadsBack(input, target, path)) {
        return true;
      }
    }
    path.remove(path.size() - 1);
    return false;
  }
}
