package io.featurebeam.benchmarks.kernels;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.write.BatchFileWriter;
import io.featurebeam.io.file.write.FileFormat;
import io.featurebeam.io.file.write.NumpyFormat;
import io.featurebeam.io.file.write.ParquetFormat;
import io.featurebeam.io.file.write.TextFormat;
import io.featurebeam.io.file.write.TfRecordFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A file of {@value #BATCHES} batches, from the first to the last byte, which nothing stores; a
 * value is one of the five of a record.
 */
@State(Scope.Thread)
@NullUnmarked
public class WriterKernels {
  static final int BATCHES = 16;
  static final int VALUES = BATCHES * CodecKernels.VALUES;

  @Param({"parquet", "csv", "json", "tfrecord", "tfrecord_gzip", "numpy", "numpy_gzip"})
  String format;

  private FileFormat file;
  private final RecordBatch[] batches = new RecordBatch[BATCHES];

  @Setup
  public void fill() {
    file =
        switch (format) {
          case "parquet" -> ParquetFormat.create();
          case "csv" -> TextFormat.csv();
          case "json" -> TextFormat.jsonLines();
          case "tfrecord" -> TfRecordFormat.create();
          case "tfrecord_gzip" ->
              TfRecordFormat.create().withCompression(TfRecordFormat.Compression.GZIP);
          case "numpy" -> NumpyFormat.create();
          case "numpy_gzip" ->
              NumpyFormat.create().withCompression(NumpyFormat.Compression.DEFLATE);
          default -> throw new IllegalArgumentException("Unknown format: '" + format + "'");
        };
    for (int b = 0; b < BATCHES; b++) {
      batches[b] = CardBatches.batch(b);
    }
  }

  /** How long the file is. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long write() throws IOException {
    BatchFileWriter writer =
        file.open(Channels.newChannel(OutputStream.nullOutputStream()), CardBatches.SCHEMA);
    for (RecordBatch batch : batches) {
      writer.write(batch);
    }
    writer.close();
    return writer.fileBytes();
  }
}
