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
              : ParquetFormat.create().withCompression(parquet(sink.compression()));
      case JSON -> JsonLinesFormat.create().withCompression(text(sink.compression()));
      case CSV -> CsvFormat.create().withCompression(text(sink.compression()));
    };
  }
}
