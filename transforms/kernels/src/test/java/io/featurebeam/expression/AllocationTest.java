package io.featurebeam.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A condition over columns allocates the bits of its result and little else. */
class AllocationTest {

  private static final int SIZE = 8192;

  private static final RecordSchema SCHEMA =
      RecordSchema.of(Field.of("amount", FieldType.FLOAT64), Field.of("channel", FieldType.STRING));

  private static RecordBatch batch() {
    Random random = new Random(3);
    double[] amounts = random.doubles(SIZE, 0, 40).toArray();
    int[] channels = random.ints(SIZE, 0, 4).toArray();
    List<byte[]> names =
        Stream.of("pos", "web", "atm", "app").map(s -> s.getBytes(StandardCharsets.UTF_8)).toList();
    return RecordBatch.of(
        SCHEMA,
        SIZE,
        List.of(
            DoubleColumn.of(amounts),
            BytesColumn.coded(FieldType.STRING, Slices.of(names), channels, SIZE, null)));
  }

  @Test
  void aConditionAllocatesLessThanTwoBytesPerRecord() {
    Expression expression =
        Expressions.compile("amount > 15.0 && channel in ['pos', 'web']", SCHEMA);
    RecordBatch batch = batch();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 50; i++) {
      expression.evaluate(batch);
    }
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    int selected = 0;
    for (int i = 0; i < 100; i++) {
      selected += ((BooleanColumn) expression.evaluate(batch)).values().cardinality();
    }
    double perRecord = (threads.getThreadAllocatedBytes(thread) - before) / (100.0 * SIZE);
    assertTrue(perRecord < 2, perRecord + " bytes per record");
    assertEquals(100 * expected(batch), selected);
  }

  private static int expected(RecordBatch batch) {
    int count = 0;
    for (int row = 0; row < SIZE; row++) {
      boolean channel = List.of("pos", "web").contains(batch.bytes("channel").string(row));
      count += batch.doubles("amount").get(row) > 15.0 && channel ? 1 : 0;
    }
    return count;
  }
}
