package io.featurebeam.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.profile.ColumnProfile.Distinct;
import io.featurebeam.profile.ColumnProfile.Numbers;
import io.featurebeam.profile.ColumnProfile.Quantile;
import io.featurebeam.profile.ColumnProfile.Texts;
import io.featurebeam.profile.ColumnProfile.TopValue;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far approximate statistics are from the truth, on data beyond what is kept exactly. */
class ApproximationTest {

  private static final RecordSchema NUMBER = RecordSchema.of(Field.of("x", FieldType.INT64));
  private static final RecordSchema TEXT = RecordSchema.of(Field.of("x", FieldType.STRING));

  /** Numbers 0 to {@code count - 1} in an order that has nothing to do with their position. */
  private static BatchProfile permutation(int count, int batchSize) {
    BatchProfile profile = BatchProfile.of(NUMBER);
    for (int from = 0; from < count; from += batchSize) {
      long[] values = new long[Math.min(batchSize, count - from)];
      for (int i = 0; i < values.length; i++) {
        values[i] = (from + i) * 1_000_003L % count;
      }
      profile.add(
          RecordBatch.of(
              NUMBER,
              values.length,
              List.of(LongColumn.of(FieldType.INT64, values)),
              Positions.contiguous("file", from)));
    }
    return profile;
  }

  private static Numbers numbers(BatchProfile profile) {
    return (Numbers) profile.column("x").detail();
  }

  @Test
  void distinctIsExactUpToItsLimit() {
    assertEquals(new Distinct(1024, true), numbers(permutation(1024, 100)).distinct());
    assertFalse(numbers(permutation(1025, 100)).distinct().exact());
  }

  @ParameterizedTest
  @ValueSource(ints = {1025, 3000, 20_000, 100_000, 1_000_000})
  void distinctIsWithinFourStandardErrors(int count) {
    long found = numbers(permutation(count, 8192)).distinct().count();
    assertEquals(count, (double) found, count * 4 * 0.016, "distinct of " + count);
  }

  @Test
  void distinctDoesNotDependOnOrderOrParts() {
    BatchProfile merged = permutation(5000, 5000);
    BatchProfile more = permutation(200_000, 777);
    more.merge(merged);
    assertEquals(numbers(permutation(200_000, 8192)).distinct(), numbers(more).distinct());
  }

  @Test
  void quantilesOfAMillionStayWithinTheirRank() {
    Numbers numbers = numbers(permutation(1_000_000, 8192));

    assertTrue(numbers.sampled());
    assertEquals(7, numbers.quantiles().size());
    for (Quantile quantile : numbers.quantiles()) {
      assertEquals(quantile.rank(), quantile.value() / 1e6, 0.02, quantile.toString());
    }
    assertEquals(0L, numbers.min());
    assertEquals(999_999L, numbers.max());
    assertEquals(499_999.5, numbers.mean());
    assertEquals(
        1_000_000, numbers.histogram().bins().stream().mapToDouble(b -> b.count()).sum(), 1);
  }

  @Test
  void samplingStartsAfterTheRowsThatAreReadInFull() {
    assertFalse(numbers(permutation(BatchProfile.FULL_ROWS, 8192)).sampled());
    assertTrue(numbers(permutation(BatchProfile.FULL_ROWS + 1, 8192)).sampled());
  }

  @Test
  void theSampleIsOfPositionsNotOfBatches() {
    long seen = BatchProfile.FULL_ROWS;
    RecordBatch whole =
        RecordBatch.of(
            NUMBER,
            1000,
            List.of(LongColumn.of(FieldType.INT64, new long[1000])),
            Positions.contiguous("file", 5000));
    int[] rows = RowSample.of(whole, seen);
    int[] tail = RowSample.of(whole.slice(500, 1000), 7 * seen);

    assertEquals(1000 / 16.0, rows == null ? 0 : rows.length, 30);
    assertEquals(
        java.util.Arrays.stream(rows).filter(r -> r >= 500).map(r -> r - 500).boxed().toList(),
        java.util.Arrays.stream(tail).boxed().toList());
  }

  @Test
  void frequentStringsAmongManyAreFound() {
    SplittableRandom random = new SplittableRandom(7);
    BatchProfile profile = BatchProfile.of(TEXT);
    int common = 0;
    for (int b = 0; b < 20; b++) {
      String[] values = new String[8192];
      for (int i = 0; i < values.length; i++) {
        boolean isCommon = random.nextInt(10) == 0;
        common += isCommon ? 1 : 0;
        values[i] = isCommon ? "common" : "rare-" + random.nextLong();
      }
      profile.add(RecordBatch.of(TEXT, 8192, List.of(BytesColumn.ofStrings(values))));
    }
    Texts texts = (Texts) profile.column("x").detail();
    TopValue first = texts.top().get(0);

    assertEquals("common", first.text());
    assertTrue(texts.sampled());
    assertTrue(texts.topError() < 20 * 8192 / 1024, "error " + texts.topError());
    assertEquals(common, (double) first.count(), common * 0.1 + texts.topError());
    assertEquals(20 * 8192 - common + 1, (double) texts.distinct().count(), 150_000 * 4 * 0.016);
  }

  @Test
  void dictionaryCountsAreExactHoweverMany() {
    BytesColumn ofThree = BytesColumn.ofStrings("a", "b", "a");
    int[] codes = new int[8192];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = i % 4 == 0 ? 1 : 0;
    }
    BytesColumn coded =
        BytesColumn.coded(FieldType.STRING, ofThree.slices().slice(0, 2), codes, 8192, null);
    BatchProfile profile = BatchProfile.of(TEXT);
    for (int b = 0; b < 100; b++) {
      profile.add(RecordBatch.of(TEXT, 8192, List.of(coded)));
    }
    Texts texts = (Texts) profile.column("x").detail();

    assertEquals(List.of(new TopValue("a", 614_400), new TopValue("b", 204_800)), texts.top());
    assertFalse(texts.sampled());
  }
}
