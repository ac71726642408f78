package io.featurebeam.feature;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Features by name, in order: their columns are added behind those of the record in that order.
 *
 * <pre>{@code
 * FeatureSet features = FeatureSet.builder()
 *     .add("delay_filled", Features.impute("delay", Impute.Strategy.MEAN))
 *     .add("delay_z", Features.standardize("delay_filled"))       // reads an earlier feature
 *     .build();
 * }</pre>
 *
 * <p>A feature may read a column that an earlier one makes. One that reads itself, a later one, or a
 * column that nobody makes is refused by name, as is one whose column exists already; nothing is replaced.
 *
 * <p>Fitting takes as many passes over the data as fitted features read from one another: here two, one
 * for the mean that fills, one for mean and deviation of what was filled. Each pass learns all that can
 * be learned by then at once.
 */
public final class FeatureSet implements Serializable {

  private static final long serialVersionUID = 1L;

  private final LinkedHashMap<String, Feature> features;

  private FeatureSet(LinkedHashMap<String, Feature> features) {
    this.features = features;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The features by name, in order. */
  public Map<String, Feature> features() {
    return Collections.unmodifiableMap(features);
  }

  /** Whether any of them must be fitted. */
  public boolean needsFit() {
    return features.values().stream().anyMatch(Feature::needsFit);
  }

  /**
   * Checks all that can be checked before anything is fitted: names, columns and types. To be called when
   * a pipeline is built.
   */
  public void check(RecordSchema schema) {
    var unused = plan(schema, FittedFeatures.none());
  }

  /** How many passes over the data it takes to learn what {@code known} does not hold; 0 if nothing. */
  public int passes(RecordSchema schema, FittedFeatures known) {
    return plan(schema, known).passes();
  }

  /** The columns of the records and behind them those of the features. */
  public RecordSchema outputSchema(RecordSchema schema, FittedFeatures fitted) {
    return plan(schema, fitted).requireFitted(fitted).schema();
  }

  /** The features made ready for batches of one schema. */
  public FeatureMapper bind(RecordSchema schema, FittedFeatures fitted) {
    Plan plan = plan(schema, fitted).requireFitted(fitted);
    return new FeatureMapper(schema, plan.steps(), plan.schema());
  }

  /**
   * The next pass of a fit: it learns every feature that {@code known} does not hold and whose inputs
   * need no others fitted first.
   */
  public FeatureFit fit(RecordSchema schema, TrainingRange range, FittedFeatures known) {
    return new FeatureFit(schema, plan(schema, known), range);
  }

  /** All passes of a fit over batches that are at hand. */
  public FittedFeatures fitted(
      RecordSchema schema, TrainingRange range, Iterable<RecordBatch> batches) {
    FittedFeatures known = FittedFeatures.none();
    while (passes(schema, known) > 0) {
      FeatureFit pass = fit(schema, range, known);
      batches.forEach(pass::accumulate);
      known = known.with(pass.result());
    }
    return known;
  }

  private Plan plan(RecordSchema schema, FittedFeatures known) {
    return Plan.of(features, schema, known);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof FeatureSet s
        && new ArrayList<>(features.entrySet()).equals(new ArrayList<>(s.features.entrySet()));
  }

  @Override
  public int hashCode() {
    return features.hashCode();
  }

  @Override
  public String toString() {
    return features.entrySet().stream()
        .map(entry -> entry.getKey() + " = " + entry.getValue().id())
        .toList()
        .toString();
  }

  /** Collects features in order. */
  public static final class Builder {
    private final LinkedHashMap<String, Feature> features = new LinkedHashMap<>();

    private Builder() {}

    /** One more feature; a name that was given before throws. */
    public Builder add(String name, Feature feature) {
      Objects.requireNonNull(feature, "feature is null");
      if (Objects.requireNonNull(name, "name is null").isEmpty()) {
        throw new IllegalArgumentException("Invalid feature name: '' (must not be empty)");
      }
      if (features.putIfAbsent(name, feature) != null) {
        throw new IllegalArgumentException(
            "Duplicate feature name: '" + name + "' (names must be unique)");
      }
      return this;
    }

    /** The set; one that reads itself or a later one throws. */
    public FeatureSet build() {
      List<String> names = List.copyOf(features.keySet());
      features.forEach(
          (name, feature) -> {
            for (String input : feature.inputs()) {
              if (features.containsKey(input) && names.indexOf(input) >= names.indexOf(name)) {
                throw outOfOrder(name, input);
              }
            }
          });
      return new FeatureSet(new LinkedHashMap<>(features));
    }

    private IllegalArgumentException outOfOrder(String name, String input) {
      List<String> path = new ArrayList<>(List.of(name));
      return new IllegalArgumentException(
          leadsBack(input, name, path)
              ? "Features read each other in a circle: " + String.join(" -> ", path)
              : "Feature '"
                  + name
                  + "' reads '"
                  + input
                  + "', which is declared after it (declare '"
                  + input
                  + "' first)");
    }

    /** Extends {@code path} from {@code from} to {@code target} along what features read. */
    private boolean leadsBack(String from, String target, List<String> path) {
      if (path.lastIndexOf(from) > 0) {
        return false;
      }
      path.add(from);
      if (from.equals(target)) {
        return true;
      }
      for (String input : features.get(from).inputs()) {
        if (features.containsKey(input) && leadsBack(input, target, path)) {
          return true;
        }
      }
      path.remove(path.size() - 1);
      return false;
    }
  }
}
