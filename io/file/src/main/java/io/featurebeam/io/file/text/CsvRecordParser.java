package io.featurebeam.io.file.text;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One CSV record without a header at a time, as {@link CsvBatchReader} says. A line end behind it
 * is taken, a second record is not.
 */
public final class CsvRecordParser implements RecordParser {

  private final ByteWindow window = new ByteWindow();
  private final CsvRecords records;
  private final CsvValues values;
  private final int maxBytes;

  /** With options that name the fields. */
  public CsvRecordParser(CsvOptions options, Columns columns) {
    if (options.columns().isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid CSV columns: none (a record alone has no header; name its fields in order)");
    }
    this.maxBytes = options.maxRecordBytes();
    this.records = new CsvRecords(window, options.dialect(), maxBytes);
    this.records.keepBlank(options.columns().size() == 1);
    this.values = new CsvValues("of records", options.columns(), options, columns);
  }

  @Override
  public @Nullable String parse(byte[] b, int from, int to) throws IOException {
    window.reset(b, from, to);
    records.restart();
    if (!records.next()) {
      return "no record";
    }
    if (records.problem() != null) {
      return records.problem();
    }
    String problem = values.append(records);
    if (problem != null) {
      return problem;
    }
    return records.next() ? "more than one record" : null;
  }
}
