package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.assertRefused;
import static io.featurebeam.feature.FeatureTests.column;
import static io.featurebeam.feature.FeatureTests.fromYaml;
import static io.featurebeam.feature.FeatureTests.list;
import static io.featurebeam.feature.FeatureTests.values;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class BucketizeTest {

  private static final RecordBatch DATA =
      column(
          FieldType.FLOAT64,
          -5.0,
          0.0,
          9.9,
          10.0,
          99.0,
          null,
          Double.NaN,
          Double.NEGATIVE_INFINITY,
          Double.POSITIVE_INFINITY);

  @TestFactory
  Stream<DynamicTest> laws() {
    return Stream.of(
            Features.bucketize("x", -1, 0, 1),
            Features.bucketize("n", 2, 3).withinBoundaries(),
            Features.bucketize("x", DoubleStream.iterate(0, b -> b + 1).limit(40).toArray()))
        .flatMap(FeatureLaws::of);
  }

  @Test
  void aBoundaryBelongsToTheBucketAboveIt() {
    assertEquals(
        list(0L, 1L, 1L, 2L, 2L, null, null, 0L, 2L), values(Features.bucketize("c", 0, 10), DATA));
  }

  @Test
  void withinBoundariesTheOutsideIsNull() {
    assertEquals(
        list(null, 0L, 0L, null, null, null, null, null, null),
        values(Features.bucketize("c", 0, 10).withinBoundaries(), DATA));
  }

  @Test
  void manyBoundariesGiveWhatFewGive() {
    double[] boundaries = DoubleStream.iterate(-100, b -> b + 7).limit(60).toArray();
    RecordBatch data = column(FieldType.INT64, -101, -100, -94, -93, 0, 312, 313, 314, 9999);
    assertEquals(
        list(0L, 1L, 1L, 2L, 15L, 59L, 60L, 60L, 60L),
        values(Features.bucketize("c", boundaries), data));
  }

  @Test
  void boundariesThatDoNotAscendAreRefused() {
    assertRefused(
        "Invalid boundary: 1.0 (must be finite and above the one before)",
        () -> Features.bucketize("c", 0, 1, 1));
    assertRefused(
        "Invalid boundary: NaN (must be finite and above the one before)",
        () -> Features.bucketize("c", Double.NaN));
    assertRefused("Invalid boundaries: [] (must be at least 1)", () -> Features.bucketize("c"));
    assertRefused(
        "Invalid boundaries: [1.0] (must be at least 2)",
        () -> Features.bucketize("c", 1).withinBoundaries());
  }

  @Test
  void yamlNameMakesTheSameFeature() {
    assertEquals(
        Features.bucketize("c", 0, 10),
        fromYaml("bucketize", Map.of("column", "c", "boundaries", List.of(0.0, 10.0))));
    assertEquals(
        Features.bucketize("c", 0, 10).withinBoundaries(),
        fromYaml(
            "bucketize", Map.of("column", "c", "boundaries", List.of(0.0, 10.0), "outer", false)));
  }
}
