package io.featurebeam.aggregate;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A random case: what is wanted, the events, and the seed of all that must not matter. {@link
 * #difference} is the comparison with the oracle.
 */
record AggregateCase(
    WindowedAggregates spec, List<Map<String, @Nullable Object>> events, long seed) {

  static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("user", FieldType.STRING),
          Field.of("shop", FieldType.INT64),
          Field.of("weight", FieldType.FLOAT64),
          Field.required("time", FieldType.TIMESTAMP),
          Field.of("seq", FieldType.INT64),
          Field.of("x", FieldType.FLOAT64),
          Field.of("n", FieldType.INT64),
          Field.of("s", FieldType.STRING),
          Field.of("b", FieldType.BOOLEAN),
          Field.of("d", FieldType.DATE),
          Field.of("l", FieldType.listOf(FieldType.FLOAT64)));

  /** What the conditions of the random specs mean, in Java. */
  static final Map<String, Predicate<Map<String, @Nullable Object>>> CONDITIONS =
      Map.of(
          "b", event -> Objects.equals(event.get("b"), true),
          "n > 0", event -> event.get("n") instanceof Long n && n > 0);

  /** Without the events that a pipeline rejects before it aggregates. */
  AggregateCase {
    events = events.stream().filter(new BruteForce(spec, CONDITIONS)::hasRow).toList();
  }

  AggregateCase with(WindowedAggregates newSpec) {
    return new AggregateCase(newSpec, events, seed);
  }

  BoundAggregates plan() {
    return BoundAggregates.bind(spec, SCHEMA);
  }

  List<List<@Nullable Object>> expected() {
    return new BruteForce(spec, CONDITIONS).rows(events);
  }

  /** The rows of the kernels, of as many shards and in such an order as the seed says. */
  List<List<@Nullable Object>> actual() {
    int maxCells = seed % 3 == 0 ? 2 : 1 << 20;
    Plans run =
        new Plans(1 + (int) Math.floorMod(seed, 5L), maxCells, Long.MIN_VALUE, Long.MAX_VALUE);
    return run.rows(plan(), events, seed);
  }

  /** The first difference between the kernels' rows and these, if there is one. */
  Optional<String> difference(List<List<@Nullable Object>> expected) {
    return new Differences(plan()).first(expected, actual());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(spec + ", seed " + seed);
    events.forEach(event -> text.append("\n  ").append(event));
    return text.toString();
  }
}
