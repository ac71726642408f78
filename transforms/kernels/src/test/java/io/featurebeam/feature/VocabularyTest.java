package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.assertRefused;
import static io.featurebeam.feature.FeatureTests.column;
import static io.featurebeam.feature.FeatureTests.fromYaml;
import static io.featurebeam.feature.FeatureTests.list;
import static io.featurebeam.feature.FeatureTests.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class VocabularyTest {

  private static final RecordBatch DATA =
      column(FieldType.STRING, "b", "c", "a", null, "c", "b", "d", "", "c");

  @TestFactory
  Stream<DynamicTest> laws() {
    return Stream.of(
            Features.vocabulary("s").withTopK(3).withOovBuckets(2),
            Features.vocabulary("n"),
            Features.vocabulary("n").withMinFrequency(160).withOovBuckets(7))
        .flatMap(FeatureLaws::of);
  }

  @Test
  void ranksAreByFrequencyThenByName() {
    assertEquals(
        list(1L, 0L, 3L, null, 0L, 1L, 4L, 2L, 0L), values(Features.vocabulary("c"), DATA));
  }

  @Test
  void topKAndMinFrequencyLeaveTheOthersUnknown() {
    assertEquals(
        list(-1L, 0L, -1L, null, 0L, -1L, -1L, -1L, 0L),
        values(Features.vocabulary("c").withTopK(1), DATA));
    assertEquals(
        list(1L, 0L, -1L, null, 0L, 1L, -1L, -1L, 0L),
        values(Features.vocabulary("c").withMinFrequency(2), DATA));
  }

  @Test
  void unknownValuesShareTheBucketsBehindTheVocabulary() {
    var ranks = values(Features.vocabulary("c").withTopK(2).withOovBuckets(3), DATA);
    assertEquals(list(1L, 0L), ranks.subList(0, 2));
    for (int i : new int[] {2, 6, 7}) {
      long bucket = (Long) ranks.get(i);
      assertTrue(bucket >= 2 && bucket < 5, "bucket " + bucket);
    }
    assertEquals(
        list(0L, 0L),
        values(
            Features.vocabulary("c").withOovBuckets(1),
            column(FieldType.STRING, null, null),
            column(FieldType.STRING, "x", "y")));
  }

  @Test
  void moreDistinctValuesThanDeclaredFailTheFit() {
    assertRefused(
        "Feature 'f': More than 4 distinct values (raise maxDistinct, or use hash, which learns"
            + " none)",
        () -> values(Features.vocabulary("c").withMaxDistinct(4), DATA));
    assertEquals(9, values(Features.vocabulary("c").withMaxDistinct(5), DATA).size());
  }

  @Test
  void yamlNameMakesTheSameFeature() {
    assertEquals(Features.vocabulary("c"), fromYaml("vocabulary", Map.of("column", "c")));
    assertEquals(
        new Vocabulary("c", 10, 2, 3, 99),
        fromYaml(
            "vocabulary",
            Map.of(
                "column",
                "c",
                "topK",
                10L,
                "minFrequency",
                2L,
                "oovBuckets",
                3L,
                "maxDistinct",
                99L)));
  }
}
