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

/** {@code --replay}: repaired rejects take the places of those that were rejected. */
class ReplayTest {

  @TempDir Path folder;
  private Payments payments;

  @BeforeEach
  void makeJob() {
    payments = new Payments(folder);
  }

  private List<String> features() throws IOException {
    return Payments.rows(payments.features(), "card", "window_end", "payments_1h");
  }

  private List<String> rejects() throws IOException {
    return Payments.rows(payments.rejects(), "rule", "source", "position").stream()
        .map(row -> row.replace(folder.toString(), "FOLDER"))
        .toList();
  }

  /** The error of a run, with FOLDER for the folder of the test. */
  private String refusal(Path spec, String... args) {
    Payments.Result result = Payments.run(spec, args);
    assertEquals(2, result.code(), result.err());
    return result
        .err()
        .replace(folder.toString(), "FOLDER")
        .replace("\n(--verbose shows where)", "");
  }

  private static final String TWO_BROKEN =
      """
      1, A, 1, 2026-03-01T10:10:00Z
      2, , 2, 2026-03-01T10:20:00Z

      3, A, 3, 2026-03-02T10:10:00Z
      4, , 4, 2026-03-02T10:20:00Z
      """;

  @Test
  void aRepairedRecordIsUsedAndTheOthersStayRejected() throws IOException {
    Path in = payments.write("in.parquet", TWO_BROKEN);
    Path spec = payments.spec(Payments.HOURLY);
    Payments.run(spec).succeeded();
    Path repaired =
        payments.repaired(
            Payments.repair(
                in, 1, "{\"id\":2,\"card\":\"B\",\"amount\":2,\"seen\":\"2026-03-01T10:20:00Z\"}"));

    Payments.Result result = Payments.run(spec, "--replay=" + repaired).succeeded();

    assertEquals(
        List.of(
            "A | 2026-03-01T11:00:00Z | 1",
            "A | 2026-03-02T11:00:00Z | 1",
            "B | 2026-03-01T11:00:00Z | 1"),
        features());
    assertEquals(List.of("not_null(card) | FOLDER/in.parquet | 3"), rejects());
    // Only the day that it touches, and an hour before it, is read.
    assertEquals("in 2 = used 2 + rejected 0 + late 0 + duplicate 0", result.balance());
  }

  @Test
  void aRecordThatIsRejectedAgainKeepsItsPlaceSoThatItCanBeRepairedAgain() throws IOException {
    Path in = payments.write("in.parquet", TWO_BROKEN);
    Path spec = payments.spec(Payments.HOURLY);
    Payments.run(spec).succeeded();
    String stillBroken = "{\"id\":2,\"amount\":2,\"seen\":\"2026-03-01T10:20:00Z\"}";
    Payments.run(spec, "--replay=" + payments.repaired(Payments.repair(in, 1, stillBroken)))
        .succeeded();

    assertEquals(
        List.of("not_null(card) | FOLDER/in.parquet | 1", "not_null(card) | FOLDER/in.parquet | 3"),
        rejects());
    String whole = stillBroken.replace("\"id\":2", "\"id\":2,\"card\":\"B\"");
    Payments.Result result =
        Payments.run(spec, "--replay=" + payments.repaired(Payments.repair(in, 1, whole)))
            .succeeded();
    assertEquals("in 2 = used 2 + rejected 0 + late 0 + duplicate 0", result.balance());
    assertEquals(List.of("not_null(card) | FOLDER/in.parquet | 3"), rejects());
  }

  @Test
  void aRecordWhoseTimeWasRepairedIsNoMoreRejectedAtItsOldTime() throws IOException {
    Path in =
        payments.write(
            "in.parquet",
            """
            1, A, -1, 1999-01-01T00:00:00Z

            2, A, 2, 2026-03-02T10:10:00Z
            """);
    Path spec =
        payments.spec(Payments.HOURLY, "validate: [{ column: amount, rule: between, min: 0 }]");
    Payments.run(spec).succeeded();
    Path repaired =
        payments.repaired(
            Payments.repair(
                in, 0, "{\"id\":1,\"card\":\"A\",\"amount\":1,\"seen\":\"2026-03-02T10:20:00Z\"}"));

    Payments.run(spec, "--replay=" + repaired).succeeded();

    assertEquals(List.of("A | 2026-03-02T11:00:00Z | 2"), features());
    assertEquals(List.of(), rejects());
  }

  @Test
  void aRepairedRecordMayTurnALaterOneIntoItsCopy() throws IOException {
    Path in =
        payments.write(
            "in.parquet",
            """
            1, , 1, 2026-03-01T10:10:00Z

            1, A, 1, 2026-03-05T10:10:00Z
            """);
    Path spec = payments.spec(Payments.HOURLY, "dedupe: [id]");
    Payments.run(spec).succeeded();
    assertEquals(List.of("A | 2026-03-05T11:00:00Z | 1"), features());
    Path repaired =
        payments.repaired(
            Payments.repair(
                in, 0, "{\"id\":1,\"card\":\"A\",\"amount\":1,\"seen\":\"2026-03-01T10:10:00Z\"}"));

    Payments.Result result = Payments.run(spec, "--replay=" + repaired).succeeded();

    assertEquals(List.of("A | 2026-03-01T11:00:00Z | 1"), features());
    assertEquals(List.of("unique(id) | FOLDER/in.parquet | 1"), rejects());
    assertEquals("in 2 = used 1 + rejected 0 + late 0 + duplicate 1", result.balance());
  }

  @Test
  void aLineThatWasNotParsedCountsOnceWhenItIsRepaired() throws IOException {
    Path in =
        Files.writeString(
            folder.resolve("in.jsonl"),
            """
            {"id": 1, "card": "A", "amount": 1, "seen": "2026-03-01T10:10:00Z"}
            {"id": 2, "card": "A", "amount":
            {"id": 3, "card": "A", "amount": 3}
            """);
    Path spec =
        Files.writeString(
            folder.resolve("spec.yaml"),
            payments
                .yaml(Payments.HOURLY)
                .replaceFirst(
                    "source: .*",
                    "source: { json: { path: \""
                        + in
                        + "\", columns: { id: int64, card: string, amount: float64, seen: timestamp"
                        + " } } }"));
    Payments.run(spec).succeeded();
    assertEquals(
        List.of("malformed | FOLDER/in.jsonl | 1", "not_null(seen) | FOLDER/in.jsonl | 2"),
        rejects());
    Path repaired =
        payments.repaired(
            Payments.repair(
                in, 1, "{\"id\":2,\"card\":\"A\",\"amount\":2,\"seen\":\"2026-03-01T10:20:00Z\"}"));

    Payments.Result result = Payments.run(spec, "--replay=" + repaired).succeeded();

    assertEquals("in 3 = used 2 + rejected 1 + late 0 + duplicate 0", result.balance());
    assertEquals(List.of("A | 2026-03-01T11:00:00Z | 2"), features());
    assertEquals(List.of("not_null(seen) | FOLDER/in.jsonl | 2"), rejects());
  }

  @Test
  void nestedFieldsComeBack() throws IOException {
    Path in =
        Files.writeString(
            folder.resolve("in.jsonl"),
            """
            {"who": {"card": "A"}, "seen": "2026-03-01T10:10:00Z"}
            {"who": {"card": null}, "seen": "2026-03-01T10:20:00Z"}
            """);
    Path spec =
        Files.writeString(
            folder.resolve("spec.yaml"),
            """
            name: nested
            source: { json: { path: %1$s/in.jsonl, columns: { who.card: string, seen: timestamp } } }
            eventTime: seen
            keys: [who.card]
            aggregate: { window: 1h, emit: windowClose, features: { payments: count } }
            sink: { parquet: { path: %1$s/features } }
            rejects: { path: %1$s/rejects }
            """
                .formatted(folder));
    Payments.run(spec).succeeded();
    String record = Payments.rows(payments.rejects(), "record").get(0);
    Path repaired = payments.repaired(Payments.repair(in, 1, record.replace("null", "\"B\"")));

    Payments.run(spec, "--replay=" + repaired).succeeded();

    assertEquals(
        List.of("A | 1", "B | 1"), Payments.rows(payments.features(), "who.card", "payments_1h"));
  }

  @Test
  void theExplainedPlanSaysWhatIsReplayed() throws IOException {
    Path in = payments.write("in.parquet", TWO_BROKEN);
    Path spec = payments.spec(Payments.HOURLY);
    String record = "{\"card\":\"B\",\"seen\":\"2026-03-01T10:20:00Z\"}";
    Path repaired = payments.repaired(Payments.repair(in, 1, record));

    String plan = Payments.run(spec, "--replay=" + repaired, "--explain").succeeded().out();

    assertTrue(
        plan.contains("\n      1 repaired records in the place of those that were rejected\n"),
        plan);
  }

  @Test
  void aRangeIsRefused() throws IOException {
    payments.write("in.parquet", TWO_BROKEN);
    Path spec = payments.spec(Payments.HOURLY);
    for (String flag : List.of("--from=2026-03-01", "--to=2026-03-01")) {
      assertEquals(
          "Invalid --replay with --from or --to (a replay recomputes what its records affect)",
          refusal(spec, "--replay=none.jsonl", flag));
    }
  }

  @Test
  void whatCannotBeUsedIsRefusedWithItsLine() throws IOException {
    Path in = payments.write("in.parquet", TWO_BROKEN);
    Path spec = payments.spec(Payments.HOURLY);
    String good = Payments.repair(in, 0, "{\"seen\":\"2026-03-01T10:20:00Z\"}");
    String line = "Invalid repaired reject: FOLDER/repaired.jsonl line 2";

    assertEquals(
        line + " (source, position and record must be given)",
        refused(spec, good, "{\"source\":\"x\",\"position\":1}"));
    assertEquals(
        line + ": column 'position': the string 'one' is not an int64",
        refused(spec, good, "{\"source\":\"x\",\"position\":\"one\",\"record\":\"{}\"}"));
    assertEquals(
        line
            + ": Unexpected end-of-input: expected close marker for Object (start marker at"
            + " [Source: (String)\"{\"; line: 1, column: 1])",
        refused(spec, good, Payments.repair(in, 1, "{")));
    assertEquals(
        line + ": its record is not a JSON object",
        refused(spec, good, Payments.repair(in, 1, "7")));
    assertEquals(
        line + " holds a masked value, *** (put the true one in its place)",
        refused(spec, good, Payments.repair(in, 1, "{\"card\":\"***\"}")));
    assertEquals(
        line + ": column 'id': the string 'x' is not an int64",
        refused(spec, good, Payments.repair(in, 1, "{\"id\":\"x\"}")));
    assertEquals(
        line + " repairs FOLDER/in.parquet 0 again (must be given once)",
        refused(spec, good, good));
    assertEquals(
        "Nothing to replay: FOLDER/repaired.jsonl (it holds no record with an event time)",
        refused(spec, Payments.repair(in, 1, "{\"card\":\"B\"}")));
  }

  private String refused(Path spec, String... lines) throws IOException {
    return refusal(spec, "--replay=" + payments.repaired(lines));
  }

  @Test
  void whatCannotBeParsedIsNotShownIfColumnsAreMasked() throws IOException {
    Path in = payments.write("in.parquet", TWO_BROKEN);
    Path spec = payments.spec(Payments.HOURLY, "mask: [card]");

    String refusal = refused(spec, Payments.repair(in, 1, "{\"id\":\"SECRET\"}"));

    assertEquals(
        "Invalid repaired reject: FOLDER/repaired.jsonl line 1: cannot be parsed (details withheld:"
            + " masked columns)",
        refusal);
  }
}
