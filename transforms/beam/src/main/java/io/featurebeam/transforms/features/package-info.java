/**
 * Features in a pipeline: {@link io.featurebeam.transforms.features.FitFeatures} learns them from a
 * bounded input, {@link io.featurebeam.transforms.features.EngineerFeatures} adds their columns to
 * a bounded or unbounded one. What is computed is said in {@code io.featurebeam.feature}; these are
 * shells.
 */
@NullMarked
package io.featurebeam.transforms.features;

import org.jspecify.annotations.NullMarked;
