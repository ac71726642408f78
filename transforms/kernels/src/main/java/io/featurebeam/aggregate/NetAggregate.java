package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * An aggregate over what is left of the inserted events once the deleted ones are taken out. What
 * it does with null and NaN is what the aggregate does.
 *
 * @param aggregate one all of whose parts {@link Part#canSubtract}
 * @param changes which records delete
 * @param counted whether its last part counts the events that are left
 */
record NetAggregate(Aggregate aggregate, Changes changes, boolean counted)
    implements TimedAggregate {

  /** Refuses an aggregate that cannot subtract, by the name of its feature. */
  static Aggregate of(String feature, Aggregate aggregate, Changes changes) {
    boolean perCategory = aggregate instanceof PerCategory;
    Aggregate each = aggregate instanceof PerCategory p ? p.aggregate() : aggregate;
    if (!each.parts().stream().allMatch(Part::canSubtract)) {
      throw new IllegalArgumentException(
          "Invalid aggregate under changes: '"
              + feature
              + "' is "
              + each
              + " (a deleted event cannot be taken out of it; take one of "
              + (each instanceof Extremum extremum
                  ? "quantile with q: " + (extremum.largest() ? 1 : 0) + ", "
                  : "")
              + "count, sum, mean, variance, stddev, skewness, kurtosis, slope, rate, histogram,"
              + " distinct, distinct_list, entropy, most_frequent, frequent_items, quantile, also"
              + " weighted or per category, or move the feature to an aggregate without changes)");
    }
    NetAggregate net = new NetAggregate(each, changes, perCategory);
    return aggregate instanceof PerCategory p
        ? new PerCategory(net, p.category(), p.maxCategories())
        : net;
  }

  @Override
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    aggregate.parts().forEach(part -> parts.add(new NetPart(part, changes)));
    if (counted) {
      parts.add(new NetPart(new Count(null), changes));
    }
    return List.copyOf(parts);
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    return aggregate.outputType(schema);
  }

  @Override
  public void checkWindow(Window window) {
    aggregate.checkWindow(window);
  }

  /** Whether events are left, if they are counted. */
  boolean isThere(States[] parts, int slot) {
    return !counted || Count.Of.at(net(parts, parts.length - 1, slot), 0) != 0;
  }

  private static States net(States[] parts, int part, int slot) {
    return ((NetPart.Of) parts[part]).net(slot);
  }

  @Override
  public void finish(States[] parts, int slot, long rowTime, Window window, ColumnBuilder out) {
    int own = parts.length - (counted ? 1 : 0);
    boolean deletes = false;
    for (int p = 0; p < own; p++) {
      deletes |= ((NetPart.Of) parts[p]).hasDeletes(slot);
    }
    States[] states = new States[own];
    for (int p = 0; p < own; p++) {
      states[p] = deletes ? net(parts, p, slot) : ((NetPart.Of) parts[p]).inserted();
    }
    aggregate.finish(states, deletes ? 0 : slot, rowTime, window, out);
  }
}
