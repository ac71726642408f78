package io.featurebeam.io.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.lookup.FeatureGroup;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Rows with a column of every type, and values at its edges. */
public final class AllTypes {

  public static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("id", FieldType.INT64),
          Field.required("at", FieldType.TIMESTAMP),
          Field.of("flag", FieldType.BOOLEAN),
          Field.of("number", FieldType.FLOAT64),
          Field.of("text", FieldType.STRING),
          Field.of("bytes", FieldType.BYTES),
          Field.of("day", FieldType.DATE),
          Field.of("clock", FieldType.TIME),
          Field.of("flags", FieldType.listOf(FieldType.BOOLEAN)),
          Field.of("longs", FieldType.listOf(FieldType.INT64)),
          Field.of("numbers", FieldType.listOf(FieldType.FLOAT64)),
          Field.of("texts", FieldType.listOf(FieldType.STRING)),
          Field.of("blobs", FieldType.listOf(FieldType.BYTES)),
          Field.of("times", FieldType.listOf(FieldType.TIMESTAMP)),
          Field.of("days", FieldType.listOf(FieldType.DATE)),
          Field.of("clocks", FieldType.listOf(FieldType.TIME)));

  private AllTypes() {}

  /** By id. */
  public static FeatureGroup group(String table) {
    List<String> features = SCHEMA.names().subList(2, SCHEMA.size());
    return FeatureGroup.of(table, SCHEMA, List.of("id"), features);
  }

  /** One with values, one of nulls, one of what is empty or no number. */
  public static RecordBatch batch() {
    long caesar = LocalDate.of(-43, 3, 15).toEpochDay();
    long far = LocalDate.of(250_000, 1, 1).toEpochDay();
    long micros = TimeUnit.DAYS.toMicros(1);
    return RecordBatch.builder(SCHEMA)
        .add(
            Long.MIN_VALUE,
            caesar * micros + 1,
            true,
            Double.NaN,
            "Zo\u00eb \"\\,{}",
            new byte[] {0, -1},
            caesar,
            1L,
            Arrays.asList(true, null),
            List.of(Long.MIN_VALUE, Long.MAX_VALUE),
            List.of(Double.NaN, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE),
            Arrays.asList("a,\"b\\", null, "NULL", ""),
            List.of("x".getBytes(UTF_8), new byte[0]),
            List.of(-1L, caesar * micros),
            List.of(-1L, far),
            List.of(0L, micros - 1))
        .add(
            Long.MAX_VALUE,
            far * micros - 1,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null)
        .add(
            0L,
            0L,
            false,
            Double.POSITIVE_INFINITY,
            "",
            new byte[0],
            far,
            micros - 1,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of())
        .build();
  }
}
