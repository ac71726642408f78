package io.featurebeam.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SamplingTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("id", FieldType.INT64),
          Field.of("user", FieldType.STRING),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("label", FieldType.INT64));

  private static final Sampling SAMPLING =
      Sampling.of("label == 0", 0.1, List.of("user"), "at").withSeed(3);

  private static void refused(String message, Executable made) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, made).getMessage());
  }

  /** Some 95 of 100 labels are 0, and one of 100 is null. */
  private static RecordBatch rows(long seed, int size) {
    SplittableRandom random = new SplittableRandom(seed);
    RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
    for (long i = 0; i < size; i++) {
      int draw = random.nextInt(100);
      rows.add(i, "u" + i % 97, seed + i, draw == 0 ? null : draw < 5 ? 1L : 0L);
    }
    return rows.build();
  }

  private static double[] weights(RecordBatch batch) {
    return Arrays.copyOf(
        ((DoubleColumn) batch.column("weight")).values(), batch.column("weight").size());
  }

  private static Set<Object> ids(RecordBatch batch) {
    Set<Object> ids = new HashSet<>();
    for (int row = 0; row < batch.size(); row++) {
      ids.add(batch.value(row, "id"));
    }
    return ids;
  }

  /**
   * The sum of weights is a binomial number of rows times 1/keep: six standard deviations from the
   * rows there were, beyond once in 500 million tries.
   */
  @Property(tries = 30)
  void weightsAddUpToTheRowsThereWere(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.01, max = 1) double keep) {
    RecordBatch batch = rows(seed >> 2, 20_000);
    Sampling sampling = Sampling.of("label == 0", keep, List.of("user"), "at").withSeed(seed);

    RecordBatch sample = sampling.bind(SCHEMA).sample(batch);

    long zeros = count(batch, 0L);
    double deviation = Math.sqrt(zeros * keep * (1 - keep)) / keep;
    assertEquals(
        batch.size(), Arrays.stream(weights(sample)).sum(), 6 * deviation + 1e-6 * batch.size());
    assertEquals(zeros * keep, (double) count(sample, 0L), 6 * deviation * keep + 1e-6);
  }

  private static long count(RecordBatch batch, @Nullable Long label) {
    long count = 0;
    for (int row = 0; row < batch.size(); row++) {
      count += Objects.equals(batch.value(row, "label"), label) ? 1 : 0;
    }
    return count;
  }

  @Property(tries = 30)
  void allOtherRowsAreKeptWithAWeightOfOne(@ForAll long seed) {
    RecordBatch batch = rows(seed >> 2, 2_000);

    RecordBatch sample = SAMPLING.bind(SCHEMA).sample(batch);

    assertEquals(count(batch, 1L), count(sample, 1L));
    assertEquals(count(batch, null), count(sample, null));
    double[] weights = weights(sample);
    for (int row = 0; row < sample.size(); row++) {
      Object label = sample.value(row, "label");
      assertEquals(Long.valueOf(0).equals(label) ? 10.0 : 1.0, weights[row]);
    }
    assertEquals(SAMPLING.bind(SCHEMA).weighted(), sample.schema());
  }

  /** In another order, in batches of one, and among more rows. */
  @Property(tries = 10)
  void theSameRowIsAlwaysKeptOrAlwaysDropped(@ForAll long seed) {
    RecordBatch batch = rows(seed >> 2, 300);
    Set<Object> kept = ids(SAMPLING.bind(SCHEMA).sample(batch));
    List<Integer> order = new ArrayList<>();
    for (int row = 0; row < batch.size(); row++) {
      order.add(row);
    }
    Collections.shuffle(order, new Random(seed));
    Set<Object> again = new HashSet<>();
    Sampler sampler = SAMPLING.bind(SCHEMA);
    for (int row : order) {
      again.addAll(ids(sampler.sample(batch.gather(new int[] {row}))));
    }
    assertEquals(kept, again);
    assertTrue(kept.size() < batch.size());
  }

  /** A larger share keeps what a smaller one kept. */
  @Property(tries = 10)
  void moreIsKeptOfALargerShare(@ForAll long seed) {
    RecordBatch batch = rows(seed >> 2, 1_000);
    Sampling larger = Sampling.of("label == 0", 0.3, List.of("user"), "at").withSeed(3);

    assertTrue(
        ids(larger.bind(SCHEMA).sample(batch))
            .containsAll(ids(SAMPLING.bind(SCHEMA).sample(batch))));
  }

  @Test
  void anotherSeedIsAnIndependentChoice() {
    RecordBatch batch = rows(1, 50_000);
    Sampling half = Sampling.of("true", 0.5, List.of("user"), "at");
    Set<Object> both = ids(half.bind(SCHEMA).sample(batch));
    both.retainAll(ids(half.withSeed(1).bind(SCHEMA).sample(batch)));

    assertEquals(12_500, both.size(), 600);
  }

  @Test
  void allAreKeptOfAWhole() {
    RecordBatch batch = rows(1, 1_000);
    RecordBatch sample = Sampling.of("true", 1, List.of("user"), "at").bind(SCHEMA).sample(batch);

    assertEquals(batch, sample.project(SCHEMA.names()));
    assertEquals(1_000, Arrays.stream(weights(sample)).sum());
  }

  @Test
  void aWeightThatIsThereIsMultiplied() {
    for (FieldType type : List.of(FieldType.INT64, FieldType.FLOAT64)) {
      RecordSchema schema =
          RecordSchema.of(
              Field.of("weight", type),
              Field.of("user", FieldType.STRING),
              Field.of("at", FieldType.TIMESTAMP),
              Field.of("label", FieldType.INT64));
      boolean whole = type.equals(FieldType.INT64);
      RecordBatch.Builder rows = RecordBatch.builder(schema);
      for (long at = 0; at < 100; at++) {
        Object weight = whole ? (Object) 3L : (Object) 3.0;
        rows.add(at % 5 == 0 ? null : weight, "u", at, at % 2);
      }

      RecordBatch sample =
          Sampling.of("label == 0", 0.5, List.of("user"), "at").bind(schema).sample(rows.build());

      assertEquals("weight float64", sample.schema().field(0).toString());
      assertEquals(schema.names(), sample.schema().names());
      assertTrue(sample.size() < 100);
      for (int row = 0; row < sample.size(); row++) {
        Long at = (Long) sample.value(row, "at");
        Object weight = sample.value(row, "weight");
        assertEquals(at % 5 == 0 ? null : at % 2 == 0 ? (Object) 6.0 : (Object) 3.0, weight);
      }
    }
  }

  @Test
  void mistakesAreRefused() {
    refused(
        "Invalid keep: 0.0 (must be above 0 and at most 1; to keep none use a condition)",
        () -> Sampling.of("true", 0, List.of("user"), "at"));
    refused(
        "Invalid keep: NaN (must be above 0 and at most 1; to keep none use a condition)",
        () -> Sampling.of("true", Double.NaN, List.of("user"), "at"));
    refused("Invalid weight: '' (must not be empty)", () -> SAMPLING.withWeight(""));
    refused(
        "Invalid where: 'label' is int64 (must be boolean)",
        () -> Sampling.of("label", 0.5, List.of("user"), "at").bind(SCHEMA));
    refused(
        "Column 'user' is string (must be a number to be a weight)",
        () -> SAMPLING.withWeight("user").bind(SCHEMA));
    refused(
        "Unknown column: 'att'; did you mean 'at'?",
        () -> Sampling.of("true", 0.5, List.of("user"), "att").bind(SCHEMA));
  }
}
