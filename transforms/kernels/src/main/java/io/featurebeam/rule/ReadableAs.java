package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A value can be read as a type: a string as an int64, float64, boolean, date, time or timestamp, a
 * float64 as an int64 (it is whole and in range). Null passes; NaN is a float64 and no int64; the
 * empty string is only a string. Numbers are as in JSON with an optional plus, leading zeros, NaN
 * and Infinity; times are ISO 8601, a timestamp with its offset or as a date; nothing is trimmed.
 */
record ReadableAs(String column, String type) implements Rule {

  ReadableAs {
    Objects.requireNonNull(column, "column is null");
    FieldType parsed = FieldType.parse(type);
    if (parsed.kind() == FieldType.Kind.LIST || parsed.kind() == FieldType.Kind.BYTES) {
      throw new IllegalArgumentException(
          "Invalid type: "
              + type
              + " (must be boolean, int64, float64, string, timestamp, date or time)");
    }
  }

  @Override
  public String id() {
    return "type(" + column + ", " + type + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    FieldType actual = schema.field(column).type();
    FieldType wanted = FieldType.parse(type);
    String requirement = "must be readable as " + type;
    boolean always =
        actual.equals(wanted)
            || wanted.kind() == FieldType.Kind.STRING
            || (actual.kind() == FieldType.Kind.INT64 && wanted.kind() == FieldType.Kind.FLOAT64);
    if (always) {
      return new ColumnChecker(schema, column, requirement) {
        @Override
        protected void test(Column values, long[] passes) {
          Arrays.fill(passes, -1L);
        }
      };
    }
    if (actual.kind() == FieldType.Kind.STRING) {
      return new TextChecker(schema, column, requirement) {
        @Override
        protected void test(Slices values, long[] passes) {
          for (int i = 0; i < values.size(); i++) {
            passes[i >> 6] |= (isReadable(wanted, values.string(i)) ? 1L : 0L) << i;
          }
        }
      };
    }
    if (actual.kind() == FieldType.Kind.FLOAT64 && wanted.kind() == FieldType.Kind.INT64) {
      return new ColumnChecker(schema, column, requirement) {
        @Override
        protected void test(Column values, long[] passes) {
          double[] numbers = ((DoubleColumn) values).values();
          for (int i = 0; i < values.size(); i++) {
            double number = numbers[i];
            boolean whole = number == Math.rint(number) && number >= -0x1p63 && number < 0x1p63;
            passes[i >> 6] |= (whole ? 1L : 0L) << i;
          }
        }
      };
    }
    throw Literals.cannotJudge(
        id(), column, actual, "must be string, " + type + " or a type that widens to it");
  }

  static boolean isReadable(FieldType type, String text) {
    try {
      return switch (type.kind()) {
        case INT64 -> isInt64(text);
        case FLOAT64 -> isFloat64(text);
        case BOOLEAN -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
        case DATE -> LocalDate.parse(text) != null;
        case TIME -> LocalTime.parse(text) != null;
        case TIMESTAMP -> Literals.timestamp(text) != Long.MIN_VALUE;
        case STRING -> true;
        case BYTES, LIST -> false;
      };
    } catch (DateTimeException | ArithmeticException e) {
      return false;
    }
  }

  private static boolean isInt64(String text) {
    int digits = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    for (int i = digits; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    if (text.length() == digits) {
      return false;
    }
    try {
      long unused = Long.parseLong(text);
      return true;
    } catch (NumberFormatException e) {
      return false; // out of range
    }
  }

  /** By hand, since Double.parseDouble also takes spaces, hexadecimal and a trailing d or f. */
  private static boolean isFloat64(String text) {
    String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    if (unsigned.equals("Infinity") || text.equals("NaN")) {
      return true;
    }
    int i = 0;
    int digits = 0;
    for (; i < unsigned.length() && isDigit(unsigned.charAt(i)); i++) {
      digits++;
    }
    if (i < unsigned.length() && unsigned.charAt(i) == '.') {
      for (i++; i < unsigned.length() && isDigit(unsigned.charAt(i)); i++) {
        digits++;
      }
    }
    if (digits == 0) {
      return false;
    }
    if (i < unsigned.length() && (unsigned.charAt(i) == 'e' || unsigned.charAt(i) == 'E')) {
      i++;
      if (i < unsigned.length() && (unsigned.charAt(i) == '-' || unsigned.charAt(i) == '+')) {
        i++;
      }
      int start = i;
      while (i < unsigned.length() && isDigit(unsigned.charAt(i))) {
        i++;
      }
      return i > start && i == unsigned.length();
    }
    return i == unsigned.length();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "type";
    }

    @Override
    public String description() {
      return "A value can be read as a type.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "The column, most often of strings."),
          required(
              "type",
              Parameter.Kind.STRING,
              "boolean, int64, float64, string, timestamp, date or time."));
    }

    @Override
    public Rule create(Settings settings) {
      return new ReadableAs(settings.string("column"), settings.string("type"));
    }
  }
}
