package io.featurebeam.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.drift.DriftResult.Verdict;
import io.featurebeam.profile.BatchProfile;
import io.featurebeam.profile.Distribution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DriftCheckTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("origin", FieldType.STRING),
          Field.of("delay", FieldType.FLOAT64),
          Field.of("late", FieldType.BOOLEAN),
          Field.of("code", FieldType.INT64),
          Field.of("card", FieldType.STRING),
          Field.of("tags", FieldType.listOf(FieldType.INT64)));

  /** Numbers around {@code mean}, in parts that are profiled apart and merged. */
  private static BatchProfile profile(long seed, int rows, double mean, int airports) {
    Random random = new Random(seed);
    BatchProfile whole = BatchProfile.of(SCHEMA, List.of("card"));
    for (int done = 0; done < rows; ) {
      RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
      for (int i = 0; i < 5_000 && done < rows; i++, done++) {
        builder.add(
            "A" + random.nextInt(airports),
            mean + random.nextGaussian() * 10,
            random.nextInt(3) == 0,
            (long) random.nextInt(4),
            "secret",
            List.of(1L));
      }
      BatchProfile part = BatchProfile.of(SCHEMA, List.of("card"));
      part.add(builder.build());
      whole.merge(BatchProfile.fromBytes(part.toBytes()));
    }
    return whole;
  }

  private static DriftResult result(List<DriftResult> results, String column, String metric) {
    return results.stream()
        .filter(r -> r.column().equals(column) && r.metric().equals(metric))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theUsualMetricsFitTheirColumns() {
    List<DriftResult> results =
        DriftCheck.usual().compare(profile(1, 3_000, 0, 5), profile(2, 3_000, 0, 5));
    List<String> named = results.stream().map(r -> r.column() + " " + r.metric()).toList();
    assertEquals(
        List.of(
            "* row_count_change",
            "origin null_rate_change",
            "origin jensen_shannon_distance",
            "origin chi_square",
            "origin new_categories",
            "origin missing_categories",
            "delay null_rate_change",
            "delay not_finite_rate_change",
            "delay kolmogorov_smirnov",
            "delay wasserstein_normalised",
            "delay psi",
            "late null_rate_change",
            "late jensen_shannon_distance",
            "late chi_square",
            "late new_categories",
            "late missing_categories",
            "code null_rate_change",
            "code not_finite_rate_change",
            "code kolmogorov_smirnov",
            "code wasserstein_normalised",
            "code psi",
            "card null_rate_change",
            "tags null_rate_change"),
        named);
    for (DriftResult result : results) {
      assertEquals(Verdict.OK, result.verdict(), result.words());
    }
  }

  @Test
  void whatMovedIsFoundAndNothingElse() {
    List<DriftResult> results =
        DriftCheck.usual().compare(profile(1, 3_000, 0, 5), profile(2, 3_000, 6, 6));
    List<String> drifted =
        results.stream()
            .filter(r -> r.verdict() == Verdict.DRIFT)
            .map(r -> r.column() + " " + r.metric())
            .toList();
    assertEquals(
        List.of(
            "origin jensen_shannon_distance",
            "origin chi_square",
            "origin new_categories",
            "delay kolmogorov_smirnov",
            "delay wasserstein_normalised",
            "delay psi"),
        drifted);
  }

  /** Beyond what sketches and samples keep: 150,000 rows, of which one in 16 is looked at. */
  @Test
  void sketchesOfManyRowsAreWithinTheirStatedError() {
    int rows = 150_000;
    BatchProfile before = profile(3, rows, 0, 3);
    BatchProfile after = profile(4, rows, 2, 3);
    List<DriftResult> results = DriftCheck.usual().compare(before, after);
    DriftResult gap = result(results, "delay", "kolmogorov_smirnov");
    Distribution one = Distribution.ofNumbers("delay", delays(3, rows, 0));
    Distribution other = Distribution.ofNumbers("delay", delays(4, rows, 2));
    Measured exact = DriftMetrics.kolmogorovSmirnov().compare(one, other);
    Measured estimated =
        DriftMetrics.kolmogorovSmirnov()
            .compare(before.distribution("delay"), after.distribution("delay"));
    assertEquals(exact.value(), gap.value(), estimated.error());
    assertEquals(0, exact.error());
    assertTrue(estimated.error() > 0 && estimated.error() < 0.05, "error " + estimated.error());
    assertTrue(gap.pValue() >= exact.pValue(), "a sketch alone is no drift");
    assertEquals(
        DriftMetrics.meanChange().compare(one, other).value(),
        DriftMetrics.meanChange()
            .compare(before.distribution("delay"), after.distribution("delay"))
            .value(),
        1e-12);
    assertEquals(
        DriftMetrics.psi().compare(one, other).value(),
        result(results, "delay", "psi").value(),
        0.02);
    assertEquals(Verdict.OK, gap.verdict(), gap.words()); // 0.08: less than a tenth has moved
    assertEquals(Verdict.DRIFT, result(results, "delay", "wasserstein_normalised").verdict());
  }

  private static double[] delays(long seed, int rows, double mean) {
    Random random = new Random(seed);
    double[] delays = new double[rows];
    for (int i = 0; i < rows; i++) {
      random.nextInt(3);
      delays[i] = mean + random.nextGaussian() * 10;
      random.nextInt(3);
      random.nextInt(4);
    }
    return delays;
  }

  /** A tenth, then a fifth of the records are of one airport, the rest of 20,000. */
  private static Map<String, Long> skewed(long seed, int frequent, int airports) {
    Random random = new Random(seed);
    Map<String, Long> counts = new HashMap<>();
    for (int i = 0; i < 60_000; i++) {
      String airport = random.nextInt(10) < frequent ? "HUB" : "A" + random.nextInt(airports);
      counts.merge(airport, 1L, Long::sum);
    }
    return counts;
  }

  private static BatchProfile origins(Map<String, Long> counts) {
    RecordSchema schema = RecordSchema.of(Field.of("origin", FieldType.STRING));
    List<String> origins = new ArrayList<>();
    counts.forEach(
        (origin, count) -> origins.addAll(Collections.nCopies(count.intValue(), origin)));
    Collections.shuffle(origins, new Random(1));
    RecordBatch.Builder builder = RecordBatch.builder(schema);
    origins.forEach(builder::add);
    BatchProfile profile = BatchProfile.of(schema);
    profile.add(builder.build());
    return profile;
  }

  @Test
  void ofMoreCategoriesThanAreKeptADistanceIsAtLeastWhatTheFrequentOnesMoved() {
    Map<String, Long> before = skewed(5, 1, 20_000);
    Map<String, Long> after = skewed(6, 2, 30_000);
    Distribution one = origins(before).distribution("origin");
    Distribution other = origins(after).distribution("origin");
    Distribution exactOne = Distribution.ofCategories("origin", before);
    Distribution exactOther = Distribution.ofCategories("origin", after);
    for (DriftMetric metric :
        List.of(
            DriftMetrics.lInfinity(),
            DriftMetrics.totalVariation(),
            DriftMetrics.jensenShannonDistance())) {
      double estimate = metric.compare(one, other).value();
      double exact = metric.compare(exactOne, exactOther).value();
      assertTrue(estimate <= exact + 0.02, metric.name() + ": " + estimate + " of " + exact);
      assertTrue(estimate >= 0.09, metric.name() + ": " + estimate);
    }
    Measured measured = DriftMetrics.lInfinity().compare(one, other);
    assertTrue(measured.error() > 0 && measured.error() < 0.01, "" + measured);
    long distinct = ((Distribution.Categories) one.values()).distinct();
    assertEquals(before.size(), (double) distinct, before.size() * 0.05);
    assertEquals(
        "not all of the about " + distinct + " categories of the reference are known",
        DriftMetrics.newCategories().compare(one, other).words());
  }

  /** Counts that stand for 16 each would make chance look like drift. */
  @Test
  void aTestOfASampleCountsWhatWasSampled() {
    Distribution one = sampled(21);
    Distribution other = sampled(22);
    Distribution.Categories categories = (Distribution.Categories) one.values();
    assertTrue(categories.effective() < 25_000, "effective " + categories.effective());
    double p = DriftMetrics.chiSquare().compare(one, other).pValue();
    assertTrue(p > 0.001, "p " + p);
  }

  private static Distribution sampled(long seed) {
    RecordSchema schema = RecordSchema.of(Field.of("origin", FieldType.STRING));
    Random random = new Random(seed);
    BatchProfile profile = BatchProfile.of(schema);
    for (int batch = 0; batch < 30; batch++) {
      RecordBatch.Builder builder = RecordBatch.builder(schema);
      for (int i = 0; i < 10_000; i++) {
        builder.add("A" + random.nextInt(100));
      }
      profile.add(builder.build());
    }
    return profile.distribution("origin");
  }

  @Test
  void codesOfAProfileCanBeTakenAsCategories() {
    Distribution code = profile(1, 100, 0, 5).distribution("code").asCategories();
    assertEquals(0, DriftMetrics.lInfinity().compare(code, code).value());
    assertEquals(
        List.of("0", "1", "2", "3"),
        ((Distribution.Categories) code.values())
            .listed().stream().map(Distribution.Category::text).sorted().toList());
  }

  @Test
  void wordsSayWhatWasMeasuredAndWhatItMustBe() {
    Distribution before = Distribution.ofCategories("city", Map.of("ZRH", 50L, "BRN", 50L));
    Distribution after = Distribution.ofCategories("city", Map.of("ZRH", 20L, "BRN", 80L));
    List<DriftResult> results =
        DriftCheck.usual()
            .with("city", DriftMetrics.lInfinity(), DriftMetrics.chiSquare())
            .compare(List.of(before), List.of(after));
    assertEquals(
        List.of(
            "row_count_change is 0 (must be at most 0.5): 100 records, 100 in the reference",
            "city: l_infinity is 0.3 (must be at most 0.1): 'BRN' had a share of 0.5 and has 0.8,"
                + " the largest move of 2",
            "city: chi_square is 0.3145 (must be at most 0.1, p 0.000008688): chi-square is 19.78"
                + " with 1 degrees of freedom; 'BRN' had a share of 0.5 and has 0.8, the largest"
                + " move of 2"),
        results.stream().map(DriftResult::words).toList());
  }

  @Test
  void whatChanceExplainsIsNoDriftAndIsSaid() {
    Distribution before = Distribution.ofNumbers("x", 1.0, 2.0, 3.0, 4.0);
    Distribution after = Distribution.ofNumbers("x", 2.5, 3.5, 4.5, 5.5);
    DriftResult result =
        DriftCheck.usual()
            .with("x", DriftMetrics.kolmogorovSmirnov())
            .compare(List.of(before), List.of(after))
            .get(1);
    assertEquals(Verdict.OK, result.verdict());
    assertEquals(
        "x: kolmogorov_smirnov is 0.5 (must be at most 0.1, p 0.7714, which chance explains: not"
            + " below 0.05): the share of values up to 2 was 0.5 and is 0",
        result.words());
  }

  @Test
  void aColumnWithoutValuesIsUnknown() {
    Distribution before = Distribution.ofNumbers("x", 1.0, 2.0);
    Distribution after = Distribution.ofNumbers("x", null, null);
    List<DriftResult> results = DriftCheck.usual().compare(List.of(before), List.of(after));
    assertEquals(
        "x: psi says nothing: there are no values now", result(results, "x", "psi").words());
    assertEquals(Verdict.UNKNOWN, result(results, "x", "psi").verdict());
    assertEquals(Verdict.DRIFT, result(results, "x", "null_rate_change").verdict());
  }

  /** Of many columns without drift, some have a small p-value; corrected, none is drift. */
  @Test
  void manyColumnsWithoutDriftRaiseNoAlarm() {
    List<Distribution> before = new ArrayList<>();
    List<Distribution> after = new ArrayList<>();
    Random random = new Random(11);
    DriftCheck check = DriftCheck.usual();
    for (int c = 0; c < 200; c++) {
      before.add(Distribution.ofNumbers("c" + c, random.doubles(60).toArray()));
      after.add(Distribution.ofNumbers("c" + c, random.doubles(60).toArray()));
      check = check.with("c" + c, DriftMetrics.kolmogorovSmirnov());
    }
    List<DriftResult> alone = check.withCorrection(Correction.NONE, 0.05).compare(before, after);
    assertTrue(alone.stream().anyMatch(r -> r.verdict() == Verdict.DRIFT));
    for (Correction correction : List.of(Correction.HOLM, Correction.BENJAMINI_HOCHBERG)) {
      assertTrue(
          check.withCorrection(correction, 0.05).compare(before, after).stream()
              .allMatch(r -> r.verdict() == Verdict.OK));
    }
  }

  @Test
  void columnsThatOneSideLacksAreAnError() {
    Distribution x = Distribution.ofNumbers("x", 1.0);
    Distribution y = Distribution.ofNumbers("y", 1.0);
    assertMessage(
        "Cannot compare 'y': it is no column of what is compared with it (which has [x])",
        () -> DriftCheck.usual().compare(List.of(x, y), List.of(x)));
    assertMessage(
        "Cannot compare 'y': it is no column of the reference (which has [x])",
        () -> DriftCheck.usual().compare(List.of(x), List.of(x, y)));
    assertMessage(
        "Unknown column: 'z' (must be one of [x])",
        () -> DriftCheck.usual().with("z").compare(List.of(x), List.of(x)));
    assertMessage(
        "Invalid alpha: 0.0 (must be above 0 and below 1)",
        () -> DriftCheck.usual().withCorrection(Correction.HOLM, 0));
  }

  @Test
  void noColumnsGiveNoResults() {
    assertEquals(List.of(), DriftCheck.usual().compare(List.of(), List.of()));
  }

  private static void assertMessage(String message, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(message, e.getMessage());
  }
}
