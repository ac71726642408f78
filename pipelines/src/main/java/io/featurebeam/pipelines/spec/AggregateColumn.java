package io.featurebeam.pipelines.spec;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of a group, computed over each of its windows.
 *
 * @param name the start of its columns' names: {@code mean_delay} gives {@code mean_delay_1h}
 * @param use the aggregate's provider and settings
 * @param where a CEL condition: only records for which it is true count; null for all
 */
public record AggregateColumn(String name, Use use, @Nullable String where) {

  public AggregateColumn {
    Names.check("aggregate name", name);
    Objects.requireNonNull(use, "use is null");
    if (where != null && where.isBlank()) {
      throw new IllegalArgumentException("Invalid where: '" + where + "' (must not be empty)");
    }
  }

  /** The aggregate over all records. */
  public static AggregateColumn of(String name, Use use) {
    return new AggregateColumn(name, use, null);
  }

  /** Without the condition: it may hold a secret. */
  @Override
  public String toString() {
    return name + ": " + use + (where == null ? "" : " where ...");
  }
}
