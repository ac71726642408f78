/**
 * Point-in-time joins as a PTransform: {@link io.featurebeam.transforms.join.PointInTimeJoin}. The
 * computing is done by the kernels in {@code io.featurebeam.join}; here are the shuffles around
 * them.
 */
@NullMarked
package io.featurebeam.transforms.join;

import org.jspecify.annotations.NullMarked;
