package io.featurebeam.io.file.write;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RandomBatches;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.write.NumpyFormat.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jetbrains.bio.npy.NpzFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written, by a reader made of the published format, by another's, and by NumPy itself. */
class NumpyFormatTest {

  private static final RecordSchema ALL =
      RecordSchema.of(
          Field.of("flag", FieldType.BOOLEAN),
          Field.required("n", FieldType.INT64),
          Field.of("x", FieldType.FLOAT64),
          Field.of("s", FieldType.STRING),
          Field.required("b", FieldType.BYTES),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("day", FieldType.DATE),
          Field.of("time", FieldType.TIME),
          Field.of("tags", FieldType.listOf(FieldType.STRING)),
          Field.required("raws", FieldType.listOf(FieldType.BYTES)));

  private static final RecordBatch THREE =
      RecordBatch.builder(ALL)
          .add(
              true,
              -5L,
              0.1,
              "é🙂",
              new byte[] {0, -1},
              -1L,
              -2L,
              3L,
              Arrays.asList("a", null),
              List.of(new byte[] {7}, new byte[0]))
          .add(null, Long.MAX_VALUE, null, null, new byte[0], null, null, null, null, List.of())
          .add(
              false,
              Long.MIN_VALUE,
              Double.NaN,
              "",
              new byte[] {1, 0},
              Long.MAX_VALUE,
              11_323L,
              0L,
              List.of(),
              List.of(new byte[] {8, 9}))
          .build();

  private static final int READ_AT_ONCE = 1 << 16;

  @TempDir Path folder;

  private static byte[] bytes(NumpyFormat format, RecordSchema schema, RecordBatch... batches)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BatchFileWriter writer = format.open(Channels.newChannel(bytes), schema);
    for (RecordBatch batch : batches) {
      writer.write(batch);
    }
    long guess = writer.fileBytes();
    writer.close();
    assertEquals(bytes.size(), writer.fileBytes());
    if (format.compression() == Compression.NONE) {
      assertEquals(bytes.size(), guess, "said before the end");
    }
    return bytes.toByteArray();
  }

  private Path write(NumpyFormat format, RecordSchema schema, RecordBatch... batches)
      throws IOException {
    return Files.write(folder.resolve("file.npz"), bytes(format, schema, batches));
  }

  private static Npz.Array array(String type, Object... values) {
    return new Npz.Array(type, List.of(values));
  }

  @ParameterizedTest
  @EnumSource
  void eachTypeIsTheArrayThatItsDocumentationSays(Compression compression) throws IOException {
    NumpyFormat format = NumpyFormat.create().withCompression(compression);
    Map<String, Npz.Array> expected = new LinkedHashMap<>();
    expected.put("flag", array("|b1", true, false, false));
    expected.put("flag.mask", array("|b1", false, true, false));
    expected.put("n", array("<i8", -5L, Long.MAX_VALUE, Long.MIN_VALUE));
    expected.put("x", array("<f8", 0.1, Double.NaN, Double.NaN));
    expected.put("x.mask", array("|b1", false, true, false));
    expected.put("s", array("<U2", "é🙂", "", ""));
    expected.put("s.mask", array("|b1", false, true, false));
    expected.put("b.values", array("|u1", 0L, 255L, 1L, 0L));
    expected.put("b.offsets", array("<i8", 0L, 2L, 2L, 4L));
    expected.put("at", array("<M8[us]", -1L, Long.MIN_VALUE, Long.MAX_VALUE));
    expected.put("at.mask", array("|b1", false, true, false));
    expected.put("day", array("<M8[D]", -2L, Long.MIN_VALUE, 11_323L));
    expected.put("day.mask", array("|b1", false, true, false));
    expected.put("time", array("<m8[us]", 3L, Long.MIN_VALUE, 0L));
    expected.put("time.mask", array("|b1", false, true, false));
    expected.put("tags.values", array("<U1", "a", ""));
    expected.put("tags.values.mask", array("|b1", false, true));
    expected.put("tags.offsets", array("<i8", 0L, 2L, 2L, 2L));
    expected.put("tags.mask", array("|b1", false, true, false));
    expected.put("raws.values.values", array("|u1", 7L, 8L, 9L));
    expected.put("raws.values.offsets", array("<i8", 0L, 1L, 1L, 3L));
    expected.put("raws.values.mask", array("|b1", false, false, false));
    expected.put("raws.offsets", array("<i8", 0L, 2L, 2L, 3L));

    Map<String, Npz.Array> arrays = Npz.read(write(format, ALL, THREE));

    assertEquals(expected, arrays);
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(arrays.keySet()));
    assertEquals("npz", format.extension());
  }

  @Test
  void anotherLibraryReadsNumbersAndFlags() throws IOException {
    try (NpzFile.Reader reader = NpzFile.read(write(NumpyFormat.create(), ALL, THREE))) {
      assertArrayEquals(
          new long[] {-5, Long.MAX_VALUE, Long.MIN_VALUE},
          reader.get("n", READ_AT_ONCE).asLongArray());
      assertArrayEquals(
          new double[] {0.1, Double.NaN, Double.NaN},
          reader.get("x", READ_AT_ONCE).asDoubleArray());
      assertArrayEquals(
          new boolean[] {true, false, false}, reader.get("flag", READ_AT_ONCE).asBooleanArray());
      assertArrayEquals(
          new long[] {0, 2, 2, 4}, reader.get("b.offsets", READ_AT_ONCE).asLongArray());
    }
  }

  @Test
  void noRecordsAreArraysOfNoLength() throws IOException {
    Map<String, Npz.Array> arrays = Npz.read(write(NumpyFormat.create(), ALL));

    assertEquals(array("<f8"), arrays.get("x"));
    assertEquals(array("<U1"), arrays.get("s"));
    assertEquals(array("<i8", 0L), arrays.get("tags.offsets"));
    assertEquals(
        arrays, Npz.read(write(NumpyFormat.create(), ALL, RecordBatch.builder(ALL).build())));
  }

  @Test
  void theLongestTextOfAllBatchesIsTheWidth() throws IOException {
    RecordSchema schema = RecordSchema.of(Field.required("s", FieldType.STRING));
    RecordBatch narrow = RecordBatch.builder(schema).add("a").add("bc").build();
    RecordBatch wide = RecordBatch.builder(schema).add("x".repeat(70_000)).build();

    assertEquals(
        Map.of("s", array("<U70000", "a", "bc", "x".repeat(70_000))),
        Npz.read(write(NumpyFormat.create(), schema, narrow, wide)));
  }

  @ParameterizedTest
  @EnumSource
  void randomBatchesReadBack(Compression compression) throws IOException {
    SplittableRandom seeds = new SplittableRandom(2026);
    for (int i = 0; i < 200; i++) {
      RandomBatches random = new RandomBatches(seeds.split());
      RecordSchema schema = random.schema();
      if (schema.size() > 0) {
        RecordBatch[] batches = new RecordBatch[i % 4];
        Arrays.setAll(
            batches,
            b -> random.batch(schema, b == 1 ? 0 : 1 + random.bits(7, 3).cardinality() * 40));
        Path file = write(NumpyFormat.create().withCompression(compression), schema, batches);
        Map<String, List<@Nullable Object>> expected = new LinkedHashMap<>();
        for (Field field : schema.fields()) {
          List<@Nullable Object> values = new ArrayList<>();
          for (RecordBatch batch : batches) {
            for (int row = 0; row < batch.size(); row++) {
              values.add(plain(batch.value(row, field.name())));
            }
          }
          expected.put(field.name(), values);
        }
        assertEquals(expected, records(Npz.read(file), schema), "file " + i);
      }
    }
  }

  /** Bytes as a list of numbers, which can be compared. */
  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      List<Object> numbers = new ArrayList<>();
      for (byte b : bytes) {
        numbers.add((long) Byte.toUnsignedInt(b));
      }
      return numbers;
    }
    return value instanceof List<?> list
        ? Collections.unmodifiableList(
            new ArrayList<@Nullable Object>(list.stream().map(NumpyFormatTest::plain).toList()))
        : value;
  }

  /** The columns again, by what the documentation says. */
  private static Map<String, List<@Nullable Object>> records(
      Map<String, Npz.Array> arrays, RecordSchema schema) {
    Map<String, List<@Nullable Object>> columns = new LinkedHashMap<>();
    for (Field field : schema.fields()) {
      columns.put(field.name(), column(arrays, field.name(), field.type()));
      assertEquals(field.nullable(), arrays.containsKey(field.name() + ".mask"));
    }
    return columns;
  }

  private static List<@Nullable Object> column(
      Map<String, Npz.Array> arrays, String name, FieldType type) {
    List<@Nullable Object> values = new ArrayList<>();
    if (type.kind() == FieldType.Kind.LIST || type.kind() == FieldType.Kind.BYTES) {
      List<@Nullable Object> all =
          type.kind() == FieldType.Kind.LIST
              ? column(arrays, name + ".values", type.element())
              : new ArrayList<>(arrays.get(name + ".values").values());
      List<Object> offsets = arrays.get(name + ".offsets").values();
      for (int i = 0; i + 1 < offsets.size(); i++) {
        int from = Math.toIntExact((Long) offsets.get(i));
        values.add(all.subList(from, Math.toIntExact((Long) offsets.get(i + 1))));
      }
      assertEquals((long) all.size(), offsets.get(offsets.size() - 1));
    } else {
      values.addAll(arrays.get(name).values());
    }
    Npz.Array mask = arrays.get(name + ".mask");
    if (mask != null) {
      assertEquals(values.size(), mask.values().size());
      for (int i = 0; i < values.size(); i++) {
        if ((Boolean) mask.values().get(i)) {
          assertEquals(missing(type), values.get(i));
          values.set(i, null);
        }
      }
    }
    return values;
  }

  private static Object missing(FieldType type) {
    return switch (type.kind()) {
      case BOOLEAN -> false;
      case INT64 -> 0L;
      case FLOAT64 -> Double.NaN;
      case STRING -> "";
      case TIMESTAMP, DATE, TIME -> Long.MIN_VALUE;
      case BYTES, LIST -> List.of();
    };
  }

  /** All that NumPy makes of a file of all types, without pickle. */
  @ParameterizedTest
  @EnumSource
  void numpyReadsTheSame(Compression compression) throws IOException, InterruptedException {
    assumeTrue(
        python("import numpy").equals(""), "python3 with numpy is not installed on this machine");
    NumpyFormat format = NumpyFormat.create().withCompression(compression);
    RecordSchema schema = ALL.with(Field.of("é/ñ", FieldType.STRING));
    RecordBatch random = new RandomBatches(new SplittableRandom(11)).batch(schema, 500);
    Path file = write(format, schema, random);
    StringBuilder expected = new StringBuilder();
    Npz.read(file)
        .forEach(
            (name, array) -> {
              expected.append(name).append(' ').append(array.type());
              array.values().forEach(value -> expected.append(' ').append(shown(value)));
              expected.append('\n');
            });

    assertEquals(
        expected.toString(),
        python(
            """
            import numpy, sys
            sys.stdout.reconfigure(encoding="utf-8")
            def shown(a):
                if a.dtype.kind in "Mm":
                    a = a.view("<i8")
                for v in a.tolist():
                    yield "nan" if v != v else v.hex() if isinstance(v, float) else ascii(v)
            with numpy.load(r"%s", allow_pickle=False) as f:
                for name in f.files:
                    print(name, f[name].dtype.str, *shown(f[name]))
            """
                .formatted(file)));
  }

  private static String shown(Object value) {
    if (value instanceof Double number) {
      return python(number);
    } else if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    } else if (value instanceof String text) {
      StringBuilder quoted = new StringBuilder();
      text.codePoints()
          .forEach(
              c ->
                  quoted.append(
                      c < 0x7f
                          ? Character.toString(c)
                          : String.format(c < 0x100 ? "\\x%02x" : "\\U%08x", c)));
      return text.contains("'") ? '"' + quoted.toString() + '"' : "'" + quoted + "'";
    }
    return value.toString();
  }

  /** As float.hex prints. */
  private static String python(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    } else if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    } else if (number == 0) {
      return 1 / number > 0 ? "0x0.0p+0" : "-0x0.0p+0";
    }
    long bits = Double.doubleToRawLongBits(number);
    int exponent = (int) (bits >>> 52 & 0x7ff);
    return String.format(
        "%s0x%d.%013xp%+d",
        bits < 0 ? "-" : "",
        exponent == 0 ? 0 : 1,
        bits & 0xf_ffff_ffff_ffffL,
        exponent == 0 ? -1022 : exponent - 1023);
  }

  private static String python(String program) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder("python3", "-c", program).redirectErrorStream(true).start();
    } catch (IOException e) {
      return e.getMessage();
    }
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? out : "failed: " + out;
  }

  @Test
  void equalRecordsAreEqualBytes() throws IOException {
    assertArrayEquals(
        bytes(NumpyFormat.create(), ALL, THREE), bytes(NumpyFormat.create(), ALL, THREE));
  }

  /** A long text would make all the short ones before it as wide. */
  @Test
  void textsOfVeryDifferentLengthsAreBetterApart() throws IOException {
    RecordSchema schema = RecordSchema.of(Field.of("s", FieldType.STRING));
    RecordBatch.Builder rows = RecordBatch.builder(schema);
    for (int i = 0; i < 8_192; i++) {
      rows.add("short");
    }
    RecordBatch narrow = rows.build();
    RecordBatch wide = RecordBatch.builder(schema).add("x".repeat(10_000)).build();
    try (BatchFileWriter writer =
        NumpyFormat.create().open(Channels.newChannel(new ByteArrayOutputStream()), schema)) {
      assertTrue(writer.accepts(wide));
      writer.write(narrow);
      assertTrue(writer.accepts(narrow));
      assertFalse(writer.accepts(wide));
    }
  }

  @Test
  void textsThatWouldTakeTooMuchRoomAreRefused() {
    RecordSchema schema = RecordSchema.of(Field.of("s", FieldType.STRING));
    RecordBatch.Builder rows = RecordBatch.builder(schema);
    for (int i = 0; i < 8_191; i++) {
      rows.add("short");
    }
    RecordBatch batch = rows.add("x".repeat(40_000)).build();

    assertEquals(
        "Column 's' has a text of 40000 characters among 8192 records (every text of a NumPy file"
            + " takes the room of its longest, at most 1 GiB in all; write parquet or tfrecord, or"
            + " leave the column out)",
        assertThrows(
                IllegalArgumentException.class, () -> bytes(NumpyFormat.create(), schema, batch))
            .getMessage());
  }

  @Test
  void arraysOfOneNameAreRefused() {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("a", FieldType.INT64), Field.required("a.mask", FieldType.BOOLEAN));

    assertEquals(
        "Columns 'a' and 'a.mask' both have an array 'a.mask' in a NumPy file (names must be"
            + " unique; rename one)",
        assertThrows(IllegalArgumentException.class, () -> NumpyFormat.create().checkSchema(schema))
            .getMessage());
    assertEquals(
        "Invalid schema: no columns (a NumPy file needs at least one)",
        assertThrows(
                IllegalArgumentException.class,
                () -> NumpyFormat.create().checkSchema(RecordSchema.of()))
            .getMessage());
  }

  @Test
  void aBatchOfAnotherSchemaIsRefused() {
    RecordSchema other = RecordSchema.of(Field.of("y", FieldType.INT64));
    RecordSchema schema = RecordSchema.of(Field.of("x", FieldType.INT64));

    assertEquals(
        "Batch of schema (y int64) for a file of schema (x int64)",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    bytes(NumpyFormat.create(), schema, RecordBatch.builder(other).add(1L).build()))
            .getMessage());
  }

  @Test
  void anAbandonedWriterClosesItsChannel() throws IOException {
    var channel = Channels.newChannel(new ByteArrayOutputStream());
    BatchFileWriter writer = NumpyFormat.create().open(channel, ALL);
    writer.write(THREE);
    assertTrue(writer.memoryBytes() > 0);
    writer.abandon();
    assertFalse(channel.isOpen());
  }
}
