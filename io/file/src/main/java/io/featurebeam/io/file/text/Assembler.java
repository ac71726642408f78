package io.featurebeam.io.file.text;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects the records of one file into batches, each with its place; malformed ones leave no
 * trace.
 */
public final class Assembler {

  /** A batch is closed once its text has taken this many bytes. */
  private static final long MAX_BYTES = 8L << 20;

  private final String source;
  private final RecordBatch.Builder records;
  private long[] places = new long[RecordBatch.TARGET_SIZE];
  private long bytes;

  public Assembler(RecordSchema schema, String source) {
    this.source = source;
    this.records = RecordBatch.builder(schema);
  }

  public ColumnBuilder column(int index) {
    return records.column(index);
  }

  /** The record begun is complete. */
  public void accept(long place, long byteCount) {
    places[records.size()] = place;
    records.endRecord();
    bytes += byteCount;
  }

  /** The record begun is malformed. */
  public void drop() {
    records.dropRecord();
  }

  public boolean isFull() {
    return records.size() == RecordBatch.TARGET_SIZE || bytes >= MAX_BYTES;
  }

  /** The batch so far, or null if it has no record. */
  public @Nullable RecordBatch build() {
    int size = records.size();
    if (size == 0) {
      return null;
    }
    bytes = 0;
    boolean contiguous = places[size - 1] - places[0] == size - 1;
    return records.build(
        contiguous
            ? Positions.contiguous(source, places[0])
            : Positions.of(source, Arrays.copyOf(places, size)));
  }
}
