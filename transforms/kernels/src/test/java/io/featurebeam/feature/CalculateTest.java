package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.assertRefused;
import static io.featurebeam.feature.FeatureTests.column;
import static io.featurebeam.feature.FeatureTests.fromYaml;
import static io.featurebeam.feature.FeatureTests.list;
import static io.featurebeam.feature.FeatureTests.values;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CalculateTest {

  @TestFactory
  Stream<DynamicTest> laws() {
    return Stream.of("x / double(n)", "n * n - 1", "s + '!'", "x > 0 || n == null")
        .flatMap(cel -> FeatureLaws.of(Features.expression(cel)));
  }

  @Test
  void nullAndWhatCannotBeComputedAreNullAndNaNStays() {
    assertEquals(
        list(Double.NaN, null, 1.5),
        values(Features.expression("c / 2"), column(FieldType.FLOAT64, Double.NaN, null, 3.0)));
    assertEquals(
        list(50L, null, null),
        values(Features.expression("100 / c"), column(FieldType.INT64, 2L, 0L, null)));
    assertEquals(
        list(false, true),
        values(Features.expression("c == null"), column(FieldType.INT64, 2L, null)));
  }

  @Test
  void itsTypeAndInputsAreThoseOfTheExpression() {
    Feature ratio = Features.expression("(amount -  fee) / income");
    assertEquals(List.of("amount", "fee", "income"), ratio.inputs());
    assertEquals("expression((amount - fee) / income)", ratio.id());
    assertEquals(
        FieldType.STRING,
        Features.expression("s + s").outputs("f", FeatureLaws.SCHEMA, null).get(0).type());
  }

  @Test
  void anUnknownColumnIsRefused() {
    assertRefused(
        "Feature 'f': Unknown column: 'd'; did you mean 'c'?",
        () -> values(Features.expression("d + 1"), column(FieldType.INT64, 1L)));
  }

  @Test
  void yamlNameMakesTheSameFeature() {
    assertEquals(Features.expression("c + 1"), fromYaml("expression", Map.of("cel", "c + 1")));
  }
}
