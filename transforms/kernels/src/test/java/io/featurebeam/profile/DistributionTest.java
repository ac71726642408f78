package io.featurebeam.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.profile.Distribution.Categories;
import io.featurebeam.profile.Distribution.Numbers;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DistributionTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("x", FieldType.FLOAT64),
          Field.of("city", FieldType.STRING),
          Field.of("late", FieldType.BOOLEAN));

  private static BatchProfile profile(@Nullable Object[]... records) {
    RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
    for (@Nullable Object[] record : records) {
      builder.add(record);
    }
    BatchProfile profile = BatchProfile.of(SCHEMA);
    profile.add(builder.build());
    return profile;
  }

  @Test
  void sharesAndQuantilesCountEveryValue() {
    Distribution distribution =
        Distribution.ofNumbers(
            "x", 3.0, -0.0, null, 0.0, Double.NaN, 7.0, Double.NEGATIVE_INFINITY);
    Numbers numbers = (Numbers) distribution.values();
    assertEquals(7, distribution.records());
    assertEquals(1, distribution.nulls());
    assertEquals(4, numbers.finite());
    assertEquals(1, numbers.nan());
    assertEquals(1, numbers.infinite());
    assertEquals(5, numbers.distinct());
    assertEquals(3, numbers.size());
    assertEquals(0, numbers.shareUpTo(-1));
    assertEquals(0.5, numbers.shareUpTo(0));
    assertEquals(0.5, numbers.shareUpTo(2.9));
    assertEquals(0.75, numbers.shareUpTo(3));
    assertEquals(1, numbers.shareUpTo(100));
    assertEquals(0, numbers.quantile(0));
    assertEquals(0, numbers.quantile(0.5));
    assertEquals(3, numbers.quantile(0.51));
    assertEquals(7, numbers.quantile(1));
    assertEquals(2.5, numbers.mean());
    assertEquals(Math.sqrt((9 + 49 - 4 * 2.5 * 2.5) / 3), numbers.stddev(), 1e-12);
  }

  @Test
  void aProfileGivesWhatItsValuesGive() {
    BatchProfile profile =
        profile(
            new Object[] {1.0, "ZRH", true},
            new Object[] {2.5, "BRN", false},
            new @Nullable Object[] {null, null, null},
            new Object[] {1.0, "ZRH", true});
    Numbers numbers = (Numbers) profile.distribution("x").values();
    assertEquals(0, numbers.rankError());
    assertEquals(3, numbers.effective());
    assertEquals(2 / 3.0, numbers.shareUpTo(1));
    assertEquals(1.5, numbers.mean());
    Distribution city = Distribution.ofCategories("city", Map.of("ZRH", 2L, "BRN", 1L), 1);
    assertEquals(city, profile.distribution("city"));
    Categories late = (Categories) profile.distribution("late").values();
    assertEquals("true", late.listed().get(0).text());
    assertEquals(2, late.listed().get(0).count());
    assertEquals(3, late.total());
    assertTrue(late.isExact());
  }

  @Test
  void ofManyValuesItIsASketchThatSaysHowFarItMayBeOff() {
    Random random = new Random(8);
    BatchProfile profile = BatchProfile.of(SCHEMA);
    int rows = 200_000;
    for (int batch = 0; batch < rows / 10_000; batch++) {
      RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
      for (int i = 0; i < 10_000; i++) {
        builder.add(random.nextDouble(), "c" + random.nextInt(5_000), true);
      }
      profile.add(builder.build());
    }
    Numbers numbers = (Numbers) profile.distribution("x").values();
    assertEquals(rows, numbers.finite());
    assertTrue(numbers.effective() > 65_536 * 0.2 && numbers.effective() < rows);
    assertTrue(numbers.rankError() > 0 && numbers.rankError() < 0.03);
    for (double x = 0.1; x < 1; x += 0.1) {
      assertEquals(x, numbers.shareUpTo(x), numbers.rankError());
    }
    Categories cities = (Categories) profile.distribution("city").values();
    assertTrue(cities.error() > 0 && cities.others() >= 0);
    assertTrue(cities.effective() < rows);
    assertEquals(rows, cities.total(), rows * 0.05);
  }

  @Test
  void whatIsNotKnownSaysSo() {
    BatchProfile profile = BatchProfile.of(SCHEMA, List.of("city"));
    assertEquals(new Distribution.Unknown(true), profile.distribution("city").values());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> profile.distribution("citi"));
    assertTrue(e.getMessage().contains("city"), e.getMessage());
    IllegalArgumentException nulls =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Distribution("x", FieldType.INT64, 1, 2, new Distribution.Unknown(false)));
    assertEquals("Invalid nulls of 'x': 2 (must be 0 to 1)", nulls.getMessage());
  }
}
