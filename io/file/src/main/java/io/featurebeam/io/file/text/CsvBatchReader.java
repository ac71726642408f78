package io.featurebeam.io.file.text;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file as batches of declared columns.
 *
 * <pre>{@code
 * try (BatchReader reader = CsvBatchReader.open(file, CsvOptions.of(schema), rejects::addMalformed)) {
 *   for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) { ... }
 * }
 * }</pre>
 *
 * <p>An empty field is null, as is one of the declared null texts; in quotes a string is never null
 * and nothing at all is the empty string. Malformed, each with its reason: a wrong number of
 * fields, a value that is not of its type or too large for it, a day that does not exist, invalid
 * UTF-8 in a string that is read, a null where none may be, an open quote, an over-long record.
 * Positions are data records from 0; blank lines (of a file with more than one column), comments
 * and the header do not count.
 */
public final class CsvBatchReader implements BatchReader {

  private final InputStream in;
  private final CsvRecords records;
  private final RecordSchema schema;
  private final Assembler batch;
  private final CsvValues values;
  private long record;

  private CsvBatchReader(String source, InputStream in, CsvOptions options, Malformed malformed)
      throws IOException {
    this.in = in;
    this.schema = options.schema();
    ByteWindow window = new ByteWindow(source, in, options.maxRecordBytes());
    window.skipByteOrderMark();
    boolean header = options.columns().isEmpty();
    this.records = new CsvRecords(window, options.dialect(), options.maxRecordBytes());
    List<String> names = header ? header(source, records, options.encoding()) : options.columns();
    records.keepBlank(names.size() == 1);
    this.batch = new Assembler(schema, source, malformed);
    this.values = new CsvValues(source, names, options, batch);
  }

  /** The file, decompressed as its name says. A column that its header lacks is an error. */
  public static CsvBatchReader open(ResourceId file, CsvOptions options, Malformed malformed)
      throws IOException {
    return open(file.toString(), Text.open(file), options, malformed);
  }

  /** Bytes of any origin; {@code source} names them in positions and errors. */
  public static CsvBatchReader open(
      String source, InputStream in, CsvOptions options, Malformed malformed) throws IOException {
    try {
      return new CsvBatchReader(source, in, options, malformed);
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  static List<String> header(String source, CsvRecords records, Charset encoding)
      throws IOException {
    if (!records.next()) {
      throw new IllegalArgumentException(
          "File "
              + source
              + " is empty (must start with a header; say header: false if it has none)");
    }
    if (records.problem() != null) {
      throw new IllegalArgumentException("Invalid header of " + source + ": " + records.problem());
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < records.count(); i++) {
      names.add(
          new String(
              records.array(i), records.start(i), records.end(i) - records.start(i), encoding));
    }
    return names;
  }

  @Override
  public RecordSchema schema() {
    return schema;
  }

  @Override
  public @Nullable RecordBatch next() throws IOException {
    while (!batch.isFull() && records.next()) {
      String problem = records.problem() == null ? values.append(records) : records.problem();
      if (problem == null) {
        batch.accept(record, records.length());
      } else {
        batch.reject(record, records.raw(), problem);
      }
      record++;
    }
    return batch.build();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
