/**
 * Windowed aggregation as a PTransform: {@link
 * io.featurebeam.transforms.aggregate.AggregateRecords}. The computing is done by the kernels in
 * {@code io.featurebeam.aggregate}; here are the one shuffle and the bundles around them, and for a
 * stream state and timers: {@code LiveFn} holds a shard in memory and its journal in Beam's state.
 */
@NullMarked
package io.featurebeam.transforms.aggregate;

import org.jspecify.annotations.NullMarked;
