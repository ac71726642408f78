package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --testSpec}: the tests beside a spec. */
class SpecTestRunTest {

  @TempDir Path folder;
  private Payments payments;

  @BeforeEach
  void makeJob() {
    payments = new Payments(folder);
  }

  private Path tests(String yaml) throws IOException {
    return Files.writeString(
        folder.resolve("spec.test.yaml"),
        "columns: { id: int64, card: string, amount: float64, seen: timestamp }\ntests:\n" + yaml);
  }

  private static final String HOUR =
      """
        - name: an hour holds the payments before its end
          input: |
            id, card, amount, seen
            1,  A,    2,      2026-03-01T10:10:00Z
            2,  A,    3,      2026-03-01T10:59:59Z
            3,  A,    5,      2026-03-01T11:00:00Z
            4,  ,     7,      2026-03-01T11:00:00Z
          output: |
            card, window_end,           spent_1h
            A,    2026-03-01T11:00:00Z, %s
            A,    2026-03-01T12:00:00Z, 5
          rejects: |
            rule
            not_null(card)
      """;

  @Test
  void testsOfAFileRunWithoutTheSourceOrTheOutputsOfTheSpec() throws IOException {
    Path spec = payments.spec(Payments.HOURLY);

    Payments.Result result = Payments.run(spec, "--testSpec=" + tests(HOUR.formatted("5")));

    assertEquals(
        """
        ok    an hour holds the payments before its end

        1 passed, 0 failed
        """,
        result.succeeded().out());
    assertEquals(List.of("spec.test.yaml", "spec.yaml"), payments.files());
  }

  @Test
  void theFilesThatTheSpecListsRunIfNoneIsGiven() throws IOException {
    tests(HOUR.formatted("5"));
    Path spec = payments.spec(Payments.HOURLY, "tests: [spec.test.yaml]");

    assertTrue(
        Payments.run(spec, "--testSpec").succeeded().out().endsWith("\n1 passed, 0 failed\n"));
  }

  @Test
  void aDifferenceIsShownAndFails() throws IOException {
    Path spec = payments.spec(Payments.HOURLY);

    Payments.Result result =
        Payments.run(spec, "--testSpec=" + tests(HOUR.formatted("6") + HOUR.formatted("5")));

    assertEquals(1, result.code());
    assertEquals(
        """
        FAIL  an hour holds the payments before its end
              output: 2 rows expected, 2 came; 1 missing (-), 1 not expected (+)
                 card  window_end            spent_1h
              -  A     2026-03-01T11:00:00Z  [6]
              +  A     2026-03-01T11:00:00Z  [5.0]
              =  A     2026-03-01T12:00:00Z  5.0
        ok    an hour holds the payments before its end

        1 passed, 1 failed
        """,
        result.out());
  }

  @Test
  void withoutTestsThereIsNothingToRun() throws IOException {
    Payments.Result result = Payments.run(payments.spec(Payments.HOURLY), "--testSpec");

    assertEquals(2, result.code());
    assertEquals(
        "Missing tests: the spec lists none (give a file: --testSpec=FILE, or list files under"
            + " tests:)",
        result.err());
  }

  private static final String LEARNED =
      """
        - name: an amount is scaled by what was learned
          input: |
            id, card, amount, seen
            1,  A,    2,      2026-03-01T10:10:00Z
          output: |
            id, share
            1,  0.25
      """;

  private Path learning(String more) throws IOException {
    return payments.spec("features: { share: { min_max: amount } }", more);
  }

  @Test
  void whatARunLearnedBeforeIsUsed() throws IOException {
    payments.write("in.parquet", "1, A, 0, 2026-03-01T10:10:00Z\n2, A, 8, 2026-03-01T10:20:00Z");
    String fit =
        "fit: { path: %s/fitted.json, from: 2026-03-01, to: 2026-03-02 }".formatted(folder);
    Payments.run(learning(fit)).succeeded();

    Payments.run(learning(fit), "--testSpec=" + tests(LEARNED)).succeeded();

    Path fitted = learning("fitted: { path: %s/fitted.json }".formatted(folder));
    Payments.run(fitted, "--testSpec=" + tests(LEARNED)).succeeded();
  }

  @Test
  void aTestLearnsNothingItself() throws IOException {
    String fit = "fit: { path: %s/none.json, from: 2026-03-01, to: 2026-03-02 }".formatted(folder);

    Payments.Result result = Payments.run(learning(fit), "--testSpec=" + tests(LEARNED));

    assertEquals(1, result.code());
    assertEquals(
        """
        FAIL  an amount is scaled by what was learned
              the run failed: Missing fitted features: FOLDER/none.json (a run with fit: {path: ...} writes it)

        0 passed, 1 failed
        """,
        result.out().replace(folder.toString(), "FOLDER"));
  }
}
