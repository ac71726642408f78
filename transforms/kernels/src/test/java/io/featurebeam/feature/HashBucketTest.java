package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.assertRefused;
import static io.featurebeam.feature.FeatureTests.column;
import static io.featurebeam.feature.FeatureTests.fromYaml;
import static io.featurebeam.feature.FeatureTests.list;
import static io.featurebeam.feature.FeatureTests.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class HashBucketTest {

  @TestFactory
  Stream<DynamicTest> laws() {
    return Stream.of(
            Features.hash("s", 100),
            Features.hash("x", 7).withSeed(3),
            Features.hash("n", 1 << 30),
            Features.hash("t", 10))
        .flatMap(FeatureLaws::of);
  }

  @Test
  void bucketsNeverChange() {
    assertEquals(
        list(715L, 756L, 891L, 412L, null),
        values(Features.hash("c", 1000), column(FieldType.STRING, "", "a", "ORD", "é", null)));
  }

  @Test
  void equalNumbersShareABucketWhateverTheirType() {
    assertEquals(
        values(Features.hash("c", 1000), column(FieldType.INT64, 3, -7, 0, 0)),
        values(Features.hash("c", 1000), column(FieldType.FLOAT64, 3.0, -7.0, 0.0, -0.0)));
  }

  @Test
  void valuesSpreadEvenlyAndASeedChoosesAnew() {
    Object[] numbers = IntStream.range(0, 100_000).mapToObj(Long::valueOf).toArray();
    RecordBatch data = column(FieldType.INT64, numbers);
    var first = values(Features.hash("c", 10), data);
    var second = values(Features.hash("c", 10).withSeed(1), data);
    long[] counts = new long[10];
    int same = 0;
    for (int i = 0; i < numbers.length; i++) {
      counts[((Long) first.get(i)).intValue()]++;
      same += first.get(i).equals(second.get(i)) ? 1 : 0;
    }
    for (long count : counts) {
      assertEquals(10_000.0, (double) count, 5 * Math.sqrt(9000)); // five sigma
    }
    assertEquals(10_000, same, 5 * Math.sqrt(9000));
    assertNotEquals(first, second);
    assertTrue(first.stream().allMatch(bucket -> (Long) bucket < 10));
  }

  @Test
  void wrongBucketsAndTypesAreRefused() {
    assertRefused("Invalid buckets: 0 (must be >= 1)", () -> Features.hash("c", 0));
    assertRefused(
        "Feature 'f': Column 'c' is boolean (must not be boolean or a list)",
        () -> values(Features.hash("c", 2), column(FieldType.BOOLEAN, true)));
  }

  @Test
  void yamlNameMakesTheSameFeature() {
    assertEquals(Features.hash("c", 8), fromYaml("hash", Map.of("column", "c", "buckets", 8L)));
    assertEquals(
        Features.hash("c", 8).withSeed(4),
        fromYaml("hash", Map.of("column", "c", "buckets", 8L, "seed", 4L)));
    assertRefused(
        "Invalid buckets: 3000000000 (must be below 2147483647)",
        () -> fromYaml("hash", Map.of("column", "c", "buckets", 3_000_000_000L)));
  }
}
