package io.featurebeam.transforms.join;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.join.JoinGroup;
import io.featurebeam.join.JoinedLabels;
import io.featurebeam.join.PointInTime;
import io.featurebeam.time.Spans;
import io.featurebeam.transforms.records.LiveCounts;
import io.featurebeam.transforms.records.Rejects;
import java.util.List;
import java.util.function.Consumer;

/** Puts joined labels into a flow, those that a group dropped as rejects, and counts them. */
final class JoinedFlow implements JoinedLabels {

  private final PointInTimeJoin transform;
  private final Consumer<RecordBatch> out;
  private long rows;
  private long dropped;

  /** Nanoseconds that others took. */
  private long elsewhere;

  JoinedFlow(PointInTimeJoin transform, Consumer<RecordBatch> out) {
    this.transform = transform;
    this.out = out;
  }

  @Override
  public void joined(RecordBatch batch) {
    rows += batch.size();
    send(batch);
  }

  @Override
  public void dropped(RecordBatch labels, JoinGroup by) {
    dropped += labels.size();
    LiveCounts.rejected(labels.size());
    List<String> keys = List.copyOf(by.keys().values());
    String rule = "unmatched(" + by.name() + ")";
    boolean anyAge = by.ttlMicros() == PointInTime.ANY_AGE;
    String young = anyAge ? "" : ", or only one older than " + Spans.format(by.ttlMicros());
    Rejects.Builder rejects = transform.rejects();
    for (int i = 0; i < labels.size(); i++) {
      String observed = observed(labels, i, keys);
      rejects.add(
          labels,
          i,
          transform.labelTime(),
          rule,
          keys,
          observed,
          "group '"
              + by.name()
              + "' has no record of "
              + observed
              + " at the label's time"
              + young);
      if (rejects.size() >= RecordBatch.TARGET_SIZE) {
        send(rejects.build());
      }
    }
    if (rejects.size() > 0) {
      send(rejects.build());
    }
  }

  private static String observed(RecordBatch labels, int row, List<String> keys) {
    return String.join(
        ", ",
        keys.stream().map(key -> key + "=" + BatchPrinter.text(labels.column(key), row)).toList());
  }

  private void send(RecordBatch batch) {
    long start = System.nanoTime();
    out.accept(batch);
    elsewhere += System.nanoTime() - start;
  }

  /** How many labels were joined. */
  long rows() {
    return rows;
  }

  /** How many labels were dropped. */
  long dropped() {
    return dropped;
  }

  /** Adds the facts about all of it. */
  void tell(long nanos) {
    out.accept(PointInTimeJoin.facts(0, rows, dropped, nanos - elsewhere).build());
  }
}
