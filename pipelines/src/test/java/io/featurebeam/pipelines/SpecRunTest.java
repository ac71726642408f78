package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.io.file.publish.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run as the command line gives it: exit codes, what is written, what is counted. */
class SpecRunTest {

  private static final String FOUR =
      """
      1, A, 1, 2026-03-01T10:10:00Z
      2, B, -2, 2026-03-01T10:20:00Z
      3, , 3, 2026-03-01T10:30:00Z
      1, A, 1, 2026-03-01T10:40:00Z
      """;

  @TempDir Path folder;
  private Payments payments;

  @BeforeEach
  void writeInput() throws IOException {
    payments = new Payments(folder);
    payments.write("in.parquet", FOUR);
  }

  /** An error for people, with FOLDER for the folder of the test. */
  private String refusal(int code, Path spec, String... args) {
    Payments.Result result = Payments.run(spec, args);
    assertEquals(code, result.code(), result.err());
    return result
        .err()
        .replace(folder.toString(), "FOLDER")
        .replace("\n(--verbose shows where)", "");
  }

  @Test
  void withoutASpecThereIsNothingToRun() {
    Payments.Result result = Payments.run();

    assertEquals(2, result.code());
    assertEquals("Missing option: --spec=FILE (the pipeline to run; see --help)", result.err());
  }

  @Test
  void countsBalance() throws IOException {
    Path spec =
        payments.spec(
            Payments.HOURLY,
            "dedupe: [id]",
            "validate: [{ column: amount, rule: between, min: 0 }]");

    Payments.Result result = Payments.run(spec).succeeded();

    assertEquals("in 4 = used 1 + rejected 2 + late 0 + duplicate 1", result.balance());
    assertEquals(
        List.of("A | 2026-03-01T11:00:00Z | 1 | 1.0"),
        Payments.rows(payments.features(), "card", "window_end", "payments_1h", "spent_1h"));
    assertEquals(
        List.of(
            "deduplicate | unique(id)",
            "validate | between(amount, 0, *)",
            "validate | not_null(card)"),
        Payments.rows(payments.rejects(), "step", "rule"));
  }

  @Test
  void countsBalanceWhereRecordsComeOutThemselves() throws IOException {
    Path spec =
        payments.spec(
            "dedupe: [id]", "validate: [{ column: amount, rule: between, min: 0, onFail: warn }]");

    assertEquals(
        "in 4 = used 3 + rejected 0 + late 0 + duplicate 1",
        Payments.run(spec).succeeded().balance());
  }

  @Test
  void countsBalanceWithoutAnyOutput() throws IOException {
    String yaml = payments.yaml("dedupe: [id]", "validate: [{ rule: unique, columns: [amount] }]");
    Path spec =
        Files.writeString(
            folder.resolve("spec.yaml"), yaml.replaceAll("(?m)^(sink|rejects|report):.*\n", ""));

    assertEquals(
        "in 4 = used 3 + rejected 1 + late 0 + duplicate 0",
        Payments.run(spec).succeeded().balance());
    assertEquals(List.of("in.parquet", "spec.yaml"), payments.files());
  }

  @Test
  void countsBalanceOverARangeWithCopiesFromBefore() throws IOException {
    payments.write(
        "in.parquet",
        """
        1, A, 1, 2026-03-01T10:10:00Z
        2, A, 1, 2026-03-01T10:10:00Z

        1, A, 1, 2026-03-03T10:10:00Z
        3, A, 3, 2026-03-03T10:20:00Z
        """);
    Path spec = payments.spec("dedupe: [id]");

    Payments.Result result = Payments.run(spec, "--from=2026-03-03", "--to=2026-03-04").succeeded();

    // Two were looked at for the copies that they have later on; one of the range is written.
    assertEquals("in 4 = used 3 + rejected 0 + late 0 + duplicate 1", result.balance());
    assertEquals(List.of("3"), Payments.rows(payments.features(), "id"));
  }

  @Test
  void aSourceWithoutRecordsGivesAnEmptyOutput() throws IOException {
    Path csv = Files.writeString(folder.resolve("in.csv"), "id,card,amount,seen\n");
    Path spec =
        Files.writeString(
            folder.resolve("spec.yaml"),
            payments
                .yaml(Payments.HOURLY)
                .replaceFirst(
                    "source: .*",
                    "source: { csv: { path: \""
                        + csv
                        + "\", columns: { id: int64, card: string, amount: float64, seen: timestamp"
                        + " } } }"));

    Payments.Result result = Payments.run(spec).succeeded();

    assertEquals("in 0 = used 0 + rejected 0 + late 0 + duplicate 0", result.balance());
    assertEquals(List.of(), Payments.rows(payments.features()));
  }

  @Test
  void aParquetFileWithoutRowsGivesAnEmptyOutput() throws IOException {
    payments.write("in.parquet", "");
    Path spec = payments.spec(Payments.HOURLY);

    Payments.Result result = Payments.run(spec).succeeded();

    assertEquals("in 0 = used 0 + rejected 0 + late 0 + duplicate 0", result.balance());
    assertEquals(List.of(), Payments.rows(payments.features()));
  }

  @Test
  void explainingRunsAndWritesNothing() throws IOException {
    Path spec =
        payments.spec(
            Payments.HOURLY, "validate: [{ column: amount, rule: between, max: 0, onFail: fail }]");
    List<String> before = payments.files();

    Payments.Result result = Payments.run(spec, "--explain").succeeded();

    assertTrue(result.out().startsWith("Plan of payments: 6 steps\n"), result.out());
    assertFalse(result.out().contains("  in "), result.out());
    assertEquals(before, payments.files());
  }

  @Test
  void explainingWhatWouldLearnLearnsNothing() throws IOException {
    Path spec =
        payments.spec(
            Payments.HOURLY,
            "features: { z: { standardize: amount }, shop: { one_hot: card } }",
            "fit: { path: %s/fitted.json, from: 2026-03-01, to: 2026-03-02 }".formatted(folder));
    List<String> before = payments.files();

    String plan = Payments.run(spec, "--explain").succeeded().out();

    assertTrue(plan.contains("as in Validate, and\n               z  float64\n"), plan);
    assertTrue(plan.contains("      feature  z = standardize(amount, population)\n"), plan);
    assertTrue(plan.contains("      unused   z, shop: no aggregate reads it"), plan);
    assertEquals(before, payments.files());
  }

  @Test
  void featuresThatLearnNeedAFit() throws IOException {
    Path spec = payments.spec("features: { z: { standardize: amount } }");

    assertEquals(
        """
        FOLDER/spec.yaml:8:11: features: Missing fit: [z = standardize(amount, population)] must \
        learn from data first (add fit: {path, from, to} to learn in this run, or fitted: {path} \
        with the file of an earlier one)
            features: { z: { standardize: amount } }
                      ^\
        """,
        refusal(2, spec));
    assertEquals(List.of("in.parquet", "spec.yaml"), payments.files());
  }

  @Test
  void aMissingStateIsNamed() throws IOException {
    Path spec =
        payments.spec(
            "features: { z: { standardize: amount } }",
            "fitted: { path: %s/none.json }".formatted(folder));

    assertEquals(
        """
        FOLDER/spec.yaml:9:17: fitted.path: Missing fitted features: FOLDER/none.json (a run with \
        fit: {path: ...} writes it)
            fitted: { path: FOLDER/none.json }
                            ^\
        """,
        refusal(2, spec));
  }

  @Test
  void recordsThatTheRunRejectsTeachNothing() throws IOException {
    Path spec =
        payments.spec(
            "dedupe: [id]",
            "validate: [{ column: amount, rule: between, min: 0 }]",
            "features: { z: { min_max: amount } }",
            "aggregate: { window: 1h, features: { top: { max: z } } }",
            "fit: { path: %s/fitted.json, from: 2026-03-01, to: 2026-03-02 }".formatted(folder));

    Payments.run(spec).succeeded();

    // -2 breaks a rule, 3 has no card
    String state = Files.readString(folder.resolve("fitted.json"));
    assertTrue(state.contains("\"min\" : 1.0") && state.contains("\"max\" : 1.0"), state);
  }

  @Test
  void aBrokenFailRuleWithholdsFeaturesButNotRejects() throws IOException {
    Path spec = payments.spec(Payments.HOURLY);
    Payments.run(spec).succeeded();
    Manifest before = Manifest.read(payments.features().toString()).orElseThrow();
    Path strict =
        payments.spec(
            Payments.HOURLY, "validate: [{ column: amount, rule: between, min: 0, onFail: fail }]");

    Payments.Result result = Payments.run(strict);

    assertEquals(3, result.code());
    String objection = "1 of 4 records break between(amount, 0, *) (onFail: fail)";
    assertEquals("Not published: " + objection, result.err());
    assertTrue(result.out().contains("payments FAILED after "), result.out());
    assertEquals("in 4 = used 2 + rejected 2 + late 0 + duplicate 0", result.balance());
    assertEquals(before, Manifest.read(payments.features().toString()).orElseThrow());
    assertEquals(
        List.of("between(amount, 0, *)", "not_null(card)"),
        Payments.rows(payments.rejects(), "rule"));
    assertTrue(Files.readString(payments.report()).contains(objection));
  }

  @Test
  void aFailRuleThatHoldsPublishes() throws IOException {
    Path spec =
        payments.spec(
            Payments.HOURLY,
            "validate: [{ column: amount, rule: between, min: -5, onFail: fail }]");

    Payments.run(spec).succeeded();

    assertEquals(2, Payments.rows(payments.features(), "card").size());
  }

  @Test
  void theSummarySaysWhatWasRejectedAndWhereEverythingIs() throws IOException {
    Path spec =
        payments.spec(Payments.HOURLY, "validate: [{ column: amount, rule: between, min: 0 }]");

    String out = Payments.run(spec).succeeded().out().replace(folder.toString(), "FOLDER");

    assertEquals(
        """
        payments succeeded in TIME on DirectRunner, first record after TIME

          in 4 = used 2 + rejected 2 + late 0 + duplicate 0

          4 rules, 2 with failures:
            not_null(card)         1  rejected  such as null
            between(amount, 0, *)  1  rejected  such as -2.0

          features  FOLDER/features     1 row, 1 file, SIZE
          rejects   FOLDER/rejects      2 rows, 1 file, SIZE
          report    FOLDER/report.html

          all 1 row:
            card  window_end            payments_1h  spent_1h
            A     2026-03-01T11:00:00Z            2         2
        """,
        out.substring(out.indexOf("payments "))
            .replaceAll("(in|after) [0-9.]+ m?s\\b", "$1 TIME")
            .replaceAll("[0-9.]+ kB", "SIZE"));
  }

  @Test
  void theReportHoldsRulesStepsColumnsSpecAndVersions() throws IOException {
    Path spec =
        payments.spec(
            Payments.HOURLY,
            "validate: [{ column: amount, rule: between, min: 0 }]",
            "features: { log_amount: { log1p: amount } }");

    Payments.run(spec).succeeded();

    String report = Files.readString(payments.report());
    for (String part :
        List.of(
            "between(amount, 0, *)",
            "validate",
            "aggregate",
            "log_amount",
            "log1p",
            Versions.project(),
            "DirectRunner")) {
      assertTrue(report.contains(part), "no '" + part + "' in the report");
    }
  }

  @Test
  void maskedValuesAreSeenInTheOutputAlone() throws IOException {
    payments.write(
        "in.parquet",
        """
        1, SECRET-1, 777001, 2026-03-01T10:10:00Z
        2, SECRET-2, -777002, 2026-03-01T10:20:00Z
        3, , 777003, 2026-03-01T10:30:00Z
        1, SECRET-1, 777001, 2026-03-01T10:40:00Z
        """);
    Path spec =
        payments.spec(
            "mask: [card, amount]",
            "dedupe: [id, card]",
            "validate: [{ column: amount, rule: between, min: 0 },"
                + " { column: card, rule: matches, pattern: none, onFail: warn },"
                + " { rule: expression, cel: \"card != 'none' && id > 0\", onFail: warn },"
                + " { column: card, rule: not_null }]",
            "features: { filled: { impute: amount, value: 0 }, twice: { bucketize: filled, boundaries: [1] },"
                + " whose: { impute: card, value: nobody } }");

    Payments.Result plan = Payments.run(spec, "--explain").succeeded();
    Payments.Result result = Payments.run(spec, "--set=rejects.format=json").succeeded();

    assertEquals("in 4 = used 1 + rejected 2 + late 0 + duplicate 1", result.balance());
    assertEquals(
        List.of("SECRET-1 | 777001.0 | SECRET-1"),
        Payments.rows(payments.features(), "card", "amount", "whose"));
    StringBuilder seen = new StringBuilder(plan.out()).append(plan.err());
    seen.append(result.out()).append(result.err());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files
              .filter(Files::isRegularFile)
              .filter(f -> !f.toString().endsWith(".parquet"))
              .toList()) {
        seen.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertTrue(seen.toString().contains("a masked value fails between(amount, 0, *)"));
    assertFalse(seen.toString().contains("SECRET"), seen::toString);
    assertFalse(seen.toString().matches("(?s).*777[.,]?00[0-9].*"), seen::toString);
  }

  @Test
  void theEventTimeCannotBeMasked() throws IOException {
    Path spec = payments.spec(Payments.HOURLY, "mask: [seen]");

    String refusal = refusal(2, spec);

    assertTrue(
        refusal.startsWith(
            "FOLDER/spec.yaml:13:8: mask[0]: Invalid mask: 'seen' is the event time (by which"
                + " rejects are found again; mask other columns)"),
        refusal);
  }

  @Test
  void outputsThatLieInEachOtherAreRefusedBeforeAnythingIsWritten() throws IOException {
    Path spec = payments.spec(Payments.HOURLY);

    assertEquals(
        "--set=rejects.path: Invalid output paths: records go to FOLDER/features/ and rejects to"
            + " FOLDER/features/rejects/ (must be two folders, neither in the other)",
        refusal(2, spec, "--set=rejects.path=" + payments.features().resolve("rejects")));
    assertEquals(List.of("in.parquet", "spec.yaml"), payments.files());
  }

  @Test
  void aRunLeavesNothingInTheTemporaryFolder() throws IOException {
    String name = "payments-" + System.nanoTime();
    Payments.run(payments.spec(Payments.HOURLY), "--set=name=" + name).succeeded();

    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertEquals(List.of(), files.filter(f -> f.toString().contains(name)).toList());
    }
  }
}
