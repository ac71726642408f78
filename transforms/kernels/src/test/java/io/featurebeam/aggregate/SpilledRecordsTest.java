package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpilledRecordsTest {

  @TempDir private Path folder;

  private static final RecordSchema SCHEMA =
      RecordSchema.of(Field.required("time", FieldType.TIMESTAMP));

  @Test
  void recordsOfATimeComeBackBlockByBlock() {
    try (SpilledRecords records = new SpilledRecords("time", folder, 100)) {
      add(records, LongStream.rangeClosed(1, 350).map(i -> 351 - i));
      add(records, LongStream.of(1000, 7, -5));
      assertEquals(List.of(1L, 100L, 7L, 7L), read(records, 1, 100));
      assertEquals(List.of(100L, 100L, 101L, 101L), read(records, 100, 101));
      assertEquals(List.of(), read(records, 351, 600));
      assertEquals(List.of(1000L, 1000L), read(records, 351, Long.MAX_VALUE));
      assertEquals(List.of(), read(records, 1001, Long.MAX_VALUE));
      assertEquals(0, records.bytes(Long.MIN_VALUE, -6));
      long all = records.bytes(Long.MIN_VALUE, Long.MAX_VALUE);
      assertTrue(all > 8 * 353, "bytes " + all);
      assertTrue(records.bytes(1, 5) < all / 2, "bytes " + records.bytes(1, 5));
    }
  }

  @Test
  void timesAreCutWhereTheirBlocksTakeEnough() {
    try (SpilledRecords records = new SpilledRecords("time", folder, 10)) {
      add(records, LongStream.range(1000, 1100));
      long block = records.bytes(1000, 1000);
      long many = 5 * block + block / 2;
      assertEquals(999, records.end(Long.MIN_VALUE, Long.MAX_VALUE, 0));
      assertEquals(1019, records.end(1000, Long.MAX_VALUE, 0), "twice the least");
      assertEquals(1049, records.end(1000, Long.MAX_VALUE, many));
      assertEquals(1033, records.end(1000, 1033, many));
      assertEquals(Long.MAX_VALUE, records.end(1050, Long.MAX_VALUE, many));
      assertEquals(Long.MAX_VALUE, records.end(1100, Long.MAX_VALUE, 0));
      assertEquals(1100, records.beginning(Long.MIN_VALUE, Long.MAX_VALUE, 0));
      assertEquals(1080, records.beginning(Long.MIN_VALUE, 1099, 0), "twice the least");
      assertEquals(1050, records.beginning(Long.MIN_VALUE, 1099, many));
      assertEquals(1077, records.beginning(1077, 1099, many));
      assertEquals(Long.MIN_VALUE, records.beginning(Long.MIN_VALUE, 1049, many));
      assertEquals(Long.MIN_VALUE, records.beginning(Long.MIN_VALUE, 999, 0));
    }
  }

  @Test
  void whatIsOfOneTimeStaysTogether() {
    try (SpilledRecords records = new SpilledRecords("time", folder, 10)) {
      add(records, LongStream.generate(() -> 7).limit(100));
      add(records, LongStream.generate(() -> 8).limit(10));
      assertEquals(6, records.end(Long.MIN_VALUE, Long.MAX_VALUE, 1));
      assertEquals(7, records.end(7, Long.MAX_VALUE, 1));
      assertTrue(records.isOneTime(7, 7));
      assertFalse(records.isOneTime(7, 8));
      assertEquals(Long.MAX_VALUE, records.end(8, Long.MAX_VALUE, 1 << 20));
    }
  }

  @Test
  void wideRecordsMakeShortBlocks() {
    RecordSchema wide = RecordSchema.of(SCHEMA.field("time"), Field.of("text", FieldType.STRING));
    RecordBatch.Builder batch = RecordBatch.builder(wide);
    for (long i = 0; i < 64; i++) {
      batch.add(i, "x".repeat(1 << 18));
    }
    try (SpilledRecords records = new SpilledRecords("time", folder, 16_384)) {
      records.add(batch.build());
      long block = records.bytes(0, 0);
      assertTrue(block < 8 << 20, "bytes " + block);
    }
  }

  @Test
  void itLeavesNoFile() throws IOException {
    try (SpilledRecords records = new SpilledRecords("time", folder, 16_384)) {
      add(records, LongStream.of(1, 2));
      assertEquals(List.of(), files());
    }
    assertEquals(List.of(), files());
  }

  @Test
  void aFolderThatIsNotThereIsTold() {
    Path gone = folder.resolve("gone");
    String message =
        assertThrows(UncheckedIOException.class, () -> new SpilledRecords("time", gone, 1))
            .getMessage();
    assertTrue(
        message.startsWith("Cannot open records of a join in " + gone + ": " + gone), message);
  }

  @Test
  void whatCannotBeReadIsToldWithTheFolderAndTheWayOut() {
    SpilledRecords records = new SpilledRecords("time", folder, 16_384);
    add(records, LongStream.of(1, 2));
    records.close();
    assertEquals(
        "Cannot read records of a join in "
            + folder
            + ": the file is closed (a shard of more than fits into memory goes there; give"
            + " java.io.tmpdir room, or the join more shards)",
        assertThrows(UncheckedIOException.class, () -> read(records, 1, 2)).getMessage());
  }

  private static void add(SpilledRecords records, LongStream times) {
    RecordBatch.Builder batch = RecordBatch.builder(SCHEMA);
    times.forEach(batch::add);
    records.add(batch.build());
  }

  /** The first and last times of the blocks. */
  private static List<Long> read(SpilledRecords records, long from, long to) {
    List<Long> times = new ArrayList<>();
    records.read(
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
