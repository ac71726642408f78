package io.featurebeam.join;

import io.featurebeam.aggregate.LabelFeatures;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Labels and records of one shard of a stage: what its groups say about each label. It holds one
 * shard at a time. Not thread-safe.
 */
public final class JoinShard {

  private static final long MAX_BYTES = 128L << 20;

  private final BoundJoin join;
  private final int stage;
  private final List<RecordBatch> labels = new ArrayList<>();
  private final List<LabelFeatures> windows = new ArrayList<>();
  private final List<AsOfRows> tables = new ArrayList<>();

  JoinShard(BoundJoin join, int stage) {
    this(join, stage, MAX_BYTES);
  }

  /**
   * @param maxBytes how many bytes of a group's events it holds in memory, if it can be
   */
  JoinShard(BoundJoin join, int stage, long maxBytes) {
    this.join = join;
    this.stage = stage;
    for (int g : join.groupsOf(stage)) {
      BoundJoin.Group group = join.group(g);
      windows.add(group.aggregates == null ? null : group.aggregates.labels(maxBytes));
      tables.add(
          group.spec instanceof AsOfGroup asOf
              ? new AsOfRows(asOf, group.keys, group.schema, join.labelSchema(stage))
              : null);
    }
  }

  public void addLabels(RecordBatch batch) {
    labels.add(batch);
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
    Answer answer = answer();
    if (answer.labels.size() > 0) {
      List<Column> columns = new ArrayList<>(answer.labels.columns());
      columns.addAll(answer.features);
      out.accept(join, answer.labels, columns, answer.droppedBy);
    }
  }

  /** What it says about the labels where there are more stages; starts anew. */
  public RecordBatch finishStage() {
    Answer answer = answer();
    List<Column> columns = new ArrayList<>();
    BoundJoin.ID.forEach(field -> columns.add(answer.labels.column(field.name())));
    columns.add(LongColumn.of(FieldType.INT64, answer.droppedBy));
    join.answered(stage).forEach(name -> columns.add(answer.labels.column(name)));
    columns.addAll(answer.features);
    return RecordBatch.of(join.answerSchema(stage), answer.labels.size(), columns)
        .withPositions(answer.labels.positions());
  }

  /** By label the features, and the group that drops it or -1. */
  @SuppressWarnings("ArrayRecordComponent") // read only, and never compared
  private record Answer(RecordBatch labels, List<Column> features, long[] droppedBy) {}

  private Answer answer() {
    RecordBatch all =
        labels.isEmpty()
            ? RecordBatch.builder(join.labelSchema(stage)).build()
            : RecordBatch.concat(labels);
    labels.clear();
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
        List<Column> ordered = group.spec.keys().values().stream().map(all::column).toList();
        LabelFeatures.Answer answer =
            windows.get(at).answer(ordered, times, group.spec.ttlMicros());
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
