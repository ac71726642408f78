/**
 * The peer {@code flink-native} of the workload {@code card-stream}: {@link
 * io.featurebeam.benchmarks.flinknative.FlinkNativePeer}, written by hand against Flink's
 * DataStream API as somebody would who knows it well and this job alone.
 */
@NullMarked
package io.featurebeam.benchmarks.flinknative;

import org.jspecify.annotations.NullMarked;
