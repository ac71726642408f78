package io.featurebeam.aggregate;

import static java.lang.Double.MAX_VALUE;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import io.featurebeam.columnar.FieldType;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every built-in aggregate keeps the laws, and does with null and NaN what its Javadoc says. */
class BuiltInAggregatesTest {

  @TestFactory
  Stream<DynamicTest> countOfEvents() {
    return AggregateLaws.of(Aggregates.count(), FieldType.INT64, 0L, 2L)
        .given(3L, 1L, null, 1L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> countOfValues() {
    return AggregateLaws.of(Aggregates.count("v"), FieldType.FLOAT64, 0L, 0L)
        .given(2L, NaN, null, 1.0)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> sumOfDoubles() {
    return AggregateLaws.of(Aggregates.sum("v"), FieldType.FLOAT64, null, null)
        .given(3.0, 1.0, null, 2.0)
        .given(NaN, 1.0, NaN)
        .given(NaN, POSITIVE_INFINITY, NEGATIVE_INFINITY)
        .given(NEGATIVE_INFINITY, 1.0, NEGATIVE_INFINITY)
        .given(0.0, -0.0)
        .given(2.0, 1.0, 1e100, 1.0, -1e100)
        .given(0.6, 0.1, 0.2, 0.3)
        .given(1e-300, 1.0, 1e100, 1e-300, -1e100, -1.0)
        .given(1e-300, 1e-300, 1e100, 1.0, -1.0, -1e100)
        .given(MAX_VALUE, MAX_VALUE, MAX_VALUE, -MAX_VALUE)
        .given(NEGATIVE_INFINITY, -MAX_VALUE, -MAX_VALUE)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> sumOfLongs() {
    return AggregateLaws.of(Aggregates.sum("v"), FieldType.INT64, null, null)
        .given(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, -Long.MAX_VALUE, null)
        .given(Long.MIN_VALUE, Long.MIN_VALUE)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> meanOfDoubles() {
    return AggregateLaws.of(Aggregates.mean("v"), FieldType.FLOAT64, null, null)
        .given(1.5, 1.0, null, 2.0)
        .given(MAX_VALUE, MAX_VALUE, MAX_VALUE, MAX_VALUE)
        .given(NaN, 1.0, NaN)
        .given(POSITIVE_INFINITY, POSITIVE_INFINITY, 1.0)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> meanOfLongs() {
    return AggregateLaws.of(Aggregates.mean("v"), FieldType.INT64, null, null)
        .given((double) Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> minOfDoubles() {
    return AggregateLaws.of(Aggregates.min("v"), FieldType.FLOAT64, null, null)
        .given(-0.0, 0.0, -0.0, null)
        .given(NaN, 1.0, NaN)
        .given(POSITIVE_INFINITY, POSITIVE_INFINITY)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> maxOfDates() {
    return AggregateLaws.of(Aggregates.max("v"), FieldType.DATE, null, null)
        .given(-3L, -4L, -3L, null)
        .given(Long.MIN_VALUE, Long.MIN_VALUE)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> minOfStringsByCodePoint() {
    return AggregateLaws.of(Aggregates.min("v"), FieldType.STRING, null, null)
        .given("", "b", "", null, "a")
        .given("\uFFFD", "\uD83D\uDE00", "\uFFFD")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> maxOfStringsByCodePoint() {
    return AggregateLaws.of(Aggregates.max("v"), FieldType.STRING, null, null)
        .given("é", "b", "é", null, "z")
        .given("\uD83D\uDE00", "\uD83D\uDE00", "\uFFFD")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> varianceOfDoubles() {
    return AggregateLaws.of(Aggregates.variance("v"), FieldType.FLOAT64, null, null)
        .given(null, 1.0)
        .given(2.0, 1.0, null, 3.0)
        .given(0.0, 0.1, 0.1, 0.1)
        .given(NaN, 1.0, NaN)
        .given(NaN, 1.0, POSITIVE_INFINITY)
        .given(2.0, 1e15 + 1, 1e15 + 3)
        .given(0.0, 1.2e154, 1.2e154, 1.2e154)
        .given(1.2e154 * 1.2e154, 1.2e154, -1.2e154, 0.0)
        .given(POSITIVE_INFINITY, 1.2e154, -1.2e154)
        .given(NaN, 1.4e154, 1.0)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> populationVarianceOfLongs() {
    return AggregateLaws.of(new Variance("v", true, false), FieldType.INT64, null, null)
        .given(0.0, 5L)
        .given(1.0, 1L, null, 3L)
        .given(1.0, Long.MAX_VALUE, Long.MAX_VALUE - 2)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> stddevOfDoubles() {
    return AggregateLaws.of(Aggregates.stddev("v"), FieldType.FLOAT64, null, null)
        .given(2.0, 1.0, 3.0, 5.0)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> distinctOfDoubles() {
    return AggregateLaws.of(Aggregates.approximateDistinct("v"), FieldType.FLOAT64, 0L, 0L)
        .given(3L, NaN, NaN, 0.0, -0.0, null, 1.0)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> distinctOfStrings() {
    return AggregateLaws.of(Aggregates.approximateDistinct("v"), FieldType.STRING, 0L, 0L)
        .given(2L, "a", "", "a", null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> distinctOfBooleans() {
    return AggregateLaws.of(Aggregates.approximateDistinct("v"), FieldType.BOOLEAN, 0L, 0L)
        .given(2L, true, false, true)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> medianOfDoubles() {
    return AggregateLaws.of(Aggregates.quantile("v", 0.5), FieldType.FLOAT64, null, null)
        .given(null, NaN)
        .given(1.5, 2.0, NaN, 1.0, null)
        .given(POSITIVE_INFINITY, POSITIVE_INFINITY, POSITIVE_INFINITY)
        .given(NaN, NEGATIVE_INFINITY, POSITIVE_INFINITY)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> upperQuantileOfLongs() {
    return AggregateLaws.of(Aggregates.quantile("v", 0.75), FieldType.INT64, null, null)
        .given(3.25, 1L, 4L, 2L, 3L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> lastOfDoubles() {
    return AggregateLaws.of(Aggregates.last("v"), FieldType.FLOAT64, null, null)
        .given(NaN, NaN, null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> lastOfStrings() {
    return AggregateLaws.of(Aggregates.last("v"), FieldType.STRING, null, null)
        .given("a", null, "a")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> lastOfBooleans() {
    return AggregateLaws.of(Aggregates.last("v"), FieldType.BOOLEAN, null, null)
        .given(false, false, null)
        .tests();
  }
}
