package io.featurebeam.feature;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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
 * <p>A feature may read a column that an earlier one makes. One that reads itself, a later one, or
 * a column that nobody makes is refused by name, as is one whose column exists already; nothing is
 * replaced.
 *
 * <p>Fitting takes as many passes over the data as fitted features read from one another: here two,
 * one for the mean that fills, one for mean and deviation of what was filled. Each pass learns all
 * that can be learned by then at once.
 */
public final class FeatureSet implements Serializable {

  private static final long serialVersionUID = 1L;

  private final Map<String, Feature> features;

  private FeatureSet(Map<String, Feature> features) {
    this.features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The features by name, in order. */
  public Map<String, Feature> features() {
    return features;
  }

  /** Whether any of them must be fitted. */
  public boolean needsFit() {
    return features.values().stream().anyMatch(Feature::needsFit);
  }

  /**
   * Checks all that can be checked before anything is fitted: names, columns and types. To be
   * called when a pipeline is built.
   */
  public void check(RecordSchema schema) {
    var unused = plan(schema, FittedFeatures.none());
  }

  /**
   * The passes over the data that it takes to learn what {@code known} does not hold, each with the
   * names of the features that it learns.
   */
  public List<List<String>> passes(RecordSchema schema, FittedFeatures known) {
    return plan(schema, known).passes();
  }

  /** The columns of the records and behind them those of the features. */
  public RecordSchema outputSchema(RecordSchema schema, FittedFeatures fitted) {
    return plan(schema, fitted).requireFitted(fitted).schema();
  }

  /**
   * The columns of the records and behind them those of the features, as far as they are known
   * before a fit.
   */
  public RecordSchema knownSchema(RecordSchema schema, FittedFeatures fitted) {
    return plan(schema, fitted).known();
  }

  /** These columns and all that features make of them, or of what features made of them. */
  public Set<String> computedFrom(
      Collection<String> columns, RecordSchema schema, FittedFeatures fitted) {
    Set<String> names = new LinkedHashSet<>(columns);
    for (Plan.Step step : plan(schema, fitted).requireFitted(fitted).steps()) {
      if (step.feature().inputs().stream().anyMatch(names::contains)) {
        step.fields().forEach(field -> names.add(field.name()));
      }
    }
    return names;
  }

  /** The features made ready for batches of one schema. */
  public FeatureMapper bind(RecordSchema schema, FittedFeatures fitted) {
    Plan plan = plan(schema, fitted).requireFitted(fitted);
    return new FeatureMapper(schema, plan.steps(), plan.schema());
  }

  /**
   * The next pass of a fit: it learns every feature that {@code known} does not hold and whose
   * inputs need no others fitted first.
   */
  public FeatureFit fit(RecordSchema schema, TrainingRange range, FittedFeatures known) {
    return new FeatureFit(schema, plan(schema, known), range);
  }

  /** All passes of a fit over batches that are at hand. */
  public FittedFeatures fitted(
      RecordSchema schema, TrainingRange range, Iterable<RecordBatch> batches) {
    FittedFeatures known = FittedFeatures.none();
    while (!passes(schema, known).isEmpty()) {
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
    private final Map<String, Feature> features = new LinkedHashMap<>();

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

    /** The set; what its features read is checked against a schema: {@link FeatureSet#check}. */
    public FeatureSet build() {
      return new FeatureSet(features);
    }
  }
}
