/**
 * Whether features that were logged when a model was served are those that a recomputation gives:
 * skew between training and serving.
 *
 * <p>Start with {@link io.featurebeam.skew.SkewPlan}, which says what is compared with what. Rows
 * of both sides meet in {@link io.featurebeam.skew.SkewShard}s, each of which gives {@link
 * io.featurebeam.skew.SkewStats}; these merge, in any order, to the same whole. What people read of
 * it is one {@link io.featurebeam.skew.FeatureSkew} per column, and {@link
 * io.featurebeam.skew.SkewLimits} say whether that is good enough.
 *
 * <pre>{@code
 * SkewShard shard = new SkewShard(plan);
 * shard.add(plan.prepare(Side.LOGGED, logged));
 * shard.add(plan.prepare(Side.RECOMPUTED, recomputed));
 * SkewStats stats = shard.finish();
 * List<String> objections = SkewLimits.DEFAULT.objections(stats);
 * }</pre>
 */
@NullMarked
package io.featurebeam.skew;

import org.jspecify.annotations.NullMarked;
