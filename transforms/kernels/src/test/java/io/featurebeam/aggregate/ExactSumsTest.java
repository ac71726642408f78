package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ListColumn;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/**
 * Sums near the end of the doubles and beyond it: what comes out is the exact sum, rounded once.
 */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class ExactSumsTest {

  private static final double MAX = Double.MAX_VALUE;

  /** Half of the last digit of {@link #MAX}: from MAX + TIE on a sum rounds to infinity. */
  private static final double TIE = 0x1p970;

  private static BigDecimal exact(List<Double> values) {
    return values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static ExactSums sums(List<Double> values) {
    ExactSums sums = new ExactSums();
    sums.ensure(1);
    values.forEach(x -> sums.add(0, x));
    return sums;
  }

  /** The sum of the values, which are parted at random, merged in memory or as saved. */
  private static ExactSums merged(List<Double> values, Random random) {
    if (values.size() < 2 || random.nextInt(4) == 0) {
      return sums(values);
    }
    int middle = 1 + random.nextInt(values.size() - 1);
    ExactSums left = merged(values.subList(0, middle), random);
    ExactSums right = merged(values.subList(middle, values.size()), random);
    if (random.nextBoolean()) {
      left.merge(0, right, 0);
    } else {
      List<Column> saved = right.save(new int[] {0});
      left.mergeSaved(saved, new int[] {0});
    }
    return left;
  }

  @Property(seed = "1", tries = 5000)
  void anyOrderAndAnyTreeOfMergesGiveTheExactSumRoundedOnce(
      @ForAll("huge") List<Double> values, @ForAll long seed) {
    Random random = new Random(seed);
    Collections.shuffle(values, random);

    ExactSums sums = merged(values, random);

    BigDecimal exact = exact(values);
    assertEquals(exact.doubleValue(), sums.value(0) + 0.0, () -> values + " is " + exact);
    assertEquals(0, exact.compareTo(sums.exact(0)));
    if (!values.isEmpty()) {
      BigDecimal mean = exact.divide(BigDecimal.valueOf(values.size()), MathContext.DECIMAL128);
      double expected = mean.doubleValue();
      double tolerance = Math.abs(expected) * 0x1p-52 + Double.MIN_VALUE;
      assertEquals(expected, sums.mean(0, values.size()), tolerance);
    }
  }

  @Property(seed = "2")
  void whatIsTakenOutLeavesNoRest(
      @ForAll("huge") List<Double> values, @ForAll("huge") List<Double> taken, @ForAll long seed) {
    Random random = new Random(seed);
    List<Double> all = new ArrayList<>(values);
    all.addAll(taken);
    Collections.shuffle(all, random);
    ExactSums sums = merged(all, random);

    sums.subtract(0, merged(taken, random), 0);

    assertEquals(0, exact(values).compareTo(sums.exact(0)));
    assertEquals(exact(values).doubleValue(), sums.value(0) + 0.0);
  }

  @Test
  void whatIsNotFiniteCanBeTakenOutAgain() {
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(2, left(List.of(1.0, Double.NaN, 1.0, infinity), List.of(infinity, Double.NaN)));
    assertEquals(infinity, left(List.of(infinity, infinity, 1.0), List.of(infinity)));
    assertEquals(-infinity, left(List.of(1.0), List.of(infinity)));
    assertEquals(Double.NaN, left(List.of(1.0), List.of(infinity, -infinity)));
    assertEquals(Double.NaN, left(List.of(1.0), List.of(Double.NaN)));
    assertEquals(1, left(List.of(1.0, -infinity, MAX, MAX), List.of(MAX, MAX, -infinity)));
  }

  /** Taken out in memory, and of what was saved and read. */
  private static double left(List<Double> values, List<Double> taken) {
    ExactSums sums = sums(values);
    sums.subtract(0, sums(taken), 0);
    ExactSums read = sums(List.of());
    read.mergeSaved(sums.save(new int[] {0}), new int[] {0});
    assertEquals(sums.value(0), read.value(0));
    return read.value(0);
  }

  /** Mostly so large that two of them overflow, with parts that decide how a tie is rounded. */
  @Provide
  Arbitrary<List<Double>> huge() {
    Arbitrary<Double> large =
        Arbitraries.of(MAX, Math.nextDown(MAX), 0x1p1023, Math.nextDown(0x1p1023), 0x1.8p1023);
    Arbitrary<Double> ties = Arbitraries.of(TIE, TIE / 2, 0x1p969, 0x1p971, 0x1.8p970);
    Arbitrary<Double> any =
        Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
    Arbitrary<Double> small = Arbitraries.of(1.0, 0.1, Double.MIN_VALUE, Double.MIN_NORMAL, 0x1p53);
    return Arbitraries.frequencyOf(
            Tuple.of(5, large), Tuple.of(3, ties), Tuple.of(2, any), Tuple.of(2, small))
        .flatMap(x -> Arbitraries.of(x, -x))
        .list()
        .ofMaxSize(24);
  }

  @Test
  void aSumMayGrowBeyondTheDoublesAndComeBack() {
    assertEquals(Double.POSITIVE_INFINITY, sums(List.of(MAX, MAX)).value(0));
    assertEquals(MAX, sums(List.of(MAX, MAX, -MAX)).value(0));
    assertEquals(MAX, sums(List.of(MAX, -MAX, MAX)).value(0));
    assertEquals(-MAX, sums(List.of(-MAX, -MAX, MAX)).value(0));
    assertEquals(1, sums(List.of(MAX, MAX, 1.0, -MAX, -MAX)).value(0));
    assertEquals(0, sums(List.of(MAX, MAX, MAX, -MAX, -MAX, -MAX)).value(0));
  }

  @Test
  void aSumIsAnInfinityOnlyFromTheTieOn() {
    assertEquals(Double.POSITIVE_INFINITY, sums(List.of(MAX, TIE)).value(0));
    assertEquals(MAX, sums(List.of(MAX, TIE, -Double.MIN_VALUE)).value(0));
    assertEquals(MAX, sums(List.of(-Double.MIN_VALUE, TIE, MAX)).value(0));
    assertEquals(Double.POSITIVE_INFINITY, sums(List.of(MAX, TIE, Double.MIN_VALUE)).value(0));
    assertEquals(Double.NEGATIVE_INFINITY, sums(List.of(-MAX, -TIE)).value(0));
    assertEquals(-MAX, sums(List.of(-MAX, -TIE, Double.MIN_VALUE)).value(0));
  }

  @Test
  void infinitiesAndNaNOfTheDataStayWhatTheyAre() {
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(infinity, sums(List.of(MAX, MAX, infinity, -MAX, -MAX)).value(0));
    assertEquals(-infinity, sums(List.of(MAX, MAX, -infinity)).value(0));
    assertEquals(Double.NaN, sums(List.of(MAX, MAX, -infinity, infinity)).value(0));
    assertEquals(Double.NaN, sums(List.of(MAX, Double.NaN, MAX)).value(0));
  }

  @Test
  void slotsAreApartAndAClearedOneIsEmpty() {
    ExactSums sums = new ExactSums();
    sums.ensure(2);
    for (int slot : new int[] {0, 1, 0, 0}) {
      sums.add(slot, MAX);
    }
    sums.ensure(100);
    assertEquals(MAX, sums.value(1));
    assertEquals(MAX, sums.mean(0, 3));
    sums.clear(0);
    assertEquals(0, sums.value(0));
    sums.add(0, 1);
    assertEquals(1, sums.value(0));
    assertEquals(0, sums.value(99));
  }

  @Test
  void manyOverflowsTakeNoMoreRoomThanOne() {
    ExactSums sums = new ExactSums();
    sums.ensure(1);
    for (int i = 0; i < 1_000_000; i++) {
      sums.add(0, MAX);
    }
    List<Column> saved = sums.save(new int[] {0});
    assertEquals(2, ((ListColumn) saved.get(2)).end(0), "parts behind low");
    ExactSums again = new ExactSums();
    again.ensure(1);
    again.mergeSaved(saved, new int[] {0});
    BigDecimal expected = new BigDecimal(MAX).multiply(BigDecimal.valueOf(1_000_000));
    assertEquals(0, expected.compareTo(again.exact(0)));
    assertEquals(MAX, again.mean(0, 1_000_000));
  }
}
