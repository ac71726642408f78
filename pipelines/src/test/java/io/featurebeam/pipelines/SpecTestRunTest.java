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

  private Path trainingSet() throws IOException {
    return Files.writeString(
        folder.resolve("spec.yaml"),
        """
        name: labels
        source: { parquet: { path: none/labels.parquet } }
        eventTime: seen
        trainingSet:
          groups:
            card:
              source:
                json: { path: none.jsonl, columns: { card: string, amount: float64, seen: timestamp } }
              eventTime: seen
              keys: [card]
              validate: [ { column: amount, rule: between, min: 0 } ]
              aggregate: { window: 1h, features: { payments: count } }
            limit:
              source: { parquet: { path: none/limits.parquet } }
              eventTime: since
              keys: [owner]
              labelKeys: { owner: card }
              asOf: { columns: { limit: limit } }
              unmatched: drop
          split: { byTime: { until: { train: 2026-03-02 }, rest: test } }
        """);
  }

  private static final String LABELS =
      """
      columns: { id: int64, card: string, seen: timestamp }
      groups:
        limit: { owner: string, since: timestamp, limit: int64 }
      tests:
        - name: a label sees what was known of its card
          input: |
            id, card, seen
            1,  A,    2026-03-01T11:00:00Z
            2,  A,    2026-03-02T11:00:00Z
            3,  B,    2026-03-02T11:00:00Z
          groups:
            card: |
              card, amount, seen
              A,    2,      2026-03-01T10:30:00Z
              A,    3,      2026-03-01T11:00:00Z
              A,    -1,     2026-03-01T10:40:00Z
            limit:
              - { owner: A, since: 2026-01-01T00:00:00Z, limit: 100 }
          output: |
            id, payments_1h, limit, split
            1,  1,           100,   train
            2,  0,           100,   test
          rejects:
            - { step: "card: validate", rule: "between(amount, 0, *)" }
            - { step: join, rule: unmatched(limit) }
        - name: a group that is left out has no records
          input:
            - { id: 1, card: A, seen: 2026-03-01T11:00:00Z }
          groups:
            limit:
              - { owner: A, since: 2026-01-01T00:00:00Z, limit: 100 }
          output:
            - { id: 1, payments_1h: null }
      """;

  @Test
  void aTestOfATrainingSetHasTheRecordsOfEachGroup() throws IOException {
    Path tests = Files.writeString(folder.resolve("labels.test.yaml"), LABELS);

    assertEquals(
        """
        ok    a label sees what was known of its card
        ok    a group that is left out has no records

        2 passed, 0 failed
        """,
        Payments.run(trainingSet(), "--testSpec=" + tests).succeeded().out());
  }

  private String refused(String from, String to) throws IOException {
    Path tests = Files.writeString(folder.resolve("labels.test.yaml"), LABELS.replace(from, to));
    Payments.Result result = Payments.run(trainingSet(), "--testSpec=" + tests);
    assertEquals(2, result.code());
    return result.err().lines().findFirst().orElse("").replace(folder.toString(), "FOLDER");
  }

  @Test
  void groupsThatDoNotFitAreRefusedByName() throws IOException {
    assertEquals(
        "FOLDER/labels.test.yaml:3:3: groups.limits: Unknown group: 'limits'; did you mean 'limit'?",
        refused("  limit: { owner", "  limits: { id: int64 }\n  limit: { owner"));
    assertEquals(
        "FOLDER/labels.test.yaml:1:1: groups: Missing key: 'limit': the types of the records of this"
            + " group; use for example groups: { limit: { at: timestamp, amount: float64 } }",
        refused("groups:\n  limit: { owner: string, since: timestamp, limit: int64 }\n", ""));
    assertEquals(
        "FOLDER/labels.test.yaml:12:7: tests[0].groups.crad: Unknown group: 'crad'; did you mean"
            + " 'card'?",
        refused("card: |", "crad: |"));
    assertEquals(
        "FOLDER/labels.test.yaml:12:13: tests[0].groups.card: Row 3, amount: Invalid float64: 'low'",
        refused("A,    -1, ", "A,    low,"));
  }

  @Test
  void aTrainingSetOfRowsIsTestedAsItsAggregatesAre() throws IOException {
    Path spec =
        payments.spec(
            Payments.HOURLY,
            "trainingSet:",
            "  sample: { where: \"spent_1h > 4.0\", keep: 1 }",
            "  split: { byTime: { until: { train: 2026-03-01T12:00:00Z }, rest: test } }");
    String tests =
        HOUR.formatted("5")
            .replace("spent_1h\n", "spent_1h, weight, split\n")
            .replace("Z, 5\n      A", "Z, 5, 1, train\n      A")
            .replace("Z, 5\n    rejects", "Z, 5, 1, test\n    rejects");

    assertEquals(
        "ok    an hour holds the payments before its end\n\n1 passed, 0 failed\n",
        Payments.run(spec, "--testSpec=" + tests(tests)).succeeded().out());
  }
}
