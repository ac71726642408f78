package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.expression.Regex;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;

/**
 * A string matches one of several regular expressions (RE2 syntax, linear time), or each of them,
 * or none: as a whole, or with {@code partial} in any part. Null passes; the empty string is
 * matched like any other.
 *
 * @param which how many of the patterns must match
 */
record MatchesMany(String column, List<String> patterns, Which which, boolean partial)
    implements TextRule {

  enum Which {
    ANY("matches_any", "one of"),
    ALL("matches_all", "each of"),
    NONE("not_matches", "none of");

    private final String rule;
    private final String words;

    Which(String rule, String words) {
      this.rule = rule;
      this.words = words;
    }
  }

  MatchesMany {
    Objects.requireNonNull(column, "column is null");
    Objects.requireNonNull(which, "which is null");
    patterns = List.copyOf(patterns);
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException("Invalid patterns: none given (must be at least one)");
    }
    patterns.forEach(Regex::compile); // so that a bad pattern is an error now
  }

  private String listed() {
    return patterns.size() == 1 ? patterns.get(0) : "[" + String.join(", ", patterns) + "]";
  }

  @Override
  public String id() {
    return which.rule + "(" + column + ", " + listed() + (partial ? ", partial)" : ")");
  }

  @Override
  public String requirement() {
    if (patterns.size() > 1) {
      return (partial ? "must contain a match of " : "must match ") + which.words + " " + listed();
    }
    String verb = which == Which.NONE ? "must not " : "must ";
    return verb + (partial ? "contain a match of " : "match ") + listed();
  }

  @Override
  public Test test() {
    List<TextPattern> compiled = patterns.stream().map(p -> new TextPattern(p, partial)).toList();
    boolean decides = which != Which.ALL; // a match or, for all, a miss
    boolean passesUndecided = which != Which.ANY;
    return (values, i) -> {
      for (TextPattern pattern : compiled) {
        if (pattern.found(values, i) == decides) {
          return !passesUndecided;
        }
      }
      return passesUndecided;
    };
  }

  private abstract static class OneProvider implements RuleProvider {
    private final Which which;
    private final String description;

    OneProvider(Which which, String description) {
      this.which = which;
      this.description = description;
    }

    @Override
    public final String name() {
      return which.rule;
    }

    @Override
    public final String description() {
      return description;
    }

    @Override
    public final List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A string column."),
          required("patterns", Parameter.Kind.STRINGS, "Regular expressions in RE2 syntax."),
          optional("partial", Parameter.Kind.BOOLEAN, "Whether a part may match; false."));
    }

    @Override
    public final Rule create(Settings settings) {
      return new MatchesMany(
          settings.string("column"),
          settings.strings("patterns"),
          which,
          settings.flag("partial", false));
    }
  }

  /** Makes that of one match usable in YAML. */
  public static final class AnyProvider extends OneProvider {
    public AnyProvider() {
      super(
          Which.ANY,
          "A string matches one of several regular expressions (RE2), as a whole unless partial.");
    }
  }

  /** Makes that of all matches usable in YAML. */
  public static final class AllProvider extends OneProvider {
    public AllProvider() {
      super(
          Which.ALL,
          "A string matches each of several regular expressions (RE2), as a whole unless partial.");
    }
  }

  /** Makes that of no match usable in YAML. */
  public static final class NoneProvider extends OneProvider {
    public NoneProvider() {
      super(
          Which.NONE,
          "A string matches none of some regular expressions (RE2), as a whole unless partial.");
    }
  }
}
