package io.featurebeam.pipelines.spec;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the values of environment variables in place of {@code ${NAME}} in scalars, never in keys,
 * once (a value is not looked through again), and remembers every value as a secret. A doubled
 * dollar sign before a brace stands for a plain one.
 */
final class Interpolation {

  /** So that many mentions of a long variable cannot fill the memory. */
  private static final int MAX_VALUE = 1 << 16;

  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)}|\\$\\{");

  private final UnaryOperator<@Nullable String> environment;
  private final Problems problems;
  private final Map<String, String> variables = new HashMap<>();
  private final Map<String, String> scalars = new HashMap<>();

  Interpolation(UnaryOperator<@Nullable String> environment, Problems problems) {
    this.environment = environment;
    this.problems = problems;
  }

  Secrets secrets() {
    return new Secrets(variables, scalars);
  }

  Node resolve(Node node, String path) {
    if (node instanceof Node.Scalar scalar) {
      return scalar.text().contains("${") ? scalar(scalar, path) : scalar;
    }
    if (node instanceof Node.Sequence sequence) {
      Node[] items = new Node[sequence.items().size()];
      for (int i = 0; i < items.length; i++) {
        items[i] = resolve(sequence.items().get(i), path + "[" + i + "]");
      }
      return new Node.Sequence(List.of(items), sequence.location());
    }
    Node.Mapping mapping = (Node.Mapping) node;
    return new Node.Mapping(
        mapping.entries().stream()
            .map(
                e ->
                    new Node.Mapping.Entry(e.key(), resolve(e.value(), join(path, e.key().text()))))
            .toList(),
        mapping.location());
  }

  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private Node.Scalar scalar(Node.Scalar scalar, String path) {
    Matcher matcher = VARIABLE.matcher(scalar.text());
    StringBuilder out = new StringBuilder();
    boolean variable = false;
    while (matcher.find()) {
      String name = matcher.group(1);
      String value = "${";
      if (name != null) {
        value = value(scalar, path, name);
        variable = true;
      } else if (matcher.group().equals("${")) {
        problems.add(
            scalar.location(),
            path,
            "Invalid variable: '"
                + scalar.text().substring(matcher.start())
                + "' (must be ${NAME} of letters, digits and _; use $${ for a plain ${)");
      }
      if (out.length() + value.length() > MAX_VALUE) {
        problems.add(
            scalar.location(),
            path,
            "Invalid value: longer than " + MAX_VALUE + " characters with its variables");
        return scalar;
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(value));
    }
    matcher.appendTail(out);
    if (!variable) {
      return new Node.Scalar(out.toString(), scalar.plain(), null, scalar.location());
    }
    Node.Scalar resolved =
        new Node.Scalar(out.toString(), scalar.plain(), scalar.text(), scalar.location());
    scalars.put(resolved.text(), scalar.text());
    return resolved;
  }

  private String value(Node.Scalar scalar, String path, String name) {
    String value = environment.apply(name);
    if (value == null) {
      problems.add(
          scalar.location(),
          path,
          "Missing environment variable: " + name + " (set it, or give the value with --set)");
      return "${" + name + "}";
    }
    if (!value.isEmpty()) {
      variables.put(value, "${" + name + "}");
    }
    return value;
  }
}
