package io.featurebeam.anomaly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.anomaly.Judgement.Label;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectorsTest {

  private static final double NAN = Double.NaN;
  private static final double INFINITE = Double.POSITIVE_INFINITY;

  /** Scores are known after two values, and 0 until the spread is not. */
  private static final Scorer Z = Detectors.zScore("x", 2, 0);

  private static List<Label> labels(Detector detector, double... values) {
    DetectorState state = detector.newState();
    return Arrays.stream(values).mapToObj(value -> state.next(value).label()).toList();
  }

  private static List<Label> spelled(String letters) {
    return letters
        .chars()
        .mapToObj(c -> c == 'o' ? Label.OUTLIER : c == 'n' ? Label.NORMAL : Label.UNKNOWN)
        .toList();
  }

  @Test
  void aScoreAtTheFixedThresholdIsAnOutlier() {
    DetectorState state =
        Detectors.of(Detectors.iqr("x", 100, 2, 0), Threshold.fixed(1.5)).newState();
    state.next(0);
    state.next(4); // quartiles are 1 and 3
    assertEquals(new Judgement(1.5, 1.5, Label.OUTLIER), state.next(6));
    assertEquals(spelled("??no"), labels(Detectors.of(Z), 1, 2, 3, 9));
  }

  @Test
  void theQuantileIsOfTheScoresBefore() {
    Detector detector = Detectors.of(Z, Threshold.quantile(0.75, 100));
    DetectorState state = detector.newState();
    double[] values = {0, 2, 1, 3, 0, 2, 9, 1};
    List<Judgement> judgements = new ArrayList<>();
    List<Double> before = new ArrayList<>();
    for (double value : values) {
      Judgement judgement = state.next(value);
      judgements.add(judgement);
      double[] sorted = before.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      double place = 0.75 * (sorted.length - 1);
      double expected =
          sorted.length < 4
              ? NAN
              : sorted[(int) place]
                  + (sorted[Math.min((int) place + 1, sorted.length - 1)] - sorted[(int) place])
                      * (place - (int) place);
      assertEquals(expected, judgement.limit(), 1e-12);
      if (!Double.isNaN(judgement.score())) {
        before.add(judgement.score());
      }
    }
    assertEquals(spelled("??????on"), judgements.stream().map(Judgement::label).toList());
  }

  @Test
  void nullAndNaNGetNoScoreAndAreNotLearned() {
    DetectorState with = Detectors.of(Z).newState();
    DetectorState without = Detectors.of(Z).newState();
    for (double value : new double[] {1, 2, 4}) {
      with.next(value);
      assertEquals(new Judgement(NAN, 3, Label.UNKNOWN), with.next(NAN));
      without.next(value);
    }
    assertEquals(without.next(9), with.next(9));
  }

  @Test
  void anInfinityIsAnOutlierAndNotLearned() {
    DetectorState with = Detectors.of(Z).newState();
    DetectorState without = Detectors.of(Z).newState();
    for (double value : new double[] {1, 2, 4}) {
      with.next(value);
      assertEquals(new Judgement(INFINITE, 3, Label.OUTLIER), with.next(-INFINITE));
      without.next(value);
    }
    assertEquals(without.next(9), with.next(9));
  }

  /** Three detectors that disagree: of 1, 2, 3, 9 one finds 3 and 9, one 9, one nothing. */
  @Test
  void votes() {
    Detector often = Detectors.of(Z, Threshold.fixed(1));
    Detector once = Detectors.of(Z, Threshold.fixed(3));
    Detector never = Detectors.of(Z, Threshold.fixed(100));
    assertEquals(spelled("??oo"), labels(Detectors.any(often, once, never), 1, 2, 3, 9));
    assertEquals(spelled("??no"), labels(Detectors.majority(often, once, never), 1, 2, 3, 9));
    assertEquals(spelled("??nn"), labels(Detectors.all(often, once, never), 1, 2, 3, 9));
    assertEquals(spelled("??no"), labels(Detectors.all(often, once), 1, 2, 3, 9));
    assertEquals(spelled("??nn"), labels(Detectors.majority(once, never), 1, 2, 3, 9));
    DetectorState state = Detectors.majority(often, once, never).newState();
    state.next(1);
    state.next(2);
    assertEquals(new Judgement(1 / 3.0, 2 / 3.0, Label.NORMAL), state.next(3));
    assertEquals(new Judgement(2 / 3.0, 2 / 3.0, Label.OUTLIER), state.next(9));
  }

  @Test
  void whoDoesNotKnowYetHasNoVote() {
    Detector slow = Detectors.of(Detectors.zScore("x", 100, 0));
    Detector quick = Detectors.of(Z);
    assertEquals(spelled("??no"), labels(Detectors.all(slow, quick), 1, 2, 3, 9));
    assertEquals(spelled("????"), labels(Detectors.any(slow), 1, 2, 3, 9));
  }

  @Test
  void meanAndMaxBlendTheScoresThatAreKnown() {
    Scorer iqr = Detectors.iqr("x", 100, 1, 0);
    Scorer slow = Detectors.zScore("x", 100, 0);
    DetectorState z = Detectors.of(Z).newState();
    DetectorState i = Detectors.of(iqr).newState();
    DetectorState mean = Detectors.mean(Threshold.fixed(5), Z, iqr, slow).newState();
    DetectorState max = Detectors.max(Threshold.fixed(5), Z, iqr, slow).newState();
    for (double value : new double[] {1, 2, 4, 3, 9}) {
      double a = z.next(value).score();
      double b = i.next(value).score();
      double expectedMean = Double.isNaN(a) ? b : (a + b) / 2;
      double expectedMax = Double.isNaN(a) ? b : Math.max(a, b);
      assertEquals(expectedMean, mean.next(value).score(), 1e-12);
      assertEquals(expectedMax, max.next(value).score(), 1e-12);
    }
  }

  @Test
  void anEnsembleReadsEachColumnOnce() {
    Detector detector =
        Detectors.any(
            Detectors.of(Detectors.zScore("b")),
            Detectors.of(Detectors.halfSpaceTrees(List.of("a", "b"))),
            Detectors.of(Detectors.iqr("a")));
    assertEquals(List.of("b", "a"), detector.columns());
    assertEquals("any(z_score(b), half_space_trees(a, b), iqr(a))", detector.id());
    assertEquals(
        "mean(z_score(x), holt_winters(y, 7))",
        Detectors.mean(Threshold.fixed(3), Detectors.zScore("x"), Detectors.holtWinters("y", 7))
            .id());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> detector.newState().next(1));
    assertEquals("Invalid values: 1 (must be one of each of 2 columns)", e.getMessage());
  }

  @Test
  void eachMemberIsGivenItsOwnColumns() {
    Detector both =
        Detectors.max(Threshold.fixed(3), Detectors.zScore("b", 2, 0), Detectors.zScore("a", 2, 0));
    DetectorState state = both.newState();
    state.next(0, 100);
    state.next(2, 102);
    state.next(1, 101);
    assertEquals(4.0, state.next(5, 101).score(), 1e-12);
  }

  @Test
  void valuesAreReadFromBatches() {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("x", FieldType.INT64),
            Field.of("y", FieldType.FLOAT64),
            Field.of("name", FieldType.STRING));
    RecordBatch batch = RecordBatch.builder(schema).add(3L, 1.5, "a").add(null, 2.5, "b").build();
    Detector detector = Detectors.any(Detectors.of(Detectors.iqr("y")), Detectors.of(Z));
    DetectorInputs inputs = DetectorInputs.of(detector, schema);
    assertEquals("[1.5, 3.0]", Arrays.toString(inputs.read(batch, 0)));
    assertEquals("[2.5, NaN]", Arrays.toString(inputs.read(batch, 1)));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> DetectorInputs.of(Detectors.of(Detectors.iqr("name")), schema));
    assertEquals(
        "iqr(name) cannot score column 'name' (string): it must be a number or a time",
        e.getMessage());
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    assertMessage("Invalid cutoff: NaN (must be a number, 0 or more)", () -> Threshold.fixed(NAN));
    assertMessage(
        "Invalid quantile: 1.0 (must be above 0 and below 1)", () -> Threshold.quantile(1, 10));
    assertMessage("Invalid window: 0 (must be 1 to 100000)", () -> Threshold.quantile(0.9, 0));
    assertMessage("Missing detectors: an ensemble needs at least one", () -> Detectors.any());
    assertMessage(
        "Missing scorers: an ensemble needs at least one",
        () -> Detectors.mean(Threshold.fixed(3)));
  }

  private static void assertMessage(String message, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(message, e.getMessage());
  }
}
