package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.FieldType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * The least and greatest values that statistics give, in the bytes that they give them in, as the
 * column would hold them. A bound may be wider than the values: writers cut long strings.
 */
final class PhysicalBounds {

  private PhysicalBounds() {}

  /** Whether no value between the bounds is in the range; false if that cannot be told. */
  static boolean isOutside(ColumnRange range, Leaf leaf, byte[] min, byte[] max) {
    Object sample = range.min() == null ? range.max() : range.min();
    if (sample instanceof String) {
      if (leaf.conversion().how() != Conversion.How.NONE) {
        return false;
      }
      return (range.min() instanceof String least && compare(max, least) < 0)
          || (range.max() instanceof String most && compare(min, most) > 0);
    }
    Object low = value(leaf, min);
    Object high = value(leaf, max);
    if (low instanceof Long a && high instanceof Long b) {
      return (range.min() instanceof Long least && b < least)
          || (range.max() instanceof Long most && a > most);
    }
    if (low instanceof Double a && high instanceof Double b) {
      return (range.min() instanceof Double least && b < least)
          || (range.max() instanceof Double most && a > most);
    }
    return false;
  }

  private static int compare(byte[] bytes, String text) {
    return Arrays.compareUnsigned(bytes, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A Long, Double, String or Boolean; null if the bytes are not a bound of this column's values
   * (NaN, text that was cut within a character, a type whose order statistics do not follow).
   */
  static @Nullable Comparable<?> value(Leaf leaf, byte[] bytes) {
    Conversion conversion = leaf.conversion();
    return switch (conversion.type().storage()) {
      case BOOLEAN -> bytes.length == 1 ? bytes[0] != 0 : null;
      case LONG -> {
        Long stored = stored(leaf, bytes);
        yield stored == null ? null : (Long) converted(conversion, stored);
      }
      case DOUBLE -> floating(leaf, bytes);
      case BYTES ->
          conversion.type().kind() == FieldType.Kind.STRING
                  && conversion.how() == Conversion.How.NONE
              ? text(bytes)
              : null;
      case LIST -> null;
    };
  }

  private static @Nullable Long stored(Leaf leaf, byte[] bytes) {
    return switch (leaf.primitive().getPrimitiveTypeName()) {
      case INT32 -> bytes.length == 4 ? (Long) (long) LittleEndian.intAt(bytes, 0) : null;
      case INT64 -> bytes.length == 8 ? (Long) LittleEndian.longAt(bytes, 0) : null;
      case BINARY, FIXED_LEN_BYTE_ARRAY -> LittleEndian.bigEndian(bytes, 0, bytes.length);
      case BOOLEAN, FLOAT, DOUBLE, INT96 -> null;
    };
  }

  /** What does not fit becomes the end of what does, which is as good for a bound. */
  private static long converted(Conversion conversion, long value) {
    return switch (conversion.how()) {
      case UNSIGNED_INT -> value & 0xFFFFFFFFL;
      case UNSIGNED_LONG -> value < 0 ? Long.MAX_VALUE : value;
      case MULTIPLY -> {
        long limit = Long.MAX_VALUE / conversion.amount();
        yield value > limit
            ? Long.MAX_VALUE
            : value < -limit ? Long.MIN_VALUE : value * conversion.amount();
      }
      case FLOOR_DIVIDE -> Math.floorDiv(value, conversion.amount());
      default -> value;
    };
  }

  private static @Nullable Double floating(Leaf leaf, byte[] bytes) {
    double value;
    if (leaf.conversion().how() == Conversion.How.DECIMAL) {
      Long unscaled = stored(leaf, bytes);
      value = unscaled == null ? Double.NaN : (double) unscaled / leaf.conversion().amount();
    } else if (leaf.primitive().getPrimitiveTypeName() == PrimitiveTypeName.DOUBLE
        && bytes.length == 8) {
      value = Double.longBitsToDouble(LittleEndian.longAt(bytes, 0));
    } else if (leaf.primitive().getPrimitiveTypeName() == PrimitiveTypeName.FLOAT
        && bytes.length == 4) {
      value = Float.intBitsToFloat(LittleEndian.intAt(bytes, 0));
    } else if (leaf.conversion().how() == Conversion.How.FLOAT16 && bytes.length == 2) {
      value = Float16.toDouble((bytes[0] & 0xFF) | (bytes[1] << 8));
    } else {
      value = Double.NaN;
    }
    return Double.isNaN(value) ? null : value;
  }

  private static @Nullable String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
