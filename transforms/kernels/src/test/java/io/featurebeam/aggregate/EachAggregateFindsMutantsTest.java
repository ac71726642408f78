package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * As {@link MutantsAreFoundTest}, of each aggregate alone: none relies on another to show that ties
 * or nulls are treated wrongly.
 */
class EachAggregateFindsMutantsTest {

  private static final int CASES = 300;

  /** Those in which it matters which of two events of one time is the later. */
  private static final List<Aggregate> ORDERED =
      List.of(
          Aggregates.first("x"),
          Aggregates.first("s"),
          Aggregates.last("n"),
          Aggregates.lag("n", 0),
          Aggregates.lag("s", 1),
          Aggregates.firstK("n", 2),
          Aggregates.lastK("s", 2),
          Aggregates.topK("s", 1, "x"),
          Aggregates.bottomK("n", 2, "x"),
          Aggregates.difference("n"),
          Aggregates.drawdown("n"));

  /** Those of x, in which a null is not 0. */
  private static final List<Aggregate> OF_X =
      List.of(
          Aggregates.first("x"),
          Aggregates.lag("x", 1),
          Aggregates.firstK("x", 2),
          Aggregates.lastK("x", 2),
          Aggregates.topK("x", 3),
          Aggregates.bottomK("x", 3),
          Aggregates.topK("s", 3, "x"),
          Aggregates.difference("x"),
          Aggregates.timeSinceLast("x"),
          Aggregates.timeSinceFirst("x"),
          Aggregates.rate("x", 1_000_000),
          Aggregates.median("x"),
          Aggregates.populationVariance("x"),
          Aggregates.skewness("x"),
          Aggregates.kurtosis("x"),
          Aggregates.weightedMean("x", "weight"),
          Aggregates.weightedVariance("x", "weight"),
          Aggregates.ewma("x", 3_600_000_000L),
          Aggregates.slope("x"),
          Aggregates.drawdown("x"));

  private static final List<Aggregate> OF_LISTS =
      List.of(
          Aggregates.sum("elements(l)"),
          Aggregates.count("elements(l)"),
          Aggregates.mean("elements(l)"),
          Aggregates.min("elements(l)"),
          Aggregates.weightedSum("elements(l)", "weight"));

  @TestFactory
  Stream<DynamicTest> tiesByContentAlone() {
    return ORDERED.stream()
        .map(a -> mutant(a, c -> c.with(MutantsAreFoundTest.withoutSequence(c.spec()))));
  }

  @TestFactory
  Stream<DynamicTest> theFirstOfATieInsteadOfTheLast() {
    return ORDERED.stream()
        .map(a -> events(a, "seq", seq -> seq instanceof Long n ? (Object) ~n : Long.MAX_VALUE));
  }

  @TestFactory
  Stream<DynamicTest> aNullSequenceLastInsteadOfFirst() {
    return ORDERED.stream()
        .map(a -> events(a, "seq", seq -> seq == null ? (Object) Long.MAX_VALUE : seq));
  }

  @TestFactory
  Stream<DynamicTest> aNullAsZero() {
    return OF_X.stream().map(a -> events(a, "x", x -> x == null ? (Object) 0.0 : x));
  }

  @TestFactory
  Stream<DynamicTest> aNaNAsNull() {
    return OF_X.stream()
        .filter(a -> !(a instanceof TopK || a instanceof Quantile)) // which leave out both
        .map(a -> events(a, "x", x -> x instanceof Double d && d.isNaN() ? null : x));
  }

  @TestFactory
  Stream<DynamicTest> aNullWeightAsOne() {
    return Stream.of(
            Aggregates.weightedSum("x", "n"),
            Aggregates.weightedMean("x", "n"),
            Aggregates.weightedVariance("x", "n"))
        .map(a -> events(a, "n", n -> n == null ? (Object) 1L : n));
  }

  @TestFactory
  Stream<DynamicTest> aNullElementAsZero() {
    return OF_LISTS.stream().map(a -> events(a, "l", l -> l == null ? null : filled((List<?>) l)));
  }

  @TestFactory
  Stream<DynamicTest> theFirstElementAlone() {
    return OF_LISTS.stream()
        .map(a -> events(a, "l", l -> l == null ? null : ((List<?>) l).stream().limit(1).toList()));
  }

  private static Object filled(List<?> list) {
    List<Object> filled = new ArrayList<>();
    list.forEach(element -> filled.add(element == null ? 0.0 : element));
    return filled;
  }

  /** A change of one column that must be seen. */
  private interface Change {
    @Nullable Object of(@Nullable Object value);
  }

  private static DynamicTest events(Aggregate aggregate, String column, Change change) {
    return mutant(
        aggregate,
        c -> {
          List<Map<String, @Nullable Object>> changed = new ArrayList<>();
          for (Map<String, @Nullable Object> event : c.events()) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>(event);
            copy.put(column, change.of(event.get(column)));
            changed.add(copy);
          }
          return new AggregateCase(c.spec(), changed, c.seed());
        });
  }

  private static DynamicTest mutant(Aggregate aggregate, UnaryOperator<AggregateCase> mutation) {
    return DynamicTest.dynamicTest(
        aggregate.toString(),
        () ->
            JqwikSession.run(
                () ->
                    assertTrue(
                        AggregateCases.of(List.of(aggregate)).generator(1000, false).stream(
                                new Random(11))
                            .limit(CASES)
                            .map(Shrinkable::value)
                            .anyMatch(c -> isFound(c, mutation.apply(c))),
                        "no case differs")));
  }

  private static boolean isFound(AggregateCase c, AggregateCase mutant) {
    return c.difference(MutantsAreFoundTest.mutated(c, mutant)).isPresent();
  }
}
