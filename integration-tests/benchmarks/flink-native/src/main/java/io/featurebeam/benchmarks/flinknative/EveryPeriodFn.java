package io.featurebeam.benchmarks.flinknative;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** A row for each card and period with events, once the watermark has passed its end. */
final class EveryPeriodFn extends KeyedProcessFunction<String, Payment, Tuple2<byte[], byte[]>> {
  private static final long serialVersionUID = 1L;

  private final Windows windows;
  private final long period;
  private transient ValueState<CardTiles> state;
  private transient long[] lengths;
  private transient Totals totals;
  private transient FeatureWriter writer;
  private transient Tuple2<byte[], byte[]> row;

  EveryPeriodFn(Windows windows, long period) {
    this.windows = windows;
    this.period = period;
  }

  @Override
  public void open(OpenContext context) throws IOException {
    state =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("tiles", StateSerializer.tiles(period)));
    lengths = windows.micros();
    totals = new Totals();
    writer = new FeatureWriter(windows.names());
    row = new Tuple2<>();
  }

  @Override
  public void processElement(
      Payment payment, Context context, Collector<Tuple2<byte[], byte[]>> out) throws Exception {
    long end = Math.floorDiv(payment.paidAt, period) * period + period;
    if (timer(end) <= context.timerService().currentWatermark()) {
      return;
    }
    CardTiles tiles = state.value();
    if (tiles == null) {
      tiles = new CardTiles(period);
    }
    if (tiles.add(payment.paidAt, payment.amount, payment.channel)) {
      context.timerService().registerEventTimeTimer(timer(end));
    }
    state.update(tiles);
  }

  /** The last millisecond of a period; those that clean up are at the first of one. */
  private static long timer(long end) {
    return end / 1000 - 1;
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<Tuple2<byte[], byte[]>> out)
      throws Exception {
    CardTiles tiles = state.value();
    if (tiles == null) {
      return;
    }
    long end = (time + 1) * 1000;
    if (Math.floorMod(end, period) == 0) {
      writer.beginPeriod(context.getCurrentKey(), end);
      tiles.windows(end, lengths, totals, writer);
      row.f0 = context.getCurrentKey().getBytes(US_ASCII);
      row.f1 = writer.end(totals.count, true);
      out.collect(row);
      context.timerService().registerEventTimeTimer(end / 1000 + windows.longest() / 1000);
    }
    tiles.evict(end - windows.longest());
    if (tiles.isEmpty()) {
      state.clear();
    } else {
      state.update(tiles);
    }
  }
}
