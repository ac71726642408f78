package io.featurebeam.transforms.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.feature.FeatureSet;
import io.featurebeam.feature.Features;
import io.featurebeam.feature.FittedFeature;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.feature.Impute.Strategy;
import io.featurebeam.feature.TrainingRange;
import io.featurebeam.transforms.records.BatchCoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class FitFeaturesTest {

  static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("date", FieldType.TIMESTAMP),
          Field.of("delay", FieldType.FLOAT64),
          Field.of("origin", FieldType.STRING));

  static final Instant START = Instant.parse("2001-01-01T00:00:00Z");
  static final Instant CUT = Instant.parse("2001-01-03T00:00:00Z");
  static final Instant END = Instant.parse("2001-01-11T00:00:00Z");

  /** Fitted over fitted over fitted, and some that stand alone. */
  static final FeatureSet FEATURES =
      FeatureSet.builder()
          .add("filled", Features.impute("delay", Strategy.MEDIAN))
          .add("log", Features.log1p("filled"))
          .add("z", Features.standardize("filled"))
          .add("level", Features.minMax("z").withRange(-1, 1))
          .add("from", Features.oneHot("origin").withTopK(2).withOov())
          .add("rank", Features.vocabulary("origin"))
          .build();

  private final Pipeline pipeline = Pipeline.create();

  /** Ten days, a record every six minutes, ten hours a batch. */
  static List<RecordBatch> batches() {
    Random random = new Random(9);
    List<RecordBatch> batches = new ArrayList<>();
    for (int hour = 0; hour < 240; hour += 10) {
      RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
      for (int i = 0; i < 100; i++) {
        rows.add(
            (START.getEpochSecond() + hour * 3600L + i * 360L) * 1_000_000,
            random.nextInt(8) == 0 ? null : random.nextInt(100) + 40.0 * hour,
            "ABCD".substring(random.nextInt(4)));
      }
      batches.add(rows.build());
    }
    return batches;
  }

  private PCollection<RecordBatch> records(List<RecordBatch> batches) {
    return pipeline.apply("Read", Create.of(batches).withCoder(BatchCoder.of()));
  }

  static FittedFeatures directly(TrainingRange range) {
    return FEATURES.fitted(SCHEMA, range, batches());
  }

  /** The median of few values is exact, but its sketch may hold them in another order. */
  static void assertSame(FittedFeatures expected, FittedFeatures actual) {
    assertEquals(
        List.copyOf(expected.features().keySet()), List.copyOf(actual.features().keySet()));
    expected
        .features()
        .forEach(
            (name, feature) -> {
              FittedFeature other = actual.features().get(name);
              assertEquals(feature.feature(), other.feature());
              assertEquals(feature.trainedRows(), other.trainedRows(), name);
              assertEquals(feature.trainedRanges(), other.trainedRanges());
            });
    RecordBatch all = RecordBatch.concat(batches());
    assertEquals(FEATURES.bind(SCHEMA, expected).map(all), FEATURES.bind(SCHEMA, actual).map(all));
  }

  @Test
  void bundlesAndPassesLearnWhatOneLoopLearns() {
    TrainingRange range = TrainingRange.of("date", START, CUT);
    PAssert.thatSingleton(
            records(batches()).apply(FitFeatures.of(FEATURES, SCHEMA).withRange(range)))
        .satisfies(
            actual -> {
              assertSame(directly(range), actual);
              assertEquals(480, actual.features().get("level").trainedRows());
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void learnedStateIsUsedInTheSamePipeline() {
    TrainingRange range = TrainingRange.of("date", START, CUT);
    PCollection<RecordBatch> records = records(batches());
    PCollectionView<FittedFeatures> learned =
        records
            .apply("Fit", FitFeatures.of(FEATURES, SCHEMA).withRange(range))
            .apply(View.asSingleton());
    var expected = new ArrayList<RecordBatch>();
    batches().forEach(b -> expected.add(FEATURES.bind(SCHEMA, directly(range)).map(b)));
    PAssert.that(
            records.apply("Engineer", EngineerFeatures.of(FEATURES, SCHEMA).withFitted(learned)))
        .containsInAnyOrder(expected);
    pipeline.run().waitUntilFinish();
  }

  @Test
  void theNextDaysAreAddedToASavedState() {
    FeatureSet unchained =
        FeatureSet.builder()
            .add("z", Features.standardize("delay"))
            .add("rank", Features.vocabulary("origin"))
            .build();
    FittedFeatures saved =
        unchained.fitted(SCHEMA, TrainingRange.of("date", START, CUT), batches());
    FittedFeatures whole =
        unchained.fitted(SCHEMA, TrainingRange.of("date", START, END), batches());
    PAssert.thatSingleton(
            records(batches())
                .apply(
                    FitFeatures.of(unchained, SCHEMA)
                        .withRange(TrainingRange.of("date", CUT, END))
                        .continuing(saved)))
        .isEqualTo(whole);
    pipeline.run().waitUntilFinish();
  }

  @Test
  void anEmptyInputGivesAStateThatIsRefusedWhenUsed() {
    FeatureSet one = FeatureSet.builder().add("z", Features.standardize("delay")).build();
    PAssert.thatSingleton(
            pipeline.apply(Create.empty(BatchCoder.of())).apply(FitFeatures.of(one, SCHEMA)))
        .satisfies(
            fitted -> {
              Exception e =
                  assertThrows(IllegalArgumentException.class, () -> one.bind(SCHEMA, fitted));
              assertEquals(
                  "Feature 'z': fitted on no finite value of 'delay' (fit it on data that has some)",
                  e.getMessage());
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void aFitThatCannotBeIsRefusedWhenThePipelineIsBuilt() {
    FitFeatures fit = FitFeatures.of(FEATURES, SCHEMA);
    PCollection<RecordBatch> records = records(batches());
    refused(
        "FitFeatures needs its input in the global window: 'Window.Into()/Window.Assign.out' is in"
            + " FixedWindows",
        () ->
            records
                .apply(Window.into(FixedWindows.of(Duration.standardHours(1))))
                .apply("Windowed", fit));
    PCollection<RecordBatch> stream =
        PCollection.createPrimitiveOutputInternal(
                pipeline,
                records.getWindowingStrategy(),
                PCollection.IsBounded.UNBOUNDED,
                BatchCoder.of())
            .setName("stream");
    refused(
        "FitFeatures needs a bounded input: 'stream' is unbounded (fit on history, then use the"
            + " saved state)",
        () -> fit.expand(stream));
    TrainingRange range = TrainingRange.of("date", START, CUT);
    FittedFeatures saved = directly(range);
    refused(
        "Feature 'filled': Training ranges overlap: [2001-01-01T00:00:00Z, 2001-01-03T00:00:00Z)"
            + " and [2001-01-01T00:00:00Z, 2001-01-03T00:00:00Z) (their common records would count"
            + " twice; start where the last fit ended)",
        () -> fit.withRange(range).continuing(saved));
    refused(
        "Unknown column: 'dat'; did you mean 'date'?",
        () -> fit.withRange(TrainingRange.of("dat", START, CUT)));
  }

  static void refused(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }
}
