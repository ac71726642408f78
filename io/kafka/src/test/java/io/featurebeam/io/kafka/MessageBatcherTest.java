package io.featurebeam.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageBatcherTest {

  private static final ReadSettings TEXT = ReadSettings.of(MessageFormat.text("v")).aside();

  private static void add(
      MessageBatcher batcher, String topic, int partition, long offset, String v)
      throws IOException {
    batcher.add(topic, partition, offset, 0, null, null, v.getBytes(UTF_8));
  }

  @Test
  void aBatchIsFullByRecordsOrByBytes() throws IOException {
    MessageBatcher byRecords = new MessageBatcher(TEXT.withLimits(100, 2, 1000));
    add(byRecords, "t", 0, 0, "a");
    assertFalse(byRecords.isFull());
    add(byRecords, "t", 0, 1, "b");
    assertTrue(byRecords.isFull());
    MessageBatcher byBytes = new MessageBatcher(TEXT.withLimits(100, 10, 8));
    add(byBytes, "t", 0, 0, "1234567");
    assertFalse(byBytes.isFull());
    add(byBytes, "t", 0, 1, "8");
    assertTrue(byBytes.isFull());
    assertEquals(2, byBytes.records().size());
    assertFalse(byBytes.isFull());
  }

  @Test
  void rejectsFillABundleToo() throws IOException {
    MessageBatcher batcher = new MessageBatcher(TEXT.withLimits(4, 10, 8));
    add(batcher, "t", 0, 0, "too long");
    assertTrue(batcher.isFull());
    assertNull(batcher.records());
    assertEquals(1, batcher.rejects().size());
    assertFalse(batcher.isFull());
  }

  @Test
  void positionsOfSeveralPartitionsAndTopicsAreTheirOwn() throws IOException {
    MessageBatcher batcher = new MessageBatcher(TEXT);
    add(batcher, "t", 0, 7, "a");
    add(batcher, "t", 1, 3, "b");
    add(batcher, "t", 0, 8, "c");
    add(batcher, "u", 0, 9, "d");
    RecordBatch batch = batcher.records();
    assertEquals(
        List.of("t-0@7 [a]", "t-0@8 [c]", "t-1@3 [b]", "u-0@9 [d]"), Flows.records(List.of(batch)));
  }

  @Test
  void onlyRecordsInARangeCount() throws IOException {
    RecordSchema schema = RecordSchema.of(Field.of("at", FieldType.TIMESTAMP));
    ReadSettings settings =
        ReadSettings.of(MessageFormat.json(schema))
            .withRange(new ReadSettings.Range("at", 0, 2_000_000));
    MessageBatcher batcher = new MessageBatcher(settings.aside());
    add(batcher, "t", 0, 0, "{\"at\":\"1969-12-31T23:59:59Z\"}");
    add(batcher, "t", 0, 1, "{\"at\":\"1970-01-01T00:00:00Z\"}");
    add(batcher, "t", 0, 2, "{\"at\":\"1970-01-01T00:00:02Z\"}");
    add(batcher, "t", 0, 3, "{}");
    assertEquals(List.of("t-0@1 [0]", "t-0@3 [null]"), Flows.records(List.of(batcher.records())));
    assertEquals("{read records_in=2, read records_out=2}", Flows.facts(List.of(batcher.facts())));
    assertNull(batcher.facts());
  }

  @Test
  void aNewBundleKeepsWhatIsKnownAndDropsWhatAFailedOneLeft() throws IOException {
    MessageBatcher first = MessageBatcher.begin(null, TEXT);
    add(first, "t", 0, 0, "a");
    first.records();
    first.facts();
    assertSame(first, MessageBatcher.begin(first, TEXT));
    add(first, "t", 0, 1, "left behind");
    MessageBatcher next = MessageBatcher.begin(first, TEXT);
    assertNotSame(first, next);
    assertNull(next.records());
  }
}
