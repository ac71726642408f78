package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** No object per record before the shuffle. */
class AllocationTest {

  private static final int ROWS = 8192;
  private static final int BATCHES = 50;

  @Test
  void reducingToTilesAllocatesLessThanFourBytesPerRecord() {
    BoundAggregates plan = BoundAggregates.bind(spec(), schema());
    ShardSplitter tiles = plan.splitter(8, 1 << 20, 1L << 30);
    RecordBatch batch = batch();
    for (int i = 0; i < 100; i++) {
      tiles.add(batch); // warm: keys and tiles are known, arrays have grown
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    for (int i = 0; i < BATCHES; i++) {
      tiles.add(batch);
    }
    long bytes = threads.getThreadAllocatedBytes(thread) - before;
    double perRecord = (double) bytes / (BATCHES * ROWS);
    assertTrue(perRecord < 4, perRecord + " bytes per record");
  }

  @Test
  void theLastTextOfAKeyIsTakenOncePerBatch() {
    WindowedAggregates last =
        new WindowedAggregates(
            List.of("user"),
            "time",
            null,
            Emission.every(Long.MAX_VALUE / 2),
            List.of(
                new Group(
                    List.of(Window.LIFETIME),
                    WindowBounds.DEFAULT,
                    List.of(Feature.of("merchant", Aggregates.last("merchant"))))));
    ShardSplitter tiles = BoundAggregates.bind(last, schema()).splitter(8, 1 << 20, 1L << 30);
    RecordBatch batch = batch();
    long[] times = new long[ROWS];
    long thread = Thread.currentThread().getId();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int i = 0; i < 2 * BATCHES; i++) {
      for (int row = 0; row < ROWS; row++) {
        times[row] = (long) i * ROWS + row; // each is the latest so far
      }
      before = i == BATCHES ? threads.getThreadAllocatedBytes(thread) : before;
      tiles.add(batch.with(schema().field("time"), LongColumn.of(FieldType.TIMESTAMP, times)));
    }
    long bytes = threads.getThreadAllocatedBytes(thread) - before;
    double perRecord = (double) bytes / (BATCHES * ROWS);
    assertTrue(perRecord < 20, perRecord + " bytes per record, 16 of them to order ties");
  }

  private static RecordSchema schema() {
    return RecordSchema.of(
        Field.required("user", FieldType.STRING),
        Field.required("merchant", FieldType.STRING),
        Field.required("time", FieldType.TIMESTAMP),
        Field.required("amount", FieldType.FLOAT64));
  }

  private static WindowedAggregates spec() {
    return new WindowedAggregates(
        List.of("user"),
        "time",
        null,
        Emission.every(3_600_000_000L),
        List.of(
            new Group(
                List.of(Window.of("1h"), Window.of("1d")),
                WindowBounds.DEFAULT,
                List.of(
                    Feature.of("count", Aggregates.count()),
                    Feature.of("sum", Aggregates.sum("amount")),
                    Feature.of("mean", Aggregates.mean("amount")),
                    Feature.of("max", Aggregates.max("amount")),
                    Feature.of("stddev", Aggregates.stddev("amount")),
                    Feature.of("merchants", Aggregates.approximateDistinct("merchant"))))));
  }

  private static RecordBatch batch() {
    Random random = new Random(1);
    long[] times = random.longs(ROWS, 0, 24 * 3_600_000_000L).toArray();
    double[] amounts = new double[ROWS];
    Arrays.setAll(amounts, i -> Math.round(random.nextDouble() * 1e4) / 100.0);
    return RecordBatch.of(
        schema(),
        ROWS,
        List.of(
            coded("user", 200, random),
            coded("merchant", 500, random),
            LongColumn.of(FieldType.TIMESTAMP, times),
            DoubleColumn.of(amounts)));
  }

  private static BytesColumn coded(String prefix, int entries, Random random) {
    List<byte[]> values =
        IntStream.range(0, entries)
            .mapToObj(i -> (prefix + i).getBytes(StandardCharsets.UTF_8))
            .toList();
    int[] codes = random.ints(ROWS, 0, entries).toArray();
    return BytesColumn.coded(FieldType.STRING, Slices.of(values), codes, ROWS, null);
  }
}
