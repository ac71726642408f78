package io.featurebeam.join;

import io.featurebeam.aggregate.LabelFeatures;
import io.featurebeam.aggregate.SpilledRecords;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Labels and records of one shard of a stage: what its groups say about each label. It holds one
 * shard at a time, in memory or, where it is much, on local disk: then labels are answered in order
 * of time, some after the other. Not thread-safe.
 */
public final class JoinShard implements Closeable {

  static final long MAX_BYTES = 128L << 20;

  private final BoundJoin join;
  private final int stage;
  private final long maxBytes;
  private final int featureCount;
  private final List<RecordBatch> labels = new ArrayList<>();

  /** About what the labels in memory take with their features. */
  private long held;

  /** About what all labels take without them, and with them. */
  private double alone;

  private double together;
  private @Nullable SpilledRecords spilled;
  private final List<LabelFeatures> windows = new ArrayList<>();
  private final List<AsOfRows> tables = new ArrayList<>();

  JoinShard(BoundJoin join, int stage) {
    this(join, stage, MAX_BYTES);
  }

  /**
   * @param maxBytes how many bytes of a group's records, and of labels with their features, it
   *     holds in memory, if it can be
   */
  JoinShard(BoundJoin join, int stage, long maxBytes) {
    this.join = join;
    this.stage = stage;
    this.maxBytes = maxBytes;
    int count = 0;
    for (int g : join.groupsOf(stage)) {
      BoundJoin.Group group = join.group(g);
      count += group.features.size();
      windows.add(group.aggregates == null ? null : group.aggregates.labels(maxBytes));
      tables.add(
          group.spec instanceof AsOfGroup asOf
              ? new AsOfRows(asOf, group.keys, group.schema, join.labelSchema(stage), maxBytes)
              : null);
    }
    featureCount = count;
  }

  public void addLabels(RecordBatch batch) {
    long bytes = SpilledRecords.memory(batch);
    long ofFeatures = 8L * featureCount * batch.size();
    labels.add(batch);
    alone += bytes;
    together += bytes + ofFeatures;
    held += spilled == null ? bytes + ofFeatures : bytes;
    if (held > maxBytes) {
      spill();
    }
  }

  /** All labels go to disk, and with them all records. */
  private void spill() {
    for (RecordBatch batch : labels) {
      long[] times = times(batch);
      for (int at = 0; at < windows.size(); at++) {
        if (windows.get(at) != null) {
          windows.get(at).expect(keys(at, batch), times);
        }
      }
    }
    if (spilled == null) {
      spilled = new SpilledRecords(join.spec().labelTime());
    }
    spilled.addAll(labels);
    held = 0;
  }

  /** Adds records of one of the stage's groups. */
  public void addRecords(int group, RecordBatch batch) {
    int at = join.groupsOf(stage).indexOf(group);
    if (windows.get(at) != null) {
      windows.get(at).add(batch);
    } else {
      tables.get(at).add(batch);
    }
  }

  /** Hands out the joined labels where this stage is the only one, and starts anew. */
  public void finish(JoinedLabels out) {
    answer(
        answer -> {
          if (answer.labels.size() > 0) {
            List<Column> columns = new ArrayList<>(answer.labels.columns());
            columns.addAll(answer.features);
            out.accept(join, answer.labels, columns, answer.droppedBy);
          }
        });
  }

  /** What it says about the labels where there are more stages; starts anew. */
  public RecordBatch finishStage() {
    List<RecordBatch> all = new ArrayList<>();
    finishStage(all::add);
    return RecordBatch.concat(all);
  }

  /** The same in parts, as they are made; there is at least one. */
  public void finishStage(Consumer<RecordBatch> out) {
    answer(
        answer -> {
          List<Column> columns = new ArrayList<>();
          BoundJoin.ID.forEach(field -> columns.add(answer.labels.column(field.name())));
          columns.add(LongColumn.of(FieldType.INT64, answer.droppedBy));
          join.answered(stage).forEach(name -> columns.add(answer.labels.column(name)));
          columns.addAll(answer.features);
          out.accept(
              RecordBatch.of(join.answerSchema(stage), answer.labels.size(), columns)
                  .withPositions(answer.labels.positions()));
        });
  }

  /** Starts anew; what is on disk is gone. */
  @Override
  public void close() {
    labels.clear();
    held = 0;
    alone = 0;
    together = 0;
    windows.stream().filter(Objects::nonNull).forEach(LabelFeatures::close);
    tables.stream().filter(Objects::nonNull).forEach(AsOfRows::close);
    if (spilled != null) {
      SpilledRecords gone = spilled;
      spilled = null;
      gone.close();
    }
  }

  /** By label the features, and the group that drops it or -1. */
  @SuppressWarnings("ArrayRecordComponent") // read only, and never compared
  private record Answer(RecordBatch labels, List<Column> features, long[] droppedBy) {}

  private void answer(Consumer<Answer> out) {
    try {
      if (spilled == null) {
        RecordBatch all =
            labels.isEmpty()
                ? RecordBatch.builder(join.labelSchema(stage)).build()
                : RecordBatch.concat(labels);
        labels.clear();
        out.accept(answer(all, LabelFeatures::answer));
      } else {
        spill();
        tables.stream().filter(Objects::nonNull).forEach(AsOfRows::spill);
        answerInParts(spilled, out);
      }
    } finally {
      close();
    }
  }

  /** As many labels at a time as fit into memory with their features, in order of time. */
  private void answerInParts(SpilledRecords all, Consumer<Answer> out) {
    long most = (long) (maxBytes * (alone / together));
    long to;
    for (long from = Long.MIN_VALUE; ; from = to + 1) {
      to = all.end(from, Long.MAX_VALUE, most);
      boolean inAnyOrder = all.isOneTime(from, to);
      List<RecordBatch> part = new ArrayList<>();
      all.read(
          from,
          to,
          block -> {
            part.add(block);
            if (inAnyOrder && part.stream().mapToLong(RecordBatch::byteSize).sum() > most) {
              answerPart(part, out);
            }
          });
      answerPart(part, out);
      if (to == Long.MAX_VALUE) {
        return;
      }
    }
  }

  private void answerPart(List<RecordBatch> part, Consumer<Answer> out) {
    if (!part.isEmpty()) {
      RecordBatch some = RecordBatch.concat(part);
      part.clear();
      out.accept(answer(some, LabelFeatures::answerNext));
    }
  }

  /** How a window group is asked. */
  private interface Asking {
    LabelFeatures.Answer ask(LabelFeatures of, List<Column> keys, long[] times, long ttlMicros);
  }

  private Answer answer(RecordBatch all, Asking asking) {
    List<Column> keys = join.stage(stage).labelKeys().stream().map(all::column).toList();
    Bitmap complete = null;
    for (Column key : keys) {
      complete = Bitmap.both(complete, key.validity());
    }
    long[] times = times(all);
    long[] droppedBy = new long[all.size()];
    Arrays.fill(droppedBy, -1);
    List<Column> features = new ArrayList<>();
    List<Integer> groups = join.groupsOf(stage);
    for (int at = 0; at < groups.size(); at++) {
      BoundJoin.Group group = join.group(groups.get(at));
      Bitmap found;
      if (windows.get(at) == null) {
        long[] words = new long[Bitmap.wordCount(all.size())];
        features.addAll(tables.get(at).answer(all, keys, times, words));
        found = Bitmap.wrap(words, all.size());
      } else {
        LabelFeatures.Answer answer =
            asking.ask(windows.get(at), keys(at, all), times, group.spec.ttlMicros());
        features.addAll(answer.columns());
        found = answer.found();
      }
      if (group.spec.dropsUnmatched()) {
        for (int i = 0; i < droppedBy.length; i++) {
          boolean isFound = found.get(i) && (complete == null || complete.get(i));
          droppedBy[i] = droppedBy[i] < 0 && !isFound ? groups.get(at) : droppedBy[i];
        }
      }
    }
    return new Answer(all, features, droppedBy);
  }

  /** The labels' keys in the order of a window group. */
  private List<Column> keys(int at, RecordBatch all) {
    BoundJoin.Group group = join.group(join.groupsOf(stage).get(at));
    return group.spec.keys().values().stream().map(all::column).toList();
  }

  /** The times of labels; throws if one is null. */
  long[] times(RecordBatch all) {
    String name = join.spec().labelTime();
    LongColumn column = all.longs(name);
    if (column.nullCount() > 0) {
      throw new IllegalArgumentException(
          "Column '"
              + name
              + "' of the labels has "
              + column.nullCount()
              + " nulls (a label's time must not be null; reject such labels with a rule before)");
    }
    return Arrays.copyOf(Objects.requireNonNull(column.values()), all.size());
  }
}
