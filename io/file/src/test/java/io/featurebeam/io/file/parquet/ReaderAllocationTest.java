package io.featurebeam.io.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.featurebeam.columnar.RecordBatch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No object per value: reading allocates the arrays of the columns and little else. */
class ReaderAllocationTest {

  private static final int ROWS = 100_000;

  /** Two longs, a double, a code, and a bit each for a boolean and the validity of four columns. */
  private static final double COLUMN_BYTES_PER_ROW = 8 + 8 + 8 + 4 + 5 / 8.0;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(WriterVersion.class)
  void bytesPerRowAreThoseOfTheColumns(WriterVersion version) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            """
            message m {
              required int64 id;
              optional int64 at (TIMESTAMP(MILLIS,true));
              optional double amount;
              optional binary word (STRING);
              optional boolean flag;
            }
            """);
    List<Group> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Group row = new SimpleGroup(schema).append("id", (long) i);
      if (i % 7 > 0) {
        row.append("at", i * 1000L).append("amount", i / 8.0).append("word", "w" + i % 100);
        row.append("flag", i % 3 == 0);
      }
      rows.add(row);
    }
    Path file =
        Samples.write(
            directory.resolve("flat.parquet"),
            rows,
            b -> b.withWriterVersion(version).withPageRowCountLimit(20_000));
    readAll(file); // loads classes, which allocates too
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    readAll(file);
    double perRow = (threads.getCurrentThreadAllocatedBytes() - before) / (double) ROWS;
    // Beside the columns: buffers of a page and of the file's chunks, and the footer, once each.
    assertTrue(
        perRow < COLUMN_BYTES_PER_ROW + 32,
        perRow + " bytes per row, columns " + COLUMN_BYTES_PER_ROW);
  }

  private static void readAll(Path file) throws IOException {
    long rows = 0;
    try (ParquetBatchReader reader =
        ParquetBatchReader.open(file.toString(), List.of(), List.of())) {
      for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
        rows += batch.size();
      }
    }
    assertEquals(ROWS, rows);
  }
}
