package io.featurebeam.aggregate;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares rows in any order: mean, variance and standard deviation within 1e-12, all else exactly;
 * -0.0 is not 0.0.
 */
public final class Differences {

  private final List<String> names;
  private final List<Aggregate> aggregates = new ArrayList<>();
  private final int identity;

  /** For the rows of a plan. */
  public Differences(BoundAggregates plan) {
    names = plan.outputSchema().names();
    for (Group group : plan.spec().groups()) {
      for (Feature feature : group.features()) {
        group.windows().forEach(window -> aggregates.add(feature.aggregate()));
      }
    }
    identity = names.size() - aggregates.size();
  }

  /** The first difference, if there is one. */
  public Optional<String> first(
      List<List<@Nullable Object>> expected, List<List<@Nullable Object>> actual) {
    List<List<@Nullable Object>> wanted = sorted(expected);
    List<List<@Nullable Object>> there = sorted(actual);
    if (wanted.size() != there.size()) {
      return Optional.of(wanted.size() + " rows expected, " + there.size() + " there: " + there);
    }
    for (int r = 0; r < wanted.size(); r++) {
      for (int c = 0; c < names.size(); c++) {
        Object want = wanted.get(r).get(c);
        Object got = there.get(r).get(c);
        if (!same(c, want, got)) {
          return Optional.of(
              names.get(c) + " is " + got + " (must be " + want + ") in row " + wanted.get(r));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * In the order of the columns that say which row it is; rows that agree in them have equal
   * features.
   */
  private List<List<@Nullable Object>> sorted(List<List<@Nullable Object>> rows) {
    List<List<@Nullable Object>> sorted = new ArrayList<>(rows);
    sorted.sort((a, b) -> identity(a).compareTo(identity(b)));
    return sorted;
  }

  private String identity(List<@Nullable Object> row) {
    return row.subList(0, identity).toString();
  }

  private boolean same(int column, @Nullable Object want, @Nullable Object got) {
    Aggregate aggregate = column < identity ? null : aggregates.get(column - identity);
    boolean rounded = aggregate instanceof Mean || aggregate instanceof Variance;
    if (rounded && want instanceof Double w && got instanceof Double g && Double.isFinite(w)) {
      return Math.abs(w - g) <= 1e-12 * Math.abs(w) + negligible(aggregate);
    }
    return Objects.equals(want, got);
  }

  /** A value below 1e-145 has a square that a double does not hold. */
  private static double negligible(@Nullable Aggregate aggregate) {
    return aggregate instanceof Variance v ? (v.root() ? 1e-145 : 1e-290) : 0;
  }
}
