package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.assertRefused;
import static io.featurebeam.feature.FeatureTests.column;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FittedFeaturesTest {

  private static final RecordBatch DATA = column(FieldType.FLOAT64, 1.0, 3.0, null);
  private static final RecordSchema SCHEMA = DATA.schema();

  private static FeatureSet set(String name, Feature feature) {
    return FeatureSet.builder().add(name, feature).build();
  }

  private static FittedFeatures fitted(String name, Feature feature) {
    return set(name, feature).fitted(SCHEMA, TrainingRange.everything(), List.of(DATA));
  }

  @Test
  void theDocumentIsReadable() {
    assertEquals(
        """
        {
          "version" : 1,
          "features" : {
            "z" : {
              "feature" : "standardize(c, population)",
              "trainedRows" : 3,
              "trainedRanges" : [ ],
              "state" : {
                "count" : 2,
                "mean" : 2.0,
                "variance" : 1.0,
                "sum" : "4",
                "squares" : "10"
              }
            }
          }
        }""",
        fitted("z", Features.standardize("c")).toJson().replace(System.lineSeparator(), "\n"));
  }

  @Test
  void anyDoubleSurvivesTheDocumentBitForBit() {
    Random random = new Random(4);
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    double[] values = new double[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.longBitsToDouble(random.nextLong());
    }
    values[0] = Double.NaN;
    values[1] = Double.NEGATIVE_INFINITY;
    values[2] = Double.POSITIVE_INFINITY;
    values[3] = -0.0;
    values[4] = Double.MIN_VALUE;
    values[5] = Double.MAX_VALUE;
    for (int i = 0; i < values.length; i++) {
      state.put("v" + i, values[i]);
    }
    FittedFeatures saved =
        new FittedFeatures(Map.of("f", new FittedFeature("id", 1, List.of(), state)));
    var read = FittedFeatures.parse(saved.toJson()).features().get("f").state();
    for (int i = 0; i < values.length; i++) {
      assertEquals(
          Double.doubleToLongBits(values[i]),
          Double.doubleToLongBits(Json.number(read, "v" + i)),
          "of " + values[i]);
    }
  }

  @Test
  void aStateOfAnotherColumnKindOrParameterIsRefused() {
    FittedFeatures saved = fitted("z", Features.standardize("c"));
    assertRefused(
        "Feature 'z': Fitted state is of standardize(c, population) (must be of standardize(c,"
            + " sample): fit again, or restore the declaration)",
        () -> set("z", Features.standardize("c").withSample()).bind(SCHEMA, saved));
    assertRefused(
        "Feature 'z': Fitted state is of standardize(c, population) (must be of min_max(c, 0.0,"
            + " 1.0): fit again, or restore the declaration)",
        () -> set("z", Features.minMax("c")).bind(SCHEMA, saved));
  }

  @Test
  void aStateLearnedOverAnotherEarlierFeatureIsRefused() {
    FeatureSet before =
        FeatureSet.builder()
            .add("filled", Features.impute("c", "0"))
            .add("z", Features.standardize("filled"))
            .build();
    FeatureSet after =
        FeatureSet.builder()
            .add("filled", Features.impute("c", "1"))
            .add("z", Features.standardize("filled"))
            .build();
    FittedFeatures saved = before.fitted(SCHEMA, TrainingRange.everything(), List.of(DATA));
    assertRefused(
        "Feature 'z': Fitted state is of standardize(filled, population), filled = impute(c,"
            + " constant 0) (must be of standardize(filled, population), filled = impute(c,"
            + " constant 1): fit again, or restore the declaration)",
        () -> after.bind(SCHEMA, saved));
  }

  @Test
  void aFeatureWithoutStateIsNamedWithTheNearestThatHasOne() {
    FittedFeatures saved = fitted("delay_z", Features.standardize("c"));
    assertRefused(
        "Feature 'dealy_z': not fitted; did you mean 'delay_z'? (fit it, or give its fitted state)",
        () -> set("dealy_z", Features.standardize("c")).bind(SCHEMA, saved));
  }

  @Test
  void brokenDocumentsAreRefusedWithWhatIsWrong() {
    assertRefused(
        "Invalid fitted state: 'version' is missing (must be a whole number >= 0)",
        () -> FittedFeatures.parse("{}"));
    assertRefused(
        "Invalid fitted features: version 2 (must be 1; fit again)",
        () -> FittedFeatures.parse("{\"version\": 2}"));
    assertRefused(
        "Invalid fitted state: 'features' is [] (must be an object)",
        () -> FittedFeatures.parse("{\"version\": 1, \"features\": []}"));
    assertRefused(
        "Feature 'z': Invalid fitted state: 'state' is missing (must be an object)",
        () -> FittedFeatures.parse("{\"version\": 1, \"features\": {\"z\": {}}}"));
    assertRefused(
        "Feature 'z': Invalid fitted state: 'trainedRanges' is [[\"monday\",\"\"]] (must be pairs"
            + " of ISO 8601 times)",
        () ->
            FittedFeatures.parse(
                "{\"version\": 1, \"features\": {\"z\": {\"feature\": \"f\", \"trainedRows\": 1,"
                    + " \"trainedRanges\": [[\"monday\", \"\"]], \"state\": {}}}}"));
    String saved = fitted("z", Features.standardize("c")).toJson();
    assertRefused(
        "Feature 'z': Invalid fitted state: 'count' is -2 (must be a whole number >= 0)",
        () ->
            set("z", Features.standardize("c"))
                .bind(SCHEMA, FittedFeatures.parse(saved.replace(": 2,", ": -2,"))));
    assertRefused(
        "Feature 'z': Invalid fitted state: 'sum' is \"1e999999999\" (must be a decimal number of at"
            + " most 4000 digits)",
        () ->
            set("z", Features.standardize("c"))
                .bind(SCHEMA, FittedFeatures.parse(saved.replace("\"4\"", "\"1e999999999\""))));
    assertRefused(
        "Feature 'z': Invalid fitted state: 'sum' is \"four\" (must be a decimal number)",
        () ->
            set("z", Features.standardize("c"))
                .bind(SCHEMA, FittedFeatures.parse(saved.replace("\"4\"", "\"four\""))));
    assertRefused(
        "Feature 'z': Invalid fitted state: 'squares' is below sum^2 / count (fit it again)",
        () ->
            set("z", Features.standardize("c"))
                .bind(SCHEMA, FittedFeatures.parse(saved.replace("\"10\"", "\"1\""))));
  }
}
