package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.assertRefused;
import static io.featurebeam.feature.FeatureTests.list;
import static io.featurebeam.feature.FeatureTests.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.feature.Impute.Strategy;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeatureSetTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(Field.of("delay", FieldType.FLOAT64), Field.of("origin", FieldType.STRING));

  private static final RecordBatch DATA =
      RecordBatch.builder(SCHEMA)
          .add(1.0, "ORD")
          .add(null, "ATL")
          .add(5.0, "ORD")
          .build(Positions.contiguous("a.parquet", 7));

  /**
   * Mean 3 fills; then 1, 3, 5 have mean 3 and variance 8/3; the range of that is scaled in turn.
   */
  private static final FeatureSet CHAIN =
      FeatureSet.builder()
          .add("filled", Features.impute("delay", Strategy.MEAN))
          .add("z", Features.standardize("filled"))
          .add("level", Features.minMax("z"))
          .add("is", Features.oneHot("origin"))
          .build();

  @Test
  void fittedFeaturesThatReadFittedOnesAreLearnedInPasses() {
    assertEquals(
        List.of(List.of("filled", "is"), List.of("z"), List.of("level")),
        CHAIN.passes(SCHEMA, FittedFeatures.none()));
    FeatureFit first = CHAIN.fit(SCHEMA, TrainingRange.everything(), FittedFeatures.none());
    first.accumulate(DATA);
    FittedFeatures known = first.result();
    assertEquals(List.of("filled", "is"), List.copyOf(known.features().keySet()));
    assertEquals(List.of(List.of("z"), List.of("level")), CHAIN.passes(SCHEMA, known));
    FittedFeatures all = CHAIN.fitted(SCHEMA, TrainingRange.everything(), List.of(DATA));
    assertEquals(List.of(), CHAIN.passes(SCHEMA, all));
    RecordBatch out = CHAIN.bind(SCHEMA, all).map(DATA);
    assertEquals(
        List.of("delay", "origin", "filled", "z", "level", "is_ORD", "is_ATL"),
        out.schema().names());
    assertEquals(list(1.0, 3.0, 5.0), values(out, "filled"));
    double z = 2 / Math.sqrt(8 / 3.0);
    assertEquals(list(-z, 0.0, z), values(out, "z"));
    assertEquals(list(0.0, 0.5, 1.0), values(out, "level"));
    assertEquals(out.schema(), CHAIN.outputSchema(SCHEMA, all));
    assertEquals(DATA.positions().place(2), out.positions().place(2));
  }

  @Test
  void beforeAFitAllColumnsAreKnownButThoseThatItNames() {
    assertEquals(
        List.of("delay", "origin", "filled", "z", "level"),
        CHAIN.knownSchema(SCHEMA, FittedFeatures.none()).names());
    FittedFeatures all = CHAIN.fitted(SCHEMA, TrainingRange.everything(), List.of(DATA));
    assertEquals(CHAIN.outputSchema(SCHEMA, all), CHAIN.knownSchema(SCHEMA, all));
  }

  @Test
  void whatIsComputedFromAColumnIsComputedFromWhatFeaturesMakeOfItToo() {
    FittedFeatures all = CHAIN.fitted(SCHEMA, TrainingRange.everything(), List.of(DATA));
    assertEquals(
        Set.of("delay", "filled", "z", "level"), CHAIN.computedFrom(List.of("delay"), SCHEMA, all));
    assertEquals(
        Set.of("origin", "is_ORD", "is_ATL", "other"),
        CHAIN.computedFrom(List.of("origin", "other"), SCHEMA, all));
    assertEquals(Set.of("z", "level"), CHAIN.computedFrom(List.of("z"), SCHEMA, all));
  }

  @Test
  void onlyFittedFeaturesNeedAFit() {
    assertTrue(CHAIN.needsFit());
    FeatureSet plain = FeatureSet.builder().add("l", Features.log1p("delay")).build();
    assertFalse(plain.needsFit());
    assertEquals(
        list(Math.log(2), null, Math.log(6)),
        values(plain.bind(SCHEMA, FittedFeatures.none()).map(DATA), "l"));
    assertEquals("[l = log1p(delay)]", plain.toString());
  }

  @Test
  void duplicateAndEmptyNamesAreRefused() {
    assertRefused(
        "Duplicate feature name: 'a' (names must be unique)",
        () -> FeatureSet.builder().add("a", Features.log1p("x")).add("a", Features.log1p("y")));
    assertRefused(
        "Invalid feature name: '' (must not be empty)",
        () -> FeatureSet.builder().add("", Features.log1p("x")));
  }

  @Test
  void aLaterFeatureAndACircleAreRefused() {
    FeatureSet later =
        FeatureSet.builder()
            .add("a", Features.log1p("b"))
            .add("b", Features.log1p("delay"))
            .build();
    assertRefused(
        "Feature 'a': reads 'b', which is declared after it (declare 'b' first)",
        () -> later.check(SCHEMA));
    FeatureSet circle =
        FeatureSet.builder()
            .add("a", Features.log1p("b"))
            .add("b", Features.log1p("c"))
            .add("c", Features.log1p("a"))
            .build();
    assertRefused("Feature 'a': reads itself: a -> b -> c -> a", () -> circle.check(SCHEMA));
    FeatureSet self = FeatureSet.builder().add("a", Features.log1p("a")).build();
    assertRefused("Feature 'a': reads itself: a -> a", () -> self.check(SCHEMA));
  }

  @Test
  void aFeatureOfSeveralColumnsMayBeNamedAsTheColumnItReads() {
    FeatureSet set =
        FeatureSet.builder().add("origin", Features.oneHot("origin", List.of("ORD", "B"))).build();
    assertEquals(
        List.of("delay", "origin", "origin_ORD", "origin_B"),
        set.outputSchema(SCHEMA, FittedFeatures.none()).names());
  }

  @Test
  void unknownColumnsAreRefusedWithTheNearest() {
    FeatureSet set = FeatureSet.builder().add("z", Features.standardize("dealy")).build();
    assertRefused(
        "Feature 'z': Unknown column: 'dealy'; did you mean 'delay'?", () -> set.check(SCHEMA));
  }

  @Test
  void aColumnIsNeverReplaced() {
    FeatureSet same = FeatureSet.builder().add("delay", Features.hash("origin", 3)).build();
    assertRefused(
        "Feature 'delay': would replace column 'delay' (give the feature another name)",
        () -> same.check(SCHEMA));
    FeatureSet clash =
        FeatureSet.builder()
            .add("is_ORD", Features.log1p("delay"))
            .add("is", Features.oneHot("origin", List.of("ORD")))
            .build();
    assertRefused(
        "Feature 'is': would replace column 'is_ORD' (give the feature another name)",
        () -> clash.check(SCHEMA));
  }

  @Test
  void aColumnThatIsOnlyKnownOnceFittedCannotBeRead() {
    FeatureSet set =
        FeatureSet.builder()
            .add("is", Features.oneHot("origin"))
            .add("l", Features.log1p("is_ORD"))
            .build();
    assertRefused(
        "Feature 'l': reads 'is_ORD', a column that 'is' has only once it is fitted (give 'is' its"
            + " categories)",
        () -> set.check(SCHEMA));
  }

  @Test
  void typesAreCheckedBeforeAnythingIsFitted() {
    FeatureSet set =
        FeatureSet.builder()
            .add("mode", Features.impute("origin", Strategy.MODE))
            .add("z", Features.standardize("mode"))
            .build();
    assertRefused(
        "Feature 'z': Column 'mode' is string (must be int64 or float64)", () -> set.check(SCHEMA));
  }

  @Test
  void aBatchOfAnotherSchemaIsRefused() {
    FeatureSet set = FeatureSet.builder().add("l", Features.log1p("delay")).build();
    RecordBatch other = DATA.project(List.of("delay"));
    assertRefused(
        "Features are bound to (delay float64, origin string) (the batch has (delay float64))",
        () -> set.bind(SCHEMA, FittedFeatures.none()).map(other));
  }
}
