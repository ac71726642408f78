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
 * <p>Null satisfies all of them but those that ask for values, as {@link #notNull} does. Values are
 * String, a number, Boolean, and for times ISO 8601 text. A column that is missing or of a type
 * that the rule cannot judge is an error when the rule is bound to a schema.
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

  /** The rule, asked only of the records for which a CEL condition is true. */
  public static Rule when(Rule rule, String cel) {
    return new Guarded(rule, cel);
  }

  /** A column has no value. */
  public static Rule nullOnly(String column) {
    return new NullOnly(column);
  }

  /** A string has a character that is no white space. */
  public static Rule notBlank(String column) {
    return new NotBlank(column);
  }

  /**
   * A string has so many characters (code points), bytes so many bytes, a list so many elements; a
   * null bound is none.
   */
  public static Rule lengthBetween(String column, @Nullable Long min, @Nullable Long max) {
    return new LengthBetween(column, min, max);
  }

  /** The whole string matches one of some regular expressions in RE2 syntax. */
  public static Rule matchesAny(String column, List<String> patterns) {
    return new MatchesMany(column, patterns, MatchesMany.Which.ANY, false);
  }

  /** The whole string matches each of some regular expressions in RE2 syntax. */
  public static Rule matchesAll(String column, List<String> patterns) {
    return new MatchesMany(column, patterns, MatchesMany.Which.ALL, false);
  }

  /** The whole string matches none of some regular expressions in RE2 syntax. */
  public static Rule notMatches(String column, String... patterns) {
    return new MatchesMany(column, List.of(patterns), MatchesMany.Which.NONE, false);
  }

  /** A string is like one of some patterns of SQL's LIKE. */
  public static Rule like(String column, String... patterns) {
    return new Like(column, List.of(patterns), true);
  }

  /** A string is like none of some patterns of SQL's LIKE. */
  public static Rule notLike(String column, String... patterns) {
    return new Like(column, List.of(patterns), false);
  }

  /** A string is a date or time in a format of strftime: {@code %Y-%m-%d}. */
  public static Rule dateFormat(String column, String format) {
    return new DateFormat(column, format);
  }

  /** A string is JSON. */
  public static Rule json(String column) {
    return new ParseableJson(column);
  }

  /** A string is JSON that is valid by a JSON Schema, which is given as JSON text. */
  public static Rule jsonSchema(String column, String schema) {
    return new ValidJson(column, schema);
  }

  /** A string is an e-mail address by its form. */
  public static Rule email(String column) {
    return new EmailAddress(column);
  }

  /** A string is an absolute URL of http, https or ftp with a public host. */
  public static Rule url(String column) {
    return new WebAddress(column, WebAddress.SCHEMES, false);
  }

  /** A string is an IP address of version 4 or 6. */
  public static Rule ip(String column) {
    return new IpAddress(column, 0);
  }

  /** A string is the number of a payment card, with its check digit. */
  public static Rule creditCard(String column) {
    return new CreditCard(column);
  }

  /** A string is an International Bank Account Number with right check digits. */
  public static Rule iban(String column) {
    return new Iban(column);
  }

  /** A string is a UUID. */
  public static Rule uuid(String column) {
    return new UuidText(column);
  }

  /** A string, or bytes, are UTF-8. */
  public static Rule utf8(String column) {
    return new ValidUtf8(column);
  }

  /** A number is neither NaN nor infinite. */
  public static Rule finite(String column) {
    return new FiniteNumber(column);
  }

  /** A number is above 0; NaN fails. */
  public static Rule positive(String column) {
    return new Sign(column, Sign.Wanted.POSITIVE);
  }

  /** A number is 0 or above; NaN fails. */
  public static Rule nonNegative(String column) {
    return new Sign(column, Sign.Wanted.NON_NEGATIVE);
  }

  /** A number is below 0; NaN fails. */
  public static Rule negative(String column) {
    return new Sign(column, Sign.Wanted.NEGATIVE);
  }

  /** A number is 0 or below; NaN fails. */
  public static Rule nonPositive(String column) {
    return new Sign(column, Sign.Wanted.NON_POSITIVE);
  }

  /** A number is a multiple of another, in decimal. */
  public static Rule multipleOf(String column, double divisor) {
    return new MultipleOf(column, divisor);
  }

  /** A number is less than {@code threshold} standard deviations from a mean, to either side. */
  public static Rule zScore(String column, double mean, double stddev, double threshold) {
    return new ZScore(column, mean, stddev, threshold, false);
  }

  /** A value is at least that of one column and at most that of another. */
  public static Rule betweenColumns(String column, String minColumn, String maxColumn) {
    return new BetweenColumns(column, minColumn, maxColumn, false, false);
  }

  /** A value is greater than that of another column; a null in either passes. */
  public static Rule greaterThan(String column, String other) {
    return new Comparison(column, other, Comparison.Wanted.GREATER, false, Ignore.EITHER_NULL);
  }

  /** A value is greater than or equal to that of another column; a null in either passes. */
  public static Rule greaterOrEqual(String column, String other) {
    return new Comparison(column, other, Comparison.Wanted.GREATER, true, Ignore.EITHER_NULL);
  }

  /** A value is less than that of another column; a null in either passes. */
  public static Rule lessThan(String column, String other) {
    return new Comparison(column, other, Comparison.Wanted.LESS, false, Ignore.EITHER_NULL);
  }

  /** A value is less than or equal to that of another column; a null in either passes. */
  public static Rule lessOrEqual(String column, String other) {
    return new Comparison(column, other, Comparison.Wanted.LESS, true, Ignore.EITHER_NULL);
  }

  /** A value is equal to that of another column; a null in either passes. */
  public static Rule equalTo(String column, String other) {
    return new Comparison(column, other, Comparison.Wanted.EQUAL, false, Ignore.EITHER_NULL);
  }

  /** A value is not equal to that of another column; a null in either passes. */
  public static Rule notEqualTo(String column, String other) {
    return new Comparison(column, other, Comparison.Wanted.NOT_EQUAL, false, Ignore.EITHER_NULL);
  }

  /** The values of two columns are one of some pairs; a null in either passes. */
  public static Rule pairInSet(String column, String other, List<List<Object>> pairs) {
    return new PairInSet(column, other, pairs, Ignore.EITHER_NULL);
  }

  /** The values of some columns all differ within a record; a null equals none. */
  public static Rule uniqueWithinRecord(String... columns) {
    return new UniqueWithinRecord(List.of(columns));
  }

  /** The sum of some columns within a record is a number. */
  public static Rule sumEquals(List<String> columns, double total) {
    return new SumEquals(columns, total, null, 0);
  }

  /** The sum of some columns within a record is the value of another, give or take a tolerance. */
  public static Rule sumEquals(List<String> columns, String totalColumn, double tolerance) {
    return new SumEquals(columns, null, totalColumn, tolerance);
  }

  /** Each of some columns has a value. */
  public static Rule noneNull(String... columns) {
    return new NullPattern(List.of(columns), NullPattern.Wanted.NONE_NULL);
  }

  /** At least one of some columns has a value. */
  public static Rule anyNotNull(String... columns) {
    return new NullPattern(List.of(columns), NullPattern.Wanted.ANY_NOT_NULL);
  }

  /** Some columns all have a value, or are all null. */
  public static Rule nullTogether(String... columns) {
    return new NullPattern(List.of(columns), NullPattern.Wanted.NULL_TOGETHER);
  }
}
