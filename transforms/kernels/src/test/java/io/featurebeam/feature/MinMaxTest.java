package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.assertRefused;
import static io.featurebeam.feature.FeatureTests.column;
import static io.featurebeam.feature.FeatureTests.fromYaml;
import static io.featurebeam.feature.FeatureTests.list;
import static io.featurebeam.feature.FeatureTests.values;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MinMaxTest {

  private static final RecordBatch TRAINING =
      column(FieldType.FLOAT64, 10.0, null, Double.NaN, 20.0, Double.POSITIVE_INFINITY, 30.0);

  @TestFactory
  Stream<DynamicTest> laws() {
    return Stream.of(
            Features.minMax("x"),
            Features.minMax("n").withRange(-1, 1),
            Features.minMax("x").withClip())
        .flatMap(FeatureLaws::of);
  }

  @Test
  void trainingRangeBecomesZeroToOneAndBeyondLiesBeyond() {
    assertEquals(
        list(0.0, 0.5, 1.0, null, Double.NaN, 2.0, Double.NEGATIVE_INFINITY),
        values(
            Features.minMax("c"),
            TRAINING,
            column(
                FieldType.FLOAT64,
                10.0,
                20.0,
                30.0,
                null,
                Double.NaN,
                50.0,
                Double.NEGATIVE_INFINITY)));
  }

  @Test
  void clipHoldsValuesInTheRange() {
    assertEquals(
        list(1.0, -1.0, 0.0, Double.NaN),
        values(
            Features.minMax("c").withRange(-1, 1).withClip(),
            TRAINING,
            column(FieldType.FLOAT64, 50.0, -50.0, 20.0, Double.NaN)));
  }

  @Test
  void constantTrainingValuesGiveTheMiddle() {
    assertEquals(
        list(3.0, 3.0, Double.NaN, null),
        values(
            Features.minMax("c").withRange(2, 4),
            column(FieldType.FLOAT64, 7.0, 7.0),
            column(FieldType.FLOAT64, 7.0, Double.POSITIVE_INFINITY, Double.NaN, null)));
  }

  @Test
  void aRangeUpsideDownIsRefused() {
    assertRefused(
        "Invalid range: 1.0 to 1.0 (low must be below high, both finite)",
        () -> Features.minMax("c").withRange(1, 1));
  }

  @Test
  void noFiniteTrainingValueIsRefused() {
    assertRefused(
        "Feature 'f': fitted on no finite value of 'c' (fit it on data that has some)",
        () -> values(Features.minMax("c"), column(FieldType.FLOAT64, null, Double.NaN)));
  }

  @Test
  void yamlNameMakesTheSameFeature() {
    assertEquals(Features.minMax("c"), fromYaml("min_max", Map.of("column", "c")));
    assertEquals(
        Features.minMax("c").withRange(-1, 2).withClip(),
        fromYaml("min_max", Map.of("column", "c", "low", -1.0, "high", 2.0, "clip", true)));
  }
}
