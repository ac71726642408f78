package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.Spelling;
import io.featurebeam.pipelines.spec.Shape.Family;
import io.featurebeam.pipelines.spec.Shape.KeyShape;
import io.featurebeam.settings.Parameter;
import io.featurebeam.time.Spans;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads nodes as their declared shapes. What is wrong goes to the problems and reads as null, so
 * that the rest is read on; the place of every part is remembered.
 */
final class ShapeReader {

  private final Problems problems;
  private final UseReader uses;
  private final Map<String, Location> locations = new TreeMap<>();
  private final Map<String, String> canonical = new HashMap<>();

  ShapeReader(Providers providers, Problems problems) {
    this.problems = problems;
    this.uses = new UseReader(providers, problems, locations);
  }

  Map<String, Location> locations() {
    return locations;
  }

  /**
   * How values that came from variables are written, to what stood in the file: {@code 1d} for 24h.
   */
  Map<String, String> canonical() {
    return canonical;
  }

  private void remember(Node node, String text) {
    if (node instanceof Node.Scalar scalar && scalar.written() != null) {
      canonical.put(text, scalar.written());
    }
  }

  @Nullable Values section(Node node, Shape.Section section, String path) {
    return (Values) read(node, section, path);
  }

  private @Nullable Object read(Node node, Shape shape, String path) {
    locations.put(path, node.location());
    if (shape instanceof Shape.ItemsOr either) {
      return read(node, node instanceof Node.Mapping ? either.section() : either.items(), path);
    }
    if (shape instanceof Shape.Items items) {
      return items(node, items, path);
    }
    if (node instanceof Node.Scalar scalar && scalar.isNull()) {
      problems.add(
          node,
          path,
          path.isEmpty()
              ? "Empty spec (must have at least name, source and eventTime)"
              : "Missing value (give one, or remove the key)");
      return null;
    }
    if (shape instanceof Shape.Rows) {
      return node;
    }
    if (shape instanceof Shape.Plain plain) {
      return plain(node, plain.kind(), path);
    }
    if (shape instanceof Shape.Form form) {
      Node.Scalar scalar = scalar(node, form.words(), path);
      return scalar == null ? null : parse(scalar, form, path);
    }
    if (shape instanceof Shape.Choice choice) {
      Node.Scalar scalar = scalar(node, "one of " + String.join(", ", choice.words()), path);
      return scalar == null ? null : choice(scalar, choice, path);
    }
    if (shape instanceof Shape.Named named) {
      return named(node, named, path);
    }
    if (shape instanceof Shape.Section section) {
      return readSection(node, section, path);
    }
    if (shape instanceof Shape.OneOf oneOf) {
      return oneOf(node, oneOf, path);
    }
    if (shape instanceof Shape.OneOfOr either) {
      boolean isSection =
          node instanceof Node.Mapping mapping
              && either.section().keys().stream().anyMatch(key -> mapping.get(key.name()) != null);
      return read(node, isSection ? either.section() : either.oneOf(), path);
    }
    if (shape instanceof Shape.WordOr wordOr) {
      return node instanceof Node.Scalar
          ? read(node, wordOr.word(), path)
          : readSection(node, wordOr.section(), path);
    }
    return uses.read(node, ((Shape.Provided) shape).family(), path);
  }

  private @Nullable Object plain(Node node, Parameter.Kind kind, String path) {
    Parameter parameter = Parameter.required(last(path), kind, "");
    try {
      Object written = UseReader.written(node, parameter);
      Object typed = SettingTypes.typed(parameter, written);
      remember(
          node, kind == Parameter.Kind.DURATION ? Spans.format((Long) typed) : written.toString());
      return typed;
    } catch (IllegalArgumentException e) {
      problems.add(node, path, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable Object parse(Node.Scalar scalar, Shape.Form form, String path) {
    try {
      Object value = form.parse().apply(scalar.text());
      remember(scalar, form.write().apply(value));
      return value;
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage()).replace("length of time:", last(path) + ":");
      boolean says = message.contains("for example") || message.contains("(must");
      problems.add(
          scalar,
          path,
          (says ? message : "Invalid " + last(path) + ": '" + scalar.text() + "' (" + message + ")")
              + (message.contains("for example") ? "" : "; use for example " + form.example()));
      return null;
    }
  }

  private @Nullable Object choice(Node.Scalar scalar, Shape.Choice choice, String path) {
    if (choice.words().contains(scalar.text())) {
      return scalar.text();
    }
    problems.add(
        scalar,
        path,
        "Invalid "
            + last(path)
            + ": '"
            + scalar.text()
            + "' (must be "
            + String.join(", ", choice.words())
            + ")"
            + didYouMean(scalar.text(), choice.words()));
    return null;
  }

  private @Nullable Object items(Node node, Shape.Items items, String path) {
    if (!(node instanceof Node.Sequence sequence)) {
      Object only = read(node, items.of(), path);
      return only == null ? null : List.of(only);
    }
    int before = problems.count();
    List<Object> read = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      Object item = read(sequence.items().get(i), items.of(), path + "[" + i + "]");
      if (item != null) {
        read.add(item);
      }
    }
    return problems.count() > before ? null : read;
  }

  private @Nullable Object named(Node node, Shape.Named named, String path) {
    Node.Mapping mapping = mapping(node, path);
    if (mapping == null) {
      return null;
    }
    int before = problems.count();
    Map<String, Object> read = new LinkedHashMap<>();
    for (Node.Mapping.Entry entry : mapping.entries()) {
      String name = entry.key().text();
      String entryPath = Interpolation.join(path, name);
      if (named.name().equals("name")) {
        checkName(entry.key(), entryPath);
      }
      Object value = read(entry.value(), named.of(), entryPath);
      if (value != null) {
        read.put(name, value);
      }
    }
    return problems.count() > before ? null : read;
  }

  private void checkName(Node.Scalar key, String path) {
    try {
      Names.check("name", key.text());
    } catch (IllegalArgumentException e) {
      problems.add(key, path, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Values readSection(Node node, Shape.Section section, String path) {
    Node.Mapping mapping = mapping(node, path);
    if (mapping == null) {
      return null;
    }
    int before = problems.count();
    Map<String, Object> read = new LinkedHashMap<>();
    List<String> names = section.keys().stream().map(KeyShape::name).toList();
    for (Node.Mapping.Entry entry : mapping.entries()) {
      String name = entry.key().text();
      if (!names.contains(name)) {
        problems.add(
            entry.key(),
            Interpolation.join(path, name),
            "Unknown key: '" + name + "'" + Spelling.hint(name, names));
      }
    }
    for (KeyShape key : section.keys()) {
      Node value = mapping.get(key.name());
      if (value == null) {
        if (key.required()) {
          problems.add(
              mapping.location(), path, "Missing key: '" + key.name() + "': " + key.description());
        }
        continue;
      }
      Object result = read(value, key.shape(), Interpolation.join(path, key.name()));
      if (result != null) {
        read.put(key.name(), result);
      }
    }
    return new Values(read, problems.count() == before, node, path);
  }

  private @Nullable Object oneOf(Node node, Shape.OneOf oneOf, String path) {
    Node.Mapping mapping = mapping(node, path);
    if (mapping == null) {
      return null;
    }
    List<String> names = new ArrayList<>(oneOf.keys().stream().map(KeyShape::name).toList());
    if (oneOf.open()) {
      names.addAll(uses.names(Family.SOURCE));
    }
    List<String> words = oneOf.beside().stream().map(KeyShape::name).toList();
    List<Node.Mapping.Entry> given =
        mapping.entries().stream().filter(e -> !words.contains(e.key().text())).toList();
    if (given.size() != 1) {
      String message =
          given.size() + " keys given (must be exactly one of " + String.join(", ", names) + ")";
      Optional<Location> flag =
          given.stream()
              .map(entry -> entry.key().location())
              .filter(location -> location.line() == 0)
              .findFirst();
      String other = given.isEmpty() ? "" : given.get(0).key().text();
      problems.add(
          flag.orElse(mapping.location()),
          path,
          flag.isEmpty()
              ? message
              : message + "; remove the other with --set=" + Interpolation.join(path, other) + "=");
      return null;
    }
    Map<String, Object> beside = new LinkedHashMap<>();
    for (KeyShape key : oneOf.beside()) {
      Node word = mapping.get(key.name());
      Object value =
          word == null ? null : read(word, key.shape(), Interpolation.join(path, key.name()));
      if (value != null) {
        beside.put(key.name(), value);
      }
    }
    Node.Mapping.Entry entry = given.get(0);
    String name = entry.key().text();
    String entryPath = Interpolation.join(path, name);
    for (KeyShape key : oneOf.keys()) {
      if (key.name().equals(name)) {
        Object value = read(entry.value(), key.shape(), entryPath);
        return value == null ? null : new Values.Chosen(name, value, node, beside);
      }
    }
    if (!names.contains(name)) {
      problems.add(
          entry.key(), entryPath, "Unknown key: '" + name + "'" + Spelling.hint(name, names));
      return null;
    }
    Values.Offered offered = uses.source(entry, entryPath);
    return offered == null ? null : new Values.Chosen(name, offered.use(), node, beside);
  }

  private Node.@Nullable Mapping mapping(Node node, String path) {
    if (node instanceof Node.Mapping mapping) {
      return mapping;
    }
    problems.add(
        node,
        path,
        "Invalid "
            + last(path)
            + ": "
            + shown(node)
            + " (must be keys and values: \"key: value\")");
    return null;
  }

  private Node.@Nullable Scalar scalar(Node node, String words, String path) {
    if (node instanceof Node.Scalar scalar) {
      return scalar;
    }
    problems.add(
        node, path, "Invalid " + last(path) + ": " + node.kind() + " (must be " + words + ")");
    return null;
  }

  static String shown(Node node) {
    return node instanceof Node.Scalar scalar ? "'" + scalar.text() + "'" : node.kind();
  }

  private static String didYouMean(String word, List<String> words) {
    String hint = Spelling.hint(word, words);
    return hint.contains("did you mean") ? hint : "";
  }

  /** The last key of a path, without indexes: {@code aggregate[0].window[2]} ends with window. */
  static String last(String path) {
    String key = path.substring(path.lastIndexOf('.') + 1);
    int bracket = key.indexOf('[');
    String name = bracket < 0 ? key : key.substring(0, bracket);
    return name.isEmpty() ? "spec" : name;
  }
}
