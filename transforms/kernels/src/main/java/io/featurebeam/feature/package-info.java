/**
 * Features: values computed from a record's columns, some of them fitted to data first.
 *
 * <pre>{@code
 * FeatureSet features = FeatureSet.builder()
 *     .add("log_distance", Features.log1p("distance"))
 *     .add("delay_z", Features.standardize("delay"))
 *     .build();
 * FeatureFit fit = features.fit(schema, TrainingRange.everything(), FittedFeatures.none());
 * fit.accumulate(batch);
 * FittedFeatures fitted = fit.result();          // JSON, saved beside the model
 * RecordBatch engineered = features.bind(schema, fitted).map(batch);
 * }</pre>
 *
 * <p>Start with {@link io.featurebeam.feature.Feature}, then read {@link
 * io.featurebeam.feature.Standardize}: it shows all that a feature does (parameters, summary,
 * mapping, provider) in one file. To add one, write such a file, list its provider in {@code
 * META-INF/services/io.featurebeam.feature.FeatureProvider} and run {@code FeatureLaws} over it.
 *
 * <p>Mappings are loops over primitive arrays; text is looked up once per dictionary entry. Fitted
 * sums are exact, so that how the data was split cannot be seen in the result.
 */
@NullMarked
package io.featurebeam.feature;

import org.jspecify.annotations.NullMarked;
