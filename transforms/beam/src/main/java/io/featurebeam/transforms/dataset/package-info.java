/**
 * Data sets in a pipeline: {@link io.featurebeam.transforms.dataset.SplitRecords} says which part
 * each record belongs to, {@link io.featurebeam.transforms.dataset.SampleRecords} drops some of too
 * many. What is computed is said in {@code io.featurebeam.dataset}; these are shells.
 */
@NullMarked
package io.featurebeam.transforms.dataset;

import org.jspecify.annotations.NullMarked;
