package io.featurebeam.pipelines.spec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies {@code path.to.key=value} to the nodes of a file before they are checked. A path is keys
 * and list indexes with dots between; keys that are not there are added, the index behind the last
 * appends. The value is YAML, so {@code keys=[a, b]} is a list; none at all removes the key.
 *
 * <p>{@code {path.to.key: value, ...}} is several at once, in order: where a flag can be given only
 * once, as with a template's parameters. It is YAML, thus JSON as well, and null removes a key.
 */
final class Overrides {

  private static final String MALFORMED =
      "Invalid override (must be path.to.key=value); use for example --set=name=flights";

  private final Problems problems;

  Overrides(Problems problems) {
    this.problems = problems;
  }

  Node apply(Node root, String override) {
    if (override.startsWith("{")) {
      return applyAll(root, override);
    }
    int equals = override.indexOf('=');
    String path = equals < 0 ? override : override.substring(0, equals);
    Location flag = Location.flag("--set=" + path);
    if (equals < 0) {
      problems.add(flag, "", MALFORMED);
      return root;
    }
    List<String> steps = steps(path, flag);
    if (steps.isEmpty()) {
      return root;
    }
    if (override.substring(equals + 1).isBlank()) {
      return removed(root, steps, 0, flag);
    }
    Node value = YamlReader.readFlag(override.substring(equals + 1), flag.source(), problems);
    return value == null ? root : set(root, steps, 0, value, flag);
  }

  private Node applyAll(Node root, String overrides) {
    Node all = YamlReader.readFlag(overrides, "--set", problems);
    Node result = root;
    if (all instanceof Node.Mapping mapping) {
      for (Node.Mapping.Entry entry : mapping.entries()) {
        Location flag = Location.flag("--set=" + entry.key().text());
        List<String> steps = steps(entry.key().text(), flag);
        if (!steps.isEmpty()) {
          result =
              entry.value() instanceof Node.Scalar scalar && scalar.isNull()
                  ? removed(result, steps, 0, flag)
                  : set(result, steps, 0, entry.value(), flag);
        }
      }
    }
    return result;
  }

  /** The keys and indexes of a path; none if it is wrong, which is told. */
  private List<String> steps(String path, Location flag) {
    List<String> steps = List.of(path.split("\\.", -1));
    if (steps.stream().anyMatch(String::isBlank)) {
      problems.add(flag, "", MALFORMED);
      return List.of();
    }
    if (steps.size() > YamlReader.MAX_DEPTH) {
      problems.add(
          flag, "", "Invalid override: too deep (must be at most " + YamlReader.MAX_DEPTH + ")");
      return List.of();
    }
    return steps;
  }

  /** Without the key or item that the path ends with. */
  private Node removed(Node node, List<String> steps, int at, Location flag) {
    String step = steps.get(at);
    boolean last = at == steps.size() - 1;
    if (node instanceof Node.Mapping mapping && mapping.get(step) != null) {
      List<Node.Mapping.Entry> entries = new ArrayList<>(mapping.entries());
      for (int i = 0; i < entries.size(); i++) {
        Node.Mapping.Entry entry = entries.get(i);
        if (entry.key().text().equals(step)) {
          if (last) {
            entries.remove(i);
          } else {
            Node left = removed(entry.value(), steps, at + 1, flag);
            entries.set(i, new Node.Mapping.Entry(entry.key(), left));
          }
          return new Node.Mapping(List.copyOf(entries), mapping.location());
        }
      }
    }
    if (node instanceof Node.Sequence sequence
        && step.matches("[0-9]{1,6}")
        && Integer.parseInt(step) < sequence.items().size()) {
      List<Node> items = new ArrayList<>(sequence.items());
      int index = Integer.parseInt(step);
      if (last) {
        items.remove(index);
      } else {
        items.set(index, removed(items.get(index), steps, at + 1, flag));
      }
      return new Node.Sequence(List.copyOf(items), sequence.location());
    }
    problems.add(
        flag,
        "",
        "Invalid override: nothing to remove, there is no '"
            + String.join(".", steps.subList(0, at + 1))
            + "' (give a value to set it)");
    return node;
  }

  private Node set(@Nullable Node node, List<String> steps, int at, Node value, Location flag) {
    if (at == steps.size()) {
      return value;
    }
    String step = steps.get(at);
    if (node instanceof Node.Sequence sequence) {
      return setItem(sequence, steps, at, value, flag);
    }
    if (node == null || (node instanceof Node.Scalar scalar && scalar.isNull())) {
      Node.Scalar key = new Node.Scalar(step, false, null, flag);
      Node child = set(null, steps, at + 1, value, flag);
      return new Node.Mapping(List.of(new Node.Mapping.Entry(key, child)), flag);
    }
    if (!(node instanceof Node.Mapping mapping)) {
      problems.add(
          flag,
          "",
          "Invalid override: "
              + String.join(".", steps.subList(0, at))
              + " is one value and has no '"
              + step
              + "'");
      return node;
    }
    List<Node.Mapping.Entry> entries = new ArrayList<>(mapping.entries());
    for (int i = 0; i < entries.size(); i++) {
      Node.Mapping.Entry entry = entries.get(i);
      if (entry.key().text().equals(step)) {
        Node child = set(entry.value(), steps, at + 1, value, flag);
        entries.set(i, new Node.Mapping.Entry(entry.key(), child));
        return new Node.Mapping(List.copyOf(entries), mapping.location());
      }
    }
    Node.Scalar key = new Node.Scalar(step, false, null, flag);
    entries.add(new Node.Mapping.Entry(key, set(null, steps, at + 1, value, flag)));
    return new Node.Mapping(List.copyOf(entries), mapping.location());
  }

  private Node setItem(
      Node.Sequence sequence, List<String> steps, int at, Node value, Location flag) {
    int size = sequence.items().size();
    String step = steps.get(at);
    int index = step.matches("[0-9]{1,6}") ? Integer.parseInt(step) : -1;
    if (index < 0 || index > size) {
      problems.add(
          flag,
          "",
          "Invalid override: '"
              + step
              + "' is no index of "
              + String.join(".", steps.subList(0, at))
              + " (must be 0 to "
              + size
              + ", where "
              + size
              + " appends)");
      return sequence;
    }
    List<Node> items = new ArrayList<>(sequence.items());
    if (index == size) {
      items.add(set(null, steps, at + 1, value, flag));
    } else {
      items.set(index, set(items.get(index), steps, at + 1, value, flag));
    }
    return new Node.Sequence(List.copyOf(items), sequence.location());
  }
}
