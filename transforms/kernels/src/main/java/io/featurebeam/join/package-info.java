/**
 * Point-in-time joins: to each label (or any row with a key and a time) what was known of its
 * entities at that time, and nothing later.
 *
 * <p>Start with {@link io.featurebeam.join.PointInTime}: labels and groups of features, each with
 * its own keys. A {@link io.featurebeam.join.WindowGroup} gives aggregates over windows of events,
 * an {@link io.featurebeam.join.AsOfGroup} the latest row of a table that changes slowly. {@link
 * io.featurebeam.join.BoundJoin} is one bound to the schemas of its inputs.
 *
 * <p><b>How it is computed.</b> Groups whose keys are the same columns of the labels make a stage.
 * Labels and records of a stage meet in shards of their keys; there both are sorted by key and
 * time, and windows slide from label to label by the kernels of {@link io.featurebeam.aggregate}: n
 * events, l labels and m windows cost O(n log n + (n + l) m) merges, and events that no label of
 * their key can see are dropped before. An as-of join is a binary search a label.
 *
 * <p><b>What is in memory.</b> Of many events only some: the others go to local disk in blocks of
 * time, and labels are answered in order of time with the blocks that they ask for. What a lifetime
 * or a session shows of the events before those is one state for each key, into which events are
 * folded once no later label can tell them apart. Rows of tables on disk are looked at backwards in
 * time: a label that has found its row, or only older ones than its time-to-live, is done, and the
 * others go on. Labels that are too many together with their features go to disk too, and so many
 * at a time are answered as fit into memory.
 *
 * <p>Labels of several stages carry a hash of all they hold, by which the stages' columns come
 * together again, in order of it where they are many; equal labels have equal features, so it does
 * not matter that they have equal hashes.
 *
 * <p><b>In a stream</b> ({@link io.featurebeam.join.JoinChain}) the stages stand one behind the
 * other. In each, labels wait until nothing that they see can come any more, and are answered by
 * the same kernels over what a {@link io.featurebeam.join.LiveJoinShard} holds: what labels to come
 * may see.
 */
@NullMarked
package io.featurebeam.join;

import org.jspecify.annotations.NullMarked;
