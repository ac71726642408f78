package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;

/**
 * A string is like one of some patterns of SQL's LIKE, or like none: {@code %} stands for any
 * characters, {@code _} for one, and a backslash takes the special meaning of what follows. Upper
 * and lower case differ; the whole string must be like the pattern. Null passes both; the empty
 * string is like {@code %} and the empty pattern.
 *
 * @param inside whether the value must be like one of them, or must not
 */
record Like(String column, List<String> patterns, boolean inside) implements TextRule {

  Like {
    Objects.requireNonNull(column, "column is null");
    patterns = List.copyOf(patterns);
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException("Invalid patterns: none given (must be at least one)");
    }
    patterns.forEach(LikePattern::parse); // so that a bad pattern is an error now
  }

  private String listed() {
    return patterns.size() == 1 ? patterns.get(0) : "[" + String.join(", ", patterns) + "]";
  }

  @Override
  public String id() {
    return (inside ? "like(" : "not_like(") + column + ", " + listed() + ")";
  }

  @Override
  public String requirement() {
    return "must "
        + (inside ? "be" : "not be")
        + " like "
        + (patterns.size() == 1 ? "" : "one of ")
        + listed();
  }

  @Override
  public Test test() {
    List<LikePattern> parsed = patterns.stream().map(LikePattern::parse).toList();
    return (values, i) -> {
      for (LikePattern pattern : parsed) {
        if (pattern.matches(values.data(), values.start(i), values.end(i))) {
          return inside;
        }
      }
      return !inside;
    };
  }

  private abstract static class OneProvider implements RuleProvider {
    private final String name;
    private final String description;
    private final boolean inside;

    OneProvider(String name, String description, boolean inside) {
      this.name = name;
      this.description = description;
      this.inside = inside;
    }

    @Override
    public final String name() {
      return name;
    }

    @Override
    public final String description() {
      return description;
    }

    @Override
    public final List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A string column."),
          required(
              "patterns",
              Parameter.Kind.STRINGS,
              "Patterns: % is any characters, _ one, \\ takes a meaning away."));
    }

    @Override
    public final Rule create(Settings settings) {
      return new Like(settings.string("column"), settings.strings("patterns"), inside);
    }
  }

  /** Makes it usable in YAML. */
  public static final class Provider extends OneProvider {
    public Provider() {
      super("like", "A string is like one of some patterns of SQL's LIKE.", true);
    }
  }

  /** Makes the opposite usable in YAML. */
  public static final class NotProvider extends OneProvider {
    public NotProvider() {
      super("not_like", "A string is like none of some patterns of SQL's LIKE.", false);
    }
  }
}
