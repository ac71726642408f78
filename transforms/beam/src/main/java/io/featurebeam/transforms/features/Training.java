package io.featurebeam.transforms.features;

import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.feature.FeatureFit;
import io.featurebeam.feature.FeatureSet;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.feature.TrainingRange;
import java.io.Serializable;
import java.util.List;

/**
 * What is learned, from which records, and what came before: the part of a fit that its steps carry
 * to the workers.
 */
record Training(
    FeatureSet features, RecordSchema schema, TrainingRange range, FittedFeatures earlier)
    implements Serializable {

  /** The pass that learns what {@code known} does not hold. */
  FeatureFit pass(FittedFeatures known) {
    return features.fit(schema, range, known);
  }

  /**
   * Parts of one pass, which learned {@code names}, as one. Each part also holds what earlier
   * passes learned, the same in all.
   */
  FittedFeatures merge(Iterable<FittedFeatures> parts, List<String> names) {
    FittedFeatures known = FittedFeatures.none();
    FeatureFit merged = null;
    for (FittedFeatures part : parts) {
      if (merged == null) {
        known = part.without(names);
        merged = pass(known);
      }
      merged.merge(part);
    }
    return merged == null ? known : known.with(merged.result());
  }

  /** The merged pass, and what was learned of {@code names} before this training. */
  FittedFeatures addEarlier(FittedFeatures merged, List<String> names) {
    FittedFeatures known = merged.without(names);
    FeatureFit fit = pass(known);
    fit.merge(merged);
    fit.continueFrom(earlier);
    return known.with(fit.result());
  }
}
