package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.apply;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OneHotTest {

  private static final RecordBatch DATA = column(FieldType.STRING, "b", "a", null, "b", "c", "a");

  @TestFactory
  Stream<DynamicTest> laws() {
    return Stream.of(
            Features.oneHot("s").withTopK(4).withOov(),
            Features.oneHot("n"),
            Features.oneHot("s", List.of("aé", "é")),
            Features.oneHot("n", List.of("-2", "4")).withOov())
        .flatMap(FeatureLaws::of);
  }

  @Test
  void learnedColumnsComeByFrequencyThenByName() {
    RecordBatch out = apply(Features.oneHot("c"), DATA, DATA);
    assertEquals(List.of("c", "f_a", "f_b", "f_c"), out.schema().names());
    assertEquals(list(0.0, 1.0, 0.0, 0.0, 0.0, 1.0), values(out, "f_a"));
    assertEquals(list(1.0, 0.0, 0.0, 1.0, 0.0, 0.0), values(out, "f_b"));
    assertEquals(list(0.0, 0.0, 0.0, 0.0, 1.0, 0.0), values(out, "f_c"));
  }

  @Test
  void unknownIsZeroEverywhereOrInTheOovColumnAndNullIsZeroThereToo() {
    RecordBatch out = apply(Features.oneHot("c", List.of("a")).withOov(), DATA, DATA);
    assertEquals(List.of("c", "f_a", "f_oov"), out.schema().names());
    assertEquals(list(1.0, 0.0, 0.0, 1.0, 1.0, 0.0), values(out, "f_oov"));
    RecordBatch plain = apply(Features.oneHot("c").withTopK(1), DATA, DATA);
    assertEquals(List.of("c", "f_a"), plain.schema().names());
    assertEquals(list(0.0, 1.0, 0.0, 0.0, 0.0, 1.0), values(plain, "f_a"));
  }

  @Test
  void wholeNumbersAreCategoriesOrderedByFrequencyThenBySize() {
    RecordBatch numbers = column(FieldType.INT64, 10, 9, 9, 10, -1, null);
    RecordBatch out = apply(Features.oneHot("c"), numbers, numbers);
    assertEquals(List.of("c", "f_9", "f_10", "f_-1"), out.schema().names());
    assertEquals(list(1.0, 0.0, 0.0, 1.0, 0.0, 0.0), values(out, "f_10"));
  }

  @Test
  void wrongCategoriesAndTypesAreRefused() {
    assertRefused(
        "Duplicate category: 'a' (each must be given once)",
        () -> Features.oneHot("c", List.of("a", "b", "a")));
    assertRefused(
        "Feature 'f': Invalid value: 'a' (must be a number, as the column is int64)",
        () ->
            apply(
                Features.oneHot("c", List.of("a")),
                column(FieldType.INT64, 1),
                column(FieldType.INT64, 1)));
    assertRefused(
        "Feature 'f': Column 'c' is float64 (must be string or int64; bucketize it first)",
        () -> values(Features.oneHot("c"), column(FieldType.FLOAT64, 1.0)));
    assertRefused("Invalid topK: 0 (must be >= 1)", () -> Features.oneHot("c").withTopK(0));
  }

  @Test
  void moreThanAThousandColumnsAreRefused() {
    Object[] many = IntStream.range(0, 1001).mapToObj(Long::valueOf).toArray();
    assertRefused(
        "Feature 'f': 1001 categories (must be at most 1000: give topK, or use vocabulary or hash)",
        () -> values(Features.oneHot("c"), column(FieldType.INT64, many)));
  }

  @Test
  void yamlNameMakesTheSameFeature() {
    assertEquals(Features.oneHot("c"), fromYaml("one_hot", Map.of("column", "c")));
    assertEquals(
        Features.oneHot("c", List.of("1", "2")).withTopK(5).withOov(),
        fromYaml(
            "one_hot",
            Map.of("column", "c", "categories", List.of(1L, 2L), "topK", 5L, "oov", true)));
  }
}
