package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.assertRefused;
import static io.featurebeam.feature.FeatureTests.column;
import static io.featurebeam.feature.FeatureTests.fromYaml;
import static io.featurebeam.feature.FeatureTests.list;
import static io.featurebeam.feature.FeatureTests.values;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StandardizeTest {

  @TestFactory
  Stream<DynamicTest> laws() {
    return Stream.of(
            Features.standardize("x"),
            Features.standardize("n"),
            Features.standardize("x").withSample())
        .flatMap(FeatureLaws::of);
  }

  @Test
  void populationIsTheDefault() {
    // Mean 5, population variance 4, sample variance 32 / 7.
    var data = column(FieldType.INT64, 2, 4, 4, 4, 5, 5, 7, 9);
    assertEquals(
        list(-1.5, -0.5, -0.5, -0.5, 0.0, 0.0, 1.0, 2.0), values(Features.standardize("c"), data));
    assertEquals(
        4 / Math.sqrt(32 / 7.0),
        (Double) values(Features.standardize("c").withSample(), data).get(7),
        1e-15);
  }

  @Test
  void nullNanAndInfinityAreNotLearnedAndStayWhatTheyAre() {
    assertEquals(
        list(-1.0, null, Double.NaN, Double.POSITIVE_INFINITY, 1.0),
        values(
            Features.standardize("c"),
            column(FieldType.FLOAT64, 1.0, null, Double.NaN, Double.POSITIVE_INFINITY, 3.0)));
  }

  @Test
  void constantTrainingValuesGiveTheDistanceFromTheMean() {
    assertEquals(
        list(0.0, 0.75, null),
        values(
            Features.standardize("c"),
            column(FieldType.FLOAT64, 0.1, 0.1, 0.1),
            column(FieldType.FLOAT64, 0.1, 0.85, null)));
    assertEquals(
        list(2.0),
        values(
            Features.standardize("c").withSample(),
            column(FieldType.INT64, 5),
            column(FieldType.INT64, 7)));
  }

  @Test
  void aTinySpreadFarFromZeroIsFound() {
    // A plain sum of squares has lost these digits: 10^9 squared has a unit of 128.
    assertEquals(
        list(-1.0, 1.0, -1.0, 1.0),
        values(
            Features.standardize("c"), column(FieldType.FLOAT64, 1e9, 1e9 + 0.5, 1e9, 1e9 + 0.5)));
  }

  @Test
  void noFiniteTrainingValueIsRefused() {
    assertRefused(
        "Feature 'f': fitted on no finite value of 'c' (fit it on data that has some)",
        () -> values(Features.standardize("c"), column(FieldType.FLOAT64, null, Double.NaN)));
  }

  @Test
  void yamlNameMakesTheSameFeature() {
    assertEquals(Features.standardize("c"), fromYaml("standardize", Map.of("column", "c")));
    assertEquals(
        Features.standardize("c").withSample(),
        fromYaml("standardize", Map.of("column", "c", "sample", true)));
  }
}
