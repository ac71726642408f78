package io.featurebeam.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.ShardSplitter;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Labels and records of one hot key, many more than the heap holds. */
class JoinMemoryTest {

  private static final RecordSchema LABELS =
      RecordSchema.of(
          Field.required("card", FieldType.STRING),
          Field.required("at", FieldType.TIMESTAMP),
          Field.required("before", FieldType.INT64));

  private static final RecordSchema EVENTS =
      RecordSchema.of(
          Field.required("card", FieldType.STRING),
          Field.required("time", FieldType.TIMESTAMP),
          Field.required("number", FieldType.INT64));

  private static final RecordSchema LEVELS =
      RecordSchema.of(
          Field.required("card", FieldType.STRING),
          Field.required("since", FieldType.TIMESTAMP),
          Field.required("level", FieldType.INT64));

  private static final int OUT_OF_MEMORY = 3;
  private static final String MEBIBYTE = String.valueOf(1 << 20);

  @Test
  void aHotKeyOfMoreThanTheHeapHoldsIsJoined() throws IOException, InterruptedException {
    assertEquals(0, join(MEBIBYTE));
  }

  @Test
  void inMemoryAloneItDoesNotFit() throws IOException, InterruptedException {
    assertEquals(OUT_OF_MEMORY, join(String.valueOf(Long.MAX_VALUE)));
  }

  private static int join(String maxBytes) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx40m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                maxBytes)
            .inheritIO()
            .start();
    try {
      assertTrue(child.waitFor(5, TimeUnit.MINUTES), "it does not end");
      return child.exitValue();
    } finally {
      child.destroyForcibly();
    }
  }

  /** In a JVM of its own. */
  public static final class Child {
    private Child() {}

    /** Fails if anything is not as it must be. */
    public static void main(String[] args) {
      Hot hot = new Hot(1_500_000, 300_000, 400_000);
      hot.join(Long.parseLong(args[0]), label -> {});
    }
  }

  @Test
  void nothingIsLeftOnDisk() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "the system tells no open files");
    Hot hot = new Hot(5000, 1000, 1000);
    long before = openFiles();
    boolean[] isThere = new boolean[1];
    hot.join(10_000, label -> isThere[0] |= label == 500 && openFiles() == before + 4);
    assertTrue(isThere[0], "labels, events and two tables are on disk while labels are joined");
    assertEquals(before, openFiles());

    IllegalStateException full = new IllegalStateException("full");
    assertEquals(
        full,
        assertThrows(
            IllegalStateException.class,
            () ->
                hot.join(
                    10_000,
                    label -> {
                      throw full;
                    })));
    assertEquals(before, openFiles());

    try (JoinShard shard = hot.shard(10_000)) {
      assertEquals(before + 4, openFiles());
      shard.addLabels(hot.labels(0, 10));
    }
    assertEquals(before, openFiles());
  }

  @Test
  void whatSeveralStagesSayIsNotLeftOnDiskEither() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "the system tells no open files");
    BoundJoin plan =
        BoundJoin.bind(
            PointInTime.at("at")
                .join(AsOfGroup.of("by_card", List.of("card"), "since", "level"))
                .join(
                    new AsOfGroup(
                        "by_number",
                        Map.of("level", "before"),
                        "since",
                        null,
                        Map.of("since", "since"),
                        WindowBounds.FEAST,
                        null,
                        PointInTime.ANY_AGE,
                        0,
                        false)),
            LABELS,
            List.of(LEVELS, LEVELS));
    long before = openFiles();
    long[] rows = new long[1];
    try (AnswerMerger merger = new AnswerMerger(plan, 10_000)) {
      for (int stage = 0; stage < 2; stage++) {
        JoinShard shard = plan.shard(stage);
        ShardSplitter labels = plan.labelSplitter(stage, 1, Long.MAX_VALUE);
        labels.add(new Hot(5000, 1000, 1000).labels(0, 1000));
        labels.drain((batch, to) -> shard.addLabels(batch));
        merger.add(stage, shard.finishStage());
      }
      merger.finish(
          new JoinedLabels() {
            @Override
            public void joined(RecordBatch some) {
              assertEquals(before + 2, openFiles());
              assertTrue(some.size() < 1000, some.size() + " rows at once");
              rows[0] += some.size();
            }

            @Override
            public void dropped(RecordBatch some, JoinGroup by) {
              throw new AssertionError(some.size() + " labels are dropped by " + by.name());
            }
          });
      assertEquals(before, openFiles());
    }
    assertEquals(1000, rows[0]);
  }

  private static long openFiles() {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(JoinMemoryTest::isOfAJoin).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isOfAJoin(Path link) {
    try {
      return Files.readSymbolicLink(link).toString().contains("featurebeam-join");
    } catch (IOException e) {
      return false; // closed again
    }
  }

  /**
   * One key, whose features are known beforehand.
   *
   * @param events event i is the i-th in time, and there is a silence after every 1000
   * @param labels spread evenly, each right behind an event
   * @param levels spread evenly, and each holds from the time of an event on
   */
  private record Hot(int events, int labels, int levels) {

    private static final int OF_SESSION = 1000;

    private static long time(long event) {
      return 10 * event + 100 * (event / OF_SESSION);
    }

    private long eventOfLabel(long label) {
      return label * events / labels;
    }

    private long eventOfLevel(long level) {
      return level * events / levels;
    }

    /** The latest level at the time of a label, of those that a number divides. */
    private long levelAt(long label, long divisor) {
      long event = eventOfLabel(label);
      long level = Math.min(levels - 1, (event + 1) * levels / events + 1);
      while (level >= 0 && (eventOfLevel(level) > event || level % divisor != 0)) {
        level--;
      }
      return level;
    }

    BoundJoin plan() {
      WindowedAggregates windows =
          new WindowedAggregates(
              List.of("card"),
              "time",
              null,
              Emission.everyEvent(),
              List.of(
                  new Group(
                      List.of(Window.LIFETIME, Window.session(50)),
                      WindowBounds.DEFAULT,
                      List.of(
                          Feature.of("events", Aggregates.count()),
                          Feature.of("sum", Aggregates.sum("number")),
                          Feature.of("last", Aggregates.last("number")))),
                  new Group(
                      List.of(new Window(200)),
                      WindowBounds.DEFAULT,
                      List.of(Feature.of("recent", Aggregates.max("number"))))));
      return BoundJoin.bind(
          PointInTime.at("at")
              .join(WindowGroup.of("windows", windows))
              .join(AsOfGroup.of("table", List.of("card"), "since", "level"))
              .join(
                  new AsOfGroup(
                      "fours",
                      Map.of("card", "card"),
                      "since",
                      null,
                      Map.of("level", "four"),
                      WindowBounds.FEAST,
                      "level % 4 == 0 && label_before >= 0",
                      PointInTime.ANY_AGE,
                      0,
                      false)),
          LABELS,
          List.of(EVENTS, LEVELS, LEVELS));
    }

    /** With all that there is, each in no order of time. */
    JoinShard shard(long maxBytes) {
      JoinShard shard = new JoinShard(plan(), 0, maxBytes);
      for (int at = 0; at < labels; at += 1000) {
        shard.addLabels(labels(at, at + 1000));
      }
      for (int at = 0; at < events; at += 1000) {
        RecordBatch.Builder batch = RecordBatch.builder(EVENTS);
        for (int i = at; i < at + 1000; i++) {
          long event = spread(i, events);
          batch.add("hot", time(event), event);
        }
        shard.addRecords(0, batch.build());
      }
      for (int at = 0; at < levels; at += 1000) {
        RecordBatch.Builder batch = RecordBatch.builder(LEVELS);
        for (int i = at; i < at + 1000; i++) {
          long level = spread(i, levels);
          batch.add("hot", time(eventOfLevel(level)), level);
        }
        RecordBatch rows = batch.build();
        shard.addRecords(1, rows);
        shard.addRecords(2, rows);
      }
      return shard;
    }

    RecordBatch labels(int from, int to) {
      RecordBatch.Builder batch = RecordBatch.builder(LABELS);
      for (int i = from; i < to; i++) {
        long label = spread(i, labels);
        batch.add("hot", time(eventOfLabel(label)) + 5, label);
      }
      return batch.build();
    }

    /** The i-th of n in another order; n has no divisor but 2, 3 and 5. */
    private static long spread(long i, long n) {
      return i * 104_729 % n;
    }

    /** Joins, checks each label, and tells its number of those so far. */
    void join(long maxBytes, LongConsumer joined) {
      long[] count = new long[1];
      long[] sum = new long[1];
      try (JoinShard shard = shard(maxBytes)) {
        shard.finish(
            new JoinedLabels() {
              @Override
              public void joined(RecordBatch rows) {
                for (int i = 0; i < rows.size(); i++) {
                  check(rows, i);
                  sum[0] += rows.longs("before").get(i);
                  joined.accept(count[0]++);
                }
              }

              @Override
              public void dropped(RecordBatch rows, JoinGroup by) {
                throw new AssertionError(rows.size() + " labels are dropped by " + by.name());
              }
            });
      }
      assertEquals(labels, count[0]);
      assertEquals((labels - 1L) * labels / 2, sum[0]);
    }

    private void check(RecordBatch rows, int row) {
      long label = rows.longs("before").get(row);
      long event = eventOfLabel(label);
      long first = event / OF_SESSION * OF_SESSION;
      assertEquals(
          List.of(
              event + 1,
              event * (event + 1) / 2,
              event,
              event - first + 1,
              (first + event) * (event - first + 1) / 2,
              event,
              event,
              levelAt(label, 1),
              levelAt(label, 4)),
          Stream.of(
                  "events_lifetime",
                  "sum_lifetime",
                  "last_lifetime",
                  "events_session_50us",
                  "sum_session_50us",
                  "last_session_50us",
                  "recent_200us",
                  "level",
                  "four")
              .map(column -> rows.value(row, column))
              .toList());
    }
  }
}
