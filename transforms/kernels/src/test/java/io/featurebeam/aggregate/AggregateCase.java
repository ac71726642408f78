package io.featurebeam.aggregate;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
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
          Field.of("d", FieldType.DATE));

  /** What the conditions of the random specs mean, in Java. */
  static final Map<String, Predicate<Map<String, @Nullable Object>>> CONDITIONS =
      Map.of(
          "b", event -> Objects.equals(event.get("b"), true),
          "n > 0", event -> event.get("n") instanceof Long n && n > 0);

  AggregateCase {
    Objects.requireNonNull(spec, "spec is null");
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
    return difference(expected, actual());
  }

  Optional<String> difference(
      List<List<@Nullable Object>> expected, List<List<@Nullable Object>> actual) {
    List<List<@Nullable Object>> sorted = sorted(actual);
    List<List<@Nullable Object>> wanted = sorted(expected);
    if (sorted.size() != wanted.size()) {
      return Optional.of(wanted.size() + " rows expected, " + sorted.size() + " there: " + sorted);
    }
    List<String> names = plan().outputSchema().names();
    List<Aggregate> aggregates = aggregates();
    int identity = names.size() - aggregates.size();
    for (int r = 0; r < wanted.size(); r++) {
      for (int c = 0; c < names.size(); c++) {
        Object want = wanted.get(r).get(c);
        Object got = sorted.get(r).get(c);
        boolean same =
            c < identity
                ? Objects.equals(want, got)
                : same(aggregates.get(c - identity), want, got);
        if (!same) {
          return Optional.of(
              names.get(c) + " is " + got + " (must be " + want + ") in row " + wanted.get(r));
        }
      }
    }
    return Optional.empty();
  }

  /** In the order of the columns that say which row it is; the features follow them. */
  private List<List<@Nullable Object>> sorted(List<List<@Nullable Object>> rows) {
    int identity = plan().outputSchema().size() - aggregates().size();
    List<List<@Nullable Object>> sorted = new ArrayList<>(rows);
    sorted.sort(
        (a, b) -> a.subList(0, identity).toString().compareTo(b.subList(0, identity).toString()));
    return sorted;
  }

  private List<Aggregate> aggregates() {
    List<Aggregate> aggregates = new ArrayList<>();
    for (Group group : spec.groups()) {
      for (Feature feature : group.features()) {
        group.windows().forEach(window -> aggregates.add(feature.aggregate()));
      }
    }
    return aggregates;
  }

  /**
   * Mean, variance and standard deviation within 1e-12, all else exactly. What is below 1e-145 has
   * a square that a double does not hold.
   */
  private static boolean same(Aggregate aggregate, @Nullable Object want, @Nullable Object got) {
    boolean rounded = aggregate instanceof Mean || aggregate instanceof Variance;
    if (rounded && want instanceof Double w && got instanceof Double g && Double.isFinite(w)) {
      double negligible = aggregate instanceof Variance v ? (v.root() ? 1e-145 : 1e-290) : 0;
      return Math.abs(w - g) <= 1e-12 * Math.abs(w) + negligible;
    }
    return Objects.equals(want, got);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(spec + ", seed " + seed);
    events.forEach(event -> text.append("\n  ").append(event));
    return text.toString();
  }
}
