package io.featurebeam.io.file.text;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects the records of one file into batches, each with its place, and hands on the malformed
 * ones. Both count towards the end of a batch, so that whatever a file holds, no more of it is held
 * in memory than a batch.
 */
public final class Assembler implements Columns {

  /** A batch is closed once its records, and the malformed ones, have taken this many bytes. */
  private static final long MAX_BYTES = 8L << 20;

  /** A batch is closed once so many records were malformed. */
  private static final int MAX_MALFORMED = 1000;

  private final String source;
  private final Malformed malformed;
  private final RecordBatch.Builder records;
  private long[] places = new long[RecordBatch.TARGET_SIZE];
  private long bytes;
  private int rejected;

  public Assembler(RecordSchema schema, String source, Malformed malformed) {
    this.source = source;
    this.malformed = malformed;
    this.records = RecordBatch.builder(schema);
  }

  @Override
  public ColumnBuilder column(int index) {
    return records.column(index);
  }

  /** The record begun is complete. */
  public void accept(long place, long byteCount) {
    places[records.size()] = place;
    records.endRecord();
    bytes += byteCount;
  }

  /**
   * The record begun is malformed; its bytes and the reason are as {@link Malformed} takes them.
   */
  public void reject(long place, byte[] raw, String reason) {
    records.dropRecord();
    malformed.add(source, place, raw, reason);
    rejected++;
    bytes += raw.length;
  }

  public boolean isFull() {
    return records.size() == RecordBatch.TARGET_SIZE
        || rejected == MAX_MALFORMED
        || bytes >= MAX_BYTES;
  }

  /** The batch so far; without a record if all were malformed, null if there were none. */
  public @Nullable RecordBatch build() {
    int size = records.size();
    boolean nothing = size == 0 && rejected == 0;
    bytes = 0;
    rejected = 0;
    if (nothing) {
      return null;
    }
    if (size == 0) {
      return records.build();
    }
    boolean contiguous = places[size - 1] - places[0] == size - 1;
    return records.build(
        contiguous
            ? Positions.contiguous(source, places[0])
            : Positions.of(source, Arrays.copyOf(places, size)));
  }
}
