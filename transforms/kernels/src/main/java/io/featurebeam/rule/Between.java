package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A number or time lies between two bounds. Null passes; NaN lies between no bounds and fails; an
 * infinity passes only on a side without a bound. Bounds are inclusive unless excluded; a missing
 * one is none. The bounds of a timestamp, date or time of day are ISO 8601 text ({@code 2001-01-31}
 * for a timestamp is its midnight in UTC).
 */
record Between(
    String column,
    @Nullable Object min,
    @Nullable Object max,
    boolean excludeMin,
    boolean excludeMax)
    implements Rule {

  Between {
    Objects.requireNonNull(column, "column is null");
    min = min == null ? null : Literals.canonical("min", min);
    max = max == null ? null : Literals.canonical("max", max);
    if (min == null && max == null) {
      throw new IllegalArgumentException("Missing bound: between needs min, max or both");
    }
    if ((min instanceof Double a && a.isNaN()) || (max instanceof Double b && b.isNaN())) {
      throw new IllegalArgumentException("Invalid bound: NaN (must be a number)");
    }
    if (min instanceof Number a && max instanceof Number b && a.doubleValue() > b.doubleValue()) {
      throw new IllegalArgumentException(
          "Invalid min: "
              + Literals.text(a)
              + " (must not be above max, "
              + Literals.text(b)
              + ")");
    }
  }

  @Override
  public String id() {
    return "between("
        + column
        + ", "
        + (min == null ? "*" : (excludeMin ? ">" : "") + Literals.text(min))
        + ", "
        + (max == null ? "*" : (excludeMax ? "<" : "") + Literals.text(max))
        + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  private String requirement() {
    if (min != null && max != null && !excludeMin && !excludeMax) {
      return "must be between " + Literals.text(min) + " and " + Literals.text(max);
    }
    String low = min == null ? "" : (excludeMin ? "above " : "at least ") + Literals.text(min);
    String high = max == null ? "" : (excludeMax ? "below " : "at most ") + Literals.text(max);
    return "must be " + low + (low.isEmpty() || high.isEmpty() ? "" : " and ") + high;
  }

  @Override
  public Checker bind(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    return switch (type.kind()) {
      case FLOAT64 ->
          new Doubles(
              schema,
              min == null ? Double.NEGATIVE_INFINITY : number("min", type, min),
              max == null ? Double.POSITIVE_INFINITY : number("max", type, max));
      case INT64 ->
          isBeyondInt64()
              ? new Longs(schema, 1, 0)
              : new Longs(schema, lowest(type), highest(type));
      case TIMESTAMP, DATE, TIME -> {
        long low = min == null ? Long.MIN_VALUE : Literals.time("min", column, type, min);
        long high = max == null ? Long.MAX_VALUE : Literals.time("max", column, type, max);
        if (low > high) {
          throw new IllegalArgumentException(
              "Invalid min: " + min + " (must not be above max, " + max + ")");
        }
        yield new Longs(schema, low + (excludeMin ? 1 : 0), high - (excludeMax ? 1 : 0));
      }
      case STRING, BYTES, BOOLEAN, LIST ->
          throw Literals.cannotJudge(
              id(), column, type, "must be a number or a time; for text use the rule expression");
    };
  }

  private double number(String what, FieldType type, Object bound) {
    if (bound instanceof Number number) {
      return number.doubleValue();
    }
    throw Literals.wrong(what, column, type, bound, "a number");
  }

  /** Whether no int64 can pass, which the two below could not say. */
  private boolean isBeyondInt64() {
    return (min instanceof Double low && low >= 0x1p63)
        || (max instanceof Double high && high < -0x1p63)
        || (excludeMin && Long.valueOf(Long.MAX_VALUE).equals(min))
        || (excludeMax && Long.valueOf(Long.MIN_VALUE).equals(max));
  }

  /** The lowest int64 that passes. An empty range of int64 is lowest above highest. */
  private long lowest(FieldType type) {
    if (min == null) {
      return Long.MIN_VALUE;
    }
    if (min instanceof Long bound) {
      return excludeMin ? bound + 1 : bound;
    }
    double bound = number("min", type, min);
    double whole = Math.ceil(bound);
    return (long) (excludeMin && whole == bound ? whole + 1 : whole);
  }

  /** The highest int64 that passes. */
  private long highest(FieldType type) {
    if (max == null) {
      return Long.MAX_VALUE;
    }
    if (max instanceof Long bound) {
      return excludeMax ? bound - 1 : bound;
    }
    double bound = number("max", type, max);
    double whole = Math.floor(bound);
    return (long) (excludeMax && whole == bound ? whole - 1 : whole);
  }

  private final class Longs extends ColumnChecker {
    private final long low;
    private final long high;

    Longs(RecordSchema schema, long low, long high) {
      super(schema, column, Between.this.requirement());
      this.low = low;
      this.high = high;
    }

    @Override
    protected void test(Column values, long[] passes) {
      long[] numbers = ((LongColumn) values).values();
      for (int w = 0; w < passes.length; w++) {
        passes[w] = word(numbers, w << 6, Math.min((w << 6) + 64, values.size()), low, high);
      }
    }

    private static long word(long[] numbers, int from, int to, long low, long high) {
      long bits = 0;
      for (int i = from; i < to; i++) {
        bits |= ((numbers[i] >= low ? 1L : 0L) & (numbers[i] <= high ? 1L : 0L)) << i;
      }
      return bits;
    }
  }

  private final class Doubles extends ColumnChecker {
    private final double low;
    private final double high;

    Doubles(RecordSchema schema, double low, double high) {
      super(schema, column, Between.this.requirement());
      this.low = excludeMin && min != null ? Math.nextUp(low) : low;
      this.high = excludeMax && max != null ? Math.nextDown(high) : high;
    }

    @Override
    protected void test(Column values, long[] passes) {
      double[] numbers = ((DoubleColumn) values).values();
      for (int w = 0; w < passes.length; w++) {
        int from = w << 6;
        int to = Math.min(from + 64, values.size());
        passes[w] = atLeast(numbers, from, to, low) & atMost(numbers, from, to, high);
      }
    }

    // One comparison per loop: the two together in one were measured to take more than twice as
    // long.

    private static long atLeast(double[] numbers, int from, int to, double low) {
      long bits = 0;
      for (int i = from; i < to; i++) {
        bits |= (low <= numbers[i] ? 1L : 0L) << i;
      }
      return bits;
    }

    private static long atMost(double[] numbers, int from, int to, double high) {
      long bits = 0;
      for (int i = from; i < to; i++) {
        bits |= (numbers[i] <= high ? 1L : 0L) << i;
      }
      return bits;
    }
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "between";
    }

    @Override
    public String description() {
      return "A number or time lies between two bounds.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A column of numbers or times."),
          optional("min", Parameter.Kind.VALUE, "The least value; ISO 8601 text for times."),
          optional("max", Parameter.Kind.VALUE, "The greatest value; ISO 8601 text for times."),
          optional("excludeMin", Parameter.Kind.BOOLEAN, "Whether min itself fails; false."),
          optional("excludeMax", Parameter.Kind.BOOLEAN, "Whether max itself fails; false."));
    }

    @Override
    public Rule create(Settings settings) {
      return new Between(
          settings.string("column"),
          settings.values().get("min"),
          settings.values().get("max"),
          settings.flag("excludeMin", false),
          settings.flag("excludeMax", false));
    }
  }
}
