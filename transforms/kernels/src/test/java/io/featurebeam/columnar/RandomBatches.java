package io.featurebeam.columnar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Random schemas and batches that look for trouble: every type and list type, columns with and
 * without nulls, dictionaries and slices, arrays longer than the column, slices that do not start
 * at 0, junk at null rows, extreme numbers, all kinds of positions, no records at all. The same
 * generator and seed give the same batches.
 *
 * <pre>{@code
 * RandomBatches random = new RandomBatches(new SplittableRandom(42));
 * RecordBatch batch = random.batch(random.schema(), 100);
 * }</pre>
 */
public final class RandomBatches {

  private static final FieldType[] SCALARS = {
    FieldType.BOOLEAN, FieldType.INT64, FieldType.FLOAT64, FieldType.STRING,
    FieldType.BYTES, FieldType.TIMESTAMP, FieldType.DATE, FieldType.TIME
  };
  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1,
    -1,
    0.1,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    0x1p53,
    0x1p63,
    -0x1p63,
    1e300
  };
  private static final long[] LONGS = {
    0, 1, -1, 255, 256, 65535, 65536, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE, 1L << 32
  };

  private final RandomGenerator random;

  public RandomBatches(RandomGenerator random) {
    this.random = random;
  }

  /** Up to six columns named {@code c0, c1, ...}. */
  public RecordSchema schema() {
    int size = random.nextInt(7);
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      fields.add(new Field("c" + i, type(), random.nextInt(4) != 0));
    }
    return RecordSchema.of(fields);
  }

  public FieldType type() {
    FieldType scalar = SCALARS[random.nextInt(SCALARS.length)];
    return random.nextInt(4) == 0 ? FieldType.listOf(scalar) : scalar;
  }

  /** A batch of any schema and up to 150 records. */
  public RecordBatch batch() {
    return batch(schema(), random.nextInt(3) == 0 ? random.nextInt(4) : random.nextInt(151));
  }

  public RecordBatch batch(RecordSchema schema, int size) {
    List<Column> columns = new ArrayList<>();
    for (Field field : schema.fields()) {
      columns.add(column(field.type(), size, field.nullable()));
    }
    return RecordBatch.of(schema, size, columns, positions(size));
  }

  /** A column, sometimes one that was cut out of a larger one. */
  public Column column(FieldType type, int size, boolean nullable) {
    if (random.nextInt(4) != 0) {
      return whole(type, size, nullable);
    }
    int from = random.nextInt(70);
    return whole(type, from + size + random.nextInt(70), nullable).slice(from, from + size);
  }

  private Column whole(FieldType type, int size, boolean nullable) {
    Bitmap validity = validity(size, nullable);
    int slack = random.nextInt(3);
    return switch (type.storage()) {
      case LONG -> new LongColumn(type, longs(type, size + slack), size, validity);
      case DOUBLE -> new DoubleColumn(doubles(size + slack), size, validity);
      case BOOLEAN -> new BooleanColumn(bits(size, 2), validity);
      case BYTES -> byteStrings(type, size, validity);
      case LIST -> list(type, size, validity);
    };
  }

  private @Nullable Bitmap validity(int size, boolean nullable) {
    return switch (nullable ? random.nextInt(4) : 0) {
      case 0 -> null;
      case 1 -> nullable ? Bitmap.zeros(size) : null;
      default -> bits(size, 5);
    };
  }

  /** Bits of which one in {@code oneIn} is unset. */
  public Bitmap bits(int size, int oneIn) {
    boolean[] bits = new boolean[size];
    for (int i = 0; i < size; i++) {
      bits[i] = random.nextInt(oneIn) != 0;
    }
    return Bitmap.of(bits);
  }

  private long[] longs(FieldType type, int size) {
    long[] values = new long[size];
    long base = random.nextLong() >> random.nextInt(64);
    int spread = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      values[i] =
          switch (spread) {
            case 0 -> base;
            case 1 -> base + random.nextInt(1000);
            case 2 -> random.nextLong();
            default -> LONGS[random.nextInt(LONGS.length)];
          };
      if (type.kind() == FieldType.Kind.TIME) {
        values[i] = Math.floorMod(values[i], 86_400_000_000L);
      } else if (type.kind() == FieldType.Kind.DATE) {
        values[i] = values[i] % 1_000_000;
      }
    }
    return values;
  }

  private double[] doubles(int size) {
    double[] values = new double[size];
    int kind = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      values[i] =
          switch (kind) {
            case 0 -> 2.5;
            case 1 -> random.nextInt(100_000) - 50_000;
            case 2 -> random.nextDouble() * 1e6;
            default -> DOUBLES[random.nextInt(DOUBLES.length)];
          };
    }
    return values;
  }

  private BytesColumn byteStrings(FieldType type, int size, @Nullable Bitmap validity) {
    if (random.nextBoolean()) {
      return BytesColumn.sliced(type, slices(type, size), validity);
    }
    Slices dictionary = slices(type, 1 + random.nextInt(20));
    int[] codes = new int[size + random.nextInt(3)];
    Arrays.setAll(codes, i -> random.nextInt(dictionary.size()));
    return BytesColumn.coded(type, dictionary, codes, size, validity);
  }

  private Slices slices(FieldType type, int size) {
    int before = random.nextInt(3);
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < before + size + 1; i++) {
      values.add(type.kind() == FieldType.Kind.STRING ? text() : junk());
    }
    return Slices.of(values).slice(before, before + size);
  }

  private byte[] text() {
    int length = random.nextInt(3) == 0 ? 0 : random.nextInt(12);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int c = random.nextInt(8);
      text.append(c == 0 ? "é" : c == 1 ? "🙂" : c == 2 ? "\"" : String.valueOf((char) ('a' + c)));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] junk() {
    byte[] bytes = new byte[random.nextInt(6)];
    random.nextBytes(bytes);
    return bytes;
  }

  private ListColumn list(FieldType type, int size, @Nullable Bitmap validity) {
    int[] offsets = new int[size + 1 + random.nextInt(2)];
    for (int i = 0; i < size; i++) {
      offsets[i + 1] = offsets[i] + random.nextInt(4);
    }
    Column elements = column(type.element(), offsets[size], random.nextBoolean());
    return new ListColumn(type, offsets, elements, size, validity);
  }

  public Positions positions(int size) {
    long[] places = random.longs(size).toArray();
    return switch (random.nextInt(4)) {
      case 0 -> Positions.unknown();
      case 1 -> Positions.contiguous("file-é", random.nextInt(1000));
      case 2 -> Positions.of("topic-0", places);
      default -> Positions.of(List.of("a", "b", "c"), random.ints(size, 0, 3).toArray(), places);
    };
  }
}
