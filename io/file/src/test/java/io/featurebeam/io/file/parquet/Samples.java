package io.featurebeam.io.file.parquet;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** Files written by parquet-java with random rows of a schema. */
final class Samples {

  /** Every type that has a column type, required or not, nested and in lists. */
  static final MessageType ALL_TYPES =
      MessageTypeParser.parseMessageType(
          """
          message all {
            required boolean flag;
            optional boolean maybe_flag;
            optional int32 i32;
            required int32 i32_required;
            optional int32 i8 (INTEGER(8,true));
            optional int32 u8 (INTEGER(8,false));
            optional int32 u32 (INTEGER(32,false));
            optional int64 i64;
            required int64 i64_required;
            optional int64 u64 (INTEGER(64,false));
            optional float f32;
            required double f64;
            optional double maybe_f64;
            optional fixed_len_byte_array(2) f16 (FLOAT16);
            optional int32 dec32 (DECIMAL(9,2));
            optional int64 dec64 (DECIMAL(15,3));
            optional int64 dec64_long (DECIMAL(18,4));
            optional fixed_len_byte_array(7) dec_fixed (DECIMAL(15,6));
            optional fixed_len_byte_array(16) dec_fixed_long (DECIMAL(38,10));
            optional binary dec_binary (DECIMAL(12,1));
            optional binary dec_binary_long (DECIMAL(30,0));
            optional int32 day (DATE);
            optional int32 time_ms (TIME(MILLIS,true));
            optional int64 time_us (TIME(MICROS,true));
            optional int64 time_ns (TIME(NANOS,false));
            optional int64 ts_ms (TIMESTAMP(MILLIS,true));
            optional int64 ts_us (TIMESTAMP(MICROS,false));
            optional int64 ts_ns (TIMESTAMP(NANOS,true));
            optional int96 ts_96;
            optional fixed_len_byte_array(16) id (UUID);
            required binary name (STRING);
            optional binary maybe_name (STRING);
            optional binary kind (ENUM);
            optional binary doc (JSON);
            optional binary bson (BSON);
            optional binary raw;
            optional fixed_len_byte_array(5) raw5;
            optional group device {
              required binary os (STRING);
              optional group screen { optional int32 width; required double ratio; }
            }
            required group place { required double lat; optional double lon; }
            optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
            required group scores (LIST) { repeated group list { required double element; } }
            optional group days (LIST) { repeated group bag { optional int32 array_element (DATE); } }
            optional group old_list (LIST) { repeated int64 element; }
            optional group inner { optional group flags (LIST) { repeated group list { optional boolean element; } } }
            repeated int32 bare;
          }
          """);

  private Samples() {}

  /** How a sample is written; the defaults are parquet-java's, but for small pages. */
  static Path write(
      Path file, List<Group> rows, UnaryOperator<ExampleParquetWriter.Builder> options)
      throws IOException {
    GroupType type = rows.get(0).getType();
    ExampleParquetWriter.Builder builder =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(new MessageType(type.getName(), type.getFields()))
            .withPageRowCountLimit(150);
    try (ParquetWriter<Group> writer = options.apply(builder).build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    }
    return file;
  }

  /**
   * Row groups of so many rows: they are as small as the writer looks whether they are large
   * enough.
   */
  static ExampleParquetWriter.Builder rowGroups(ExampleParquetWriter.Builder builder, int rows) {
    return builder
        .withRowGroupSize(1L)
        .withMinRowCountForPageSizeCheck(rows)
        .withMaxRowCountForPageSizeCheck(rows);
  }

  /** Random rows; values repeat often enough for a dictionary if {@code few}. */
  static List<Group> rows(MessageType schema, int count, long seed, boolean few) {
    Random random = new Random(seed);
    return random
        .ints(count)
        .mapToObj(i -> (Group) fill(new SimpleGroup(schema), random, few))
        .toList();
  }

  private static SimpleGroup fill(SimpleGroup group, Random random, boolean few) {
    for (Type field : group.getType().getFields()) {
      int times =
          switch (field.getRepetition()) {
            case REQUIRED -> 1;
            case OPTIONAL -> random.nextInt(5) == 0 ? 0 : 1;
            case REPEATED -> random.nextInt(3) == 0 ? 0 : random.nextInt(6);
          };
      for (int i = 0; i < times; i++) {
        if (field.isPrimitive()) {
          add(group, field.asPrimitiveType(), random, few);
        } else {
          fill((SimpleGroup) group.addGroup(field.getName()), random, few);
        }
      }
    }
    return group;
  }

  private static void add(SimpleGroup group, PrimitiveType type, Random random, boolean few) {
    Random source = few ? new Random(random.nextInt(20)) : random;
    String name = type.getName();
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> group.add(name, source.nextBoolean());
      case INT32 -> group.add(name, (int) bounded(source, 32, logical));
      case INT64 -> group.add(name, bounded(source, 64, logical));
      case FLOAT -> group.add(name, Float.intBitsToFloat(source.nextInt()));
      case DOUBLE -> group.add(name, source.nextInt(9) == 0 ? Double.NaN : source.nextGaussian());
      case INT96 -> {
        ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        bytes
            .putLong(source.nextLong(86_400_000_000_000L))
            .putInt(2_440_588 + source.nextInt(-9999, 9999));
        group.add(name, Binary.fromConstantByteArray(bytes.array()));
      }
      case FIXED_LEN_BYTE_ARRAY -> group.add(name, bytes(source, type.getTypeLength(), logical));
      case BINARY -> group.add(name, bytes(source, 1 + source.nextInt(30), logical));
    }
  }

  private static long bounded(Random random, int bits, LogicalTypeAnnotation logical) {
    if (logical instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation integer
        && !integer.isSigned()
        && bits == 64) {
      return random.nextLong() >>> 1;
    }
    if (logical instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation decimal) {
      long limit = (long) Math.pow(10, decimal.getPrecision());
      return random.nextLong(-limit + 1, limit);
    }
    if (logical instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation integer
        && integer.getBitWidth() == 8) {
      return integer.isSigned() ? (byte) random.nextInt() : random.nextInt(256);
    }
    if (logical instanceof LogicalTypeAnnotation.TimestampLogicalTypeAnnotation) {
      return random.nextLong() >> 12;
    }
    // Small steps now and then, so that deltas of every width occur.
    return bits == 32 ? random.nextInt() : random.nextLong() >> random.nextInt(64);
  }

  private static Binary bytes(Random random, int length, LogicalTypeAnnotation logical) {
    if (logical instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation decimal) {
      long limit = (long) Math.pow(10, Math.min(18, decimal.getPrecision()));
      byte[] number = BigInteger.valueOf(random.nextLong(-limit + 1, limit)).toByteArray();
      byte[] wide = new byte[Math.max(length, number.length)];
      Arrays.fill(wide, (byte) (number[0] >> 7));
      System.arraycopy(number, 0, wide, wide.length - number.length, number.length);
      return Binary.fromConstantByteArray(wide.length > 16 || length < 5 ? number : wide);
    }
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    if (logical instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation) {
      return Binary.fromString("ключ-" + random.nextInt(10_000));
    }
    if (logical instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation
        || logical instanceof LogicalTypeAnnotation.JsonLogicalTypeAnnotation) {
      return Binary.fromString("{\"v\":" + random.nextInt(1000) + "}");
    }
    return Binary.fromConstantByteArray(bytes);
  }
}
