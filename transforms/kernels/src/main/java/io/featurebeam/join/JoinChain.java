package io.featurebeam.join;

import io.featurebeam.aggregate.ShardSplitter;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A join over inputs without an end: its stages one behind the other, each of which takes the
 * labels that the one before has answered. So a label that is late is late once, and what it waits
 * for in one stage it need not wait for in the next. Not thread-safe.
 */
public final class JoinChain {

  private final BoundJoin whole;
  private final List<Link> links = new ArrayList<>();

  private JoinChain(BoundJoin whole) {
    this.whole = whole;
  }

  /** Checks columns, types and names, and that what labels may see is bounded. */
  public static JoinChain of(PointInTime join, RecordSchema labels, List<RecordSchema> records) {
    JoinChain chain = new JoinChain(BoundJoin.bind(join, labels, records));
    RecordSchema schema = labels;
    for (int stage = 0; stage < chain.whole.stages(); stage++) {
      PointInTime some = PointInTime.at(join.labelTime());
      List<RecordSchema> schemas = new ArrayList<>();
      for (int g : chain.whole.groupsOf(stage)) {
        check(chain.whole.group(g), labels);
        some = some.join(join.groups().get(g));
        schemas.add(records.get(g));
      }
      Link link = new Link(BoundJoin.bind(some, schema, schemas), chain.whole.groupsOf(stage));
      chain.links.add(link);
      schema = link.answerSchema();
    }
    return chain;
  }

  private static void check(BoundJoin.Group group, RecordSchema labels) {
    if (group.spec instanceof WindowGroup windows) {
      for (var aggregates : windows.aggregates().groups()) {
        for (Window window : aggregates.windows()) {
          if (!window.hasLength()) {
            throw new IllegalArgumentException(
                "Invalid window of group '"
                    + windows.name()
                    + "' in a stream: "
                    + window
                    + " (its events would be held for ever; give it a length, such as 30d)");
          }
        }
      }
    } else if (group.spec instanceof AsOfGroup asOf
        && asOf.where() != null
        && asOf.ttlMicros() == PointInTime.ANY_AGE
        && AsOfRows.ofRowsAlone(asOf, group.schema, labels) == null) {
      throw new IllegalArgumentException(
          "Missing ttl of group '"
              + asOf.name()
              + "' in a stream: its where asks for columns of the labels, so a row of any age may"
              + " be the one that a label sees, and would be held for ever (say how old it may be)");
    }
  }

  /** One for each set of keys, in the order in which labels go through them. */
  public List<Link> links() {
    return links;
  }

  /** The columns of the labels, and behind them those of each group. */
  public RecordSchema outputSchema() {
    return whole.outputSchema();
  }

  /** Parts what the last link answers into joined labels and dropped ones. */
  public void finish(RecordBatch answers, JoinedLabels out) {
    long[] droppedBy = droppedBy(answers);
    out.accept(whole, answers, answers.project(outputSchema().names()).columns(), droppedBy);
  }

  private static long[] droppedBy(RecordBatch answers) {
    return Arrays.copyOf(answers.longs(BoundJoin.DROPPED.name()).values(), answers.size());
  }

  /** The groups that find records by the same columns of the labels. */
  public static final class Link {
    private final BoundJoin join;
    private final List<Integer> groups;
    private final JoinShard kernel;

    private Link(BoundJoin join, List<Integer> groups) {
      this.join = join;
      this.groups = groups;
      this.kernel = join.shard(0);
    }

    /** Their numbers in the whole join. */
    public List<Integer> groups() {
      return groups;
    }

    /** The columns of the labels by which records are found. */
    public List<String> keys() {
      return join.keysOf(0);
    }

    BoundJoin join() {
      return join;
    }

    BoundJoin.Group group(int number) {
      return join.group(groups.indexOf(number));
    }

    /** The columns of the labels as they go on: with features, and who drops them. */
    RecordSchema answerSchema() {
      return join.outputSchema().with(BoundJoin.DROPPED);
    }

    /** Splits labels by their keys. */
    public ShardSplitter labelSplitter(int shards) {
      return join.labelSplitter(0, shards, Long.MAX_VALUE);
    }

    /**
     * Splits records of one of its groups by their keys, whole, as one may turn out to be late;
     * those whose key has a null go.
     */
    public ShardSplitter recordSplitter(int number, int shards) {
      BoundJoin.Group group = group(number);
      return new Keyed(
          group.keys,
          ShardSplitter.ofRecords(group.schema, group.keys, null, shards, Long.MAX_VALUE));
    }

    /**
     * What runs behind the shuffle, for one shard while the stream lasts.
     *
     * @param lateness for how long labels wait for what comes late, in microseconds
     * @param every labels of the same span of so many microseconds are answered together
     */
    public LiveJoinShard shard(long lateness, long every) {
      return new LiveJoinShard(this, lateness, every);
    }

    JoinShard kernel() {
      return kernel;
    }

    /** What the kernel has found, in the columns in which labels go on. */
    RecordBatch answer() {
      Answers answers = new Answers();
      kernel.finish(answers);
      return answers.batches.isEmpty()
          ? RecordBatch.builder(answerSchema()).build()
          : RecordBatch.concat(answers.batches);
    }

    private final class Answers implements JoinedLabels {
      private final List<RecordBatch> batches = new ArrayList<>();

      @Override
      public void accept(
          BoundJoin of, RecordBatch labels, List<? extends Column> columns, long[] droppedBy) {
        boolean isFirst = !labels.schema().contains(BoundJoin.DROPPED.name());
        long @Nullable [] first = isFirst ? null : JoinChain.droppedBy(labels);
        long[] all = new long[droppedBy.length];
        for (int i = 0; i < all.length; i++) {
          long here = droppedBy[i] < 0 ? -1 : groups.get((int) droppedBy[i]);
          long before = first == null ? -1 : first[i];
          all[i] = before < 0 ? here : here < 0 ? before : Math.min(before, here);
        }
        batches.add(
            RecordBatch.of(of.outputSchema(), all.length, columns)
                .with(BoundJoin.DROPPED, LongColumn.of(FieldType.INT64, all))
                .withPositions(labels.positions()));
      }

      @Override
      public void joined(RecordBatch rows) {
        throw new AssertionError("parted only behind the last link");
      }

      @Override
      public void dropped(RecordBatch labels, JoinGroup by) {
        throw new AssertionError("parted only behind the last link");
      }
    }
  }

  /** Only records whose keys have a value. */
  private record Keyed(List<String> keys, ShardSplitter splitter) implements ShardSplitter {
    @Override
    public void add(RecordBatch records) {
      Bitmap complete = null;
      for (String key : keys) {
        complete = Bitmap.both(complete, records.column(key).validity());
      }
      splitter.add(complete == null ? records : records.select(complete));
    }

    @Override
    public boolean isFull() {
      return splitter.isFull();
    }

    @Override
    public void drain(ObjIntConsumer<RecordBatch> out) {
      splitter.drain(out);
    }
  }
}
