package io.featurebeam.pipelines.spec;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes maps, lists, text, numbers and booleans as YAML a person would write: small lists and maps
 * in one line, quotes only where needed.
 */
final class YamlText {

  private static final int LINE = 90;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/][A-Za-z0-9_./()*-]*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

  private final Secrets secrets;
  private final StringBuilder out = new StringBuilder();

  private YamlText(Secrets secrets) {
    this.secrets = secrets;
  }

  static String of(Map<String, ?> root, Secrets secrets) {
    YamlText text = new YamlText(secrets);
    text.mapping(root, 0);
    return text.out.toString();
  }

  private void mapping(Map<?, ?> map, int indent) {
    map.forEach(
        (key, value) -> {
          out.append(" ".repeat(indent)).append(key((String) key)).append(':');
          value(value, indent);
        });
  }

  /** The value behind {@code key:}, in its line or in lines of its own. */
  private void value(Object value, int indent) {
    if (inLine(value)) {
      String flow = flow(value);
      if (flow.length() + indent <= LINE || isLeaf(value)) {
        out.append(' ').append(flow).append('\n');
        return;
      }
    }
    out.append('\n');
    if (value instanceof Map<?, ?> map) {
      mapping(map, indent + 2);
    } else {
      items((List<?>) value, indent + 2);
    }
  }

  private void items(List<?> items, int indent) {
    for (Object item : items) {
      String flow = inLine(item) ? flow(item) : "";
      if (item instanceof Map<?, ?> map && (flow.isEmpty() || flow.length() + indent > LINE)) {
        int start = out.length();
        mapping(map, indent + 2);
        out.setCharAt(start + indent, '-');
      } else if (item instanceof List<?> list && flow.isEmpty()) {
        int start = out.length();
        items(list, indent + 2);
        out.setCharAt(start + indent, '-');
      } else {
        out.append(" ".repeat(indent)).append("- ").append(flow).append('\n');
      }
    }
  }

  private static boolean isLeaf(Object value) {
    return !(value instanceof Map<?, ?> map && !map.isEmpty())
        && !(value instanceof List<?> list && !list.isEmpty());
  }

  /**
   * Whether the value may stand in braces or brackets: one level of map in a map, and no variable
   * that must stand without quotes, which YAML does not allow there.
   */
  private boolean inLine(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.values().stream()
          .allMatch(
              v -> inLine(v) && !isBareVariable(v) && !(v instanceof Map<?, ?> m && m.size() > 1));
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .allMatch(v -> v instanceof List ? inLine(v) : isLeaf(v) && !isBareVariable(v));
    }
    return true;
  }

  private boolean isBareVariable(Object value) {
    return !(value instanceof String)
        && isLeaf(value)
        && secrets.written(plainText(value)).isPresent();
  }

  private String flow(Object value) {
    if (value instanceof Map<?, ?> map) {
      List<String> entries =
          map.entrySet().stream()
              .map(e -> key((String) e.getKey()) + ": " + flow(e.getValue()))
              .toList();
      return entries.isEmpty() ? "{}" : "{ " + String.join(", ", entries) + " }";
    }
    if (value instanceof List<?> list) {
      return "[" + String.join(", ", list.stream().map(this::flow).toList()) + "]";
    }
    return scalar(value);
  }

  private String scalar(Object value) {
    if (!(value instanceof String text)) {
      String plain = plainText(value);
      return secrets.written(plain).orElse(plain);
    }
    String written =
        secrets.written(text).orElseGet(() -> secrets.redact(text.replace("${", "$${")));
    return isPlain(written) ? written : quoted(written);
  }

  private static String plainText(Object value) {
    if (value instanceof Double number) {
      if (number.isNaN()) {
        return ".nan";
      }
      return number.isInfinite() ? (number > 0 ? ".inf" : "-.inf") : number.toString();
    }
    return value.toString();
  }

  private static boolean isPlain(String text) {
    if (!PLAIN.matcher(text).matches()) {
      return false;
    }
    Node.Scalar scalar = new Node.Scalar(text, true, null, Location.flag(""));
    try {
      return !scalar.isNull() && scalar.value() instanceof String;
    } catch (IllegalArgumentException e) {
      return false; // a number too large, meant as text
    }
  }

  private static String key(String key) {
    return NAME.matcher(key).matches() && isPlain(key) ? key : quoted(key);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if ((c >= ' ' && c < 127) || (c > 0xA0 && Character.isLetterOrDigit(c))) {
                quoted.appendCodePoint(c);
              } else {
                quoted.append(
                    c > 0xFFFF ? String.format("\\U%08x", c) : String.format("\\u%04x", c));
              }
            });
    return quoted.append('"').toString();
  }
}
