/**
 * Ours of {@code training-set}: {@link io.featurebeam.benchmarks.trainingset.TrainingSetJob} joins
 * two directories of Parquet files, on whatever runner its arguments name.
 */
@NullMarked
package io.featurebeam.benchmarks.trainingset;

import org.jspecify.annotations.NullMarked;
