package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.pipelines.report.SkewSummary;
import io.featurebeam.pipelines.report.SkewVerdict;
import io.featurebeam.pipelines.spec.SkewSpec;
import io.featurebeam.pipelines.spec.SourceSpec;
import io.featurebeam.skew.SkewLimits;
import io.featurebeam.skew.Tolerance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkewCheckTest {

  @TempDir Path folder;

  @BeforeEach
  void writeInput() throws IOException {
    write("logged.csv", "card,n,mean,word", "a,1,0.5,x", "b,2,1.5,x", "c,3,2.5,x", "d,4,3.5,x");
    write("recomputed.csv", "card,n,mean,word", "a,1,0.5,x", "b,2,1.75,y", "c,3,2.5,x", "e,5,4,x");
  }

  private void write(String name, String... lines) throws IOException {
    Files.write(folder.resolve(name), List.of(lines));
  }

  /** The spec, of which one line may be another. */
  private Path spec(String... more) throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "name: skew",
                "logged: { csv: { path: " + folder.resolve("logged.csv") + " } }",
                "recomputed: { csv: { path: " + folder.resolve("recomputed.csv") + " } }",
                "on: card"));
    lines.addAll(List.of(more));
    return Files.write(folder.resolve("skew.yaml"), lines);
  }

  private record Result(int code, String out, String err) {}

  private Result check(Path spec, String... more) {
    List<String> args = new ArrayList<>(List.of("--runner=DirectRunner", "--spec=" + spec));
    args.addAll(List.of(more));
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream seenOut = new ByteArrayOutputStream();
    ByteArrayOutputStream seenErr = new ByteArrayOutputStream();
    System.setOut(new PrintStream(seenOut, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(seenErr, true, StandardCharsets.UTF_8));
    try {
      int code = SkewCheck.run(args.toArray(String[]::new));
      return new Result(code, shown(seenOut), shown(seenErr));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private String shown(ByteArrayOutputStream text) {
    return text.toString(StandardCharsets.UTF_8).replace(folder.toString(), "FOLDER");
  }

  private String refusal(Path spec, String... args) {
    Result result = check(spec, args);
    assertEquals(2, result.code, result.err);
    return result.err.lines().findFirst().orElse("");
  }

  private SourceSpec csv(String name) {
    return SourceSpec.Csv.of(List.of(folder.resolve(name).toString()), Map.of());
  }

  private SkewSummary verdict() throws IOException {
    return SkewVerdict.parse(Files.readString(folder.resolve("skew.json")));
  }

  private String verdictPath() {
    return "verdict: { path: " + folder.resolve("skew.json") + " }";
  }

  private String reportPath() {
    return "report: { path: " + folder.resolve("skew.html") + " }";
  }

  @Test
  void aDifferenceFailsAndIsTold() throws IOException {
    Result result = check(spec(reportPath()));

    assertEquals(3, result.code, result.err);
    assertEquals(
        """
        skew FAILED in TIME on DirectRunner

          3 pairs, 1 missing in the log, 1 extra in the log
            log            4 rows = 4 keys
            recomputation  4 rows = 4 keys

          3 features, 2 with values that differ:
            FAIL  mean  66.67 % match  such as 1.5 instead of 1.75, 0.083333 apart on average
            FAIL  word  66.67 % match  such as x instead of y

          verdict  FOLDER/skew.json
          report   FOLDER/skew.html
        """,
        result.out.replaceFirst("in [\\d.]+ m?s on", "in TIME on"));
    SkewSummary verdict = verdict();
    assertEquals(SkewSummary.VERSION, verdict.version());
    assertEquals("fail", verdict.verdict());
    assertEquals(
        List.of(
            "mean: 2 of 3 pairs match, 0.6666666666666666 (must be at least 1.0)",
            "word: 2 of 3 pairs match, 0.6666666666666666 (must be at least 1.0)"),
        verdict.reasons());
    assertTrue(Files.readString(folder.resolve("skew.html")).contains("skew: Failed"));
  }

  @Test
  void toleranceAndLimitsMakeItPass() throws IOException {
    Result result =
        check(spec(verdictPath(), "tolerance: { relative: 0.2 }", "fail: { below: 0.6 }"));

    assertEquals(0, result.code, result.err);
    assertEquals("pass", verdict().verdict());
    assertTrue(result.out.contains("ok  word  66.67 % match"), result.out);
  }

  @Test
  void theSameInJavaGivesTheSame() throws IOException {
    SkewSpec spec =
        SkewSpec.of("skew", csv("logged.csv"), csv("recomputed.csv"))
            .on("card")
            .withColumns("mean")
            .withTolerance(new Tolerance(0, 0.25, 0))
            .withLimits(new SkewLimits(1, 0.25, 0.25))
            .withMask("card")
            .withReport(folder.resolve("skew.html").toString());

    SkewSummary skew = SkewCheck.run(spec, FeaturePipeline.options("--runner=DirectRunner"));

    assertTrue(skew.passed());
    assertEquals(List.of("mean"), skew.features().stream().map(f -> f.name()).toList());
    assertEquals(List.of("n", "word"), skew.notCompared().logged());
    assertEquals("[{card=***}]", skew.rows().missingKeys().toString());
    assertEquals(skew, verdict());
  }

  @Test
  void whatIsMaskedIsShownNowhere() throws IOException {
    Result result = check(spec(reportPath(), "mask: [card, word, mean]"));

    assertEquals(3, result.code, result.err);
    String all =
        result.out
            + Files.readString(folder.resolve("skew.json"))
            + Files.readString(folder.resolve("skew.html"));
    for (String value : List.of("1.75", "y")) {
      assertFalse(all.contains(">" + value + "<") || all.contains("\"" + value + "\""), all);
    }
    assertTrue(all.contains("\"card\" : \"***\""), all);
  }

  @Test
  void aFailedRunLeavesNoOldVerdict() throws IOException {
    Path spec = spec(verdictPath());
    assertEquals(3, check(spec).code);
    Files.createDirectory(folder.resolve("skew.json.draft"));

    Result result = check(spec);

    assertEquals(1, result.code, result.out);
    assertTrue(result.err.startsWith("Run failed: Cannot write "), result.err);
    assertFalse(Files.exists(folder.resolve("skew.json")));
  }

  @Test
  void aDryRunLeavesNothing() throws IOException {
    Result result = check(spec(verdictPath()), "--dry-run");

    assertEquals("skew would run\n", result.out, result.err);
    assertFalse(Files.exists(folder.resolve("skew.json")));
  }

  @Test
  void whatDoesNotFitIsToldAtItsPlace() throws IOException {
    assertEquals(
        "FOLDER/skew.yaml:4:5: on: Unknown column: 'cart' of on is not in the log; did you mean"
            + " 'card'?",
        refusal(replaced("on: card", "on: cart")));
    assertEquals(
        "FOLDER/skew.yaml:5:10: columns: Unknown column: 'meen' of columns is not in the log; did"
            + " you mean 'mean'?",
        refusal(spec("columns: [meen]", verdictPath())));
    assertEquals(
        "FOLDER/skew.yaml:5:7: mask: Unknown column: 'cart' of mask is on neither side; did you mean"
            + " 'card'?",
        refusal(spec("mask: [cart]", verdictPath())));
    assertEquals(
        "FOLDER/skew.yaml:5:7: fail: Invalid below: 99.5 (a share, must be 0 to 1)",
        refusal(spec("fail: { below: 99.5 }", verdictPath())));
    assertEquals(
        "FOLDER/skew.yaml:5:12: tolerance: Invalid relative tolerance: -1.0 (must be 0 or more and"
            + " below 1)",
        refusal(spec("tolerance: { relative: -1 }", verdictPath())));
    assertEquals(
        "FOLDER/skew.yaml:1:1: Missing verdict: {path: FILE}, the JSON file that says how it ended"
            + " (or report: {path: FILE}, beside which it then is)",
        refusal(spec()));
  }

  private Path replaced(String line, String by) throws IOException {
    Path spec = spec(verdictPath());
    return Files.writeString(spec, Files.readString(spec).replace(line, by));
  }

  @Test
  void typesThatDifferAreToldByName() throws IOException {
    write("recomputed.csv", "card,n,mean", "a,1,x");

    assertEquals(
        "FOLDER/skew.yaml:1:1: Column 'mean' is float64 in the log and string in the recomputation"
            + " (give it one type, as with columns: of json and csv, or leave it out of columns)",
        refusal(spec(verdictPath())));
    assertEquals(0, check(spec("columns: n", verdictPath())).code, "where it is not compared");
  }

  @Test
  void noColumnInCommonIsToldWithThoseOfBoth() throws IOException {
    write("recomputed.csv", "card,count", "a,1");

    assertEquals(
        "FOLDER/skew.yaml:1:1: Nothing to compare: beside card no column is in both (the log has"
            + " card, n, mean, word; the recomputation has card, count)",
        refusal(spec(verdictPath())));
  }

  @Test
  void flagsOfAPipelineAreRefused() throws IOException {
    assertEquals(
        "Invalid option: --from (a skew check compares two whole inputs; leave it out)",
        refusal(spec(verdictPath()), "--from=2001-01-01"));
    assertEquals(
        "Invalid verdict path: 'FOLDER/skew.html' is the report's (must be another file)",
        refusal(spec("verdict: { path: " + folder.resolve("skew.html") + " }", reportPath()))
            .replaceFirst("^FOLDER/skew.yaml:1:1: ", ""));
  }
}
