package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sum, mean, variance or standard deviation of a column whose values count as often as another
 * column says: {@code mean: {column: price, weight: volume}}. An event in which either is null is
 * left out; null if there is no other, or if all weights are 0. NaN or an infinity in either makes
 * it NaN. float64.
 *
 * <p>The sum is that of the products, and takes negative weights; of the others a negative weight
 * makes NaN. The variance is that of values that occur weight times: {@code sum(w (x - mean)^2)}
 * divided by the sum of the weights (population), or by that less 1 (sample, the default in YAML;
 * null unless the weights sum up to more than 1).
 *
 * <p>From exact sums of products, so the order of events does not matter and nothing cancels. An
 * int64 is taken as the nearest double; a product beyond the doubles makes it NaN, what of one is
 * below them is lost.
 *
 * @param kind what is computed
 * @param column an int64 or float64 column
 * @param weight an int64 or float64 column
 * @param population whether to divide a variance by the sum of the weights, not by that less 1
 */
public record Weighted(Kind kind, String column, String weight, boolean population)
    implements Aggregate {

  /** What is computed of the weighted values. */
  public enum Kind {
    SUM("sum"),
    MEAN("mean"),
    VARIANCE("variance"),
    STDDEV("stddev");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private static final MathContext DIGITS = new MathContext(60);

  @Override
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    if (kind != Kind.SUM) {
      parts.add(new Products(column, weight, 0));
    }
    parts.add(new Products(column, weight, 1));
    if (kind == Kind.VARIANCE || kind == Kind.STDDEV) {
      parts.add(new Products(column, weight, 2));
    }
    return List.copyOf(parts);
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    ColumnTypes.numeric(kind.text, schema, column);
    ColumnTypes.numeric("the weight of " + kind.text, schema, weight);
    return FieldType.FLOAT64;
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    long count = ((Sums) parts[0]).counts[slot];
    if (count == 0 || (count < 0 && kind != Kind.SUM)) {
      out.appendNull();
      return;
    }
    for (States part : parts) {
      if (!((Sums) part).sums.isFinite(slot)) {
        out.appendDouble(Double.NaN);
        return;
      }
    }
    switch (kind) {
      case SUM -> out.appendDouble(sums(parts[0]).value(slot));
      case MEAN -> appendMean(sums(parts[0]), sums(parts[1]), slot, out);
      default -> appendVariance(parts, slot, out);
    }
  }

  private static ExactSums sums(States part) {
    return ((Sums) part).sums;
  }

  private static void appendMean(
      ExactSums weights, ExactSums products, int slot, ColumnBuilder out) {
    double weight = weights.value(slot);
    double product = products.value(slot);
    if (weight == 0) {
      out.appendNull();
    } else if (Double.isInfinite(weight) || Double.isInfinite(product)) {
      out.appendDouble(quotient(products.exact(slot), weights.exact(slot)));
    } else {
      out.appendDouble(product / weight);
    }
  }

  private void appendVariance(States[] parts, int slot, ColumnBuilder out) {
    BigDecimal weights = sums(parts[0]).exact(slot);
    BigDecimal divisor = population ? weights : weights.subtract(BigDecimal.ONE);
    if (divisor.signum() <= 0) {
      out.appendNull();
      return;
    }
    BigDecimal products = sums(parts[1]).exact(slot);
    BigDecimal deviations =
        weights.multiply(sums(parts[2]).exact(slot)).subtract(products.multiply(products));
    double variance = Math.max(0, quotient(deviations, weights.multiply(divisor)));
    out.appendDouble(kind == Kind.STDDEV ? Math.sqrt(variance) : variance);
  }

  private static double quotient(BigDecimal dividend, BigDecimal divisor) {
    return dividend
        .round(DIGITS)
        .divide(divisor.round(DIGITS), MathContext.DECIMAL128)
        .doubleValue();
  }

  /** The sum of the weight times a power of the value, and how many records have both. */
  private record Products(String column, String weight, int exponent) implements Part {
    @Override
    public List<String> inputs() {
      return List.of(column, weight);
    }

    @Override
    public boolean canSubtract() {
      return true;
    }

    @Override
    public States newStates(RecordSchema schema) {
      return new Sums(exponent);
    }
  }

  private static final class Sums extends SumStates {
    private final int exponent;
    private long[] counts = {};

    Sums(int exponent) {
      this.exponent = exponent;
    }

    @Override
    public States newStates() {
      return new Sums(exponent);
    }

    @Override
    public void ensure(int slots) {
      super.ensure(slots);
      if (slots > counts.length) {
        counts = Arrays.copyOf(counts, grown(counts.length, slots));
      }
    }

    @Override
    public void clear(int slot) {
      super.clear(slot);
      counts[slot] = 0;
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Column values = in.columns().get(0);
      Column weights = in.columns().get(1);
      Bitmap validity = Bitmap.both(values.validity(), weights.validity());
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          counts[slots[i]]++;
          add(slots[i], number(values, i), number(weights, i));
        }
      }
    }

    private static double number(Column column, int row) {
      return column instanceof DoubleColumn doubles
          ? doubles.get(row)
          : (double) ((LongColumn) column).get(row);
    }

    private void add(int slot, double x, double weight) {
      switch (exponent) {
        case 0 -> sums.add(slot, weight < 0 || !Double.isFinite(x) ? Double.NaN : weight);
        case 1 -> addProduct(sums, slot, x, weight);
        default -> {
          double square = x * x;
          addProduct(sums, slot, square, weight);
          if (Double.isFinite(square)) {
            addProduct(sums, slot, Math.fma(x, x, -square), weight);
          }
        }
      }
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      super.merge(slot, from, fromSlot);
      counts[slot] += ((Sums) from).counts[fromSlot];
    }

    @Override
    public void mergeAll(int slot, States from, int[] fromSlots, int begin, int end) {
      super.mergeAll(slot, from, fromSlots, begin, end);
      for (int i = begin; i < end; i++) {
        counts[slot] += ((Sums) from).counts[fromSlots[i]];
      }
    }

    @Override
    void subtract(int slot, States from, int fromSlot) {
      super.subtract(slot, from, fromSlot);
      counts[slot] -= ((Sums) from).counts[fromSlot];
    }

    @Override
    void subtractAll(int slot, States from, int[] fromSlots, int begin, int end) {
      super.subtractAll(slot, from, fromSlots, begin, end);
      for (int i = begin; i < end; i++) {
        counts[slot] -= ((Sums) from).counts[fromSlots[i]];
      }
    }

    @Override
    public List<FieldType> savedTypes() {
      List<FieldType> types = new ArrayList<>(super.savedTypes());
      types.add(FieldType.INT64);
      return types;
    }

    @Override
    public List<Column> save(int[] slots) {
      List<Column> saved = new ArrayList<>(super.save(slots));
      long[] picked = new long[slots.length];
      for (int i = 0; i < slots.length; i++) {
        picked[i] = counts[slots[i]];
      }
      saved.add(LongColumn.of(FieldType.INT64, picked));
      return saved;
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      super.mergeSaved(saved, slots);
      long[] added = ((LongColumn) saved.get(saved.size() - 1)).values();
      for (int i = 0; i < slots.length; i++) {
        counts[slots[i]] += added[i];
      }
    }

    @Override
    public long byteSize(int slots) {
      return super.byteSize(slots) + 8L * slots;
    }
  }
}
