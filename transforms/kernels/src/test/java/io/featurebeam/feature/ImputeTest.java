package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.apply;
import static io.featurebeam.feature.FeatureTests.assertRefused;
import static io.featurebeam.feature.FeatureTests.column;
import static io.featurebeam.feature.FeatureTests.fromYaml;
import static io.featurebeam.feature.FeatureTests.list;
import static io.featurebeam.feature.FeatureTests.values;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.feature.Impute.Strategy;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ImputeTest {

  private static final RecordBatch NUMBERS =
      column(FieldType.FLOAT64, 1.0, null, 2.0, Double.NaN, 2.0, 11.0);

  @TestFactory
  Stream<DynamicTest> laws() {
    return Stream.of(
            Features.impute("x", Strategy.MEAN),
            Features.impute("n", Strategy.MEDIAN),
            Features.impute("s", Strategy.MODE),
            Features.impute("n", Strategy.MODE),
            Features.impute("x", Strategy.MODE),
            Features.impute("s", "none"),
            Features.impute("n", "-9"))
        .flatMap(FeatureLaws::of);
  }

  @Test
  void nullAndNanAreReplaced() {
    assertEquals(
        list(1.0, 4.0, 2.0, 4.0, 2.0, 11.0), values(Features.impute("c", Strategy.MEAN), NUMBERS));
    assertEquals(
        list(1.0, 2.0, 2.0, 2.0, 2.0, 11.0),
        values(Features.impute("c", Strategy.MEDIAN), NUMBERS));
    assertEquals(
        list(1.0, 2.0, 2.0, 2.0, 2.0, 11.0), values(Features.impute("c", Strategy.MODE), NUMBERS));
    assertEquals(
        list(1.0, -1.0, 2.0, -1.0, 2.0, 11.0), values(Features.impute("c", "-1"), NUMBERS));
  }

  @Test
  void theOutputIsDeclaredNotNullAndKeepsItsTypeWhereItCan() {
    RecordBatch whole = column(FieldType.INT64, 1, null, 2);
    assertEquals(
        Field.required("f", FieldType.FLOAT64),
        apply(Features.impute("c", Strategy.MEAN), whole, whole).schema().field("f"));
    assertEquals(
        Field.required("f", FieldType.INT64),
        apply(Features.impute("c", Strategy.MODE), whole, whole).schema().field("f"));
    assertEquals(list(1L, 7L, 2L), values(Features.impute("c", "7"), whole));
  }

  @Test
  void textIsReplacedByModeOrConstant() {
    RecordBatch text = column(FieldType.STRING, "b", null, "a", "", null);
    assertEquals(list("b", "", "a", "", ""), values(Features.impute("c", Strategy.MODE), text));
    assertEquals(list("b", "é", "a", "", "é"), values(Features.impute("c", "é"), text));
  }

  @Test
  void medianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
    assertEquals(
        list(2.5),
        values(
            Features.impute("c", Strategy.MEDIAN),
            column(FieldType.INT64, 4, 1, 3, 2),
            column(FieldType.INT64, (Object) null)));
  }

  @Test
  void medianOfManyIsWithinTheStatedRank() {
    Random random = new Random(5);
    Object[] values = new Object[200_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextDouble(); // rank = value
    }
    RecordBatch none = column(FieldType.FLOAT64, (Object) null);
    var replaced =
        values(Features.impute("c", Strategy.MEDIAN), column(FieldType.FLOAT64, values), none);
    // 0.1 percent of the ranks, and three sigma of the sample's own median.
    assertEquals(0.5, (Double) replaced.get(0), 0.001 + 3 * 0.5 / Math.sqrt(values.length));
  }

  @Test
  void whatCannotBeReplacedIsRefused() {
    assertRefused(
        "Feature 'f': Column 'c' is string (must be int64 or float64)",
        () -> values(Features.impute("c", Strategy.MEAN), column(FieldType.STRING, "a")));
    assertRefused(
        "Feature 'f': Invalid value: 'x' (must be a number, as the column is int64)",
        () -> values(Features.impute("c", "x"), column(FieldType.INT64, 1)));
    assertRefused(
        "Feature 'f': fitted on no value of 'c' (fit it on data that has some)",
        () ->
            values(Features.impute("c", Strategy.MEDIAN), column(FieldType.INT64, (Object) null)));
  }

  @Test
  void yamlNameMakesTheSameFeature() {
    assertEquals(Features.impute("c", Strategy.MEAN), fromYaml("impute", Map.of("column", "c")));
    assertEquals(Features.impute("c", "0"), fromYaml("impute", Map.of("column", "c", "value", 0L)));
    assertEquals(
        Features.impute("c", Strategy.MODE),
        fromYaml("impute", Map.of("column", "c", "strategy", "mode")));
    assertRefused(
        "Unknown strategy: 'medain'; did you mean 'median'?",
        () -> fromYaml("impute", Map.of("column", "c", "strategy", "medain")));
    assertRefused(
        "Invalid value: 3 (only with strategy constant, not mean)",
        () -> fromYaml("impute", Map.of("column", "c", "strategy", "mean", "value", 3L)));
    assertRefused(
        "Missing parameter: 'value' (the constant that replaces a missing value)",
        () -> fromYaml("impute", Map.of("column", "c", "strategy", "constant")));
  }
}
