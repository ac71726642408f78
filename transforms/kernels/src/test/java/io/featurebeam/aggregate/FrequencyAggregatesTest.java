package io.featurebeam.aggregate;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import io.featurebeam.columnar.FieldType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The aggregates of how often values occur, and those per category, keep the laws. */
class FrequencyAggregatesTest {

  private static final List<Object> NONE = List.of();

  @TestFactory
  Stream<DynamicTest> distinctOfDoubles() {
    return AggregateLaws.of(Aggregates.distinct("v"), FieldType.FLOAT64, 0L, 0L)
        .given(3L, NaN, NaN, 0.0, -0.0, null, 1.0)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> distinctOfStrings() {
    return AggregateLaws.of(Aggregates.distinct("v"), FieldType.STRING, 0L, 0L)
        .given(2L, "a", "", "a", null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> distinctStopsAtItsLimit() {
    return AggregateLaws.of(new Distinct("v", 5), FieldType.INT64, 0L, 0L)
        .given(5L, 1L, 2L, 3L, 4L, 5L)
        .given(5L, 1L, 2L, 3L, 4L, 5L, 6L, 7L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> distinctListOfDoubles() {
    return AggregateLaws.of(Aggregates.distinctList("v"), FieldType.FLOAT64, NONE, NONE)
        .given(List.of(-1.0, 0.0, 1.0, NaN), NaN, 1.0, -0.0, 0.0, null, -1.0, NaN)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> distinctListOfStringsByCodePoint() {
    return AggregateLaws.of(Aggregates.distinctList("v"), FieldType.STRING, NONE, NONE)
        .given(
            List.of("", "b", "é", "\uFFFD", "\uD83D\uDE00"), "\uD83D\uDE00", "\uFFFD", "é", "b", "")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> distinctListBeyondItsLimitIsNull() {
    return AggregateLaws.of(new DistinctList("v", 4), FieldType.STRING, NONE, NONE)
        .given(List.of("a", "b", "c", "d"), "d", "c", "b", "a", "a")
        .given(null, "d", "c", "b", "a", "e")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> mostFrequentString() {
    return AggregateLaws.of(Aggregates.mostFrequent("v"), FieldType.STRING, null, null)
        .given("b", "a", "b", "c", "b", null, null, null, null)
        .given("a", "b", "a", "b", "a")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> mostFrequentDouble() {
    return AggregateLaws.of(Aggregates.mostFrequent("v"), FieldType.FLOAT64, null, null)
        .given(NaN, NaN, NaN, 1.0)
        .given(-5.0, NaN, 3.0, -5.0)
        .given(0.0, 1.0, -0.0, 0.0)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> mostFrequentDate() {
    return AggregateLaws.of(Aggregates.mostFrequent("v"), FieldType.DATE, null, null)
        .given(-3L, 4L, -3L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> mostFrequentBeyondItsLimitIsNull() {
    return AggregateLaws.of(new MostFrequent("v", 3), FieldType.INT64, null, null)
        .given(7L, 7L, 7L, 8L, 9L)
        .given(null, 7L, 7L, 7L, 8L, 9L, 10L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> entropyInBits() {
    return AggregateLaws.of(Aggregates.entropy("v"), FieldType.STRING, null, null)
        .given(0.0, "a", "a", null)
        .given(1.0, "a", "b")
        .given(1.5, "a", "b", "a", "c")
        .given(2.0, "a", "b", "c", "d", null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> entropyOfDoubles() {
    return AggregateLaws.of(new Entropy("v", 30), FieldType.FLOAT64, null, null)
        .given(1.0, NaN, NaN, 0.0, -0.0)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> histogramOfDoubles() {
    Aggregate histogram = Aggregates.histogram("v", -1.0, 0.0, 10.0);
    List<Long> zeros = List.of(0L, 0L, 0L, 0L);
    return AggregateLaws.of(histogram, FieldType.FLOAT64, zeros, zeros)
        .given(List.of(1L, 1L, 2L, 2L), -1.5, -0.5, -0.0, 0.0, 10.0, 11.0)
        .given(List.of(1L, 0L, 0L, 1L), NaN, POSITIVE_INFINITY, NEGATIVE_INFINITY, null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> histogramOfLongs() {
    return AggregateLaws.of(
            Aggregates.histogram("v", 5.0), FieldType.INT64, List.of(0L, 0L), List.of(0L, 0L))
        .given(List.of(2L, 1L), 4L, 5L, null, Long.MIN_VALUE)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> quantilesOfDoubles() {
    return AggregateLaws.of(Aggregates.quantiles("v", 1.0, 0.5), FieldType.FLOAT64, null, null)
        .given(List.of(4.0, 2.5), 4.0, NaN, 1.0, null)
        .given(null, NaN)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> frequentStrings() {
    return AggregateLaws.of(Aggregates.frequentItems("v", 2), FieldType.STRING, NONE, NONE)
        .given(List.of("c", "a"), "a", "b", "c", "c", null, null, null)
        .given(List.of("a"), "a")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> countsOfFrequentDoubles() {
    return AggregateLaws.of(Aggregates.frequentCounts("v", 3), FieldType.FLOAT64, NONE, NONE)
        .given(List.of(3L, 2L, 1L), 1.0, NaN, NaN, 0.0, -0.0, -0.0, null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> frequentBooleans() {
    return AggregateLaws.of(Aggregates.frequentItems("v", 5), FieldType.BOOLEAN, NONE, NONE)
        .given(List.of(true, false), true, false, true)
        .given(List.of(false, true), true, false)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> countPerString() {
    return AggregateLaws.of(
            Aggregates.perCategory(Aggregates.count(), "v"), FieldType.STRING, "{}", "{}")
        .given("{\"\":1,\"a\":2,\"q\\\"\\n\":1}", "a", "", "a", null, "q\"\n")
        .given("{\"\uFFFD\":1,\"\uD83D\uDE00\":1}", "\uD83D\uDE00", "\uFFFD")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> sumPerLong() {
    return AggregateLaws.of(
            Aggregates.perCategory(Aggregates.sum("v"), "v"), FieldType.INT64, "{}", "{}")
        .given("{\"-1\":-2,\"10\":10,\"9\":9}", 9L, 10L, -1L, -1L, null)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> stddevPerLong() { // two parts
    return AggregateLaws.of(
            Aggregates.perCategory(Aggregates.stddev("v"), "v"), FieldType.INT64, "{}", "{}")
        .given("{\"1\":null,\"2\":0.0}", 1L, 2L, 2L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> orderedPerString() {
    return AggregateLaws.of(
            Aggregates.perCategory(Aggregates.last("v"), "v"), FieldType.STRING, "{}", "{}")
        .given("{\"a\":\"a\"}", "a", "a")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> statesOfListsPerBoolean() {
    return AggregateLaws.of(
            Aggregates.perCategory(Aggregates.approximateDistinct("v"), "v"),
            FieldType.BOOLEAN,
            "{}",
            "{}")
        .given("{\"false\":1,\"true\":1}", true, false, true)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> statesThatMayBeFullPerString() {
    return AggregateLaws.of(
            Aggregates.perCategory(new Distinct("v", 1), "v"), FieldType.STRING, "{}", "{}")
        .given("{\"a\":1,\"b\":1}", "b", "a", "b")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> maxOfDatesPerDate() {
    return AggregateLaws.of(
            Aggregates.perCategory(Aggregates.max("v"), "v"), FieldType.DATE, "{}", "{}")
        .given("{\"1969-12-31\":\"1969-12-31\",\"1970-01-02\":\"1970-01-02\"}", 1L, -1L, 1L)
        .given("{\"9223372036854775807\":\"9223372036854775807\"}", Long.MAX_VALUE)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> theLargestNumbersComeFirst() {
    return AggregateLaws.of(
            Aggregates.perLargestCategory(Aggregates.count(), "v", 2), FieldType.INT64, "{}", "{}")
        .given("{\"10\":1,\"9\":2}", 9L, -1L, 10L, 9L, null)
        .given("{\"-3\":1}", -3L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> theLargestTextsComeFirst() {
    return AggregateLaws.of(
            Aggregates.perLargestCategory(Aggregates.max("v"), "v", 2),
            FieldType.STRING,
            "{}",
            "{}")
        .given("{\"b\":\"b\",\"a\":\"a\"}", "a", "b", "")
        .given(
            "{\"\uD83D\uDE00\":\"\uD83D\uDE00\",\"\uFFFD\":\"\uFFFD\"}",
            "\uFFFD",
            "\uD83D\uDE00",
            "b")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> theLargestResultsComeFirst() {
    return AggregateLaws.of(
            Aggregates.perTopCategory(Aggregates.count(), "v", 2), FieldType.INT64, "{}", "{}")
        .given("{\"7\":3,\"-1\":2}", 7L, 7L, -1L, 9L, 7L, -1L)
        .given("{\"2\":1,\"9\":1}", 9L, 2L, 10L) // of equal ones the smaller
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> resultsThatAreNullOrNaNComeLast() {
    return AggregateLaws.of(
            Aggregates.perTopCategory(Aggregates.stddev("v"), "v", 3), FieldType.INT64, "{}", "{}")
        .given("{\"2\":0.0,\"1\":null,\"3\":null}", 3L, 1L, 2L, 2L, 4L)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> tooManyCategoriesAreNull() {
    return AggregateLaws.of(
            new PerCategory(Aggregates.quantile("v", 0.5), "v", 4), FieldType.INT64, "{}", "{}")
        .given("{\"1\":1.0,\"2\":2.0,\"3\":3.0,\"4\":4.0}", 4L, 3L, 2L, 1L)
        .given(null, 4L, 3L, 2L, 1L, 5L)
        .tests();
  }
}
