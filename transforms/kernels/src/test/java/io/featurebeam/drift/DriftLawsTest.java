package io.featurebeam.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.profile.Distribution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** On random columns: few and many values, ties, sides that share nothing. */
class DriftLawsTest {

  private static final List<DriftMetric> OF_CATEGORIES =
      List.of(
          DriftMetrics.lInfinity(),
          DriftMetrics.totalVariation(),
          DriftMetrics.jensenShannonDivergence(),
          DriftMetrics.jensenShannonDistance(),
          DriftMetrics.psi(),
          DriftMetrics.kl(),
          DriftMetrics.chiSquare());

  private static final List<DriftMetric> OF_NUMBERS =
      List.of(
          DriftMetrics.kolmogorovSmirnov(),
          DriftMetrics.wasserstein(1),
          DriftMetrics.wassersteinNormalised(),
          DriftMetrics.jensenShannonDivergence(),
          DriftMetrics.jensenShannonDistance(),
          DriftMetrics.psi(),
          DriftMetrics.meanChange(),
          DriftMetrics.stddevChange());

  private static Map<String, Long> counts(Random random) {
    Map<String, Long> counts = new LinkedHashMap<>();
    int size = 1 + random.nextInt(8);
    for (int i = 0; i < size; i++) {
      counts.put("c" + random.nextInt(12), 1L + random.nextInt(1 + random.nextInt(1000)));
    }
    return counts;
  }

  private static double[] numbers(Random random) {
    double[] values = new double[1 + random.nextInt(300)];
    boolean ties = random.nextBoolean();
    for (int i = 0; i < values.length; i++) {
      values[i] = ties ? random.nextInt(6) - 3 : random.nextGaussian() * 10;
    }
    return values;
  }

  private static Distribution of(Map<String, Long> counts) {
    return Distribution.ofCategories("x", counts);
  }

  private static Distribution of(double[] values) {
    return Distribution.ofNumbers("x", values);
  }

  @Property(tries = 200)
  void equalColumnsAreAtZero(@ForAll long seed) {
    Random random = new Random(seed);
    Distribution categories = of(counts(random));
    Distribution numbers = of(numbers(random));
    for (DriftMetric metric : OF_CATEGORIES) {
      assertEquals(0, metric.compare(categories, categories).value(), 1e-7, metric.name());
    }
    for (DriftMetric metric : OF_NUMBERS) {
      assertEquals(0, metric.compare(numbers, numbers).value(), 1e-7, metric.name());
    }
    assertEquals(1, DriftMetrics.chiSquare().compare(categories, categories).pValue(), 1e-9);
    assertEquals(1, DriftMetrics.kolmogorovSmirnov().compare(numbers, numbers).pValue(), 1e-9);
  }

  @Property(tries = 200)
  void sharesOfProportionalCountsAreAlike(@ForAll long seed) {
    Map<String, Long> counts = counts(new Random(seed));
    Map<String, Long> more = new LinkedHashMap<>();
    counts.forEach((text, count) -> more.put(text, count * 7));
    for (DriftMetric metric : OF_CATEGORIES) {
      assertEquals(0, metric.compare(of(counts), of(more)).value(), 1e-7, metric.name());
    }
  }

  @Property(tries = 200)
  void symmetricOnesAreSymmetric(@ForAll long seed) {
    Random random = new Random(seed);
    Distribution a = of(counts(random));
    Distribution b = of(counts(random));
    for (DriftMetric metric : OF_CATEGORIES) {
      if (!metric.name().equals("kl")) {
        assertSymmetric(metric, a, b);
      }
    }
    Distribution x = of(numbers(random));
    Distribution y = of(numbers(random));
    assertSymmetric(DriftMetrics.kolmogorovSmirnov(), x, y);
    assertSymmetric(DriftMetrics.wasserstein(1), x, y);
  }

  private static void assertSymmetric(DriftMetric metric, Distribution a, Distribution b) {
    Measured there = metric.compare(a, b);
    Measured back = metric.compare(b, a);
    assertEquals(there.value(), back.value(), 1e-9 * (1 + there.value()), metric.name());
    assertEquals(there.pValue(), back.pValue(), 1e-9, metric.name());
  }

  @Property(tries = 200)
  void valuesAreWithinTheirBounds(@ForAll long seed) {
    Random random = new Random(seed);
    Distribution a = of(counts(random));
    Distribution b = of(counts(random));
    for (DriftMetric metric : OF_CATEGORIES) {
      Measured measured = metric.compare(a, b);
      boolean bounded = !metric.name().equals("psi") && !metric.name().equals("kl");
      assertTrue(measured.value() >= 0, metric.name());
      assertTrue(!bounded || measured.value() <= 1 + 1e-9, metric.name());
      assertTrue(measured.value() < 20, metric.name()); // the floor keeps it finite
    }
    double[] x = numbers(random);
    double[] y = numbers(random);
    Measured test = DriftMetrics.kolmogorovSmirnov().compare(of(x), of(y));
    assertTrue(test.value() >= 0 && test.value() <= 1);
    assertTrue(test.pValue() >= 0 && test.pValue() <= 1);
    double area = DriftMetrics.wasserstein(1).compare(of(x), of(y)).value();
    double means = Math.abs(mean(x) - mean(y));
    assertTrue(area >= means - 1e-9, "a mean moves no further than the values do");
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  @Property(tries = 100)
  void theOrderOfValuesDoesNotMatter(@ForAll long seed) {
    Random random = new Random(seed);
    double[] reference = numbers(random);
    double[] values = numbers(random);
    List<Double> shuffled = new ArrayList<>();
    for (double value : values) {
      shuffled.add(value);
    }
    Collections.shuffle(shuffled, random);
    Distribution other = Distribution.ofNumbers("x", shuffled.toArray(new Double[0]));
    for (DriftMetric metric : OF_NUMBERS) {
      assertEquals(metric.compare(of(reference), of(values)), metric.compare(of(reference), other));
    }
    Map<String, Long> counts = counts(random);
    List<String> texts = new ArrayList<>(counts.keySet());
    Collections.reverse(texts);
    Map<String, Long> reversed = new LinkedHashMap<>();
    texts.forEach(text -> reversed.put(text, counts.getOrDefault(text, 0L)));
    Map<String, Long> before = counts(random);
    for (DriftMetric metric : OF_CATEGORIES) {
      assertEquals(
          metric.compare(of(before), of(counts)), metric.compare(of(before), of(reversed)));
    }
  }

  /** Of q(t) = (1 - t) p + t r, what is further along is further away. */
  @Property(tries = 200)
  void moreDriftIsNoLess(@ForAll long seed) {
    Random random = new Random(seed);
    int size = 2 + random.nextInt(6);
    long[] p = new long[size];
    long[] r = new long[size];
    for (int i = 0; i < size; i++) {
      p[i] = 10L + random.nextInt(100);
      r[i] = 10L + random.nextInt(100);
    }
    long totalP = sum(p);
    long totalR = sum(r);
    double[] last = new double[OF_CATEGORIES.size()];
    for (int step = 0; step <= 5; step++) {
      Map<String, Long> before = new LinkedHashMap<>();
      Map<String, Long> after = new LinkedHashMap<>();
      for (int i = 0; i < size; i++) {
        before.put("c" + i, p[i] * totalR * 5);
        after.put("c" + i, p[i] * totalR * (5 - step) + r[i] * totalP * step);
      }
      for (int m = 0; m < last.length; m++) {
        DriftMetric metric = OF_CATEGORIES.get(m);
        double value = metric.compare(of(before), of(after)).value();
        assertTrue(value >= last[m] - 1e-9, metric.name() + ": " + value + " after " + last[m]);
        last[m] = value;
      }
    }
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }

  @Property(tries = 100)
  void movingAllNumbersFurtherIsNoLess(@ForAll long seed) {
    double[] values = numbers(new Random(seed));
    double lastGap = 0;
    double lastArea = 0;
    for (int step = 1; step <= 5; step++) {
      double[] moved = values.clone();
      for (int i = 0; i < moved.length; i++) {
        moved[i] += step * 1.5;
      }
      double gap = DriftMetrics.kolmogorovSmirnov().compare(of(values), of(moved)).value();
      double area = DriftMetrics.wasserstein(1).compare(of(values), of(moved)).value();
      assertTrue(gap >= lastGap - 1e-12);
      assertEquals(step * 1.5, area, 1e-9);
      assertTrue(area > lastArea);
      lastGap = gap;
      lastArea = area;
    }
  }
}
