package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A value is one of a set, or is none of it. Null passes both; NaN is in no set, so it fails the
 * one and passes the other; 0.0 and -0.0 are equal. Numbers compare as numbers (1 and 1.0 are
 * equal), strings byte by byte; the members for a timestamp, date or time of day are ISO 8601 text.
 * No value is in the empty set.
 *
 * @param inside whether the value must be in the set, or must not
 */
record InSet(String column, List<Object> values, boolean inside) implements Rule {

  private static final int SHOWN = 10;

  InSet {
    Objects.requireNonNull(column, "column is null");
    values = values.stream().map(v -> Literals.canonical("value", v)).toList();
  }

  @Override
  public String id() {
    return (inside ? "in_set(" : "not_in_set(") + column + ", " + members(values.size()) + ")";
  }

  private String members(int limit) {
    String shown =
        values.stream().limit(limit).map(Literals::text).collect(Collectors.joining(", "));
    return "[" + shown + (values.size() > limit ? ", ... of " + values.size() : "") + "]";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  private String requirement() {
    return (inside ? "must be one of " : "must not be one of ") + members(SHOWN);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    return switch (type.kind()) {
      case STRING -> new Texts(schema, type);
      case INT64 ->
          new Longs(
              schema,
              values.stream()
                  .map(v -> number(type, v))
                  .filter(v -> v instanceof Long || isWhole(v.doubleValue()))
                  .mapToLong(Number::longValue)
                  .toArray());
      case TIMESTAMP, DATE, TIME ->
          new Longs(
              schema,
              values.stream().mapToLong(v -> Literals.time("value", column, type, v)).toArray());
      case FLOAT64 ->
          new Doubles(
              schema, values.stream().mapToDouble(v -> number(type, v).doubleValue()).toArray());
      case BOOLEAN -> new Booleans(schema, type);
      case BYTES, LIST ->
          throw Literals.cannotJudge(
              id(), column, type, "must be text, a number, a boolean or a time");
    };
  }

  private Number number(FieldType type, Object value) {
    if (value instanceof Number number) {
      return number;
    }
    throw Literals.wrong("value", column, type, value, "a number");
  }

  /** Whether a double is an int64: another one is in no set of them. */
  private static boolean isWhole(double value) {
    return value == Math.rint(value) && value >= -0x1p63 && value < 0x1p63;
  }

  /** The bit of a row that passes, given whether its value was found. */
  private long bit(boolean found) {
    return found == inside ? 1L : 0L;
  }

  private final class Longs extends ColumnChecker {
    private final long[] sorted;

    Longs(RecordSchema schema, long[] members) {
      super(schema, column, InSet.this.requirement());
      sorted = Arrays.stream(members).sorted().toArray();
    }

    @Override
    protected void test(Column column, long[] passes) {
      long[] numbers = ((LongColumn) column).values();
      for (int i = 0; i < column.size(); i++) {
        passes[i >> 6] |= bit(Arrays.binarySearch(sorted, numbers[i]) >= 0) << i;
      }
    }
  }

  private final class Doubles extends ColumnChecker {
    private final double[] sorted;

    Doubles(RecordSchema schema, double[] members) {
      super(schema, column, InSet.this.requirement());
      // Adding 0.0 makes 0.0 of -0.0, which a binary search would tell apart.
      sorted =
          Arrays.stream(members).filter(v -> !Double.isNaN(v)).map(v -> v + 0.0).sorted().toArray();
    }

    @Override
    protected void test(Column column, long[] passes) {
      double[] numbers = ((DoubleColumn) column).values();
      for (int i = 0; i < column.size(); i++) {
        passes[i >> 6] |= bit(Arrays.binarySearch(sorted, numbers[i] + 0.0) >= 0) << i;
      }
    }
  }

  private final class Booleans extends ColumnChecker {
    Booleans(RecordSchema schema, FieldType type) {
      super(schema, column, InSet.this.requirement());
      for (Object value : values) {
        if (!(value instanceof Boolean)) {
          throw Literals.wrong("value", column, type, value, "true or false");
        }
      }
    }

    @Override
    protected void test(Column column, long[] passes) {
      long whenTrue = -bit(values.contains(true));
      long whenFalse = -bit(values.contains(false));
      long[] bits = ((BooleanColumn) column).values().words();
      for (int i = 0; i < passes.length; i++) {
        passes[i] = (bits[i] & whenTrue) | (~bits[i] & whenFalse);
      }
    }
  }

  private final class Texts extends TextChecker {
    private final Slices members;
    private final int[] table;

    Texts(RecordSchema schema, FieldType type) {
      super(schema, column, InSet.this.requirement());
      for (Object value : values) {
        if (!(value instanceof String)) {
          throw Literals.wrong("value", column, type, value, "text: put it in quotes");
        }
      }
      members =
          Slices.of(
              values.stream().map(v -> ((String) v).getBytes(StandardCharsets.UTF_8)).toList());
      table = new int[Integer.highestOneBit(Math.max(1, members.size())) * 4];
      for (int m = 0; m < members.size(); m++) {
        int at = (int) members.hash(m) & (table.length - 1);
        while (table[at] != 0) {
          at = (at + 1) & (table.length - 1);
        }
        table[at] = m + 1;
      }
    }

    @Override
    protected void test(Slices slices, long[] passes) {
      for (int i = 0; i < slices.size(); i++) {
        passes[i >> 6] |= bit(contains(slices, i)) << i;
      }
    }

    private boolean contains(Slices slices, int i) {
      int at = (int) slices.hash(i) & (table.length - 1);
      while (table[at] != 0) {
        if (slices.equal(i, members, table[at] - 1)) {
          return true;
        }
        at = (at + 1) & (table.length - 1);
      }
      return false;
    }
  }

  /** An empty set in a spec is a mistake: every record would fail, or none. */
  private static List<Object> given(Settings settings) {
    List<Object> values = settings.values("values");
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Invalid values: none given (must be at least one)");
    }
    return values;
  }

  private static List<Parameter> takes(String what) {
    return List.of(
        required("column", Parameter.Kind.COLUMN, "A column of text, numbers, booleans or times."),
        required("values", Parameter.Kind.VALUES, what + " ISO 8601 text for times."));
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "in_set";
    }

    @Override
    public String description() {
      return "A value is one of a set.";
    }

    @Override
    public List<Parameter> parameters() {
      return takes("The values that pass.");
    }

    @Override
    public Rule create(Settings settings) {
      return new InSet(settings.string("column"), given(settings), true);
    }
  }

  /** Makes the opposite usable in YAML. */
  public static final class NotProvider implements RuleProvider {
    @Override
    public String name() {
      return "not_in_set";
    }

    @Override
    public String description() {
      return "A value is none of a set.";
    }

    @Override
    public List<Parameter> parameters() {
      return takes("The values that fail.");
    }

    @Override
    public Rule create(Settings settings) {
      return new InSet(settings.string("column"), given(settings), false);
    }
  }
}
