package io.featurebeam.io.file.parquet;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds according to parquet-java's own record reader and, for what values mean, to a
 * second reading of the format that shares no code with the first.
 */
final class GroupOracle {

  private GroupOracle() {}

  static List<Group> read(Path file) throws IOException {
    List<Group> groups = new ArrayList<>();
    try (ParquetReader<Group> reader = new Builder(new LocalInputFile(file)).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        groups.add(group);
      }
    }
    return groups;
  }

  private static final class Builder extends ParquetReader.Builder<Group> {
    Builder(InputFile file) {
      super(file, new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }

  /** The value of a column with this dotted name, as {@code Column.value} would give it. */
  static @Nullable Object value(Group group, String column) {
    Group at = group;
    String[] path = column.split("\\.", -1);
    for (int i = 0; i < path.length; i++) {
      Type type = at.getType().getType(path[i]);
      int count = at.getFieldRepetitionCount(path[i]);
      if (type.isRepetition(Type.Repetition.REPEATED)) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int j = 0; j < count; j++) {
          values.add(primitive(at, path[i], j));
        }
        return values;
      }
      if (count == 0) {
        return null;
      }
      if (type.isPrimitive()) {
        return primitive(at, path[i], 0);
      }
      at = at.getGroup(path[i], 0);
    }
    return list(at);
  }

  private static List<@Nullable Object> list(Group list) {
    List<@Nullable Object> values = new ArrayList<>();
    String repeated = list.getType().getFieldName(0);
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      if (list.getType().getType(0).isPrimitive()) {
        values.add(primitive(list, repeated, i));
      } else {
        Group entry = list.getGroup(repeated, i);
        String element = entry.getType().getFieldName(0);
        boolean there = entry.getFieldRepetitionCount(0) > 0;
        values.add(there ? primitive(entry, element, 0) : null);
      }
    }
    return values;
  }

  private static Object primitive(Group group, String field, int index) {
    PrimitiveType type = group.getType().getType(field).asPrimitiveType();
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> group.getBoolean(field, index);
      case INT32 -> whole(BigInteger.valueOf(group.getInteger(field, index)), 32, logical);
      case INT64 -> whole(BigInteger.valueOf(group.getLong(field, index)), 64, logical);
      case FLOAT -> (double) group.getFloat(field, index);
      case DOUBLE -> group.getDouble(field, index);
      case INT96 -> instant(group.getInt96(field, index).getBytes());
      case BINARY, FIXED_LEN_BYTE_ARRAY -> bytes(group.getBinary(field, index).getBytes(), logical);
    };
  }

  private static Object whole(BigInteger value, int bits, @Nullable LogicalTypeAnnotation logical) {
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(value, decimal);
    }
    if (logical instanceof IntLogicalTypeAnnotation integer && !integer.isSigned()) {
      return value.mod(BigInteger.TWO.pow(bits)).longValueExact();
    }
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      return micros(value, timestamp.getUnit());
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return micros(value, time.getUnit());
    }
    return value.longValueExact();
  }

  private static long micros(BigInteger value, TimeUnit unit) {
    BigInteger thousand = BigInteger.valueOf(1000);
    return switch (unit) {
      case MILLIS -> value.multiply(thousand).longValueExact();
      case MICROS -> value.longValueExact();
      case NANOS -> value.subtract(value.mod(thousand)).divide(thousand).longValueExact();
    };
  }

  private static long instant(byte[] int96) {
    ByteBuffer buffer = ByteBuffer.wrap(int96).order(ByteOrder.LITTLE_ENDIAN);
    BigInteger nanos = BigInteger.valueOf(buffer.getLong());
    BigInteger days = BigInteger.valueOf(buffer.getInt() - 2_440_588L);
    return micros(
        days.multiply(BigInteger.valueOf(86_400_000_000_000L)).add(nanos), TimeUnit.NANOS);
  }

  private static Object decimal(BigInteger unscaled, DecimalLogicalTypeAnnotation decimal) {
    BigDecimal value = new BigDecimal(unscaled, decimal.getScale(), MathContext.UNLIMITED);
    return decimal.getPrecision() <= 15 ? value.doubleValue() : value.toPlainString();
  }

  private static Object bytes(byte[] value, @Nullable LogicalTypeAnnotation logical) {
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(new BigInteger(value), decimal);
    }
    String name = logical == null ? "" : logical.toString();
    ByteBuffer buffer = ByteBuffer.wrap(value);
    return switch (name) {
      case "STRING", "ENUM", "JSON" -> new String(value, StandardCharsets.UTF_8);
      case "UUID" -> new UUID(buffer.getLong(), buffer.getLong()).toString();
      case "FLOAT16" -> half(buffer.order(ByteOrder.LITTLE_ENDIAN).getShort());
      default -> value;
    };
  }

  private static double half(short bits) {
    int exponent = (bits >> 10) & 31;
    double fraction = (bits & 1023) / 1024.0;
    double sign = bits < 0 ? -1 : 1;
    if (exponent == 31) {
      return fraction > 0 ? Double.NaN : sign / 0.0;
    }
    return exponent == 0
        ? sign * fraction * Math.pow(2, -14)
        : sign * (1 + fraction) * Math.pow(2, exponent - 15);
  }
}
