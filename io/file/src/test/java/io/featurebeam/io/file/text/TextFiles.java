package io.featurebeam.io.file.text;

import io.featurebeam.columnar.RecordBatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reader gives for some text, as lines: values of good records, then reasons of malformed
 * ones.
 */
final class TextFiles {

  final List<RecordBatch> batches = new ArrayList<>();
  final List<String> records = new ArrayList<>();
  final List<String> malformed = new ArrayList<>();

  /** The most malformed records, and bytes of them, that came between two batches. */
  int mostMalformed;

  long mostMalformedBytes;
  private int sinceBatch;
  private long bytesSinceBatch;

  private void add(String source, long position, byte[] raw, String reason) {
    mostMalformed = Math.max(mostMalformed, ++sinceBatch);
    bytesSinceBatch += raw.length;
    mostMalformedBytes = Math.max(mostMalformedBytes, bytesSinceBatch);
    malformed.add(
        source
            + ":"
            + position
            + " ["
            + new String(raw, StandardCharsets.ISO_8859_1)
            + "] "
            + reason);
  }

  private TextFiles readAll(BatchReader reader) throws IOException {
    try (reader) {
      for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
        sinceBatch = 0;
        bytesSinceBatch = 0;
        batches.add(batch);
        for (int row = 0; row < batch.size(); row++) {
          List<Object> values = new ArrayList<>();
          for (int c = 0; c < batch.schema().size(); c++) {
            values.add(batch.column(c).value(row));
          }
          records.add(batch.positions().place(row) + " " + values);
        }
      }
    }
    return this;
  }

  static TextFiles csv(CsvOptions options, byte[] bytes) throws IOException {
    TextFiles result = new TextFiles();
    return result.readAll(CsvBatchReader.open("f", dripping(bytes), options, result::add));
  }

  static TextFiles csv(CsvOptions options, String text) throws IOException {
    return csv(options, text.getBytes(StandardCharsets.UTF_8));
  }

  static TextFiles json(JsonLinesOptions options, byte[] bytes) throws IOException {
    TextFiles result = new TextFiles();
    return result.readAll(JsonLinesBatchReader.open("f", dripping(bytes), options, result::add));
  }

  static TextFiles json(JsonLinesOptions options, String text) throws IOException {
    return json(options, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A few bytes at a time, so that every record is cut somewhere. */
  private static InputStream dripping(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] b, int off, int len) {
        return super.read(b, off, Math.min(len, bytes.length > 10_000 ? 4000 : 7));
      }
    };
  }
}
