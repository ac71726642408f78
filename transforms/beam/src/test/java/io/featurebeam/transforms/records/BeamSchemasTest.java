package io.featurebeam.transforms.records;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.schemas.logicaltypes.FixedBytes;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.apache.beam.sdk.schemas.logicaltypes.FixedString;
import org.apache.beam.sdk.schemas.logicaltypes.MicrosInstant;
import org.apache.beam.sdk.schemas.logicaltypes.NanosDuration;
import org.apache.beam.sdk.schemas.logicaltypes.NanosInstant;
import org.apache.beam.sdk.schemas.logicaltypes.OneOfType;
import org.apache.beam.sdk.schemas.logicaltypes.SqlTypes;
import org.apache.beam.sdk.schemas.logicaltypes.Timestamp;
import org.apache.beam.sdk.schemas.logicaltypes.VariableBytes;
import org.apache.beam.sdk.schemas.logicaltypes.VariableString;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BeamSchemasTest {

  private static final EnumerationType COLOURS = EnumerationType.create("RED", "GREEN");
  private static final Instant INSTANT = Instant.parse("1969-12-31T23:59:59.999999Z");
  private static final UUID ID = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");

  /** Every Beam type that maps: the Beam type, a value, the column's type and the value there. */
  static List<Arguments> mapped() {
    return List.of(
        type(FieldType.BYTE, (byte) -7, "int64", -7L),
        type(FieldType.INT16, (short) -700, "int64", -700L),
        type(FieldType.INT32, -70_000, "int64", -70_000L),
        type(FieldType.INT64, Long.MIN_VALUE, "int64", Long.MIN_VALUE),
        type(FieldType.FLOAT, 0.1f, "float64", (double) 0.1f),
        type(FieldType.DOUBLE, 0.1, "float64", 0.1),
        type(FieldType.DECIMAL, new BigDecimal("1.50"), "string", "1.50"),
        type(FieldType.STRING, "é", "string", "é"),
        type(FieldType.BYTES, new byte[] {1}, "bytes", new byte[] {1}),
        type(FieldType.BOOLEAN, true, "boolean", true),
        type(FieldType.DATETIME, org.joda.time.Instant.ofEpochMilli(-1), "timestamp", -1000L),
        logical(new MicrosInstant(), INSTANT, "timestamp", -1L),
        logical(new NanosInstant(), INSTANT, "timestamp", -1L),
        logical(Timestamp.MICROS, INSTANT, "timestamp", -1L),
        logical(
            SqlTypes.DATETIME, LocalDateTime.parse("1970-01-01T00:00:01"), "timestamp", 1_000_000L),
        logical(SqlTypes.DATE, LocalDate.parse("1969-12-31"), "date", -1L),
        logical(SqlTypes.TIME, LocalTime.parse("00:00:01"), "time", 1_000_000L),
        logical(SqlTypes.UUID, ID, "string", ID.toString()),
        logical(COLOURS, COLOURS.valueOf("GREEN"), "string", "GREEN"),
        logical(FixedString.of(3), "abc", "string", "abc"),
        logical(VariableString.of(3), "ab", "string", "ab"),
        logical(FixedBytes.of(2), new byte[] {1, 2}, "bytes", new byte[] {1, 2}),
        logical(VariableBytes.of(2), new byte[] {1}, "bytes", new byte[] {1}),
        logical(FixedPrecisionNumeric.of(9, 2), new BigDecimal("1.50"), "string", "1.50"),
        type(FieldType.array(FieldType.INT32), List.of(1, 2), "list<int64>", List.of(1L, 2L)),
        type(
            FieldType.iterable(FieldType.STRING.withNullable(true)),
            Arrays.asList("a", null),
            "list<string>",
            Arrays.asList("a", null)));
  }

  @ParameterizedTest
  @MethodSource("mapped")
  void everyTypeThatMapsGoesInAndOut(
      FieldType beamType, Object beamValue, String type, Object value) {
    Schema schema = Schema.of(Schema.Field.of("f", beamType));
    assertEquals(
        RecordSchema.of(Field.required("f", io.featurebeam.columnar.FieldType.parse(type))),
        BeamSchemas.toRecordSchema(schema));
    RowForm form = new RowForm(schema);
    RecordBatch.Builder builder = RecordBatch.builder(form.records());
    Row row = Row.withSchema(schema).addValue(beamValue).build();
    form.append(row, builder);
    RecordBatch batch = builder.build();
    assertEquals(RecordBatch.builder(form.records()).add(value).build(), batch);
    assertEquals(row, form.row(batch, 0));
  }

  /** Every Beam type that does not, and why. */
  static List<Arguments> refused() {
    return List.of(
        Arguments.of(
            FieldType.map(FieldType.STRING, FieldType.INT64),
            "Field 'f' is a MAP, which no column can hold (make each key a field of its own)"),
        Arguments.of(
            FieldType.array(FieldType.row(Schema.builder().addInt64Field("x").build())),
            "Field 'f' is a list of ROW, which no column can hold (flatten it before)"),
        Arguments.of(
            FieldType.array(FieldType.array(FieldType.INT64)),
            "Field 'f' is a list of lists, which no column can hold (flatten it before)"),
        Arguments.of(
            FieldType.logicalType(OneOfType.create(List.of(Schema.Field.of("x", FieldType.INT64)))),
            "Field 'f' is a OneOf, which no column can hold (make each case a nullable field of its"
                + " own)"),
        Arguments.of(
            FieldType.logicalType(new NanosDuration()),
            "Field 'f' is a beam:logical_type:nanos_duration:v1, which no column can hold (convert"
                + " it to its base type ROW before)"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void everyOtherTypeIsRefusedByName(FieldType type, String message) {
    Schema schema = Schema.of(Schema.Field.of("f", type));
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> BeamSchemas.toRecordSchema(schema))
            .getMessage());
  }

  @Test
  void nestedRowsBecomeDottedNamesAndComeBack() {
    Schema inner = Schema.builder().addInt64Field("x").addNullableStringField("y").build();
    Schema schema =
        Schema.builder()
            .addStringField("id")
            .addNullableField("a", FieldType.row(inner))
            .addRowField("b", inner)
            .build();
    assertEquals(
        "(id string not null, a.x int64, a.y string, b.x int64 not null, b.y string)",
        BeamSchemas.toRecordSchema(schema).toString());
    RowForm form = new RowForm(schema);
    Row b = Row.withSchema(inner).addValues(2L, "z").build();
    Row noA = Row.withSchema(schema).addValues("1", null, b).build();
    Row withA =
        Row.withSchema(schema)
            .addValues("2", Row.withSchema(inner).addValues(1L, null).build(), b)
            .build();
    RecordBatch.Builder builder = RecordBatch.builder(form.records());
    form.append(noA, builder);
    form.append(withA, builder);
    RecordBatch batch = builder.build();
    assertEquals(
        RecordBatch.builder(form.records())
            .add("1", null, null, 2L, "z")
            .add("2", 1L, null, 2L, "z")
            .build(),
        batch);
    assertEquals(List.of(noA, withA), List.of(form.row(batch, 0), form.row(batch, 1)));
  }

  @Test
  void aNameThatComesTwiceByNestingIsRefused() {
    Schema schema =
        Schema.builder()
            .addInt64Field("a.x")
            .addRowField("a", Schema.builder().addInt64Field("x").build())
            .build();
    assertEquals(
        "Duplicate column name: 'a.x' (names must be unique)",
        assertThrows(IllegalArgumentException.class, () -> BeamSchemas.toRecordSchema(schema))
            .getMessage());
  }

  @Test
  void digitsBelowTheMicrosecondAreCutTowardsThePast() {
    Conversion nanos = Conversion.of("f", FieldType.logicalType(new NanosInstant()));
    assertEquals(-1L, nanos.toColumn().apply(Instant.ofEpochSecond(-1, 999_999_999)));
    assertEquals(
        Long.MIN_VALUE, nanos.toColumn().apply(Instant.parse("-290308-12-21T19:59:05.224192Z")));
  }

  /** Values of a column that the narrower Beam type cannot hold, and what is said of them. */
  static List<Arguments> beyondTheType() {
    return List.of(
        Arguments.of(FieldType.BYTE, 128L, "Invalid BYTE: 128 (must be between -128 and 127)"),
        Arguments.of(
            FieldType.FLOAT,
            -1e300,
            "Invalid FLOAT: -1.0E300 (must be between -3.4028234663852886E38 and"
                + " 3.4028234663852886E38)"),
        Arguments.of(
            FieldType.array(FieldType.FLOAT),
            List.of(1.0, 1e300),
            "Invalid FLOAT: 1.0E300 (must be between -3.4028234663852886E38 and"
                + " 3.4028234663852886E38)"),
        Arguments.of(FieldType.DECIMAL, "1,5", "Invalid DECIMAL: '1,5' (must be a number)"),
        Arguments.of(
            FieldType.logicalType(FixedPrecisionNumeric.of(4, 2)),
            "12345.678",
            "Expected BigDecimal base to be null or have precision <= 4 (was 8), scale <= 2 (was"
                + " 3)"),
        Arguments.of(
            FieldType.logicalType(SqlTypes.DATE),
            365_241_780_472L,
            "Invalid DATE: 365241780472 days since 1970 (must be between -365243219162 and"
                + " 365241780471)"),
        Arguments.of(
            FieldType.logicalType(SqlTypes.TIME),
            86_400_000_000L,
            "Invalid TIME: 86400000000 microseconds (must be between 0 and 86399999999)"),
        Arguments.of(
            FieldType.logicalType(SqlTypes.TIME),
            Long.MIN_VALUE,
            "Invalid TIME: -9223372036854775808 microseconds (must be between 0 and 86399999999)"),
        Arguments.of(
            FieldType.logicalType(Timestamp.MILLIS),
            -1L,
            "Invalid TIMESTAMP: 1969-12-31T23:59:59.999999Z (must have at most 3 digits below the"
                + " second)"),
        Arguments.of(
            FieldType.logicalType(COLOURS),
            "BLUE",
            "Invalid Enum: BLUE (must be one of [RED, GREEN])"),
        Arguments.of(FieldType.logicalType(SqlTypes.UUID), "x", "Invalid UUID string: x"),
        Arguments.of(
            FieldType.logicalType(FixedString.of(3)),
            "abcd",
            "Invalid FixedString: 4 characters (must be at most 3)"),
        Arguments.of(
            FieldType.logicalType(VariableString.of(3)),
            "abcd",
            "Invalid VariableString: 4 characters (must be at most 3)"),
        Arguments.of(
            FieldType.logicalType(FixedBytes.of(2)),
            new byte[3],
            "Invalid FixedBytes: 3 bytes (must be at most 2)"),
        Arguments.of(
            FieldType.logicalType(VariableBytes.of(2)),
            new byte[3],
            "Invalid VariableBytes: 3 bytes (must be at most 2)"));
  }

  @ParameterizedTest
  @MethodSource("beyondTheType")
  void whatTheNarrowerTypeCannotHoldIsNamed(FieldType type, Object value, String message) {
    RowForm form = new RowForm(Schema.of(Schema.Field.of("level", type)));
    RecordBatch batch = RecordBatch.builder(form.records()).add(value).build();
    assertEquals(
        "Column 'level': " + message,
        assertThrows(IllegalArgumentException.class, () -> form.row(batch, 0)).getMessage());
  }

  @Test
  void aFloatIsRoundedAndInfinitiesAndNanStay() {
    Conversion floats = Conversion.of("f", FieldType.FLOAT);
    assertEquals(0.1f, floats.toRow().apply(0.1));
    assertEquals(Float.MAX_VALUE, floats.toRow().apply(Float.MAX_VALUE * (1 + 1e-9)));
    assertEquals(Float.NEGATIVE_INFINITY, floats.toRow().apply(Double.NEGATIVE_INFINITY));
    assertEquals(Float.NaN, floats.toRow().apply(Double.NaN));
  }

  @Test
  void shorterTextAndBytesArePaddedAsBeamDoes() {
    assertEquals(
        "ab ", Conversion.of("f", FieldType.logicalType(FixedString.of(3))).toRow().apply("ab"));
    assertArrayEquals(
        new byte[] {1, 0},
        (byte[])
            Conversion.of("f", FieldType.logicalType(FixedBytes.of(2)))
                .toRow()
                .apply(new byte[] {1}));
  }

  /** Times of a row that no column can hold. */
  static List<Arguments> beyondTheColumn() {
    return List.of(
        Arguments.of(
            FieldType.DATETIME,
            org.joda.time.Instant.ofEpochMilli(Long.MAX_VALUE),
            "+292278994-08-17T07:12:55.807Z"),
        Arguments.of(
            FieldType.logicalType(new NanosInstant()), Instant.MIN, "-1000000000-01-01T00:00:00Z"),
        Arguments.of(
            FieldType.logicalType(SqlTypes.DATETIME),
            LocalDateTime.MAX,
            "+999999999-12-31T23:59:59.999999999Z"));
  }

  @ParameterizedTest
  @MethodSource("beyondTheColumn")
  void aTimeThatNoColumnHoldsIsNamed(FieldType type, Object value, String text) {
    Schema schema = Schema.of(Schema.Field.of("f", type));
    RowForm form = new RowForm(schema);
    Row row = Row.withSchema(schema).addValue(value).build();
    RecordBatch.Builder batch = RecordBatch.builder(form.records());
    assertEquals(
        "Column 'f': Invalid time: "
            + text
            + " (must be between -290308-12-21T19:59:05.224192Z and"
            + " +294247-01-10T04:00:54.775807Z)",
        assertThrows(IllegalArgumentException.class, () -> form.append(row, batch)).getMessage());
  }

  @Test
  void flatSchemasGoThereAndBack() {
    RecordSchema schema =
        RecordSchema.of(
            Map.of(
                    "a",
                    "int64",
                    "b",
                    "float64",
                    "c",
                    "string",
                    "d",
                    "bytes",
                    "e",
                    "boolean",
                    "f",
                    "timestamp",
                    "g",
                    "date",
                    "h",
                    "time",
                    "i",
                    "list<date>")
                .entrySet()
                .stream()
                .map(
                    e ->
                        new Field(
                            e.getKey(),
                            io.featurebeam.columnar.FieldType.parse(e.getValue()),
                            e.getKey().compareTo("e") < 0))
                .toList());
    assertEquals(schema, BeamSchemas.toRecordSchema(BeamSchemas.fromRecordSchema(schema)));
  }

  private static Arguments type(FieldType type, Object value, String column, Object columnValue) {
    return Arguments.of(type, value, column, columnValue);
  }

  private static Arguments logical(
      Schema.LogicalType<?, ?> type, Object value, String column, Object columnValue) {
    return type(FieldType.logicalType(type), value, column, columnValue);
  }
}
