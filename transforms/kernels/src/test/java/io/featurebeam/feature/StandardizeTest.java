package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.assertRefused;
import static io.featurebeam.feature.FeatureTests.column;
import static io.featurebeam.feature.FeatureTests.fromYaml;
import static io.featurebeam.feature.FeatureTests.list;
import static io.featurebeam.feature.FeatureTests.values;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({
    "0.1, 3",
    "0.1, 1000",
    "-0.1, 24593",
    "1000000000.1, 24593",
    "1e-200, 777",
    "4.9e-324, 10",
    "1.7e308, 10"
  })
  void aConstantColumnHasNoDeviationHoweverItsSumsRound(double constant, int records) {
    Double[] values = new Double[records];
    Arrays.fill(values, constant);
    assertEquals(
        list(0.0, constant * 2 - constant),
        values(
            Features.standardize("c"),
            column(FieldType.FLOAT64, (Object[]) values),
            column(FieldType.FLOAT64, constant, constant * 2)));
  }

  @Test
  void aDeviationOfOneUnitInTheLastPlaceIsFound() {
    // The mean lies between two doubles: rounded to one of them it would give 0 and 2.
    assertEquals(
        list(-1.0, 1.0, null),
        values(Features.standardize("c"), column(FieldType.FLOAT64, 0.1, Math.nextUp(0.1), null)));
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
