package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is held before the shuffle is bounded in bytes, whatever it is that takes them. */
class SplitterMemoryTest {

  private static final int TEXT = 1 << 16;
  private static final long LIMIT = 64 * TEXT;
  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("user", FieldType.STRING),
          Field.required("time", FieldType.TIMESTAMP),
          Field.of("note", FieldType.STRING),
          Field.of("tags", FieldType.listOf(FieldType.STRING)));

  @Test
  void theTextsOfLastCount() {
    ShardSplitter tiles = splitter(Emission.every(10), Aggregates.last("note"));
    assertEquals(64, recordsUntilFull(tiles, i -> batch(slices("u" + i), slices(text(i)))));
    tiles.drain((batch, shard) -> {});
    assertEquals(64, recordsUntilFull(tiles, i -> batch(slices("u" + i), slices(text(i)))));
  }

  @Test
  void theTextThatALaterOneReplacesDoesNotCount() {
    ShardSplitter tiles = splitter(Emission.every(10_000), Aggregates.last("note"));
    for (int i = 0; i < 1000; i++) {
      tiles.add(batch(i, slices("u"), slices(text(i)), null));
    }
    assertFalse(tiles.isFull());
  }

  @Test
  void theKeysOfTilesCount() {
    ShardSplitter tiles = splitter(Emission.every(10), Aggregates.count());
    assertEquals(64, recordsUntilFull(tiles, i -> batch(slices(text(i)), slices("x"))));
    tiles.drain((batch, shard) -> {});
    assertFalse(tiles.isFull(), "keys are kept for the next records only while they are few");
    assertEquals(64, recordsUntilFull(tiles, i -> batch(slices(text(i)), slices("x"))));
  }

  @Test
  void dictionariesOfRecordsCountOnceEach() {
    ShardSplitter events = splitter(Emission.everyEvent(), Aggregates.count());
    Slices shared = slices(text(0), text(1), text(2));
    assertEquals(
        61,
        recordsUntilFull(
            events, i -> i < 100 ? batch(shared, shared, slices(text(i))) : batch(shared, shared)));
    events.drain((batch, shard) -> {});
    for (int i = 0; i < 1000; i++) {
      events.add(batch(shared, shared));
    }
    assertFalse(events.isFull());
  }

  @Test
  void whatIsDrainedComesInBatchesOfBoundedBytes() {
    for (Emission emission : List.of(Emission.every(10), Emission.everyEvent())) {
      ShardSplitter splitter = splitter(emission, Aggregates.last("note"));
      recordsUntilFull(splitter, i -> batch(slices("u" + i), slices(text(i))));
      List<RecordBatch> drained = new ArrayList<>();
      splitter.drain((batch, shard) -> drained.add(batch));
      assertTrue(drained.size() >= 4, drained.size() + " batches");
      assertEquals(64, drained.stream().mapToInt(RecordBatch::size).sum());
    }
  }

  private interface Batches {
    RecordBatch batch(int i);
  }

  private static int recordsUntilFull(ShardSplitter splitter, Batches batches) {
    int records = 0;
    while (!splitter.isFull() && records < 1000) {
      RecordBatch batch = batches.batch(records);
      splitter.add(batch);
      records += batch.size();
    }
    return records;
  }

  private static ShardSplitter splitter(Emission emission, Aggregate aggregate) {
    WindowedAggregates spec =
        new WindowedAggregates(
            List.of("user"),
            "time",
            null,
            emission,
            List.of(
                new Group(
                    List.of(new Window(10_000)),
                    WindowBounds.DEFAULT,
                    List.of(Feature.of("f", aggregate)))));
    return BoundAggregates.bind(spec, SCHEMA).splitter(1, 1 << 20, LIMIT);
  }

  private static String text(int i) {
    String number = String.valueOf(i);
    return number + "x".repeat(TEXT - number.length());
  }

  private static Slices slices(String... values) {
    return BytesColumn.ofStrings(values).slices();
  }

  private static RecordBatch batch(Slices users, Slices notes) {
    return batch(0, users, notes, null);
  }

  private static RecordBatch batch(Slices users, Slices notes, Slices tags) {
    return batch(0, users, notes, tags);
  }

  /** One record, its texts coded by the first entries of these. */
  private static RecordBatch batch(long time, Slices users, Slices notes, Slices tags) {
    Slices elements = tags == null ? notes : tags;
    return RecordBatch.of(
        SCHEMA,
        1,
        List.of(
            coded(users),
            LongColumn.of(FieldType.TIMESTAMP, new long[] {time}),
            coded(notes),
            new ListColumn(
                SCHEMA.field("tags").type(), new int[] {0, 1}, coded(elements), 1, null)));
  }

  private static Column coded(Slices entries) {
    return BytesColumn.coded(FieldType.STRING, entries, new int[1], 1, null);
  }
}
