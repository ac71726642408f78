package io.featurebeam.aggregate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Each built-in aggregate over a list of events in order, from its definition. */
final class NaiveAggregates {

  private static final MathContext DIGITS = new MathContext(40);

  private NaiveAggregates() {}

  static @Nullable Object of(Aggregate aggregate, List<Map<String, @Nullable Object>> events) {
    if (aggregate instanceof Count count) {
      return count.column() == null
          ? (Object) (long) events.size()
          : (long) values(events, count.column()).size();
    } else if (aggregate instanceof Sum sum) {
      return sum(values(events, sum.column()));
    } else if (aggregate instanceof Mean mean) {
      return mean(values(events, mean.column()));
    } else if (aggregate instanceof Extremum extremum) {
      return extremum(values(events, extremum.column()), extremum.largest());
    } else if (aggregate instanceof Variance variance) {
      return variance(
          values(events, variance.column()), variance.population() ? 0 : 1, variance.root());
    } else if (aggregate instanceof ApproximateDistinct distinct) {
      Set<Object> set = new HashSet<>();
      values(events, distinct.column()).forEach(value -> set.add(normalized(value)));
      return (long) set.size();
    } else if (aggregate instanceof Quantile quantile) {
      return quantile(values(events, quantile.column()), quantile.q());
    } else if (aggregate instanceof Last last) {
      List<Object> values = values(events, last.column());
      return values.isEmpty() ? null : values.get(values.size() - 1);
    }
    throw new IllegalArgumentException("No definition of " + aggregate);
  }

  /** As a key and as a member of a set, -0.0 is 0.0. */
  static @Nullable Object normalized(@Nullable Object value) {
    return value instanceof Double number ? (Object) (number + 0.0) : value;
  }

  private static List<Object> values(List<Map<String, @Nullable Object>> events, String column) {
    List<Object> values = new ArrayList<>();
    for (Map<String, @Nullable Object> event : events) {
      Object value = event.get(column);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private static boolean isFinite(List<Object> values) {
    return values.stream().allMatch(v -> Double.isFinite(((Number) v).doubleValue()));
  }

  private static BigDecimal exactSum(List<Object> values) {
    return values.stream().map(NaiveAggregates::exact).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal exact(Object value) {
    return value instanceof Long number
        ? BigDecimal.valueOf(number)
        : new BigDecimal((Double) value);
  }

  /** What is not finite adds up to: NaN, or an infinity. */
  private static double notFinite(List<Object> values) {
    return values.stream()
        .mapToDouble(v -> (Double) v)
        .filter(v -> !Double.isFinite(v))
        .reduce(0, Double::sum);
  }

  private static @Nullable Object sum(List<Object> values) {
    if (values.isEmpty()) {
      return null;
    } else if (values.get(0) instanceof Long) {
      return exactSum(values).longValueExact();
    }
    return isFinite(values) ? exactSum(values).doubleValue() : notFinite(values);
  }

  private static @Nullable Object mean(List<Object> values) {
    if (values.isEmpty()) {
      return null;
    }
    return isFinite(values)
        ? exactSum(values).divide(BigDecimal.valueOf(values.size()), DIGITS).doubleValue()
        : notFinite(values);
  }

  private static @Nullable Object extremum(List<Object> values, boolean largest) {
    Object found = null;
    for (Object value : values) {
      if (value instanceof Double number && number.isNaN()) {
        return Double.NaN;
      }
      int order = found == null ? 0 : compare(value, found);
      if (found == null || (largest ? order > 0 : order < 0)) {
        found = value;
      }
    }
    return found;
  }

  private static int compare(Object a, Object b) {
    return a instanceof Long x ? x.compareTo((Long) b) : ((Double) a).compareTo((Double) b);
  }

  /** Two passes without rounding: all is multiplied by n, so that the mean is a whole sum. */
  private static @Nullable Object variance(List<Object> values, int less, boolean root) {
    if (values.size() <= less) {
      return null;
    } else if (!isFinite(values)) {
      return Double.NaN;
    }
    BigDecimal n = BigDecimal.valueOf(values.size());
    BigDecimal sum = exactSum(values);
    BigDecimal squares = BigDecimal.ZERO;
    for (Object value : values) {
      BigDecimal deviation = exact(value).multiply(n).subtract(sum);
      squares = squares.add(deviation.multiply(deviation));
    }
    BigDecimal divisor = n.multiply(n).multiply(BigDecimal.valueOf(values.size() - less));
    BigDecimal variance = squares.divide(divisor, DIGITS);
    return (root ? variance.sqrt(DIGITS) : variance).doubleValue();
  }

  /** Hyndman and Fan's type 7. */
  private static @Nullable Object quantile(List<Object> values, double q) {
    double[] sorted =
        values.stream()
            .mapToDouble(v -> ((Number) v).doubleValue())
            .filter(v -> !Double.isNaN(v))
            .sorted()
            .toArray();
    if (sorted.length == 0) {
      return null;
    }
    double place = q * (sorted.length - 1);
    double below = sorted[(int) Math.floor(place)];
    double above = sorted[(int) Math.ceil(place)];
    double fraction = place - Math.floor(place);
    return below == above ? below : below * (1 - fraction) + above * fraction;
  }
}
