package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * The sum of x to a power, without error, so that it does not depend on the order: what the higher
 * moments are made of. Nulls are left out; an int64 is taken as the nearest double; magnitudes
 * below {@value #LEAST} count as 0, as the powers of smaller ones do not fit into a double.
 *
 * @param exponent from 1 to 4
 */
record Powers(String column, int exponent) implements Part {

  static final double LEAST = 1e-64;

  private static final MathContext DIGITS = new MathContext(60);

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public boolean canSubtract() {
    return true;
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Sums(exponent);
  }

  /** The exact sum; a part's state of a slot that is finite. */
  static BigDecimal exact(States powers, int slot) {
    return ((Sums) powers).sums.exact(slot);
  }

  /** Whether the first {@code count} of these parts are finite at a slot. */
  static boolean areFinite(States[] powers, int count, int slot) {
    for (int i = 0; i < count; i++) {
      if (!((Sums) powers[i]).sums.isFinite(slot)) {
        return false;
      }
    }
    return true;
  }

  /** n^2 times the mean of squared deviations, from the sums of x and its square. */
  static BigDecimal second(BigDecimal n, BigDecimal s1, BigDecimal s2) {
    return n.multiply(s2).subtract(s1.multiply(s1));
  }

  /** The quotient with more digits than a double has; the operands may have thousands. */
  static BigDecimal quotient(BigDecimal dividend, BigDecimal divisor) {
    return dividend.round(DIGITS).divide(divisor.round(DIGITS), MathContext.DECIMAL128);
  }

  private static final class Sums extends SumStates {
    private final int exponent;

    Sums(int exponent) {
      this.exponent = exponent;
    }

    @Override
    public States newStates() {
      return new Sums(exponent);
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Column column = in.columns().get(0);
      Bitmap validity = column.validity();
      double[] doubles = column instanceof DoubleColumn d ? d.values() : null;
      long[] longs = column instanceof LongColumn l ? l.values() : new long[0];
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          add(slots[i], doubles == null ? (double) longs[i] : doubles[i]);
        }
      }
    }

    private void add(int slot, double x) {
      if (Math.abs(x) < LEAST) {
        return;
      }
      double square = x * x;
      double rest = Double.isFinite(square) ? Math.fma(x, x, -square) : 0;
      switch (exponent) {
        case 1 -> sums.add(slot, x);
        case 2 -> addProduct(sums, slot, x, x);
        case 3 -> {
          addProduct(sums, slot, square, x);
          if (rest != 0) {
            addProduct(sums, slot, rest, x);
          }
        }
        default -> {
          addProduct(sums, slot, square, square);
          if (rest != 0) {
            addProduct(sums, slot, 2 * square, rest);
            addProduct(sums, slot, rest, rest);
          }
        }
      }
    }
  }
}
