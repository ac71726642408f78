package io.featurebeam.transforms.features;

import static io.featurebeam.transforms.features.FitFeaturesTest.FEATURES;
import static io.featurebeam.transforms.features.FitFeaturesTest.SCHEMA;
import static io.featurebeam.transforms.features.FitFeaturesTest.batches;
import static io.featurebeam.transforms.features.FitFeaturesTest.directly;
import static io.featurebeam.transforms.features.FitFeaturesTest.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.feature.FeatureSet;
import io.featurebeam.feature.Features;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.feature.TrainingRange;
import io.featurebeam.transforms.records.BatchCoder;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class EngineerFeaturesTest {

  private final Pipeline pipeline = Pipeline.create();

  @Test
  void savedStateMapsEveryBatchAndKeepsItsColumns() {
    FittedFeatures fitted = directly(TrainingRange.everything());
    var expected = batches().stream().map(FEATURES.bind(SCHEMA, fitted)::map).toList();
    PAssert.that(
            pipeline
                .apply(Create.of(batches()).withCoder(BatchCoder.of()))
                .apply(EngineerFeatures.of(FEATURES, SCHEMA).withFitted(fitted)))
        .containsInAnyOrder(expected);
    pipeline.run().waitUntilFinish();
    assertEquals("filled", expected.get(0).schema().field(3).name());
  }

  @Test
  void featuresWithoutAFitNeedNoState() {
    FeatureSet plain = FeatureSet.builder().add("bucket", Features.hash("origin", 4)).build();
    RecordBatch batch = batches().get(0);
    PAssert.that(
            pipeline
                .apply(Create.of(batch).withCoder(BatchCoder.of()))
                .apply(EngineerFeatures.of(plain, SCHEMA)))
        .containsInAnyOrder(plain.bind(SCHEMA, FittedFeatures.none()).map(batch));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void whatDoesNotFitIsRefusedWhenThePipelineIsBuilt() {
    var records = pipeline.apply(Create.of(batches()).withCoder(BatchCoder.of()));
    refused(
        "Feature 'filled': not fitted (fit it, or give its fitted state)",
        () -> records.apply(EngineerFeatures.of(FEATURES, SCHEMA)));
    FeatureSet misspelt = FeatureSet.builder().add("z", Features.standardize("dealy")).build();
    refused(
        "Feature 'z': Unknown column: 'dealy'; did you mean 'delay'?",
        () -> EngineerFeatures.of(misspelt, SCHEMA));
  }

  @Test
  void displayDataNamesEachFeatureWithoutItsSettings() {
    DisplayData data =
        DisplayData.from(
            EngineerFeatures.of(
                FeatureSet.builder().add("hash", Features.hash("origin", 8).withSeed(4711)).build(),
                SCHEMA));
    assertEquals(
        "of origin",
        data.items().stream()
            .filter(item -> item.getKey().equals("hash"))
            .findFirst()
            .orElseThrow()
            .getValue());
  }

  @Test
  void fittedFeaturesSurviveTheirCoder() throws Exception {
    FittedFeatures fitted = directly(TrainingRange.everything());
    assertEquals(fitted.toJson(), CoderUtils.clone(FittedFeaturesCoder.of(), fitted).toJson());
  }
}
