package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The length of a value lies between two bounds, both inclusive: of a string in code points, of
 * bytes in bytes, of a list in elements, those that are null too. Null passes; the empty string and
 * the empty list have length 0. A missing bound is none.
 */
record LengthBetween(String column, @Nullable Long min, @Nullable Long max) implements Rule {

  LengthBetween {
    Objects.requireNonNull(column, "column is null");
    if (min == null && max == null) {
      throw new IllegalArgumentException("Missing bound: length_between needs min, max or both");
    }
    if ((min != null && min < 0) || (max != null && max < 0)) {
      throw new IllegalArgumentException(
          "Invalid "
              + (min != null && min < 0 ? "min: " + min : "max: " + max)
              + " (a length must be >= 0)");
    }
    if (min != null && max != null && min > max) {
      throw new IllegalArgumentException(
          "Invalid min: " + min + " (must not be above max, " + max + ")");
    }
  }

  @Override
  public String id() {
    return "length_between("
        + column
        + ", "
        + (min == null ? "*" : min)
        + ", "
        + (max == null ? "*" : max)
        + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  private String requirement(String unit) {
    String bounds =
        min == null
            ? "at most " + max
            : max == null ? "at least " + min : "between " + min + " and " + max;
    return "must be of " + bounds + " " + unit;
  }

  private boolean isWithin(long length) {
    return (min == null || length >= min) && (max == null || length <= max);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    return switch (type.kind()) {
      case STRING ->
          new TextChecker(schema, column, requirement("characters")) {
            @Override
            protected void test(Slices values, long[] passes) {
              for (int i = 0; i < values.size(); i++) {
                passes[i >> 6] |= (isWithin(codePoints(values, i)) ? 1L : 0L) << i;
              }
            }
          };
      case BYTES ->
          new TextChecker(schema, column, requirement("bytes")) {
            @Override
            protected void test(Slices values, long[] passes) {
              for (int i = 0; i < values.size(); i++) {
                passes[i >> 6] |= (isWithin(values.length(i)) ? 1L : 0L) << i;
              }
            }
          };
      case LIST ->
          new ColumnChecker(schema, column, requirement("elements")) {
            @Override
            protected void test(Column values, long[] passes) {
              ListColumn lists = (ListColumn) values;
              for (int i = 0; i < values.size(); i++) {
                int length = lists.end(i) - lists.start(i);
                passes[i >> 6] |= (isWithin(length) ? 1L : 0L) << i;
              }
            }
          };
      case BOOLEAN, INT64, FLOAT64, TIMESTAMP, DATE, TIME ->
          throw Literals.cannotJudge(id(), column, type, "must be string, bytes or a list");
    };
  }

  /** Every byte of UTF-8 but those that continue a character begins one. */
  private static int codePoints(Slices values, int i) {
    int count = 0;
    for (int at = values.start(i); at < values.end(i); at++) {
      count += (values.data()[at] & 0xC0) == 0x80 ? 0 : 1;
    }
    return count;
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "length_between";
    }

    @Override
    public String description() {
      return "The length of a string (in characters), of bytes or of a list (in elements) lies"
          + " between two bounds, which are inclusive.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A column of strings, bytes or lists."),
          optional("min", Parameter.Kind.INTEGER, "The least length."),
          optional("max", Parameter.Kind.INTEGER, "The greatest length."));
    }

    @Override
    public Rule create(Settings settings) {
      return new LengthBetween(
          settings.string("column"),
          settings.has("min") ? (Long) settings.integer("min") : null,
          settings.has("max") ? (Long) settings.integer("max") : null);
    }
  }
}
