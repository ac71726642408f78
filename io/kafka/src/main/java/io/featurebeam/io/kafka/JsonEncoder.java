package io.featurebeam.io.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.io.NumberOutput;
import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.records.Rejects;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;

/**
 * Rows as flat JSON objects, byte for byte as Jackson writes them from UTF-8: names are escaped
 * once, and what most values are, whole numbers, short decimals, times and plain text, is written
 * digit by digit without an object in between. Jackson writes the rest.
 */
final class JsonEncoder extends RowEncoder {

  static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  private static final long DAY = 86_400_000_000L;

  /** Powers of ten. */
  private static final long[] TENS = new long[19];

  static {
    TENS[0] = 1;
    for (int i = 1; i < TENS.length; i++) {
      TENS[i] = 10 * TENS[i - 1];
    }
  }

  /** Of years 0 to 9999, whose texts have no sign. */
  private static final long FIRST_DAY = LocalDate.of(0, 1, 1).toEpochDay();

  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

  /** What stands before each value: a brace or comma, and the name. */
  private final byte[][] heads;

  private byte[] out = new byte[512];
  private int size;

  private long dateDay = Long.MIN_VALUE;
  private byte[] date = {};

  JsonEncoder(RecordSchema schema) {
    heads = new byte[schema.size()][];
    for (int c = 0; c < heads.length; c++) {
      size = 0;
      add(c == 0 ? '{' : ',');
      add('"');
      add(escaped(schema.names().get(c)));
      add('"');
      add(':');
      heads[c] = Arrays.copyOf(out, size);
    }
  }

  private static byte[] escaped(String text) {
    return JsonStringEncoder.getInstance().quoteAsUTF8(text);
  }

  @Override
  byte[] encode(RecordBatch batch, int row) throws IOException {
    size = 0;
    for (int c = 0; c < heads.length; c++) {
      add(heads[c]);
      write(batch.column(c), row);
    }
    add('}');
    return Arrays.copyOf(out, size);
  }

  private void write(Column column, int row) throws IOException {
    if (column.isNull(row)) {
      ascii("null");
      return;
    }
    switch (column.type().kind()) {
      case INT64 -> whole(((LongColumn) column).get(row));
      case FLOAT64 -> number(((DoubleColumn) column).get(row));
      case BOOLEAN -> ascii(((BooleanColumn) column).get(row) ? "true" : "false");
      case STRING -> text((BytesColumn) column, row);
      case TIMESTAMP -> timestamp(((LongColumn) column).get(row));
      case DATE, TIME, BYTES, LIST -> other(column, row);
    }
  }

  private void other(Column column, int row) throws IOException {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(value)) {
      Rejects.writeJson(json, column.type(), column.value(row));
    }
    add(value.toByteArray());
  }

  private void number(double x) {
    if (!Double.isFinite(x)) {
      add('"');
      ascii(Double.toString(x));
      add('"');
      return;
    }
    double magnitude = Math.abs(x);
    long hundredths = (long) (magnitude * 100 + 0.5);
    // With so few digits the decimal that reads as x is the shortest, which is what is asked for.
    if (magnitude >= 0.01 && magnitude < 1e7 && hundredths / 100.0 == magnitude) {
      if (x < 0) {
        add('-');
      }
      whole(hundredths / 100);
      add('.');
      add((char) ('0' + hundredths / 10 % 10));
      if (hundredths % 10 != 0) {
        add((char) ('0' + hundredths % 10));
      }
    } else {
      ascii(NumberOutput.toString(x, true));
    }
  }

  private void whole(long x) {
    if (x < 0) {
      if (x == Long.MIN_VALUE) {
        ascii(Long.toString(x));
        return;
      }
      add('-');
    }
    long magnitude = Math.abs(x);
    int count = 1;
    while (count < TENS.length && magnitude >= TENS[count]) {
      count++;
    }
    digits(magnitude, count);
  }

  private void digits(long x, int count) {
    reserve(count);
    long rest = x;
    int i = size + count - 1;
    for (; rest > Integer.MAX_VALUE; i--) {
      out[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    for (int small = (int) rest; i >= size; i--) { // which divides faster
      out[i] = (byte) ('0' + small % 10);
      small /= 10;
    }
    size += count;
  }

  private void text(BytesColumn column, int row) {
    int code = column.code(row);
    byte[] data = column.slices().data();
    int start = column.slices().start(code);
    int end = column.slices().end(code);
    add('"');
    if (isPlain(data, start, end)) {
      reserve(end - start);
      System.arraycopy(data, start, out, size, end - start);
      size += end - start;
    } else {
      add(escaped(column.slices().string(code)));
    }
    add('"');
  }

  private static boolean isPlain(byte[] data, int start, int end) {
    for (int i = start; i < end; i++) {
      byte b = data[i];
      if ((b >= 0 && b < ' ') || b == '"' || b == '\\') {
        return false;
      }
    }
    return true;
  }

  private void timestamp(long micros) {
    long day = Math.floorDiv(micros, DAY);
    add('"');
    if (day < FIRST_DAY || day > LAST_DAY) {
      ascii(BatchPrinter.timestamp(micros));
    } else {
      if (day != dateDay) {
        date = LocalDate.ofEpochDay(day).toString().getBytes(ISO_8859_1);
        dateDay = day;
      }
      add(date);
      time(micros - day * DAY);
    }
    add('"');
  }

  private void time(long micros) {
    long second = micros / 1_000_000;
    add('T');
    digits(second / 3600, 2);
    add(':');
    digits(second / 60 % 60, 2);
    add(':');
    digits(second % 60, 2);
    long fraction = micros % 1_000_000;
    if (fraction != 0) {
      boolean isMillis = fraction % 1000 == 0;
      add('.');
      digits(isMillis ? fraction / 1000 : fraction, isMillis ? 3 : 6);
    }
    add('Z');
  }

  private void ascii(String text) {
    add(text.getBytes(ISO_8859_1)); // which only copies
  }

  private void add(byte[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, out, size, more.length);
    size += more.length;
  }

  private void add(char ascii) {
    reserve(1);
    out[size++] = (byte) ascii;
  }

  private void reserve(int more) {
    if (out.length - size < more) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, Math.addExact(size, more)));
    }
  }
}
