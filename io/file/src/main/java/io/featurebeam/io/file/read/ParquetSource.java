package io.featurebeam.io.file.read;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.parquet.ColumnRange;
import io.featurebeam.io.file.parquet.ParquetBatchReader;
import io.featurebeam.io.file.parquet.ParquetSplit;
import io.featurebeam.io.file.parquet.ParquetSplits;
import io.featurebeam.io.file.text.BatchReader;
import io.featurebeam.io.file.text.Malformed;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parquet files for {@link ReadFiles}. */
public final class ParquetSource {

  private ParquetSource() {}

  /**
   * The splits of a plan, narrowed to some of its columns.
   *
   * @param columns a part of the plan's columns, or all, in the order of the batches
   * @param ranges rows outside any of them may be left out
   */
  public static List<FileSplit> splits(
      ParquetSplits plan, Collection<String> columns, List<ColumnRange> ranges) {
    RecordSchema schema = plan.schema().project(columns);
    return plan.splits().stream()
        .map(split -> (FileSplit) new Split(split, schema, List.copyOf(ranges)))
        .toList();
  }

  private record Split(ParquetSplit split, RecordSchema schema, List<ColumnRange> ranges)
      implements FileSplit {
    @Override
    public String file() {
      return split.file();
    }

    @Override
    public long bytes() {
      return split.uncompressedBytes();
    }

    @Override
    public BatchReader open(Malformed malformed) throws IOException {
      ParquetBatchReader reader = ParquetBatchReader.open(split, schema, ranges, malformed);
      return new BatchReader() {
        @Override
        public RecordSchema schema() {
          return schema;
        }

        @Override
        public @Nullable RecordBatch next() throws IOException {
          return reader.next();
        }

        @Override
        public void close() throws IOException {
          reader.close();
        }
      };
    }

    @Override
    public String toString() {
      return split.toString();
    }
  }
}
