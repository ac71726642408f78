package io.featurebeam.benchmarks.kernels;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** A batch of card transactions like those of {@code card-batch}, texts as codes. */
final class CardBatches {
  /** Records of a batch. */
  static final int SIZE = RecordBatch.TARGET_SIZE;

  static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("user", FieldType.STRING),
          Field.of("merchant", FieldType.STRING),
          Field.of("amount", FieldType.FLOAT64),
          Field.of("channel", FieldType.STRING),
          Field.required("time", FieldType.TIMESTAMP));

  private static final long START = Instant.parse("2024-01-01T00:00:00Z").getEpochSecond();
  private static final long DAY_MICROS = 86_400_000_000L;

  private CardBatches() {}

  /** A batch that depends on nothing but the seed. */
  static RecordBatch batch(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] amounts = new double[SIZE];
    long[] times = new long[SIZE];
    for (int i = 0; i < SIZE; i++) {
      amounts[i] = Math.rint(100 * Math.exp(3.5 + 1.2 * random.nextGaussian())) / 100;
      times[i] = START * 1_000_000 + random.nextLong(DAY_MICROS);
    }
    return RecordBatch.of(
        SCHEMA,
        SIZE,
        List.of(
            coded("u%08d", 1_000, random),
            coded("m%05d", 500, random),
            DoubleColumn.of(amounts),
            coded("channel%d", 4, random),
            LongColumn.of(FieldType.TIMESTAMP, times)));
  }

  private static BytesColumn coded(String format, int distinct, SplittableRandom random) {
    List<byte[]> dictionary = new ArrayList<>();
    for (int i = 0; i < distinct; i++) {
      dictionary.add(String.format(Locale.ROOT, format, i).getBytes(StandardCharsets.UTF_8));
    }
    int[] codes = random.ints(SIZE, 0, distinct).toArray();
    return BytesColumn.coded(FieldType.STRING, Slices.of(dictionary), codes, SIZE, null);
  }
}
