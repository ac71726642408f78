package io.featurebeam.rule;

import io.featurebeam.columnar.FieldType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The built-in rules.
 *
 * <pre>{@code
 * RuleSet rules = RuleSet.of(
 *     Validation.reject(Rules.matches("origin", "[A-Z]{3}")),
 *     Validation.warn(Rules.between("delay", -180, 1440)),
 *     Validation.fail(Rules.expression("origin != destination")));
 * }</pre>
 *
 * <p>Null satisfies all of them but {@link #notNull}. Values are String, a number, Boolean, and for
 * times ISO 8601 text. A column that is missing or of a type that the rule cannot judge is an error
 * when the rule is bound to a schema.
 */
public final class Rules {

  private Rules() {}

  /** A value is there; NaN and the empty string are values. */
  public static Rule notNull(String column) {
    return new NotNull(column);
  }

  /** A number or time is at least min and at most max; a null bound is none. NaN fails. */
  public static Rule between(String column, @Nullable Object min, @Nullable Object max) {
    return new Between(column, min, max, false, false);
  }

  /** As {@link #between(String, Object, Object)}, where a bound itself may be excluded. */
  public static Rule between(
      String column,
      @Nullable Object min,
      @Nullable Object max,
      boolean excludeMin,
      boolean excludeMax) {
    return new Between(column, min, max, excludeMin, excludeMax);
  }

  /** A value is one of these. NaN is none of any. */
  public static Rule inSet(String column, List<?> values) {
    return new InSet(column, List.copyOf(values), true);
  }

  /** A value is none of these. */
  public static Rule notInSet(String column, List<?> values) {
    return new InSet(column, List.copyOf(values), false);
  }

  /** The whole string matches a regular expression in RE2 syntax. */
  public static Rule matches(String column, String pattern) {
    return new Matches(column, pattern, false);
  }

  /** Some part of the string matches a regular expression in RE2 syntax. */
  public static Rule containsMatch(String column, String pattern) {
    return new Matches(column, pattern, true);
  }

  /** A value, most often text, can be read as a type. */
  public static Rule type(String column, FieldType type) {
    return new ReadableAs(column, Objects.requireNonNull(type, "type is null").toString());
  }

  /** The values of the columns, taken together, occur once in the run. */
  public static Rule unique(String... columns) {
    return new Unique(List.of(columns));
  }

  /** A CEL expression over the columns is true or null. */
  public static Rule expression(String cel) {
    return new ExpressionRule(cel);
  }
}
