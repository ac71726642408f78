package io.featurebeam.benchmarks.flinknative;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * A row for each event at once. One that comes out of order makes the rows of its card that it
 * changes come again, with a higher revision; one behind the watermark is dropped.
 */
final class EveryEventFn extends KeyedProcessFunction<String, Payment, Tuple2<byte[], byte[]>> {
  private static final long serialVersionUID = 1L;

  private final Windows windows;
  private transient ValueState<CardEvents> state;
  private transient long[] lengths;
  private transient Totals totals;
  private transient FeatureWriter writer;
  private transient Tuple2<byte[], byte[]> row;

  EveryEventFn(Windows windows) {
    this.windows = windows;
  }

  @Override
  public void open(OpenContext context) throws IOException {
    state =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("events", StateSerializer.events()));
    lengths = windows.micros();
    totals = new Totals();
    writer = new FeatureWriter(windows.names());
    row = new Tuple2<>();
  }

  @Override
  public void processElement(
      Payment payment, Context context, Collector<Tuple2<byte[], byte[]>> out) throws Exception {
    long watermark = context.timerService().currentWatermark();
    if (watermark > 0 && payment.paidAt / 1000 <= watermark) {
      return;
    }
    CardEvents events = state.value();
    if (events == null) {
      events = new CardEvents();
    }
    int place = events.add(payment.id, payment.paidAt, payment.amount, payment.channel);
    row.f0 = payment.card.getBytes(US_ASCII);
    for (int event = place; event < events.end(); event++) {
      if (event == place || events.time(event) > payment.paidAt) {
        emit(events, event, payment.card, out);
      }
    }
    long longest = windows.longest();
    if (watermark > 0) {
      events.evict(watermark * 1000 - longest);
    }
    if (events.cleanUpAt == 0) {
      events.cleanUpAt = cleanUpAfter(events);
      context.timerService().registerEventTimeTimer(events.cleanUpAt);
    }
    state.update(events);
  }

  private void emit(
      CardEvents events, int event, String card, Collector<Tuple2<byte[], byte[]>> out)
      throws IOException {
    writer.beginEvent(
        events.id(event), card, events.time(event), events.amount(event), events.channel(event));
    events.windows(event, lengths, totals, writer);
    row.f1 = writer.end(totals.count + 1, false);
    out.collect(row);
  }

  /** When the last event is needed no more; one timer a card, not one an event. */
  private long cleanUpAfter(CardEvents events) {
    return (events.time(events.end() - 1) + windows.longest() + CardEvents.TILE) / 1000 + 1;
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<Tuple2<byte[], byte[]>> out)
      throws Exception {
    CardEvents events = state.value();
    if (events == null) {
      return;
    }
    events.evict(time * 1000 - windows.longest());
    if (events.isEmpty()) {
      state.clear();
      return;
    }
    events.cleanUpAt = cleanUpAfter(events);
    context.timerService().registerEventTimeTimer(events.cleanUpAt);
    state.update(events);
  }
}
