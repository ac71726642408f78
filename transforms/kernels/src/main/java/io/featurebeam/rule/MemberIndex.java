package io.featurebeam.rule;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.Slices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers the values that a rule names for one column, from 0; equal ones alike, as {@link InSet}
 * takes values for equal. Not thread-safe: it remembers the answers for a dictionary.
 */
final class MemberIndex {

  private static final int UNKNOWN = -1;
  private static final int NOT_ASKED = -2;

  private final FieldType type;
  private final Map<Object, Integer> numbers = new HashMap<>();
  private final int[] ofMembers;
  private Slices remembered = Slices.of(List.of());
  private int[] bySlice = {};

  MemberIndex(String rule, String column, FieldType type, List<Object> members) {
    this.type = type;
    this.ofMembers = new int[members.size()];
    List<Object> keys = new ArrayList<>();
    for (Object member : members) {
      keys.add(key(rule, column, member));
    }
    for (int i = 0; i < ofMembers.length; i++) {
      numbers.putIfAbsent(keys.get(i), numbers.size());
      ofMembers[i] = numbers.get(keys.get(i));
    }
  }

  private Object key(String rule, String column, Object member) {
    return switch (type.kind()) {
      case STRING -> {
        if (member instanceof String text) {
          yield text;
        }
        throw Literals.wrong("value", column, type, member, "text: put it in quotes");
      }
      case BOOLEAN -> {
        if (member instanceof Boolean flag) {
          yield flag;
        }
        throw Literals.wrong("value", column, type, member, "true or false");
      }
      case INT64 -> {
        if (member instanceof Long number) {
          yield number;
        }
        boolean whole = member instanceof Double d && d == Math.rint(d) && Math.abs(d) < 0x1p63;
        if (member instanceof Double number) {
          yield whole ? (Object) number.longValue() : number; // which no int64 equals
        }
        throw Literals.wrong("value", column, type, member, "a number");
      }
      case FLOAT64 -> {
        if (member instanceof Number number) {
          yield number.doubleValue() + 0.0; // so that -0.0 is 0.0
        }
        throw Literals.wrong("value", column, type, member, "a number");
      }
      case TIMESTAMP, DATE, TIME -> Literals.time("value", column, type, member);
      case BYTES, LIST ->
          throw Literals.cannotJudge(
              rule, column, type, "must be text, a number, a boolean or a time");
    };
  }

  /** The number of the member given at place {@code i}. */
  int ofMember(int i) {
    return ofMembers[i];
  }

  /** The number of a value that is not null; negative if it is no member. */
  int of(Column column, int row) {
    if (column instanceof BytesColumn text) {
      return ofText(text, row);
    }
    Object key;
    if (column instanceof LongColumn longs) {
      key = longs.get(row);
    } else if (column instanceof DoubleColumn doubles) {
      double value = doubles.get(row);
      if (Double.isNaN(value)) {
        return UNKNOWN; // NaN is in no set
      }
      key = value + 0.0;
    } else {
      key = ((BooleanColumn) column).get(row);
    }
    return numbers.getOrDefault(key, UNKNOWN);
  }

  private int ofText(BytesColumn text, int row) {
    if (!text.isCoded()) {
      return numbers.getOrDefault(text.string(row), UNKNOWN);
    }
    if (remembered != text.slices()) {
      remembered = text.slices();
      bySlice = new int[remembered.size()];
      Arrays.fill(bySlice, NOT_ASKED);
    }
    int code = text.code(row);
    if (bySlice[code] == NOT_ASKED) {
      bySlice[code] = numbers.getOrDefault(remembered.string(code), UNKNOWN);
    }
    return bySlice[code];
  }
}
