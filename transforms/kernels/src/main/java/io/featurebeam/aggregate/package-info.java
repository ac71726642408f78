/**
 * Aggregates over windows of event time, exact by default, as plain Java over columns.
 *
 * <p>An {@link io.featurebeam.aggregate.Aggregate} is a value (sum of a column). What it
 * accumulates are {@link io.featurebeam.aggregate.Part parts}, shared between aggregates: mean and
 * standard deviation of one column keep one sum and one count. The {@link
 * io.featurebeam.aggregate.States} of a part hold one state per slot in primitive arrays: a slot is
 * a (key, tile) or one event.
 *
 * <p><b>How windows are computed.</b> A {@link io.featurebeam.aggregate.WindowedAggregates} says
 * keys, windows, bounds and emission. Where all window edges fall on a grid, records are reduced to
 * one state per key and {@link io.featurebeam.aggregate.TileAggregator tile} of that grid before
 * they cross the network; else each record is an item of its own ({@link
 * io.featurebeam.aggregate.EventAggregator}). Either way a key's items, in order of time, are then
 * slid over by two pointers for each window ({@link io.featurebeam.aggregate.Sliding}), and a
 * window's state is kept up by two stacks (Tangwongsan et al., "General incremental sliding-window
 * aggregation", VLDB 2015): a running state of what came in since the last flip, and for what came
 * before it a state of each suffix. So n items and m windows cost O(n m) merges however long the
 * windows are, and nothing is ever subtracted from a floating-point sum. Counts, distinct values
 * and order statistics, where taking out is exact, take out. Bounds that count rows or tell events
 * of equal time apart move the two pointers, leave one item out or merge one more in.
 *
 * <p>A {@linkplain io.featurebeam.time.Window#session session} begins where the key was silent
 * before, so on no grid; its beginning only moves forward with the rows too, so two pointers do.
 *
 * <p><b>Streams.</b> A {@link io.featurebeam.aggregate.LiveShard} keeps the items of its keys while
 * events arrive, each key's in order of time, and computes the rows that an arrival makes or
 * changes. A key keeps the windows of its last row, and the next row's are made from them: what
 * comes in is merged, and counts and sums, which are exact, take out what goes out; an extremum
 * only has to forget what it was not. So n arrivals in order and m windows cost O(n m) merges. What
 * cannot take out (a sketch, the latest value, an extremum whose value goes), and all of a window
 * that an event came late into, is merged anew: short windows from their items, and those with many
 * from blocks of 4, 16, 64 neighbouring items and so on, which are made when they are first needed
 * and thrown away when an event is put before their end: O(log w) merges for a window of w items.
 * Sessions and bounds that tell single events apart slide over the items as a bounded input does.
 *
 * <p><b>Deletes.</b> Where records delete others ({@link io.featurebeam.aggregate.Changes}), a part
 * is kept twice, of what was inserted and of what was deleted ({@link
 * io.featurebeam.aggregate.NetPart}), and who reads a window takes the one out of the other: {@link
 * io.featurebeam.aggregate.States#difference}. So being full, or a sketch, still depends on the
 * values alone and not on whether a delete came in time; a single signed state would be smaller,
 * but could not forget and stay so. Sums are exact, so of what is taken out no rest is left.
 *
 * <p><b>Order, time and lists.</b> Merging is commutative, as partial states of one tile come from
 * several workers. So an aggregate that looks at the order of events keeps of them what can still
 * matter, with time, sequence and hash: one ({@link io.featurebeam.aggregate.Last}), k ({@link
 * io.featurebeam.aggregate.FirstK}), or record highs and lows ({@link
 * io.featurebeam.aggregate.Drawdown}). One that looks at the time of the row or the length of the
 * window is handed them when it finishes ({@link io.featurebeam.aggregate.TimedAggregate}); what is
 * accumulated never depends on them. {@code elements(c)} in the place of a column gives every
 * aggregate that does not look at order the elements of a list column.
 *
 * <p>What holds values themselves is bounded: a state with more different values, or bytes of text,
 * than it is made for is full ({@link io.featurebeam.aggregate.Tally}), or becomes a sketch whose
 * error is stated. Being full is kept by merging, so it depends on the values alone. {@link
 * io.featurebeam.aggregate.PerCategory} computes any aggregate for each value of a column: its part
 * wraps those of the other ({@link io.featurebeam.aggregate.Categories}).
 *
 * <p>To add an aggregate: one file like {@link io.featurebeam.aggregate.Count}, with its provider
 * listed in {@code META-INF/services}, and one test that runs {@code AggregateLaws}.
 */
@NullMarked
package io.featurebeam.aggregate;

import org.jspecify.annotations.NullMarked;
