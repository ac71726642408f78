package io.featurebeam.io.file.avro;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.io.file.text.Text;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** How one Avro scalar, logical or not, goes into a column. */
record AvroScalar(FieldType type, Append append) {

  private static final long MICROS_PER_DAY = 86_400_000_000L;

  /** A decimal of more digits than this does not fit a double exactly, and is read as text. */
  private static final int MAX_DOUBLE_DIGITS = 15;

  /** Decodes one value into a column. */
  @FunctionalInterface
  interface Append {
    void append(AvroCursor from, ColumnBuilder into);
  }

  /** The scalar of a schema, or null if it is none. */
  static @Nullable AvroScalar of(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    String name = logical == null ? "" : logical.getName();
    return switch (schema.getType()) {
      case BOOLEAN ->
          new AvroScalar(FieldType.BOOLEAN, (in, out) -> out.appendBoolean(in.readBoolean()));
      case INT ->
          switch (name) {
            case "date" -> whole(FieldType.DATE, 1);
            case "time-millis" -> time(1000);
            default -> whole(FieldType.INT64, 1);
          };
      case LONG ->
          switch (name) {
            case "time-micros" -> time(1);
            case "timestamp-millis", "local-timestamp-millis" -> whole(FieldType.TIMESTAMP, 1000);
            case "timestamp-micros", "local-timestamp-micros" -> whole(FieldType.TIMESTAMP, 1);
            default ->
                "timestamp-nanos".equals(schema.getProp("logicalType"))
                        || "local-timestamp-nanos".equals(schema.getProp("logicalType"))
                    ? new AvroScalar(
                        FieldType.TIMESTAMP,
                        (in, out) -> out.appendLong(Math.floorDiv(in.readLong(), 1000L)))
                    : whole(FieldType.INT64, 1);
          };
      case FLOAT ->
          new AvroScalar(FieldType.FLOAT64, (in, out) -> out.appendDouble(in.readFloat()));
      case DOUBLE ->
          new AvroScalar(FieldType.FLOAT64, (in, out) -> out.appendDouble(in.readDouble()));
      case STRING -> new AvroScalar(FieldType.STRING, AvroScalar::string);
      case BYTES ->
          logical instanceof LogicalTypes.Decimal decimal
              ? decimal(decimal, -1)
              : new AvroScalar(FieldType.BYTES, (in, out) -> bytes(in, in.readLong(), out));
      case FIXED -> {
        int size = schema.getFixedSize();
        if (size == 0) {
          yield null; // a list could have any number of them
        }
        yield logical instanceof LogicalTypes.Decimal decimal
            ? decimal(decimal, size)
            : new AvroScalar(FieldType.BYTES, (in, out) -> bytes(in, size, out));
      }
      case ENUM -> {
        byte[][] symbols =
            schema.getEnumSymbols().stream()
                .map(s -> s.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        yield new AvroScalar(
            FieldType.STRING,
            (in, out) -> {
              byte[] symbol = symbols[in.readIndex(symbols.length, "enum symbol")];
              out.appendBytes(symbol, 0, symbol.length);
            });
      }
      case NULL, RECORD, ARRAY, MAP, UNION -> null;
    };
  }

  private static AvroScalar whole(FieldType type, long unit) {
    return new AvroScalar(
        type,
        (in, out) -> {
          long value = in.readLong();
          long scaled = value * unit;
          if (scaled / unit != value) {
            throw new IllegalArgumentException(value + " is too large for a " + type);
          }
          out.appendLong(scaled);
        });
  }

  private static AvroScalar time(long unit) {
    return new AvroScalar(
        FieldType.TIME,
        (in, out) -> {
          long value = in.readLong();
          if (value < 0 || value >= MICROS_PER_DAY / unit) {
            throw new IllegalArgumentException(value + " is no time of the day");
          }
          out.appendLong(value * unit);
        });
  }

  private static void string(AvroCursor in, ColumnBuilder out) {
    int length = (int) Math.max(-1, Math.min(Integer.MAX_VALUE, in.readLong()));
    int start = in.take(length);
    String problem = Text.notUtf8(in.bytes, start, start + length);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    out.appendBytes(in.bytes, start, length);
  }

  private static void bytes(AvroCursor in, long length, ColumnBuilder out) {
    int start = in.take(length);
    out.appendBytes(in.bytes, start, in.at - start);
  }

  /** As in Parquet: the nearest double where the digits fit one, else the exact digits as text. */
  private static AvroScalar decimal(LogicalTypes.Decimal decimal, int fixedSize) {
    int scale = decimal.getScale();
    if (decimal.getPrecision() > MAX_DOUBLE_DIGITS || scale > MAX_DOUBLE_DIGITS) {
      return new AvroScalar(
          FieldType.STRING,
          (in, out) -> {
            int start = takeDecimal(in, fixedSize);
            BigInteger digits = new BigInteger(in.bytes, start, in.at - start);
            byte[] text =
                new BigDecimal(digits, scale).toPlainString().getBytes(StandardCharsets.UTF_8);
            out.appendBytes(text, 0, text.length);
          });
    }
    double divisor = BigDecimal.ONE.scaleByPowerOfTen(scale).doubleValue();
    return new AvroScalar(
        FieldType.FLOAT64,
        (in, out) -> {
          int start = takeDecimal(in, fixedSize);
          if (in.at - start <= 8) {
            // Fifteen digits and the divisor are exact, so one division rounds correctly.
            out.appendDouble(bigEndian(in.bytes, start, in.at) / divisor);
          } else {
            BigInteger digits = new BigInteger(in.bytes, start, in.at - start);
            out.appendDouble(new BigDecimal(digits, scale).doubleValue());
          }
        });
  }

  /** Longer than a kilobyte is no decimal anybody means. */
  private static int takeDecimal(AvroCursor in, int fixedSize) {
    long length = fixedSize < 0 ? in.readLong() : fixedSize;
    int start = in.take(length);
    if (length == 0 || length > 1024) {
      throw new IllegalArgumentException("a decimal of " + length + " bytes");
    }
    return start;
  }

  private static long bigEndian(byte[] bytes, int from, int to) {
    long value = bytes[from];
    for (int i = from + 1; i < to; i++) {
      value = (value << 8) | (bytes[i] & 0xFF);
    }
    return value;
  }
}
