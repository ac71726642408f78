package io.featurebeam.pipelines;

import io.featurebeam.io.file.write.CsvFormat;
import io.featurebeam.io.file.write.FileFormat;
import io.featurebeam.io.file.write.JsonLinesFormat;
import io.featurebeam.io.file.write.ParquetFormat;
import io.featurebeam.pipelines.spec.RejectsSpec;
import io.featurebeam.pipelines.spec.SinkSpec;

/** The file formats that a spec names. */
final class Formats {

  private Formats() {}

  static FileFormat of(SinkSpec sink) {
    return switch (sink.format()) {
      case PARQUET ->
          sink.compression() == null
              ? ParquetFormat.create()
              : ParquetFormat.create()
                  .withCompression(ParquetFormat.Compression.valueOf(sink.compression().name()));
      case JSON -> JsonLinesFormat.create();
      case CSV -> CsvFormat.create();
    };
  }

  static FileFormat of(RejectsSpec rejects) {
    return switch (rejects.format()) {
      case PARQUET -> ParquetFormat.create();
      case JSON -> JsonLinesFormat.create();
    };
  }
}
