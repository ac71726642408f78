package io.featurebeam.io.file.text;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * A first guess at the schema of a CSV file with a header, to be looked at and written down: a
 * later record that does not fit is malformed.
 */
public final class CsvSchemas {

  /** From the narrowest to the widest; a column takes the first that all its values are of. */
  private static final List<FieldType> CANDIDATES =
      List.of(
          FieldType.BOOLEAN,
          FieldType.INT64,
          FieldType.FLOAT64,
          FieldType.DATE,
          FieldType.TIMESTAMP,
          FieldType.TIME,
          FieldType.STRING);

  private CsvSchemas() {}

  /**
   * The narrowest types that the first {@code sample} records allow; all columns are nullable, one
   * that has no value in the sample is a string. A whole number with a leading zero, such as a
   * postcode, is a string.
   *
   * @param options the dialect, encoding, nulls and column names; its schema is not looked at
   */
  public static RecordSchema infer(ResourceId file, CsvOptions options, int sample)
      throws IOException {
    try (InputStream in = Text.open(file)) {
      return infer(file.toString(), in, options, sample);
    }
  }

  static RecordSchema infer(String source, InputStream in, CsvOptions options, int sample)
      throws IOException {
    if (sample < 1) {
      throw new IllegalArgumentException("Invalid sample: " + sample + " (must be > 0)");
    }
    ByteWindow window = new ByteWindow(source, in, options.maxRecordBytes());
    window.skipByteOrderMark();
    CsvRecords records = new CsvRecords(window, options.dialect(), options.maxRecordBytes());
    List<String> names =
        options.columns().isEmpty()
            ? CsvBatchReader.header(source, records, options.encoding())
            : options.columns();
    List<Guess> guesses = new ArrayList<>();
    names.forEach(name -> guesses.add(new Guess(name)));
    for (int i = 0; i < sample && records.next(); i++) {
      if (records.problem() != null || records.count() != names.size()) {
        continue;
      }
      for (int f = 0; f < guesses.size(); f++) {
        guesses
            .get(f)
            .see(
                Arrays.copyOfRange(records.array(f), records.start(f), records.end(f)),
                options.nulls(),
                options);
      }
    }
    // A column without a name, as of row numbers, cannot be asked for.
    return RecordSchema.of(
        guesses.stream().filter(guess -> !guess.name.isEmpty()).map(Guess::field).toList());
  }

  /** What a column can still be. */
  private static final class Guess {
    private final String name;
    private final List<FieldType> possible = new ArrayList<>(CANDIDATES);
    private boolean anyValue;

    Guess(String name) {
      this.name = name;
    }

    void see(byte[] value, List<String> nulls, CsvOptions options) {
      if (value.length == 0 || nulls.contains(new String(value, options.encoding()))) {
        return;
      }
      anyValue = true;
      int sign = value[0] == '-' || value[0] == '+' ? 1 : 0;
      boolean code =
          value.length > sign + 1
              && value[sign] == '0'
              && value[sign + 1] >= '0'
              && value[sign + 1] <= '9';
      possible.removeIf(
          type ->
              !type.equals(FieldType.STRING) && ((code && type.isNumeric()) || !fits(type, value)));
    }

    private boolean fits(FieldType type, byte[] value) {
      ColumnBuilder scratch = ColumnBuilder.of(type);
      @Nullable String problem =
          ValueParser.of(name, type, null).parse(value, 0, value.length, scratch);
      return problem == null;
    }

    Field field() {
      return Field.of(name, anyValue ? possible.get(0) : FieldType.STRING);
    }
  }
}
