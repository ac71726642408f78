package io.featurebeam.benchmarks.kernels;

import io.featurebeam.aggregate.Aggregate;
import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.Inputs;
import io.featurebeam.aggregate.Part;
import io.featurebeam.aggregate.Sliding;
import io.featurebeam.aggregate.States;
import io.featurebeam.columnar.RecordBatch;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The parts of an aggregate: a batch accumulated into {@link #SLOTS} tiles, those tiles merged, and
 * windows of {@link #WINDOW} tiles slid over them. A value is a record when accumulating, a tile
 * when merging and sliding.
 */
@State(Scope.Thread)
@NullUnmarked
public class AggregateKernels {
  static final int SLOTS = 1_024;
  static final int WINDOW = 24;

  @Param({"sum", "count", "max", "stddev", "approximate_distinct", "quantile", "last"})
  String aggregate;

  private Inputs[] inputs;
  private States[] empty;
  private States[] tiles;
  private States[] merged;
  private Sliding[] sliding;
  private int[] slots;
  private int[] order;

  @Setup
  public void fill() {
    RecordBatch batch = CardBatches.batch(1);
    SplittableRandom random = new SplittableRandom(2);
    slots = random.ints(CardBatches.SIZE, 0, SLOTS).toArray();
    order = new int[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
      order[i] = i;
    }
    long[] ties = random.longs(CardBatches.SIZE).toArray();
    Part[] parts = named(aggregate).parts().toArray(Part[]::new);
    inputs = new Inputs[parts.length];
    empty = new States[parts.length];
    tiles = new States[parts.length];
    merged = new States[parts.length];
    sliding = new Sliding[parts.length];
    for (int p = 0; p < parts.length; p++) {
      inputs[p] =
          new Inputs(
              parts[p].inputs().stream().map(batch::column).toList(),
              batch.longs("time").values(),
              new Inputs.Ties(new long[CardBatches.SIZE], ties),
              CardBatches.SIZE);
      empty[p] = parts[p].newStates(CardBatches.SCHEMA);
      tiles[p] = filled(empty[p].newStates(), inputs[p]);
      merged[p] = empty[p].newStates();
      merged[p].ensure(SLOTS);
      sliding[p] = empty[p].newSliding();
    }
  }

  private static Aggregate named(String name) {
    return switch (name) {
      case "sum" -> Aggregates.sum("amount");
      case "count" -> Aggregates.count();
      case "max" -> Aggregates.max("amount");
      case "stddev" -> Aggregates.stddev("amount");
      case "approximate_distinct" -> Aggregates.approximateDistinct("merchant");
      case "quantile" -> Aggregates.quantile("amount", 0.5);
      case "last" -> Aggregates.last("amount");
      default -> throw new IllegalArgumentException("Unknown aggregate: " + name);
    };
  }

  private States filled(States states, Inputs in) {
    states.ensure(SLOTS);
    states.accumulate(in, slots);
    return states;
  }

  /** Into empty states, as for each batch of new tiles: their making is part of it. */
  @Benchmark
  @OperationsPerInvocation(CardBatches.SIZE)
  public void accumulate(Blackhole sink) {
    for (int p = 0; p < empty.length; p++) {
      sink.consume(filled(empty[p].newStates(), inputs[p]));
    }
  }

  /** Each tile into an empty slot, then a second one on top of it. */
  @Benchmark
  @OperationsPerInvocation(2 * SLOTS)
  public void merge(Blackhole sink) {
    for (int p = 0; p < tiles.length; p++) {
      for (int slot = 0; slot < SLOTS; slot++) {
        merged[p].clear(slot);
        merged[p].merge(slot, tiles[p], slot);
        merged[p].merge(slot, tiles[p], SLOTS - 1 - slot);
      }
      sink.consume(merged[p]);
    }
  }

  /** A window that ends with each tile. */
  @Benchmark
  @OperationsPerInvocation(SLOTS)
  public void slide(Blackhole sink) {
    for (int p = 0; p < tiles.length; p++) {
      sliding[p].begin(tiles[p], order);
      for (int end = 1; end <= SLOTS; end++) {
        sliding[p].slide(Math.max(0, end - WINDOW), end, end);
        sink.consume(sliding[p].result());
      }
    }
  }
}
