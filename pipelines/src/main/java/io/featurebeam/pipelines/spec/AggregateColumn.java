package io.featurebeam.pipelines.spec;

import io.featurebeam.aggregate.Aggregate;
import io.featurebeam.aggregate.PerCategory;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of a group, computed over each of its windows.
 *
 * @param name the start of its columns' names: {@code mean_delay} gives {@code mean_delay_1h}
 * @param use the aggregate's provider and settings
 * @param where a CEL condition: only records for which it is true count; null for all
 * @param per computes it for each value of a category; null for all records at once
 */
public record AggregateColumn(String name, Use use, @Nullable String where, @Nullable Per per) {

  public AggregateColumn {
    Names.check("aggregate name", name);
    Objects.requireNonNull(use, "use is null");
    if (where != null && where.isBlank()) {
      throw new IllegalArgumentException("Invalid where: '" + where + "' (must not be empty)");
    }
  }

  /** The aggregate over all records. */
  public static AggregateColumn of(String name, Use use) {
    return new AggregateColumn(name, use, null, null);
  }

  /** Over the records for which a CEL condition is true. */
  public AggregateColumn withWhere(String newWhere) {
    return new AggregateColumn(name, use, newWhere, per);
  }

  /** For each value of a category. */
  public AggregateColumn withPer(Per newPer) {
    return new AggregateColumn(name, use, where, newPer);
  }

  /** The names of what it computes: its own, or one for each declared category. */
  List<String> names() {
    return per == null || per.values().isEmpty()
        ? List.of(name)
        : per.values().stream().map(value -> name + "_" + value).toList();
  }

  /** What it computes: one feature, or one for each declared category. */
  public List<Feature> features(Providers providers) {
    Aggregate aggregate = providers.aggregate(use);
    if (per == null) {
      return List.of(new Feature(name, aggregate, where));
    }
    if (per.values().isEmpty()) {
      Aggregate all = new PerCategory(aggregate, per.column(), per.maxCategories(), per.top());
      return List.of(new Feature(name, all, where));
    }
    return per.values().stream()
        .map(
            value -> {
              String is = per.condition(value);
              return new Feature(
                  name + "_" + value, aggregate, where == null ? is : "(" + where + ") && " + is);
            })
        .toList();
  }

  /** Without the condition and the categories: they may hold a secret. */
  @Override
  public String toString() {
    return name
        + ": "
        + use
        + (where == null ? "" : " where ...")
        + (per == null ? "" : " per " + per.column());
  }
}
