package io.featurebeam.io.file.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.MemoryStore;
import io.featurebeam.io.file.publish.PartitionBy;
import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.io.file.publish.Publisher;
import io.featurebeam.io.file.publish.WrittenFile;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenFilesTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(Field.of("day", FieldType.DATE), Field.of("key", FieldType.STRING));
  private static final int BATCH_BYTES = 100;

  private MemoryStore store;

  @BeforeEach
  void empty() {
    store = MemoryStore.create("open-files");
  }

  /**
   * Files of which each batch takes 100 bytes of memory and of file, and which knows what is open.
   */
  private static final class CountingFormat implements FileFormat {
    private static final long serialVersionUID = 1L;
    private int open;
    private int mostOpen;
    private final Map<Object, Long> memory = new HashMap<>();
    private long mostMemory;

    @Override
    public String extension() {
      return "n";
    }

    @Override
    public void checkSchema(RecordSchema schema) {}

    @Override
    public BatchFileWriter open(WritableByteChannel channel, RecordSchema schema) {
      mostOpen = Math.max(mostOpen, ++open);
      return new BatchFileWriter() {
        private long bytes;

        @Override
        public void write(RecordBatch batch) {
          bytes += BATCH_BYTES;
          memory.put(this, bytes);
        }

        @Override
        public long memoryBytes() {
          return bytes;
        }

        @Override
        public long fileBytes() {
          return bytes;
        }

        @Override
        public void flush() {}

        @Override
        public void close() throws IOException {
          mostMemory = Math.max(mostMemory, memory.values().stream().mapToLong(m -> m).sum());
          memory.remove(this);
          open--;
          channel.close();
        }

        @Override
        public void abandon() throws IOException {
          close();
        }
      };
    }
  }

  private Publication publication() {
    return Publication.of(store.path("out"), SCHEMA)
        .withPartitionBy(PartitionBy.parse("key"))
        .withEventTime("day");
  }

  private static RecordBatch batch(Long day) {
    return RecordBatch.builder(SCHEMA).add(day, "a").build();
  }

  private static List<Long> rows(List<WrittenFile> files) {
    return files.stream().map(WrittenFile::rows).toList();
  }

  @Test
  void fileIsCompletedAtTheTargetSize() throws IOException {
    OpenFiles files =
        new OpenFiles(publication(), new CountingFormat(), "r", new WriteLimits(250, 9, 9999));
    for (int i = 0; i < 7; i++) {
      files.write(List.of("a"), batch(1L));
    }
    assertEquals(List.of(3L, 3L, 1L), rows(files.finish()));
    assertEquals(List.of(), files.finish());
  }

  @Test
  void filesBeyondTheCapCompleteTheLargest() throws IOException {
    CountingFormat format = new CountingFormat();
    OpenFiles files = new OpenFiles(publication(), format, "r", new WriteLimits(9999, 2, 9999));
    for (String key : List.of("a", "b", "b", "c", "a", "c", "d")) {
      files.write(List.of(key), batch(1L));
    }
    assertEquals(2, format.mostOpen);
    List<String> keys = new ArrayList<>();
    files.finish().forEach(f -> keys.add(f.partition().get("key") + f.rows()));
    assertEquals(List.of("b2"), keys.subList(0, 1));
    assertEquals(List.of("a2", "b2", "c2", "d1"), keys.stream().sorted().toList());
    assertEquals(0, format.open);
  }

  @Test
  void memoryBeyondTheCapCompletesTheLargest() throws IOException {
    CountingFormat format = new CountingFormat();
    OpenFiles files = new OpenFiles(publication(), format, "r", new WriteLimits(9999, 9, 500));
    for (int i = 0; i < 40; i++) {
      files.write(List.of("abc".substring(i % 3, i % 3 + 1)), batch(1L));
    }
    List<WrittenFile> completed = files.finish();
    assertEquals(40, completed.stream().mapToLong(WrittenFile::rows).sum());
    assertEquals(500 + BATCH_BYTES, format.mostMemory);
  }

  @Test
  void abandonedFilesGiveUpWhatTheirWritersHold() throws IOException {
    CountingFormat format = new CountingFormat();
    OpenFiles files = new OpenFiles(publication(), format, "r", WriteLimits.defaults());
    for (String key : List.of("a", "b", "c")) {
      files.write(List.of(key), batch(1L));
    }
    assertEquals(3, format.open);
    files.abandon();
    assertEquals(0, format.open);
    assertEquals(List.of(), files.finish());
  }

  @Test
  void oneFileAloneMayHoldMoreMemory() throws IOException {
    OpenFiles files =
        new OpenFiles(publication(), new CountingFormat(), "r", new WriteLimits(9999, 9, 1));
    for (int i = 0; i < 5; i++) {
      files.write(List.of("a"), batch(1L));
    }
    assertEquals(List.of(5L), rows(files.finish()));
  }

  /** Beside short texts a long one would make the arrays of all of them as wide. */
  @Test
  void aBatchThatTheFileDoesNotTakeBeginsAnother() throws IOException {
    RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
    for (long i = 0; i < 8_192; i++) {
      rows.add(i, "short");
    }
    RecordBatch narrow = rows.build();
    RecordBatch wide = RecordBatch.builder(SCHEMA).add(1L, "x".repeat(10_000)).build();
    OpenFiles files =
        new OpenFiles(publication(), NumpyFormat.create(), "r", WriteLimits.defaults());
    for (RecordBatch batch : List.of(narrow, narrow, wide, wide)) {
      files.write(List.of("a"), batch);
    }

    assertEquals(List.of(16_384L, 2L), rows(files.finish()));
  }

  @Test
  void eventTimesOfADateColumnAreTheStartOfTheDayAndNullsDoNotCount() throws IOException {
    OpenFiles files =
        new OpenFiles(publication(), new CountingFormat(), "r", WriteLimits.defaults());
    files.write(List.of("a"), batch(2L));
    files.write(List.of("a"), batch(null));
    files.write(List.of("a"), batch(-1L));
    files.write(List.of("b"), batch(null));
    files.write(List.of("c"), batch(1L << 31));
    Map<String, WrittenFile> byKey = new HashMap<>();
    files.finish().forEach(f -> byKey.put(f.partition().get("key"), f));
    assertEquals(-86_400_000_000L, byKey.get("a").minEventTime());
    assertEquals(172_800_000_000L, byKey.get("a").maxEventTime());
    assertNull(byKey.get("b").minEventTime());
    assertTrue(byKey.get("c").maxEventTime() > Long.MAX_VALUE - 86_400_000_000L);
  }

  @Test
  void noSpaceInTheMiddleNamesTheFileAndTheRecordsBefore() throws IOException {
    RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
    for (int i = 0; i < 50_000; i++) {
      rows.add((long) i, "key " + i * 7919L);
    }
    RecordBatch batch = rows.build();
    store.limit(1 << 20);
    OpenFiles files =
        new OpenFiles(
            publication(),
            ParquetFormat.create()
                .withCompression(ParquetFormat.Compression.UNCOMPRESSED)
                .withRowGroupBytes(1),
            "r",
            WriteLimits.defaults());
    IOException error =
        assertThrows(
            IOException.class,
            () -> {
              for (int i = 0; i < 10; i++) {
                files.write(List.of("a"), batch);
              }
            });
    assertTrue(
        error
            .getMessage()
            .matches(
                "Cannot write memory://open-files/out/_featurebeam/tmp/r/[-0-9a-f]+\\.parquet \\(after"
                    + " 50000 records\\): No space left on device; the old output stands\\. Free"
                    + " space or choose another output path, and run again"),
        error.getMessage());
    files.abandon();
    assertEquals(List.of(), files.finish());
  }

  @Test
  void noSpaceAtTheEndNamesTheFileToo() throws IOException {
    store.limit(10);
    OpenFiles files =
        new OpenFiles(publication(), ParquetFormat.create(), "r", WriteLimits.defaults());
    files.write(List.of("a"), batch(1L));
    IOException error = assertThrows(IOException.class, files::finish);
    assertTrue(
        error.getMessage().contains(".parquet (after 1 records): No space left on device;"),
        error.getMessage());
    files.abandon();
  }

  @Test
  void whatIsWrittenAfterTheRunWasGivenUpIsDeleted() throws IOException {
    String runId = "given-up"; // the ids of this test's other runs must stay alive
    OpenFiles files =
        new OpenFiles(publication(), new CountingFormat(), runId, WriteLimits.defaults());
    files.write(List.of("a"), batch(1L));
    new Publisher(publication(), runId).abandon();

    IOException completing = assertThrows(IOException.class, files::finish);
    IOException beginning =
        assertThrows(IOException.class, () -> files.write(List.of("b"), batch(1L)));

    assertTrue(completing.getMessage().contains("(after 1 records): the run is given up;"));
    assertTrue(beginning.getMessage().contains("(after 0 records): the run is given up;"));
    assertEquals(Set.of(), store.below("out/").keySet());
  }
}
