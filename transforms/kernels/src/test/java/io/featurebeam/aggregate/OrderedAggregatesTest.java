package io.featurebeam.aggregate;

import static java.lang.Double.MAX_VALUE;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import io.featurebeam.columnar.FieldType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Laws and rules of the aggregates that look at the order or the times of events, at moments or at
 * weights. In {@link AggregateLaws} a small int64 is an event as many microseconds after 0.
 */
class OrderedAggregatesTest {

  @TestFactory
  Stream<DynamicTest> firstOfLongs() {
    return AggregateLaws.of(Aggregates.first("v"), FieldType.INT64, null, null)
        .given(1L, 3L, null, 1L, 2L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> firstOfStrings() {
    return AggregateLaws.of(Aggregates.first("v"), FieldType.STRING, null, null)
        .given("a", null, "a")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> latestOfLongsIsItself() {
    return AggregateLaws.of(Aggregates.lag("v", 0), FieldType.INT64, null, null)
        .given(3L, 1L, 3L, 2L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> secondLatestOfLongs() {
    return AggregateLaws.of(Aggregates.lag("v", 1), FieldType.INT64, null, null)
        .given(2L, 3L, 1L, 2L)
        .given(null, 1L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> anEventCountsInLagWhereItsTextIsNull() {
    return AggregateLaws.of(Aggregates.lag("v", 0), FieldType.STRING, null, null)
        .given("a", "a")
        .given(null, (Object) null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> firstThreeOfDoubles() {
    return AggregateLaws.of(Aggregates.firstK("v", 3), FieldType.FLOAT64, null, null)
        .given(List.of(NaN), NaN, null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> lastTwoOfLongs() {
    return AggregateLaws.of(Aggregates.lastK("v", 2), FieldType.INT64, null, null)
        .given(List.of(3L, 2L), 2L, 1L, null, 3L)
        .given(List.of(1L), 1L)
        .given(List.of(1L, 1L), 1L, 1L, 1L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> lastTwoOfStrings() {
    return AggregateLaws.of(Aggregates.lastK("v", 2), FieldType.STRING, null, null)
        .given(List.of("a"), "a", null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> lastThreeOfBooleans() {
    return AggregateLaws.of(Aggregates.lastK("v", 3), FieldType.BOOLEAN, null, null)
        .given(List.of(true), null, true)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> topThreeOfDoubles() {
    return AggregateLaws.of(Aggregates.topK("v", 3), FieldType.FLOAT64, null, null)
        .given(null, NaN)
        .given(List.of(2.0, 2.0, 1.0), 1.0, 2.0, null, NaN, 0.5, 2.0)
        .given(List.of(POSITIVE_INFINITY, 0.0, -0.0), -0.0, 0.0, POSITIVE_INFINITY, -1.0)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> bottomTwoOfDates() {
    return AggregateLaws.of(Aggregates.bottomK("v", 2), FieldType.DATE, null, null)
        .given(List.of(Long.MIN_VALUE, -3L), 5L, -3L, Long.MIN_VALUE, null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> topTwoByWeight() {
    return AggregateLaws.of(Aggregates.topK("v", 2, "w"), FieldType.INT64, null, null)
        .given(List.of(7L, 5L), 5L, 7L, 6L, 9L) // of weights 1, 2, 0.5 and null
        .given(List.of(2L, 3L), 3L, 2L)
        .given(List.of(2L, 3L), 1L, 2L, null, null, 3L) // of the two of weight 1 the later
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> bottomStringsByWeight() {
    return AggregateLaws.of(Aggregates.bottomK("v", 1, "w"), FieldType.STRING, null, null)
        .given(List.of("c"), "a", "b", "c", "d")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> differenceOfDoubles() {
    return AggregateLaws.of(Aggregates.difference("v"), FieldType.FLOAT64, null, null)
        .given(0.0, 2.5, null)
        .given(NaN, NaN)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> timeSinceLastOfLongs() {
    return AggregateLaws.of(Aggregates.timeSinceLast("v"), FieldType.INT64, null, null)
        .given(0.999997, 3L, 1L, null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> timeSinceFirstOfEvents() {
    return AggregateLaws.of(Aggregates.timeSinceFirst(), FieldType.INT64, null, 1.0)
        .given(0.999999, 3L, 1L)
        .given(1.0, 3L, 1L, null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> rateOfEvents() {
    return AggregateLaws.of(Aggregates.rate(60_000_000), FieldType.INT64, 0.0, 2 / 60.0)
        .given(3 / 60.0, 1L, null, 1L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> rateOfDoubles() {
    return AggregateLaws.of(Aggregates.rate("v", 1_800_000_000L), FieldType.FLOAT64, null, null)
        .given(1.5, 1.0, null, 2.0)
        .given(NaN, 1.0, NaN)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> rateOfLongsBeyondInt64() {
    return AggregateLaws.of(Aggregates.rate("v", 1_800_000_000L), FieldType.INT64, null, null)
        .given((double) Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> skewnessOfDoubles() {
    return AggregateLaws.of(Aggregates.skewness("v"), FieldType.FLOAT64, null, null)
        .given(null, 1.0, 2.0)
        .given(0.0, 1.0, null, 2.0, 3.0)
        .given(null, 0.1, 0.1, 0.1)
        .given(NaN, 1.0, 2.0, NaN)
        .given(NaN, 1.0, 2.0, POSITIVE_INFINITY)
        .given(NaN, 1.0, 2.0, 1e103)
        .given(Math.sqrt(3), 1e15, 1e15, 1e15 + 1)
        .given(null, 1e-65, 0.0, 2e-65)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> populationSkewnessOfLongs() {
    return AggregateLaws.of(new Skewness("v", true), FieldType.INT64, null, null)
        .given(null, 1L)
        .given(0.0, 1L, 2L)
        .given(Math.sqrt(0.5), 1L, 1L, null, 2L)
        .given(-Math.sqrt(0.5), 2L, 1L, 2L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> kurtosisOfDoubles() {
    return AggregateLaws.of(Aggregates.kurtosis("v"), FieldType.FLOAT64, null, null)
        .given(null, 1.0, 2.0, 4.0)
        .given(4.0, 1.0, 1.0, null, 1.0, 2.0)
        .given(-6.0, 1e15, 1e15, 1e15 + 1, 1e15 + 1)
        .given(null, 0.1, 0.1, 0.1, 0.1)
        .given(NaN, 1.0, 2.0, 3.0, NaN)
        .given(NaN, 1.0, 2.0, 3.0, 1e78)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> populationKurtosisOfLongs() {
    return AggregateLaws.of(new Kurtosis("v", true), FieldType.INT64, null, null)
        .given(null, 1L)
        .given(-2.0, 1L, 2L)
        .given(-1.36, 1L, 2L, 3L, 4L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> populationVarianceAndStddev() {
    return Stream.concat(
        AggregateLaws.of(Aggregates.populationVariance("v"), FieldType.FLOAT64, null, null)
            .given(1.0, 1.0, 3.0)
            .tests(),
        AggregateLaws.of(Aggregates.populationStddev("v"), FieldType.FLOAT64, null, null)
            .given(1.0, 1.0, 3.0)
            .tests());
  }

  @TestFactory
  Stream<DynamicTest> weightedSumOfDoubles() {
    return AggregateLaws.of(Aggregates.weightedSum("v", "w"), FieldType.FLOAT64, null, null)
        .given(9.0, 1.0, 4.0)
        .given(1.0, 1.0, null, null, 5.0) // of weights 1, 2, 0.5 and null
        .given(null, null, null, null, 5.0)
        .given(NaN, NaN)
        .given(NaN, 1.0, MAX_VALUE)
        .given(NaN, POSITIVE_INFINITY)
        .given(0.1 * 3, 0.1, 0.1)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> weightedMeanOfDoubles() {
    return AggregateLaws.of(Aggregates.weightedMean("v", "w"), FieldType.FLOAT64, null, null)
        .given(3.0, 1.0, 4.0)
        .given(MAX_VALUE / 2, MAX_VALUE / 2, MAX_VALUE / 2, MAX_VALUE / 2)
        .given(NaN, 1.0, NaN)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> aMeanOfItsOwnWeights() {
    return AggregateLaws.of(Aggregates.weightedMean("w", "v"), FieldType.FLOAT64, null, null)
        .given(null, 0.0, 0.0)
        .given(NaN, 1.0, -1.0)
        .given(1.5, 1.0, 1.0)
        .given(1.0, 1.0, 0.0)
        .given(NaN, POSITIVE_INFINITY)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> weightedVarianceOfDoubles() {
    return AggregateLaws.of(Aggregates.weightedVariance("v", "w"), FieldType.FLOAT64, null, null)
        .given(null, 1.0) // of weight 1
        .given(3.0, 1.0, 4.0)
        .given(3.0, 1e15 + 1, 1e15 + 4)
        .given(0.0, 0.1, 0.1, 0.1)
        .given(NaN, 1.0, NaN)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> weightedPopulationStddevOfLongs() {
    return AggregateLaws.of(
            new Weighted(Weighted.Kind.STDDEV, "v", "w", true), FieldType.INT64, null, null)
        .given(Math.sqrt(2), 1L, 4L)
        .given(0.0, 3L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> ewmaOfDoubles() {
    return AggregateLaws.of(Aggregates.ewma("v", 2), FieldType.FLOAT64, null, null)
        .given(1.5, 1.0, null, 2.0)
        .given(NaN, 1.0, NaN)
        .given(NEGATIVE_INFINITY, 1.0, NEGATIVE_INFINITY)
        .given(MAX_VALUE, MAX_VALUE, MAX_VALUE, MAX_VALUE)
        .given(1e-320, 1e-320, 1e-320)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> ewmaOfLongs() {
    return AggregateLaws.of(Aggregates.ewma("v", 1), FieldType.INT64, null, null)
        .given(5 / 3.0, 1L, 2L)
        .given(7.0, 7L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> slopeOfLongs() {
    return AggregateLaws.of(Aggregates.slope("v"), FieldType.INT64, null, null)
        .given(null, 1L, 1L)
        .given(1e6, 3L, 1L, null, 2L)
        .given(-3e6, 1L, 4L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> slopeOfDoubles() {
    return AggregateLaws.of(Aggregates.slope("v"), FieldType.FLOAT64, null, null)
        .given(null, NaN)
        .given(NaN, NaN, Double.longBitsToDouble(3))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> drawdownOfDoubles() {
    return AggregateLaws.of(Aggregates.drawdown("v"), FieldType.FLOAT64, null, null)
        .given(0.0, 1.0, null)
        .given(NaN, 1.0, NaN)
        .given(0.0, POSITIVE_INFINITY, POSITIVE_INFINITY)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> drawdownOfLongs() {
    return AggregateLaws.of(Aggregates.drawdown("v"), FieldType.INT64, null, null)
        .given(0.0, 3L, 1L, 2L)
        .given(3.0, 1L, 4L, null) // 4 is the earlier
        .given(7.0, 3L, 1L, 8L, 4L) // that is 4, 8, 1, 3
        .given(11.0, 3L, 1L, 5L, 12L, 8L, 4L) // that is 4, 8, 12, 1, 5, 3
        .tests();
  }
}
