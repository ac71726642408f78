package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the cases of a spec test file and says how the results differ from what was expected.
 *
 * <pre>{@code
 * SpecTests.Report report = SpecTests.run(spec, SpecTestParser.read(file, spec), runner);
 * System.out.print(report.text());
 * }</pre>
 */
public final class SpecTests {

  /** Runs a spec over the records of a test, which stand in for its sources. */
  public interface Runner {
    Outcome run(PipelineSpec spec, SpecTest test) throws Exception;
  }

  /** What a run gave. */
  public record Outcome(List<RecordBatch> output, List<RecordBatch> rejects) {
    public Outcome {
      output = List.copyOf(output);
      rejects = List.copyOf(rejects);
    }
  }

  /**
   * How the cases went.
   *
   * @param passed how many cases gave what was expected
   * @param failed how many did not
   * @param text a line per case, and for a failed one the difference as a table
   */
  public record Report(int passed, int failed, String text) {}

  private SpecTests() {}

  /** Runs every case, also behind one that fails. */
  public static Report run(PipelineSpec spec, List<SpecTest> tests, Runner runner) {
    StringBuilder text = new StringBuilder();
    int failed = 0;
    for (SpecTest test : tests) {
      List<String> differences = differences(spec, test, runner);
      failed += differences.isEmpty() ? 0 : 1;
      text.append(differences.isEmpty() ? "ok    " : "FAIL  ").append(test.name()).append('\n');
      differences.forEach(text::append);
    }
    int passed = tests.size() - failed;
    text.append('\n').append(passed).append(" passed, ").append(failed).append(" failed\n");
    return new Report(passed, failed, spec.secrets().redact(text.toString()));
  }

  private static List<String> differences(PipelineSpec spec, SpecTest test, Runner runner) {
    Outcome outcome;
    try {
      outcome = runner.run(spec, test);
    } catch (Exception e) {
      return List.of("      the run failed: " + e.getMessage() + "\n");
    }
    SpecTest.Expected noRejects = new SpecTest.Expected(List.of(), List.of());
    List<String> differences = new ArrayList<>();
    BatchDiff.text("output", test.output(), outcome.output()).ifPresent(differences::add);
    SpecTest.Expected rejects = test.rejects();
    BatchDiff.text("rejects", rejects == null ? noRejects : rejects, outcome.rejects())
        .ifPresent(differences::add);
    return differences;
  }
}
