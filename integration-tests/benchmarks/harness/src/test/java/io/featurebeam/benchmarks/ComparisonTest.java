package io.featurebeam.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.featurebeam.benchmarks.Contender.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  private static final List<Run> OURS =
      List.of(run(12, 400), run(10, 500), run(11, 450), run(30, 420), run(10.5, 430));
  private static final List<Run> PEER =
      List.of(run(20, 900), run(22, 800), run(24, 700), run(21, 700), run(23, 700));

  @Test
  void aLineHoldsMediansPeaksAndTheVerdict() throws Exception {
    assertEquals(
        "{\"workload\":\"card-batch\",\"rows\":5000000,"
            + "\"ours\":\"featurebeam-flink\",\"peer\":\"spark-sql\","
            + "\"our_seconds\":{\"min\":10.000,\"median\":11.000,\"max\":30.000},"
            + "\"peer_seconds\":{\"min\":20.000,\"median\":22.000,\"max\":24.000},"
            + "\"ratio\":2.000,\"target\":2.000,\"met\":true,"
            + "\"our_peak_mib\":500,\"peer_peak_mib\":900,"
            + "\"our_steady_seconds\":{\"min\":9.000,\"median\":10.000,\"max\":29.000},"
            + "\"peer_steady_seconds\":{\"min\":19.000,\"median\":21.000,\"max\":23.000},"
            + "\"our_cpu_seconds\":22.000,\"peer_cpu_seconds\":44.000,\"runs\":5}",
        comparison(2.0).line().toString());
  }

  @Test
  void aTargetAboveTheRatioIsNotMet() throws Exception {
    assertTrue(parse(comparison(2.0).line()).get("met").booleanValue());
    assertEquals("false", parse(comparison(2.001).line()).get("met").toString());
  }

  @Test
  void withoutATargetThereIsNoVerdict() throws Exception {
    JsonNode line = parse(comparison(Double.NaN).line());
    assertEquals(2, line.get("ratio").doubleValue());
    assertTrue(line.get("target").isNull() && line.get("met").isNull());
  }

  @Test
  void whatIsNotSteadyIsBeforeTheFirstRecord() {
    assertEquals(
        new Spread(1, 2, 4),
        Comparison.firstRecord(
            List.of(new Run(10, 9, 0, 0), new Run(10, 6, 0, 0), new Run(12, 10, 0, 0))));
  }

  @Test
  void sizesAreComparedPerRecordWithoutStartUp() throws Exception {
    JsonNode line =
        parse(
            Comparison.ofSizes(
                "card-batch",
                "featurebeam-spark",
                25_000_000,
                List.of(run(55, 1)),
                5_000_000,
                List.of(run(15, 1)),
                5));
    assertEquals("featurebeam-spark@5000000", line.get("peer").textValue());
    assertEquals(25_000_000, line.get("rows").longValue());
    assertEquals(50, line.get("our_steady_seconds").get("median").doubleValue());
    assertEquals(10, line.get("peer_steady_seconds").get("median").doubleValue());
    assertEquals(1, line.get("ratio").doubleValue());
    assertEquals(0.952, line.get("target").doubleValue());
    assertTrue(line.get("met").booleanValue());
  }

  @Test
  void textIsQuotedAndWhatIsNotFiniteIsNull() throws Exception {
    JsonNode line =
        parse(
            new Results.Line()
                .text("text", "a \"b\" \\ \n")
                .decimal("nan", Double.NaN)
                .decimal("small", 0.00001234)
                .none("none"));
    assertEquals("a \"b\" \\ \n", line.get("text").textValue());
    assertTrue(line.get("nan").isNull());
    assertEquals(0.00001234, line.get("small").doubleValue());
    assertTrue(line.get("none").isNull());
  }

  @Test
  void linesAreAppended(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("new/benchmarks.jsonl");
    Results.appendedTo(file).add(new Results.Line().whole("rows", 1));
    Results.appendedTo(file).add(new Results.Line().whole("rows", 2));
    assertEquals("{\"rows\":1}\n{\"rows\":2}\n", Files.readString(file));
  }

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
    assertEquals(new Spread(1, 2.5, 9), Spread.of(9, 2, 3, 1));
    assertEquals(
        "Invalid number of measurements: 0 (must be > 0)",
        assertThrows(IllegalArgumentException.class, Spread::of).getMessage());
  }

  @Test
  void plainBeamIsComparedOnFlinkOnly() {
    assertEquals(
        List.of(
            new CardTargets.Pair("featurebeam-flink", "duckdb"),
            new CardTargets.Pair("featurebeam-flink", "beam-rows"),
            new CardTargets.Pair("featurebeam-spark", "duckdb")),
        CardTargets.pairs(
            List.of("featurebeam-flink", "featurebeam-spark"), List.of("duckdb", "beam-rows")));
  }

  @Test
  void targetsAreThoseOfTheWorkload() {
    assertEquals(2.0, target("spark-sql", 20_000));
    assertEquals(1.0 / 3, target("duckdb", 20_000));
    assertEquals(5.0, target("beam-rows", 20_000));
    assertEquals(2.0, target("beam-rows", 5_000_000));
  }

  private static double target(String peer, long users) {
    return CardTargets.of(new CardTargets.Pair("featurebeam-flink", peer), users);
  }

  private static Comparison comparison(double target) {
    return new Comparison(
        "card-batch", 5_000_000, "featurebeam-flink", "spark-sql", OURS, PEER, target);
  }

  private static Run run(double seconds, long mebibytes) {
    return new Run(seconds, seconds - 1, 2 * seconds, mebibytes << 20);
  }

  private static JsonNode parse(Results.Line line) throws IOException {
    return new JsonMapper().readTree(line.toString());
  }
}
