package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sums of doubles, one per slot, that do not depend on the order: the exact sum, rounded once when
 * it is read.
 *
 * <p>A sum is kept as {@code high + low} by error-free transformation (Knuth's TwoSum); what even
 * {@code low} cannot hold, which is rare, goes to a tail (an expansion after Shewchuk, "Adaptive
 * precision floating-point arithmetic", 1997). A sum that grows beyond the doubles is kept as what
 * is left of it and a number of times 2^1024, so it may come back: it is an infinity only if the
 * exact sum rounds to one. NaN and infinities are counted apart, so that they can be taken out
 * again; read, they add up as IEEE 754 says.
 */
final class ExactSums {

  /**
   * High, low and the rest of the parts. Behind a NaN, which no part is, the rest says how many
   * times 2^1024 is in the sum, or behind two how often NaN and the infinities are.
   */
  static final List<FieldType> SAVED_TYPES =
      List.of(FieldType.FLOAT64, FieldType.FLOAT64, FieldType.listOf(FieldType.FLOAT64));

  /** NaN and the infinities. */
  private static final int SPECIALS = 3;

  private static final double HALF_CARRY = 0x1p1023;
  private static final BigDecimal CARRY = new BigDecimal(BigInteger.ONE.shiftLeft(1024));

  private double[] high = {};
  private double[] low = {};

  /** What low cannot hold; null until there is such a slot. */
  private double @Nullable [] third;

  /** What third cannot hold; null until there is such a slot. */
  private double @Nullable [] @Nullable [] tails;

  /** How many times 2^1024 was taken out of high; null until there is such a slot. */
  private long @Nullable [] carries;

  /** Per slot how often NaN, infinity and -infinity were added; null until there is such a slot. */
  private long @Nullable [] special;

  void ensure(int slots) {
    if (slots > high.length) {
      int length = States.grown(high.length, slots);
      high = Arrays.copyOf(high, length);
      low = Arrays.copyOf(low, length);
      third = third == null ? null : Arrays.copyOf(third, length);
      tails = tails == null ? null : Arrays.copyOf(tails, length);
      carries = carries == null ? null : Arrays.copyOf(carries, length);
      special = special == null ? null : Arrays.copyOf(special, SPECIALS * length);
    }
  }

  void clear(int slot) {
    high[slot] = 0;
    low[slot] = 0;
    if (third != null) {
      third[slot] = 0;
    }
    if (tails != null) {
      tails[slot] = null;
    }
    if (carries != null) {
      carries[slot] = 0;
    }
    if (special != null) {
      Arrays.fill(special, SPECIALS * slot, SPECIALS * (slot + 1), 0);
    }
  }

  void add(int slot, double x) {
    double h = high[slot];
    double sum = h + x;
    double part = sum - h;
    double error = (h - (sum - part)) + (x - part);
    double l = low[slot];
    double newLow = l + error;
    double lowPart = newLow - l;
    double rest = (l - (newLow - lowPart)) + (error - lowPart);
    if (rest != 0) { // NaN too: x or the sum is not finite
      addCarefully(slot, x, rest, sum, newLow);
    } else {
      high[slot] = sum;
      low[slot] = newLow;
    }
  }

  private void addCarefully(int slot, double x, double rest, double sum, double newLow) {
    if (Double.isNaN(rest)) {
      if (Double.isFinite(x)) {
        addWithCarry(slot, x);
      } else {
        addSpecial(slot, Double.isNaN(x) ? 0 : x > 0 ? 1 : 2, 1);
      }
      return;
    }
    high[slot] = sum;
    low[slot] = newLow;
    if (third == null) {
      third = new double[high.length];
    }
    double t = third[slot];
    double newThird = t + rest;
    double part = newThird - t;
    double error = (t - (newThird - part)) + (rest - part);
    third[slot] = newThird;
    if (error != 0) {
      if (tails == null) {
        tails = new double[high.length][];
      }
      tails[slot] = grow(tails[slot], error);
    }
  }

  private void addSpecial(int slot, int which, long count) {
    if (special == null) {
      special = new long[SPECIALS * high.length];
    }
    special[SPECIALS * slot + which] += count;
  }

  private long special(int slot, int which) {
    return special == null ? 0 : special[SPECIALS * slot + which];
  }

  /**
   * Adds where high + x overflows. Then the larger of them is 2^1023 at least, so taking 2^1024 out
   * of it is exact, and leaves a number of the other sign, to which the smaller adds up.
   */
  private void addWithCarry(int slot, double x) {
    double h = high[slot];
    double large = Math.abs(h) < Math.abs(x) ? x : h;
    double half = Math.copySign(HALF_CARRY, large);
    high[slot] = Math.abs(h) < Math.abs(x) ? h : x;
    carry(slot, large > 0 ? 1 : -1);
    add(slot, large - half - half);
  }

  private void carry(int slot, long count) {
    if (carries == null) {
      carries = new long[high.length];
    }
    carries[slot] += count;
  }

  /** Adds to an expansion, smallest part first, without error. */
  private static double[] grow(double @Nullable [] expansion, double x) {
    if (expansion == null) {
      return new double[] {x};
    }
    double[] result = new double[expansion.length + 1];
    int n = 0;
    double carry = x;
    for (double e : expansion) {
      double sum = carry + e;
      double part = sum - carry;
      double error = (carry - (sum - part)) + (e - part);
      if (error != 0) {
        result[n++] = error;
      }
      carry = sum;
    }
    if (carry != 0) {
      result[n++] = carry;
    }
    return Arrays.copyOf(result, n);
  }

  void merge(int slot, ExactSums from, int fromSlot) {
    addAll(slot, from, fromSlot, 1);
  }

  /** Merges some slots; like one after the other, but with the sum at hand meanwhile. */
  void mergeAll(int slot, ExactSums from, int[] fromSlots, int begin, int end) {
    addAll(slot, from, fromSlots, begin, end, 1);
  }

  /** Subtracts some slots likewise. */
  void subtractAll(int slot, ExactSums from, int[] fromSlots, int begin, int end) {
    addAll(slot, from, fromSlots, begin, end, -1);
  }

  private void addAll(int slot, ExactSums from, int[] fromSlots, int begin, int end, int sign) {
    int i = begin;
    while (i < end) {
      if (isPlain() && from.isPlain()) {
        i = addPlain(slot, from, fromSlots, i, end, sign);
      }
      if (i < end) {
        addAll(slot, from, fromSlots[i++], sign);
      }
    }
  }

  /** Whether each part of each slot is a finite number. */
  private boolean isPlain() {
    return special == null && carries == null;
  }

  /**
   * Adds slots as long as three parts hold the sum, by TwoSums that wait little for one another;
   * gives the first that was not added.
   */
  private int addPlain(int slot, ExactSums from, int[] fromSlots, int begin, int end, int sign) {
    double h = high[slot];
    double l = low[slot];
    double t = third(slot);
    int i = begin;
    for (; i < end; i++) {
      int other = fromSlots[i];
      double otherHigh = sign * from.high[other];
      double otherLow = sign * from.low[other];
      double otherThird = sign * from.third(other);
      double sum = h + otherHigh;
      double part = sum - h;
      double error = (h - (sum - part)) + (otherHigh - part);
      double lows = l + otherLow;
      part = lows - l;
      double lowError = (l - (lows - part)) + (otherLow - part);
      double newLow = lows + error;
      part = newLow - lows;
      double newError = (lows - (newLow - part)) + (error - part);
      double errors = lowError + newError;
      part = errors - lowError;
      double rest = (lowError - (errors - part)) + (newError - part);
      double thirds = t + otherThird;
      part = thirds - t;
      double thirdRest = (t - (thirds - part)) + (otherThird - part);
      double newThird = thirds + errors;
      part = newThird - thirds;
      double newRest = (thirds - (newThird - part)) + (errors - part);
      boolean fits = rest == 0 && thirdRest == 0 && newRest == 0; // nothing is where it overflows
      if (!fits || (from.tails != null && from.tails[other] != null)) {
        break;
      }
      h = sum;
      l = newLow;
      t = newThird;
    }
    high[slot] = h;
    low[slot] = l;
    if (t != third(slot)) {
      if (third == null) {
        third = new double[high.length];
      }
      third[slot] = t;
    }
    return i;
  }

  /** Takes out what {@link #merge} adds; as all of it is exact, nothing is left of it. */
  void subtract(int slot, ExactSums from, int fromSlot) {
    addAll(slot, from, fromSlot, -1);
  }

  private void addAll(int slot, ExactSums from, int fromSlot, int sign) {
    double l = from.low[fromSlot];
    add(slot, sign * from.high[fromSlot]);
    if (l != 0) {
      add(slot, sign * l);
    }
    if (from.third(fromSlot) != 0) {
      add(slot, sign * from.third(fromSlot));
    }
    double[] tail = from.tails == null ? null : from.tails[fromSlot];
    if (tail != null) {
      for (double part : tail) {
        add(slot, sign * part);
      }
    }
    if (from.carry(fromSlot) != 0) {
      carry(slot, sign * from.carry(fromSlot));
    }
    for (int which = 0; which < SPECIALS && !from.isFinite(fromSlot); which++) {
      addSpecial(slot, which, sign * from.special(fromSlot, which));
    }
  }

  /** Whether no part of 2^exponent times a finite sum overflows, nor do some of them together. */
  boolean canScale(int slot, int exponent) {
    double most = Math.scalb(Double.MAX_VALUE, -exponent - 16);
    return carry(slot) == 0
        && Math.abs(high[slot]) < most
        && Math.abs(low[slot]) < most
        && Math.abs(third(slot)) < most;
  }

  /** Adds 2^exponent times another sum without error, where that {@link #canScale}. */
  void mergeScaled(int slot, ExactSums from, int fromSlot, int exponent) {
    add(slot, Math.scalb(from.high[fromSlot], exponent));
    add(slot, Math.scalb(from.low[fromSlot], exponent));
    add(slot, Math.scalb(from.third(fromSlot), exponent));
    double[] tail = from.tails == null ? null : from.tails[fromSlot];
    if (tail != null) {
      for (double part : tail) {
        add(slot, Math.scalb(part, exponent));
      }
    }
  }

  boolean isFinite(int slot) {
    return special == null
        || (special(slot, 0) == 0 && special(slot, 1) == 0 && special(slot, 2) == 0);
  }

  /**
   * What is not finite, added up; an infinity that was taken out too often is one of other sign.
   */
  private double specialSum(int slot) {
    long up = Long.signum(special(slot, 1));
    long down = -Long.signum(special(slot, 2));
    return special(slot, 0) != 0 || up * down < 0
        ? Double.NaN
        : (up + down) * Double.POSITIVE_INFINITY;
  }

  /** The sum, rounded to the nearest double; NaN is always the same NaN. */
  double value(int slot) {
    if (!isFinite(slot)) {
      return specialSum(slot);
    }
    if (isShort(slot)) {
      return high[slot] + low[slot];
    }
    if (isApart(slot)) {
      double sum = roundedSum(high[slot], low[slot], third(slot));
      if (Double.isFinite(sum)) { // else it may lie just below the tie
        return sum;
      }
    }
    return exact(slot).doubleValue();
  }

  /** The sum divided by a count; finite if the values are, however large their sum. */
  double mean(int slot, long count) {
    double sum = value(slot);
    return Double.isInfinite(sum) && isFinite(slot)
        ? exact(slot).divide(BigDecimal.valueOf(count), MathContext.DECIMAL128).doubleValue()
        : sum / count;
  }

  private long carry(int slot) {
    return carries == null ? 0 : carries[slot];
  }

  private double third(int slot) {
    return third == null ? 0 : third[slot];
  }

  /** Whether high and low are all there is. */
  private boolean isShort(int slot) {
    return third(slot) == 0 && hasNoMore(slot);
  }

  private boolean hasNoMore(int slot) {
    return (tails == null || tails[slot] == null) && carry(slot) == 0;
  }

  /**
   * Whether there is no tail, no carry, and each part is far smaller than the one before, as it is
   * unless large numbers cancelled.
   */
  private boolean isApart(int slot) {
    double l = Math.abs(low[slot]);
    return hasNoMore(slot)
        && l <= Math.abs(high[slot]) * 0x1p-8
        && Math.abs(third(slot)) <= l * 0x1p-8;
  }

  /**
   * a + b + c rounded once, where c is far smaller than b and b than a: the last steps of an fsum.
   */
  private static double roundedSum(double a, double b, double c) {
    double low = b + c;
    double lowPart = low - b;
    double rest = (b - (low - lowPart)) + (c - lowPart);
    double sum = a + low;
    double part = sum - a;
    double error = (a - (sum - part)) + (low - part);
    if ((error > 0 && rest > 0)
        || (error < 0 && rest < 0)) { // beyond a tie that was rounded to even
      double twice = error * 2;
      double other = sum + twice;
      if (twice == other - sum) {
        return other;
      }
    }
    return sum;
  }

  /** The sum without any error; it must be finite. */
  BigDecimal exact(int slot) {
    BigDecimal sum = new BigDecimal(high[slot]).add(new BigDecimal(low[slot]));
    if (carry(slot) != 0) {
      sum = sum.add(CARRY.multiply(BigDecimal.valueOf(carry(slot))));
    }
    if (third != null) {
      sum = sum.add(new BigDecimal(third[slot]));
    }
    double[] tail = tails == null ? null : tails[slot];
    if (tail != null) {
      for (double part : tail) {
        sum = sum.add(new BigDecimal(part));
      }
    }
    return sum;
  }

  /** What a finite {@link #value} left out, to twice the precision of a double. */
  double remainder(int slot, double value) {
    double h = high[slot];
    double l = low[slot];
    if (isShort(slot)) {
      double part = value - h;
      return (h - (value - part)) + (l - part);
    }
    return isApart(slot)
        ? ((h - value) + l) + third(slot)
        : exact(slot).subtract(new BigDecimal(value)).doubleValue();
  }

  List<Column> save(int[] slots) {
    double[] highs = new double[slots.length];
    double[] lows = new double[slots.length];
    int[] offsets = new int[slots.length + 1];
    double[] rests = third == null ? new double[0] : new double[slots.length];
    int count = 0;
    for (int i = 0; i < slots.length; i++) {
      int slot = slots[i];
      highs[i] = high[slot];
      lows[i] = low[slot];
      if (third != null && third[slot] != 0) {
        if (count == rests.length) {
          rests = Arrays.copyOf(rests, States.grown(count, count + 1));
        }
        rests[count++] = third[slot];
      }
      double[] tail = tails == null ? null : tails[slot];
      if (tail != null) {
        rests = Arrays.copyOf(rests, Math.max(rests.length, count + tail.length));
        System.arraycopy(tail, 0, rests, count, tail.length);
        count += tail.length;
      }
      if (carry(slot) != 0) {
        rests = Arrays.copyOf(rests, Math.max(rests.length, count + 2));
        rests[count++] = Double.NaN;
        rests[count++] = carry(slot); // far fewer than 2^53 records
      }
      if (!isFinite(slot)) {
        rests = Arrays.copyOf(rests, Math.max(rests.length, count + 2 + SPECIALS));
        rests[count++] = Double.NaN;
        rests[count++] = Double.NaN;
        for (int which = 0; which < SPECIALS; which++) {
          rests[count++] = special(slot, which);
        }
      }
      offsets[i + 1] = count;
    }
    return List.of(
        DoubleColumn.of(highs),
        DoubleColumn.of(lows),
        new ListColumn(
            SAVED_TYPES.get(2), offsets, new DoubleColumn(rests, count, null), slots.length, null));
  }

  void mergeSaved(List<Column> saved, int[] slots) {
    double[] highs = ((DoubleColumn) saved.get(0)).values();
    double[] lows = ((DoubleColumn) saved.get(1)).values();
    ListColumn savedTails = (ListColumn) saved.get(2);
    double[] parts = ((DoubleColumn) savedTails.elements()).values();
    for (int i = 0; i < slots.length; i++) {
      add(slots[i], highs[i]);
      if (lows[i] != 0) {
        add(slots[i], lows[i]);
      }
      mergeParts(slots[i], parts, savedTails.start(i), savedTails.end(i));
    }
  }

  /** Adds saved parts from {@code from} to {@code to}, exclusive. */
  void mergeParts(int slot, double[] parts, int from, int to) {
    for (int p = from; p < to; p++) {
      if (!Double.isNaN(parts[p])) {
        add(slot, parts[p]);
      } else if (!Double.isNaN(parts[++p])) {
        carry(slot, (long) parts[p]);
      } else {
        for (int which = 0; which < SPECIALS; which++) {
          addSpecial(slot, which, (long) parts[++p]);
        }
      }
    }
  }

  long byteSize(int slots) {
    return (16L + (third == null ? 0 : 8) + (carries == null ? 0 : 8)) * slots;
  }
}
