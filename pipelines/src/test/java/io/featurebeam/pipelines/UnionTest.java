package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code source: union}: what a run over two inputs gives, and what does not fit together. */
class UnionTest {

  private static final String ROWS =
      """
      aggregate:
        window: 1d
        rows: "input == 'payments'"
        features:
          events: count
          spent: { sum: amount }
          returned: { count: reason, where: "input == 'refunds'" }
      """;

  @TempDir Path folder;
  private Payments payments;

  @BeforeEach
  void writeInputs() throws IOException {
    payments = new Payments(folder);
    payments.write(
        "payments.parquet",
        """
        1, A, 8, 2026-03-01T10:00:00Z
        2, A, 2, 2026-03-01T12:00:00Z
        3, B, 1, 2026-03-01T12:00:00Z
        4, , 1, 2026-03-01T12:00:00Z
        """);
    write(
        "refunds.csv",
        """
        account,at,amount,reason
        A,2026-03-01T11:00:00Z,-8,broken
        B,2026-03-01T13:00:00Z,-1,late
        A,noon,-1,late
        """);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private Path spec(String more) throws IOException {
    return Files.writeString(
        folder.resolve("spec.yaml"),
        """
        name: net
        source:
          union:
            payments: { parquet: { path: %1$s/payments.parquet } }
            refunds:
              csv:
                path: %1$s/refunds.csv
                columns: { account: string, at: timestamp, amount: float64, reason: string }
              columns: { account: card, at: seen }
        eventTime: seen
        keys: [card]
        sink: { parquet: { path: %1$s/features } }
        rejects: { path: %1$s/rejects }
        report: { path: %1$s/report.html }
        """
                .formatted(folder)
            + more);
  }

  private List<String> features() throws IOException {
    return Payments.rows(
        payments.features(), "card", "seen", "input", "id", "events_1d", "spent_1d", "returned_1d");
  }

  private List<String> rejects() throws IOException {
    return Payments.rows(payments.rejects(), "rule", "source", "position").stream()
        .map(row -> row.replace(folder.toString(), "FOLDER"))
        .toList();
  }

  private String refusal(Path spec, String... args) {
    Payments.Result result = Payments.run(spec, args);
    assertEquals(2, result.code(), result.err());
    return result
        .err()
        .lines()
        .findFirst()
        .orElseThrow()
        .replace(folder.toString(), "FOLDER")
        .replaceFirst("^FOLDER/spec.yaml:[0-9]+:[0-9]+: ", "");
  }

  @Test
  void windowsSeeBothInputsAndRowsComeFromThoseThatAsk() throws IOException {
    Payments.Result result = Payments.run(spec(ROWS)).succeeded();

    assertEquals(
        List.of(
            "A | 2026-03-01T10:00:00Z | payments | 1 | 0 | null | 0",
            "A | 2026-03-01T12:00:00Z | payments | 2 | 2 | 0.0 | 1",
            "B | 2026-03-01T12:00:00Z | payments | 3 | 0 | null | 0"),
        features());
    assertEquals(
        List.of(
            "malformed | FOLDER/refunds.csv | 2", "not_null(card) | FOLDER/payments.parquet | 3"),
        rejects());
    assertEquals("in 7 = used 5 + rejected 2 + late 0 + duplicate 0", result.balance());
    assertTrue(Files.readString(payments.report()).contains("refunds"));
  }

  @Test
  void withoutRowsEachEventOfEachInputHasOne() throws IOException {
    Payments.run(spec(ROWS.replaceFirst("  rows: .*\n", ""))).succeeded();

    assertEquals(
        List.of(
            "A | 2026-03-01T10:00:00Z | payments | 1 | 0 | null | 0",
            "A | 2026-03-01T11:00:00Z | refunds | null | 1 | 8.0 | 0",
            "A | 2026-03-01T12:00:00Z | payments | 2 | 2 | 0.0 | 1",
            "B | 2026-03-01T12:00:00Z | payments | 3 | 0 | null | 0",
            "B | 2026-03-01T13:00:00Z | refunds | null | 1 | 1.0 | 0"),
        features());
  }

  @Test
  void aRangeLooksBackIntoBothInputs() throws IOException {
    Payments.run(
            spec(ROWS.replace("sink", "")),
            "--from=2026-03-01T12:00:00Z",
            "--to=2026-03-02",
            "--set=sink.parquet.partitionBy=[hour(seen)]")
        .succeeded();

    assertEquals(
        List.of(
            "A | 2026-03-01T12:00:00Z | payments | 2 | 2 | 0.0 | 1",
            "B | 2026-03-01T12:00:00Z | payments | 3 | 0 | null | 0"),
        features());
  }

  @Test
  void copiesAreFoundAcrossInputs() throws IOException {
    Payments.Result result =
        Payments.run(spec(ROWS + "dedupe: [card, amount]\n"), "--set=validate=[]").succeeded();
    assertEquals("in 7 = used 5 + rejected 2 + late 0 + duplicate 0", result.balance());

    write(
        "refunds.csv",
        """
        account,at,amount,reason
        A,2026-03-01T11:00:00Z,8,broken
        """);
    result = Payments.run(spec(ROWS + "dedupe: [card, amount]\n")).succeeded();
    assertEquals("in 5 = used 3 + rejected 1 + late 0 + duplicate 1", result.balance());
  }

  @Test
  void aRepairedRecordOfEitherInputTakesItsPlace() throws IOException {
    Path spec = spec(ROWS);
    Payments.run(spec).succeeded();
    String record =
        "{\"card\":\"A\",\"seen\":\"2026-03-01T11:30:00Z\",\"amount\":-1,\"input\":\"refunds\"}";
    Path csv = folder.resolve("refunds.csv");

    Payments.run(spec, "--replay=" + payments.repaired(Payments.repair(csv, 2, record)))
        .succeeded();

    assertEquals("A | 2026-03-01T12:00:00Z | payments | 2 | 3 | -1.0 | 1", features().get(1));
    assertEquals(List.of("not_null(card) | FOLDER/payments.parquet | 3"), rejects());
  }

  @Test
  void aRepairedRecordSaysWhichInputItIsOf() throws IOException {
    Path spec = spec(ROWS);
    Payments.run(spec).succeeded();
    String record =
        "{\"card\":\"A\",\"seen\":\"2026-03-01T11:30:00Z\",\"amount\":-1,\"input\":\"refund\"}";
    Path csv = folder.resolve("refunds.csv");

    assertEquals(
        "Invalid repaired reject: FOLDER/refunds.csv 2 has the input 'refund' (must be one of"
            + " [payments, refunds])",
        refusal(spec, "--replay=" + payments.repaired(Payments.repair(csv, 2, record))));
    assertEquals(
        "Invalid --replay: two inputs of the union read FOLDER/refunds.csv (where a reject stood"
            + " does not say of which; repair the input itself)",
        refusal(
            spec,
            "--set=source.union.more={ csv: { path: "
                + csv
                + ", columns: { account: string, at: timestamp } },"
                + " columns: { account: card, at: seen } }",
            "--replay=" + folder.resolve("repaired.jsonl")));
  }

  @Test
  void aMaskedColumnIsHiddenByTheNameItHasInItsInput() throws IOException {
    Payments.run(spec(ROWS)).succeeded();
    assertFalse(Payments.rows(payments.rejects(), "source", "raw").get(1).endsWith("| null"));

    Payments.run(spec(ROWS + "mask: [card]\n")).succeeded();
    assertTrue(Payments.rows(payments.rejects(), "source", "raw").get(1).endsWith("csv | null"));
  }

  @Test
  void whatIsLearnedIsLearnedFromAllInputs() throws IOException {
    Payments.run(
            spec(
                ROWS.replace("{ sum: amount }", "{ sum: scaled }")
                    + """
                    features: { scaled: { min_max: amount } }
                    fit: { path: %s/state.json, from: 2026-03-01, to: 2026-03-02 }
                    """
                        .formatted(folder)))
        .succeeded();

    // from -8, of a refund, to 8
    assertEquals(
        List.of("1.0 | null", "0.5625 | null", "0.625 | 1.0").stream().sorted().toList(),
        Payments.rows(payments.features(), "scaled", "spent_1d"));
  }

  @Test
  void thePlanTellsWhatEachInputGives() throws IOException {
    String plan = Payments.run(spec(ROWS), "--explain").succeeded().out();

    assertEquals(
        """
        input    payments, parquet; has no reason
        finds    4 rows in 1 file, read as 1 split
        reads    all columns
        input    refunds, csv; has account as card, at as seen; has no id
        finds    1 file of some 3 rows, by size, each read whole
        parses   all columns
        """,
        plan.lines()
            .map(String::strip)
            .dropWhile(line -> !line.startsWith("input    "))
            .takeWhile(line -> !line.startsWith("shuffle"))
            .map(line -> line + "\n")
            .reduce("", String::concat));
    assertTrue(
        plan.contains("rows     of records where input == 'payments'; others are seen"), plan);
  }

  @Test
  void aDryRunNamesTheInputs() throws IOException {
    String out = Payments.run(spec(ROWS), "--dry-run").succeeded().out();

    assertEquals(
        """
          source    payments, parquet FOLDER/payments.parquet
          source    refunds, csv FOLDER/refunds.csv
        """,
        out.replace(folder.toString(), "FOLDER")
            .lines()
            .filter(line -> line.startsWith("  source "))
            .map(line -> line + "\n")
            .reduce("", String::concat));
  }

  @Test
  void typesThatDifferAreRefused() throws IOException {
    assertEquals(
        "source.union: Column 'amount' is float64 in 'payments' and int64 in 'refunds' (must be of"
            + " one type in all inputs of a union; declare its type, or rename it in one of them)",
        refusal(
            spec(ROWS),
            "--set=source.union.refunds.csv.columns={ account: string, at: timestamp, amount:"
                + " int64, reason: string }"));
  }

  @Test
  void namesThatAreTakenOrNotThereAreRefused() throws IOException {
    assertEquals(
        "--set=source.union.refunds.columns: Unknown column:"
            + " 'acount'; did you mean 'account'?",
        refusal(spec(ROWS), "--set=source.union.refunds.columns={ acount: card, at: seen }"));
    assertEquals(
        "source.union.refunds: Duplicate column: 'input' of 'refunds' (a union adds a column of"
            + " this name, which says where a record is from; rename yours: columns: { input:"
            + " other })",
        refusal(spec(ROWS), "--set=source.union.refunds.columns.reason=input"));
    assertEquals(
        "source.union.refunds: Duplicate column: 'amount' of 'refunds' is there 'amount' and"
            + " 'reason' (give one of them another name)",
        refusal(spec(ROWS), "--set=source.union.refunds.columns.reason=amount"));
    assertEquals(
        "source.union.refunds: Invalid columns: 'account' and 'reason' are both renamed to 'card'"
            + " (give them different names)",
        refusal(spec(ROWS), "--set=source.union.refunds.columns.reason=card"));
  }

  @Test
  void anInputWithoutAnEventTimeIsRefused() throws IOException {
    assertEquals(
        "source.union: Input 'refunds' has no column 'seen', the event time (rename the one that it"
            + " has: columns: { theirs: seen })",
        refusal(spec(ROWS), "--set=source.union.refunds.columns={ account: card }"));
  }

  @Test
  void oneInputOrAUnionOfUnionsIsRefused() throws IOException {
    assertEquals(
        "source.union: Invalid union: of [payments] (must be of at least two inputs)",
        refusal(spec(ROWS), "--set=source.union.refunds="));
    assertEquals(
        "--set=source.union.refunds: source.union.refunds.union: Unknown key: 'union'; known:"
            + " parquet, csv, json, avro, kafka",
        refusal(spec(ROWS), "--set=source.union.refunds={ union: {} }"));
  }

  @Test
  void rowsOfSomeEventsNeedARowPerEvent() throws IOException {
    assertEquals(
        "aggregate: Invalid rows: 'input == 'payments'' (it says which events have a row; use emit:"
            + " everyEvent, or where: beside an aggregate)",
        refusal(spec(ROWS), "--set=aggregate.every=1h"));
    assertEquals(
        "--set=aggregate.rows: aggregate[0].rows: Invalid rows: 'amount' is float64 (must be"
            + " boolean)",
        refusal(spec(ROWS), "--set=aggregate.rows=amount"));
  }
}
