package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureFitTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(Field.of("t", FieldType.TIMESTAMP), Field.of("x", FieldType.FLOAT64));
  private static final Instant DAY_1 = Instant.parse("2001-01-01T00:00:00Z");
  private static final Instant DAY_2 = Instant.parse("2001-01-02T00:00:00Z");
  private static final Instant DAY_3 = Instant.parse("2001-01-03T00:00:00Z");
  private static final FeatureSet SET =
      FeatureSet.builder().add("range", Features.minMax("x")).build();

  private static RecordBatch batch() {
    long first = DAY_1.toEpochMilli() * 1000;
    long second = DAY_2.toEpochMilli() * 1000;
    return RecordBatch.builder(SCHEMA)
        .add(first - 1, -100.0)
        .add(first, 1.0)
        .add(second - 1, 2.0)
        .add(second, 300.0)
        .add(null, 4000.0)
        .build();
  }

  private static FittedFeatures fit(Instant from, Instant to) {
    return SET.fitted(SCHEMA, TrainingRange.of("t", from, to), List.of(batch()));
  }

  @Test
  void nothingOutsideTheTrainingRangeIsLearned() {
    FittedFeature learned = fit(DAY_1, DAY_2).features().get("range");
    assertEquals("{\"min\":1.0,\"max\":2.0}", learned.state().toString());
    assertEquals(2, learned.trainedRows());
    assertEquals(List.of(new FittedFeature.Range(DAY_1, DAY_2)), learned.trainedRanges());
  }

  @Test
  void everythingIncludesRecordsWithoutATime() {
    FittedFeature learned =
        SET.fitted(SCHEMA, TrainingRange.everything(), List.of(batch())).features().get("range");
    assertEquals("{\"min\":-100.0,\"max\":4000.0}", learned.state().toString());
    assertEquals(5, learned.trainedRows());
    assertEquals(List.of(), learned.trainedRanges());
  }

  @Test
  void theNextDayContinuesAndTheRangesJoin() {
    FeatureFit next = SET.fit(SCHEMA, TrainingRange.of("t", DAY_2, DAY_3), FittedFeatures.none());
    next.accumulate(batch());
    next.continueFrom(fit(DAY_1, DAY_2));
    FittedFeature learned = next.result().features().get("range");
    assertEquals("{\"min\":1.0,\"max\":300.0}", learned.state().toString());
    assertEquals(3, learned.trainedRows());
    assertEquals(List.of(new FittedFeature.Range(DAY_1, DAY_3)), learned.trainedRanges());
  }

  @Test
  void aRangeThatWasLearnedBeforeIsRefused() {
    FeatureFit again =
        SET.fit(SCHEMA, TrainingRange.of("t", DAY_1.plusSeconds(60), DAY_3), FittedFeatures.none());
    FittedFeatures before = fit(DAY_1, DAY_2);
    assertRefused(
        "Feature 'range': Training ranges overlap: [2001-01-01T00:00:00Z, 2001-01-02T00:00:00Z) and"
            + " [2001-01-01T00:01:00Z, 2001-01-03T00:00:00Z) (their common records would count"
            + " twice; start where the last fit ended)",
        () -> again.continueFrom(before));
  }

  @Test
  void aRangeOverAWrongColumnOrUpsideDownIsRefused() {
    assertRefused(
        "Event-time column 'x' is float64 (must be timestamp)",
        () -> SET.fit(SCHEMA, TrainingRange.of("x", DAY_1, DAY_2), FittedFeatures.none()));
    assertRefused(
        "Unknown column: 'ts'; did you mean 't'?",
        () -> SET.fit(SCHEMA, TrainingRange.of("ts", DAY_1, DAY_2), FittedFeatures.none()));
    assertRefused(
        "Invalid training range: 2001-01-02T00:00:00Z to 2001-01-02T00:00:00Z (from must be before"
            + " to)",
        () -> TrainingRange.of("t", DAY_2, DAY_2));
  }

  @Test
  void aRangeMayReachBeyondTheYearsThatNanosecondsCount() {
    FittedFeature learned =
        fit(Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T00:00:00Z"))
            .features()
            .get("range");
    assertEquals("{\"min\":-100.0,\"max\":300.0}", learned.state().toString());
    assertEquals(4, learned.trainedRows());
  }

  @Test
  void aBoundBetweenMicrosecondsIsTakenExactly() {
    FittedFeature learned = fit(DAY_1.plusNanos(1), DAY_2.plusNanos(1)).features().get("range");
    assertEquals("{\"min\":2.0,\"max\":300.0}", learned.state().toString());
  }

  @Test
  void aBoundThatMicrosecondsDoNotReachIsRefused() {
    assertRefused(
        "Invalid time: +1000000000-12-31T23:59:59.999999999Z (must be between"
            + " -290308-12-21T19:59:05.224192Z and +294247-01-10T04:00:54.775807Z)",
        () -> TrainingRange.of("t", DAY_1, Instant.MAX));
  }
}
