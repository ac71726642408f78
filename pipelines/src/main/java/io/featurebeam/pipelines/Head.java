package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.parquet.ParquetSplits;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.read.FileSplit;
import io.featurebeam.io.file.read.ParquetSource;
import io.featurebeam.io.file.read.TextSource;
import io.featurebeam.io.file.text.BatchReader;
import io.featurebeam.io.file.text.CsvOptions;
import io.featurebeam.pipelines.report.HeadPrinter;
import io.featurebeam.pipelines.report.Terminal;
import io.featurebeam.pipelines.spec.SinkSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The first rows of what a run has published, for the console. */
final class Head {

  private static final int ROWS = 5;

  private Head() {}

  /**
   * A table of a few rows of the run's files; empty if it published none or they cannot be read: a
   * run that is over does not fail for a look at it.
   */
  static String text(SinkSpec sink, String runId, Set<String> masked) {
    try {
      Manifest manifest = Manifest.read(sink.path()).orElse(null);
      return manifest == null ? "" : text(sink, manifest.ofRun(runId), masked);
    } catch (IOException | RuntimeException e) {
      return "\n  (the first rows cannot be shown: " + e.getMessage() + ")\n";
    }
  }

  private static String text(SinkSpec sink, Manifest manifest, Set<String> masked)
      throws IOException {
    List<RecordBatch> parts = new ArrayList<>();
    int rows = 0;
    for (String path : manifest.paths(sink.path())) {
      for (FileSplit split : splits(sink.format(), path, manifest.recordSchema())) {
        if (rows < ROWS) {
          RecordBatch first = first(split, ROWS - rows);
          rows += first == null ? 0 : first.size();
          if (first != null) {
            parts.add(first);
          }
        }
      }
      if (rows == ROWS) {
        break;
      }
    }
    return parts.isEmpty()
        ? ""
        : HeadPrinter.print(RecordBatch.concat(parts), manifest.rows(), masked, Terminal.width());
  }

  private static List<FileSplit> splits(SinkSpec.Format format, String path, RecordSchema schema) {
    List<String> paths = List.of(path);
    return switch (format) {
      case PARQUET ->
          ParquetSource.splits(
              ParquetSplits.plan(paths, List.of(), List.of()), schema.names(), List.of());
      case JSON -> TextSource.jsonLines(paths, schema.fields(), Map.of()).splits(schema.names());
      case CSV ->
          TextSource.csv(paths, schema.fields(), true, Map.of(), CsvOptions.of(schema))
              .splits(schema.names());
      case TFRECORD, NUMPY, KAFKA, REDIS, JDBC -> List.of(); // read by others than this project
    };
  }

  private static @Nullable RecordBatch first(FileSplit split, int rows) throws IOException {
    try (BatchReader reader =
        split.open(
            (source, position, raw, reason) -> {
              throw new IllegalStateException(reason + " (" + source + ", row " + position + ")");
            })) {
      RecordBatch batch = reader.next();
      return batch == null ? null : batch.slice(0, Math.min(rows, batch.size()));
    }
  }
}
