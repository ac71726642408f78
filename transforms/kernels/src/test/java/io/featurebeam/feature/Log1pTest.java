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

class Log1pTest {

  @TestFactory
  Stream<DynamicTest> laws() {
    return Stream.concat(FeatureLaws.of(Features.log1p("x")), FeatureLaws.of(Features.log1p("n")));
  }

  @Test
  void edgesOfTheDomainAreThoseOfTheLogarithm() {
    assertEquals(
        list(
            0.0,
            Math.log(2),
            null,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NaN),
        values(
            Features.log1p("c"),
            column(
                FieldType.FLOAT64,
                0.0,
                1.0,
                null,
                Double.NaN,
                -1.0,
                -1.5,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY)));
  }

  @Test
  void valuesNearZeroKeepTheirDigits() {
    // Known to more digits than a double holds: log(1 + 1e-9) = 1e-9 - 5e-19 + ...
    assertEquals(
        list(1e-20, 9.999999995e-10, -1e-20),
        values(Features.log1p("c"), column(FieldType.FLOAT64, 1e-20, 1e-9, -1e-20)));
  }

  @Test
  void textIsRefused() {
    assertRefused(
        "Feature 'f': Column 'c' is string (must be int64 or float64)",
        () -> values(Features.log1p("c"), column(FieldType.STRING, "a")));
  }

  @Test
  void yamlNameMakesTheSameFeature() {
    assertEquals(Features.log1p("c"), fromYaml("log1p", Map.of("column", "c")));
  }
}
