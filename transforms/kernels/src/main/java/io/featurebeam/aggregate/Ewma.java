package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;

/**
 * The mean of a column with weights that halve with every half-life of event time: {@code sum(w x)
 * / sum(w)} with {@code w = 2^(t / halfLife)}. Nulls are left out; null if there is no other value.
 * NaN makes it NaN, infinities are as IEEE 754 says. float64; an int64 is taken as the nearest
 * double.
 *
 * <p>It does not depend on the order of events or merging, to the last bit. Times are counted in
 * half-lives since 1970: the whole part of t / halfLife says to which bucket an event belongs, the
 * rest its weight in it, and sums of a bucket are exact. Buckets differ by powers of two, so they
 * are put together without error too. What is rounded are weights and w x of each event, and the
 * result: it is within 1e-15 times the weighted mean of |x|. Events more than {@value #SPAN} whole
 * half-lives before the latest are left out; they would weigh less than 2^-{@value #SPAN} of it
 * each. A state takes a bucket, 44 bytes, for each half-life in which there were events, at most
 * 65.
 *
 * @param column an int64 or float64 column
 * @param halfLifeMicros after how long a weight is half of what it was, in microseconds
 */
public record Ewma(String column, long halfLifeMicros) implements Aggregate, Part {

  /** How many half-lives before the latest event are looked at. */
  static final int SPAN = 64;

  public Ewma {
    if (halfLifeMicros <= 0) {
      throw new IllegalArgumentException(
          "Invalid halfLife: " + halfLifeMicros + " microseconds (must be > 0)");
    }
  }

  @Override
  public List<Part> parts() {
    return List.of(this);
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    ColumnTypes.numeric("ewma", schema, column);
    return FieldType.FLOAT64;
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Buckets(halfLifeMicros);
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    ((Buckets) parts[0]).appendMean(slot, out);
  }

  /**
   * Per slot its buckets, the newest first: which places they have in a pool, where each has its
   * number since 1970, the sum of its weights and that of the weighted values.
   */
  private static final class Buckets extends States {
    private static final int[] NONE = {};

    private static final int TOO_OLD = -1;

    private final long halfLife;
    private final ExactSums weights = new ExactSums();
    private final ExactSums values = new ExactSums();
    private final ExactSums total = new ExactSums();
    private int[][] buckets = {};
    private int[] counts = {};
    private long[] numbers = {};

    /** Places of the pool that were used so far, and those of them that are free again. */
    private int places;

    private int[] free = {};
    private int freeCount;
    private long kept;

    Buckets(long halfLife) {
      this.halfLife = halfLife;
      total.ensure(2);
    }

    void appendMean(int slot, ColumnBuilder out) {
      if (counts[slot] == 0) {
        out.appendNull();
        return;
      }
      boolean finite = true;
      boolean large = false;
      for (int b = 0; b < counts[slot]; b++) {
        int place = buckets[slot][b];
        finite &= values.isFinite(place);
        large |= !values.canScale(place, SPAN);
      }
      if (!finite) {
        out.appendDouble(notFinite(slot));
      } else {
        out.appendDouble(large ? exactMean(slot) : mean(slot));
      }
    }

    private double notFinite(int slot) {
      double sum = 0;
      for (int b = 0; b < counts[slot]; b++) {
        int place = buckets[slot][b];
        sum += values.isFinite(place) ? 0 : values.value(place);
      }
      return sum;
    }

    private double mean(int slot) {
      long oldest = numbers[buckets[slot][counts[slot] - 1]];
      total.clear(0);
      total.clear(1);
      for (int b = 0; b < counts[slot]; b++) {
        int place = buckets[slot][b];
        int exponent = (int) (numbers[place] - oldest);
        total.mergeScaled(0, values, place, exponent);
        total.mergeScaled(1, weights, place, exponent);
      }
      return total.value(0) / total.value(1);
    }

    private double exactMean(int slot) {
      long oldest = numbers[buckets[slot][counts[slot] - 1]];
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal weight = BigDecimal.ZERO;
      for (int b = 0; b < counts[slot]; b++) {
        int place = buckets[slot][b];
        BigDecimal scale = new BigDecimal(Math.scalb(1.0, (int) (numbers[place] - oldest)));
        sum = sum.add(values.exact(place).multiply(scale));
        weight = weight.add(weights.exact(place).multiply(scale));
      }
      double rounded = sum.doubleValue(); // as mean would, where it can
      return Double.isInfinite(rounded)
          ? sum.divide(weight, MathContext.DECIMAL128).doubleValue()
          : rounded / weight.doubleValue();
    }

    /** The place of a slot's bucket of this number, or {@link #TOO_OLD}; drops what it outdates. */
    private int place(int slot, long number) {
      int count = counts[slot];
      int[] own = buckets[slot];
      int at = 0;
      while (at < count && numbers[own[at]] > number) {
        at++;
      }
      if (at < count && numbers[own[at]] == number) {
        return own[at];
      }
      if (at > 0 && isOutdated(number, numbers[own[0]])) {
        return TOO_OLD;
      }
      while (count > at && isOutdated(numbers[own[count - 1]], number)) {
        release(own[--count]);
      }
      if (count == own.length) {
        own = Arrays.copyOf(own, Math.min(SPAN + 1, Math.max(2, count * 2)));
        kept += own.length - count;
        buckets[slot] = own;
      }
      System.arraycopy(own, at, own, at + 1, count - at);
      own[at] = take(number);
      counts[slot] = count + 1;
      return own[at];
    }

    private static boolean isOutdated(long number, long newest) {
      return newest - number > SPAN || newest - number < 0; // beyond long too
    }

    private int take(long number) {
      int place = freeCount > 0 ? free[--freeCount] : places++;
      if (place >= numbers.length) {
        numbers = Arrays.copyOf(numbers, grown(numbers.length, place + 1));
        weights.ensure(numbers.length);
        values.ensure(numbers.length);
      }
      numbers[place] = number;
      return place;
    }

    private void release(int place) {
      weights.clear(place);
      values.clear(place);
      if (freeCount == free.length) {
        free = Arrays.copyOf(free, grown(free.length, freeCount + 1));
      }
      free[freeCount++] = place;
    }

    @Override
    public States newStates() {
      return new Buckets(halfLife);
    }

    @Override
    public void ensure(int slots) {
      int old = counts.length;
      if (slots > old) {
        int length = grown(old, slots);
        counts = Arrays.copyOf(counts, length);
        buckets = Arrays.copyOf(buckets, length);
        Arrays.fill(buckets, old, length, NONE);
      }
    }

    @Override
    public void clear(int slot) {
      for (int b = 0; b < counts[slot]; b++) {
        release(buckets[slot][b]);
      }
      kept -= buckets[slot].length;
      buckets[slot] = NONE;
      counts[slot] = 0;
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Column column = in.columns().get(0);
      Bitmap validity = column.validity();
      long[] times = in.times();
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          int place = place(slots[i], Math.floorDiv(times[i], halfLife));
          if (place != TOO_OLD) {
            double x =
                column instanceof DoubleColumn doubles
                    ? doubles.get(i)
                    : (double) ((LongColumn) column).get(i);
            double weight = weight(Math.floorMod(times[i], halfLife), halfLife);
            weights.add(place, weight);
            values.add(place, weight * x);
          }
        }
      }
    }

    /** From 0.5 to 1, so that no product overflows; the same on every machine. */
    private static double weight(long rest, long halfLife) {
      return rest == 0 ? 0.5 : 0.5 * StrictMath.pow(2, (double) rest / halfLife);
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      Buckets other = (Buckets) from;
      for (int b = 0; b < other.counts[fromSlot]; b++) {
        int theirs = other.buckets[fromSlot][b];
        int place = place(slot, other.numbers[theirs]);
        if (place != TOO_OLD) {
          weights.merge(place, other.weights, theirs);
          values.merge(place, other.values, theirs);
        }
      }
    }

    @Override
    public List<FieldType> savedTypes() {
      return List.of(
          FieldType.listOf(FieldType.INT64),
          FieldType.listOf(FieldType.FLOAT64),
          FieldType.listOf(FieldType.FLOAT64));
    }

    /** Per bucket its number, and of each sum how many parts it has and these. */
    @Override
    public List<Column> save(int[] slots) {
      ColumnBuilder savedNumbers = ColumnBuilder.of(savedTypes().get(0));
      ColumnBuilder savedWeights = ColumnBuilder.of(savedTypes().get(1));
      ColumnBuilder savedValues = ColumnBuilder.of(savedTypes().get(2));
      for (int slot : slots) {
        for (int b = 0; b < counts[slot]; b++) {
          savedNumbers.elements().appendLong(numbers[buckets[slot][b]]);
        }
        int[] own = Arrays.copyOf(buckets[slot], counts[slot]);
        appendSums(weights.save(own), own.length, savedWeights);
        appendSums(values.save(own), own.length, savedValues);
        savedNumbers.endList();
        savedWeights.endList();
        savedValues.endList();
      }
      return List.of(savedNumbers.build(), savedWeights.build(), savedValues.build());
    }

    private static void appendSums(List<Column> sums, int size, ColumnBuilder out) {
      double[] highs = ((DoubleColumn) sums.get(0)).values();
      double[] lows = ((DoubleColumn) sums.get(1)).values();
      ListColumn rests = (ListColumn) sums.get(2);
      double[] parts = ((DoubleColumn) rests.elements()).values();
      for (int i = 0; i < size; i++) {
        out.elements().appendDouble(rests.end(i) - rests.start(i));
        out.elements().appendDouble(highs[i]);
        out.elements().appendDouble(lows[i]);
        for (int p = rests.start(i); p < rests.end(i); p++) {
          out.elements().appendDouble(parts[p]);
        }
      }
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      ListColumn savedNumbers = (ListColumn) saved.get(0);
      long[] added = ((LongColumn) savedNumbers.elements()).values();
      for (int i = 0; i < slots.length; i++) {
        int[] places = new int[savedNumbers.end(i) - savedNumbers.start(i)];
        for (int b = 0; b < places.length; b++) {
          places[b] = place(slots[i], added[savedNumbers.start(i) + b]);
        }
        mergeSums((ListColumn) saved.get(1), i, places, weights);
        mergeSums((ListColumn) saved.get(2), i, places, values);
      }
    }

    private static void mergeSums(ListColumn saved, int row, int[] places, ExactSums sums) {
      double[] parts = ((DoubleColumn) saved.elements()).values();
      int at = saved.start(row);
      for (int place : places) {
        int rest = (int) parts[at++];
        if (place != TOO_OLD) {
          sums.add(place, parts[at]);
          sums.add(place, parts[at + 1]);
          sums.mergeParts(place, parts, at + 2, at + 2 + rest);
        }
        at += 2 + rest;
      }
    }

    @Override
    public long byteSize(int slots) {
      return 12L * slots + 4L * kept + 40L * (places - freeCount);
    }
  }

  /** {@code ewma: {column: c, halfLife: 1h}}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "ewma";
    }

    @Override
    public String description() {
      return "The mean of a column, exponentially weighted: a weight halves with every half-life.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "An int64 or float64 column."),
          Parameter.required(
              "halfLife",
              Parameter.Kind.DURATION,
              "After how long a weight is half of what it was, such as 1h."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Ewma(settings.string("column"), settings.integer("halfLife"));
    }
  }
}
