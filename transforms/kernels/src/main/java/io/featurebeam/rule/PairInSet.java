package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The values of two columns, taken together, are one of some pairs. A null in either column passes
 * unless {@link Ignore} says otherwise; NaN is in no pair; values are equal as {@link InSet} says,
 * and those for a timestamp, date or time of day are ISO 8601 text.
 *
 * @param pairs lists of two values each
 */
record PairInSet(String column, String other, List<List<Object>> pairs, Ignore ignore)
    implements Rule {

  private static final int SHOWN = 10;

  PairInSet {
    Objects.requireNonNull(column, "column is null");
    Objects.requireNonNull(other, "other is null");
    Objects.requireNonNull(ignore, "ignore is null");
    for (List<Object> pair : pairs) {
      if (pair.size() != 2) {
        throw new IllegalArgumentException(
            "Invalid pairs: " + pair + " (each must be two values, such as [ATL, SFO])");
      }
    }
    pairs =
        pairs.stream()
            .map(pair -> pair.stream().map(v -> Literals.canonical("value", v)).toList())
            .toList();
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("Invalid pairs: none given (must be at least one)");
    }
  }

  private String listed(int limit) {
    return pairs.stream()
            .limit(limit)
            .map(p -> "(" + Literals.text(p.get(0)) + ", " + Literals.text(p.get(1)) + ")")
            .collect(Collectors.joining(", ", "[", ""))
        + (pairs.size() > limit ? ", ... of " + pairs.size() + "]" : "]");
  }

  @Override
  public String id() {
    return "pair_in_set("
        + column
        + ", "
        + other
        + ", "
        + listed(pairs.size())
        + ignore.suffix()
        + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column, other);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    List<Object> firsts = pairs.stream().map(p -> p.get(0)).toList();
    List<Object> seconds = pairs.stream().map(p -> p.get(1)).toList();
    MemberIndex left = new MemberIndex(id(), column, schema.field(column).type(), firsts);
    MemberIndex right = new MemberIndex(id(), other, schema.field(other).type(), seconds);
    Set<Long> members = new HashSet<>();
    for (int i = 0; i < pairs.size(); i++) {
      members.add(key(left.ofMember(i), right.ofMember(i)));
    }
    String requirement = column + ", " + other + " must be one of " + listed(SHOWN);
    return new ColumnsChecker(schema, columns(), requirement) {
      @Override
      void test(Column[] columns, int size, long[] passes) {
        for (int row = 0; row < size; row++) {
          boolean leftIsNull = columns[0].isNull(row);
          boolean rightIsNull = columns[1].isNull(row);
          boolean passed =
              (leftIsNull || rightIsNull)
                  ? ignore.passes(leftIsNull, rightIsNull)
                  : isMember(left.of(columns[0], row), right.of(columns[1], row));
          passes[row >> 6] |= (passed ? 1L : 0L) << row;
        }
      }

      private boolean isMember(int first, int second) {
        return first >= 0 && second >= 0 && members.contains(key(first, second));
      }
    };
  }

  private static long key(int first, int second) {
    return ((long) first << 32) | second;
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "pair_in_set";
    }

    @Override
    public String description() {
      return "The values of two columns, taken together, are one of some pairs.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required(
              "column", Parameter.Kind.COLUMN, "A column of text, numbers, booleans or times."),
          required("other", Parameter.Kind.COLUMN, "Another such column."),
          required(
              "pairs",
              Parameter.Kind.TUPLES,
              "The pairs that pass, such as [[ATL, SFO], [ATL, LAX]]; ISO 8601 text for times."),
          Ignore.parameter());
    }

    @Override
    public Rule create(Settings settings) {
      return new PairInSet(
          settings.string("column"),
          settings.string("other"),
          settings.tuples("pairs"),
          Ignore.of(settings));
    }
  }
}
