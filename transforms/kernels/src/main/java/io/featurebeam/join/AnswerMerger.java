package io.featurebeam.join;

import io.featurebeam.aggregate.KeyTable;
import io.featurebeam.aggregate.SpilledRecords;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Brings together what several stages say about the labels of a shard. It holds one shard at a
 * time, in memory or, where it is much, on local disk in order of the labels' hash, and then brings
 * together some after the other. Not thread-safe.
 */
public final class AnswerMerger implements Closeable {

  private static final int OWN = BoundJoin.ID.size() + 1;

  private final BoundJoin join;
  private final long maxBytes;
  private final List<List<RecordBatch>> answers = new ArrayList<>();

  /** About how many bytes of answers are in memory. */
  private long held;

  /** By stage, about how many bytes it has answered. */
  private final double[] answered;

  /** By stage what is on disk; none if all is in memory. */
  private final List<SpilledRecords> spilled = new ArrayList<>();

  /**
   * @param maxBytes how many bytes of answers it holds in memory
   */
  AnswerMerger(BoundJoin join, long maxBytes) {
    this.join = join;
    this.maxBytes = maxBytes;
    this.answered = new double[join.stages()];
    for (int stage = 0; stage < join.stages(); stage++) {
      answers.add(new ArrayList<>());
    }
  }

  /** Adds some of a stage's answer. */
  public void add(int stage, RecordBatch answer) {
    long bytes = SpilledRecords.memory(answer);
    answers.get(stage).add(answer);
    answered[stage] += bytes;
    held += bytes;
    if (held > maxBytes) {
      spill();
    }
  }

  private void spill() {
    for (int stage = 0; stage < answers.size(); stage++) {
      if (spilled.size() == stage) {
        spilled.add(new SpilledRecords(BoundJoin.ID.get(0).name()));
      }
      spilled.get(stage).addAll(answers.get(stage));
    }
    held = 0;
  }

  /** Hands out the joined labels, and starts anew. */
  public void finish(JoinedLabels out) {
    try {
      if (spilled.isEmpty()) {
        merge(out);
      } else {
        spill();
        mergeInParts(out);
      }
    } finally {
      close();
    }
  }

  /** As many labels at a time, by their hash, as fit into memory with all that is said of them. */
  private void mergeInParts(JoinedLabels out) {
    long most = (long) (maxBytes * (answered[0] / Arrays.stream(answered).sum()));
    long to;
    for (long from = Long.MIN_VALUE; ; from = to + 1) {
      to = spilled.get(0).end(from, Long.MAX_VALUE, most);
      for (int stage = 0; stage < answers.size(); stage++) {
        spilled.get(stage).read(from, to, answers.get(stage)::add);
      }
      merge(out);
      if (to == Long.MAX_VALUE) {
        return;
      }
    }
  }

  /** Starts anew; what is on disk is gone. */
  @Override
  public void close() {
    answers.forEach(List::clear);
    held = 0;
    Arrays.fill(answered, 0);
    List<SpilledRecords> gone = List.copyOf(spilled);
    spilled.clear();
    gone.forEach(SpilledRecords::close);
  }

  private void merge(JoinedLabels out) {
    if (answers.get(0).isEmpty()) {
      return;
    }
    RecordBatch labels = take(0);
    KeyTable ids = new KeyTable(List.of(FieldType.INT64, FieldType.INT64));
    int[] idOf = ids(labels, ids);
    long[] droppedBy = Arrays.copyOf(labels.longs(BoundJoin.DROPPED.name()).values(), idOf.length);
    int labelColumns = join.labelSchema().size();
    List<List<Column>> byGroup = new ArrayList<>();
    join.spec().groups().forEach(group -> byGroup.add(new ArrayList<>()));
    List<Column> own = labels.columns().subList(OWN, OWN + labelColumns);
    spread(0, labels.columns().subList(OWN + labelColumns, labels.columns().size()), byGroup);
    for (int stage = 1; stage < join.stages(); stage++) {
      RecordBatch answer = take(stage);
      int[] rows = rows(ids, idOf, answer);
      RecordBatch ordered = answer.gather(rows);
      long[] others = ordered.longs(BoundJoin.DROPPED.name()).values();
      for (int i = 0; i < droppedBy.length; i++) {
        boolean isFirst = others[i] >= 0 && others[i] < droppedBy[i];
        droppedBy[i] = droppedBy[i] < 0 || isFirst ? others[i] : droppedBy[i];
      }
      spread(stage, ordered.columns().subList(OWN, ordered.columns().size()), byGroup);
    }
    List<Column> columns = new ArrayList<>(own);
    byGroup.forEach(columns::addAll);
    out.accept(join, labels, columns, droppedBy);
  }

  private RecordBatch take(int stage) {
    RecordBatch all = RecordBatch.concat(answers.get(stage));
    answers.get(stage).clear();
    return all;
  }

  private static int[] ids(RecordBatch answer, KeyTable table) {
    int[] ids = new int[answer.size()];
    table.assign(
        BoundJoin.ID.stream().map(Field::name).map(answer::column).toList(), ids.length, ids);
    return ids;
  }

  /** By label its row in a stage's answer; of equal labels, which are alike, any. */
  private static int[] rows(KeyTable table, int[] idOf, RecordBatch answer) {
    int[] others = ids(answer, table);
    int[] rowOf = new int[table.size()];
    Arrays.fill(rowOf, -1);
    for (int row = 0; row < others.length; row++) {
      rowOf[others[row]] = row;
    }
    int[] rows = new int[idOf.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = rowOf[idOf[i]];
      if (rows[i] < 0) {
        throw new IllegalStateException("A stage has no answer for a label (a bug of the join)");
      }
    }
    return rows;
  }

  /** Puts a stage's features where their groups are. */
  private void spread(int stage, List<Column> features, List<List<Column>> byGroup) {
    int at = 0;
    for (int g : join.groupsOf(stage)) {
      int count = join.group(g).features.size();
      byGroup.get(g).addAll(features.subList(at, at + count));
      at += count;
    }
  }
}
