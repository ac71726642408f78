package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpilledEventsTest {

  @TempDir private Path folder;

  private static final RecordSchema SCHEMA =
      RecordSchema.of(Field.required("time", FieldType.TIMESTAMP));

  @Test
  void eventsOfATimeComeBackWithoutTheOthers() {
    try (SpilledEvents events = new SpilledEvents(folder, 16_384)) {
      add(events, LongStream.rangeClosed(1, 50_000).map(i -> 50_001 - i));
      add(events, LongStream.of(100_000, 7, -5));
      assertEquals(List.of(1L, 16_384L, -5L, 100_000L), read(events, 1, 16_384));
      assertEquals(
          List.of(1L, 16_384L, 16_385L, 32_768L, -5L, 100_000L), read(events, 16_384, 16_385));
      assertEquals(List.of(-5L, 100_000L), read(events, 50_001, 60_000));
      assertEquals(List.of(), read(events, 100_001, Long.MAX_VALUE));
      assertEquals(0, events.bytes(Long.MIN_VALUE, -6));
      long all = events.bytes(Long.MIN_VALUE, Long.MAX_VALUE);
      assertTrue(all > 8 * 50_003, "bytes " + all);
      assertTrue(events.bytes(1, 5) < all / 2, "bytes " + events.bytes(1, 5));
    }
  }

  @Test
  void itLeavesNoFile() throws IOException {
    try (SpilledEvents events = new SpilledEvents(folder, 16_384)) {
      add(events, LongStream.of(1, 2));
      assertEquals(List.of(), files());
    }
    assertEquals(List.of(), files());
  }

  @Test
  void aFolderThatIsNotThereIsTold() {
    Path gone = folder.resolve("gone");
    String message =
        assertThrows(UncheckedIOException.class, () -> new SpilledEvents(gone, 1)).getMessage();
    assertTrue(
        message.startsWith("Cannot open events of a join in " + gone + ": " + gone), message);
  }

  @Test
  void whatCannotBeReadIsToldWithTheFolderAndTheWayOut() {
    SpilledEvents events = new SpilledEvents(folder, 16_384);
    add(events, LongStream.of(1, 2));
    events.close();
    assertEquals(
        "Cannot read events of a join in "
            + folder
            + ": the file is closed (a shard of more than fits into memory goes there; give"
            + " java.io.tmpdir room, or the join more shards)",
        assertThrows(UncheckedIOException.class, () -> read(events, 1, 2)).getMessage());
  }

  private static void add(SpilledEvents events, LongStream times) {
    RecordBatch.Builder batch = RecordBatch.builder(SCHEMA);
    long[] all = times.toArray();
    Arrays.stream(all).forEach(batch::add);
    events.add(batch.build(), all);
  }

  /** The first and last times of the blocks. */
  private static List<Long> read(SpilledEvents events, long from, long to) {
    List<Long> times = new ArrayList<>();
    events.read(
        from,
        to,
        block -> {
          times.add(block.longs("time").get(0));
          times.add(block.longs("time").get(block.size() - 1));
        });
    return times;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
