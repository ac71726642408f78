package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.FieldType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/**
 * What a physical value means: the type of its column, the arithmetic between, and the amount that
 * the arithmetic needs (a factor, a divisor or a decimal scale).
 */
record Conversion(FieldType type, How how, long amount) {

  /** A decimal of more digits than this does not fit a double exactly, and is read as text. */
  static final int MAX_DOUBLE_DIGITS = 15;

  /** The arithmetic. */
  enum How {
    /** As it is. */
    NONE,
    /** An int32 that counts from 0 to 2^32 - 1. */
    UNSIGNED_INT,
    /** An int64 that counts from 0; at 2^63 and above it does not fit and is an error. */
    UNSIGNED_LONG,
    /** Times the amount. */
    MULTIPLY,
    /** Divided by the amount, towards minus infinity. */
    FLOOR_DIVIDE,
    /** A whole number of 1/amount: divided as double. */
    DECIMAL,
    /** A decimal as exact text; the amount is its scale. */
    DECIMAL_TEXT,
    /** 16 bytes as 36 characters. */
    UUID,
    /** Half precision in 2 bytes. */
    FLOAT16
  }

  private static Conversion of(FieldType type) {
    return new Conversion(type, How.NONE, 1);
  }

  /**
   * How values of a primitive field are read; unknown annotations leave the plain physical value.
   */
  static Conversion of(PrimitiveType primitive) {
    LogicalTypeAnnotation logical = primitive.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal.getPrecision() <= MAX_DOUBLE_DIGITS && decimal.getScale() <= MAX_DOUBLE_DIGITS
          ? new Conversion(FieldType.FLOAT64, How.DECIMAL, powerOfTen(decimal.getScale()))
          : new Conversion(FieldType.STRING, How.DECIMAL_TEXT, decimal.getScale());
    }
    return switch (primitive.getPrimitiveTypeName()) {
      case BOOLEAN -> of(FieldType.BOOLEAN);
      case INT32, INT64 -> ofInteger(primitive, logical);
      case INT96 -> of(FieldType.TIMESTAMP);
      case FLOAT, DOUBLE -> of(FieldType.FLOAT64);
      case BINARY -> of(isText(logical) ? FieldType.STRING : FieldType.BYTES);
      case FIXED_LEN_BYTE_ARRAY -> ofFixed(primitive.getTypeLength(), logical);
    };
  }

  private static Conversion ofInteger(PrimitiveType primitive, LogicalTypeAnnotation logical) {
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      return ofUnit(FieldType.TIMESTAMP, timestamp.getUnit());
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return ofUnit(FieldType.TIME, time.getUnit());
    }
    if (logical instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation) {
      return of(FieldType.DATE);
    }
    if (logical instanceof IntLogicalTypeAnnotation integer && !integer.isSigned()) {
      boolean wide = primitive.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT64;
      return new Conversion(FieldType.INT64, wide ? How.UNSIGNED_LONG : How.UNSIGNED_INT, 1);
    }
    return of(FieldType.INT64);
  }

  private static Conversion ofUnit(FieldType type, TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> new Conversion(type, How.MULTIPLY, 1000);
      case MICROS -> of(type);
      case NANOS -> new Conversion(type, How.FLOOR_DIVIDE, 1000);
    };
  }

  private static Conversion ofFixed(int length, LogicalTypeAnnotation logical) {
    if (logical instanceof LogicalTypeAnnotation.UUIDLogicalTypeAnnotation && length == 16) {
      return new Conversion(FieldType.STRING, How.UUID, 1);
    }
    if (logical instanceof LogicalTypeAnnotation.Float16LogicalTypeAnnotation && length == 2) {
      return new Conversion(FieldType.FLOAT64, How.FLOAT16, 1);
    }
    return of(isText(logical) ? FieldType.STRING : FieldType.BYTES);
  }

  private static boolean isText(LogicalTypeAnnotation logical) {
    return logical instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
        || logical instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation
        || logical instanceof LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
  }

  private static long powerOfTen(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }
}
