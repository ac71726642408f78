package io.featurebeam.pipelines;

import io.featurebeam.io.file.write.FileFormat;
import io.featurebeam.io.file.write.NumpyFormat;
import io.featurebeam.io.file.write.ParquetFormat;
import io.featurebeam.io.file.write.TextFormat;
import io.featurebeam.io.file.write.TfRecordFormat;
import io.featurebeam.pipelines.spec.RejectsSpec;
import io.featurebeam.pipelines.spec.SinkSpec;
import org.jspecify.annotations.Nullable;

/** The file formats that a spec names. */
final class Formats {

  private Formats() {}

  static FileFormat of(SinkSpec sink) {
    SinkSpec.Compression compression = sink.compression();
    return switch (sink.format()) {
      case PARQUET ->
          compression == null
              ? ParquetFormat.create()
              : ParquetFormat.create().withCompression(parquet(compression));
      case JSON -> TextFormat.jsonLines().withCompression(text(compression));
      case CSV -> TextFormat.csv().withCompression(text(compression));
      case TFRECORD ->
          TfRecordFormat.create()
              .withCompression(
                  compression == SinkSpec.Compression.GZIP
                      ? TfRecordFormat.Compression.GZIP
                      : TfRecordFormat.Compression.NONE);
      case NUMPY ->
          NumpyFormat.create()
              .withCompression(
                  compression == SinkSpec.Compression.GZIP
                      ? NumpyFormat.Compression.DEFLATE
                      : NumpyFormat.Compression.NONE);
      case KAFKA, REDIS, JDBC ->
          throw new IllegalArgumentException("Only files have a file format");
    };
  }

  static FileFormat of(RejectsSpec rejects) {
    return switch (rejects.format()) {
      case PARQUET -> ParquetFormat.create();
      case JSON -> TextFormat.jsonLines();
    };
  }

  private static ParquetFormat.Compression parquet(SinkSpec.Compression compression) {
    return switch (compression) {
      case NONE -> ParquetFormat.Compression.UNCOMPRESSED;
      case SNAPPY -> ParquetFormat.Compression.SNAPPY;
      case GZIP -> ParquetFormat.Compression.GZIP;
      case ZSTD -> ParquetFormat.Compression.ZSTD;
      case LZ4 -> ParquetFormat.Compression.LZ4_RAW;
    };
  }

  /** Snappy and lz4 are refused for text when the spec is read. */
  private static TextFormat.Compression text(SinkSpec.@Nullable Compression compression) {
    if (compression == null) {
      return TextFormat.Compression.NONE;
    }
    return switch (compression) {
      case GZIP -> TextFormat.Compression.GZIP;
      case ZSTD -> TextFormat.Compression.ZSTD;
      case NONE, SNAPPY, LZ4 -> TextFormat.Compression.NONE;
    };
  }
}
