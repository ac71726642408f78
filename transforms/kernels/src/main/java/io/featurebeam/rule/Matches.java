package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import com.google.re2j.Pattern;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.expression.Regex;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;

/**
 * A string matches a regular expression (RE2 syntax, linear time): the whole string, or with {@code
 * partial} any part of it. Null passes; the empty string is matched like any other.
 */
record Matches(String column, String pattern, boolean partial) implements Rule {

  Matches {
    Objects.requireNonNull(column, "column is null");
    Objects.requireNonNull(pattern, "pattern is null");
    Pattern unused = Regex.compile(pattern); // so that a bad pattern is an error now
  }

  @Override
  public String id() {
    return "matches(" + column + ", " + pattern + (partial ? ", partial)" : ")");
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    if (type.kind() != FieldType.Kind.STRING) {
      throw Literals.cannotJudge(id(), column, type, "must be string");
    }
    TextPattern compiled = new TextPattern(pattern, partial);
    return new TextChecker(
        schema, column, (partial ? "must contain a match of " : "must match ") + pattern) {
      @Override
      protected void test(Slices values, long[] passes) {
        for (int i = 0; i < values.size(); i++) {
          passes[i >> 6] |= (compiled.found(values, i) ? 1L : 0L) << i;
        }
      }
    };
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "matches";
    }

    @Override
    public String description() {
      return "A string matches a regular expression (RE2), as a whole unless partial.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A string column."),
          required("pattern", Parameter.Kind.STRING, "A regular expression in RE2 syntax."),
          optional("partial", Parameter.Kind.BOOLEAN, "Whether a part may match; false."));
    }

    @Override
    public Rule create(Settings settings) {
      return new Matches(
          settings.string("column"), settings.string("pattern"), settings.flag("partial", false));
    }
  }
}
