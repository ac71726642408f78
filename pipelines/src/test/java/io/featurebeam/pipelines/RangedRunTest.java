package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --from} and {@code --to}: a part of the output, and of the rejects, computed again. */
class RangedRunTest {

  @TempDir Path folder;

  private Payments payments() {
    return new Payments(folder);
  }

  private List<String> rejects() throws IOException {
    return Payments.rows(payments().rejects(), "rule", "position");
  }

  private List<String> features() throws IOException {
    return Payments.rows(payments().features(), "card", "window_end", "payments_1h");
  }

  private static final String THREE_DAYS =
      """
      1, A, 1, 2026-03-01T10:10:00Z
      2, , 2, 2026-03-01T10:20:00Z

      3, A, 3, 2026-03-02T10:10:00Z
      4, , 4, 2026-03-02T10:20:00Z

      5, A, 5, 2026-03-03T10:10:00Z
      6, , 6, 2026-03-03T10:20:00Z
      7, A, 7,
      """;

  @Test
  void rejectsOfOtherTimesStay() throws IOException {
    payments().write("in.parquet", THREE_DAYS);
    Path spec = payments().spec(Payments.HOURLY);
    Payments.run(spec).succeeded();

    Payments.Result result = Payments.run(spec, "--from=2026-03-02", "--to=2026-03-03").succeeded();

    assertEquals(
        List.of(
            "not_null(card) | 1", "not_null(card) | 3", "not_null(card) | 5", "not_null(seen) | 6"),
        rejects());
    assertEquals("in 3 = used 1 + rejected 2 + late 0 + duplicate 0", result.balance());
  }

  @Test
  void rejectsAreThoseOfTheRangeIfThereWereNone() throws IOException {
    payments().write("in.parquet", THREE_DAYS);
    Path spec = payments().spec(Payments.HOURLY);

    Payments.run(spec, "--from=2026-03-02", "--to=2026-03-03").succeeded();

    assertEquals(List.of("not_null(card) | 3", "not_null(seen) | 6"), rejects());
  }

  @Test
  void anOpenEndIsAllFromThere() throws IOException {
    payments().write("in.parquet", THREE_DAYS);
    Path spec = payments().spec(Payments.HOURLY);
    Payments.run(spec).succeeded();
    List<String> all = features();
    payments().write("in.parquet", THREE_DAYS.replace("1, A", "1, X").replace("5, A", "5, Y"));

    Payments.run(spec, "--from=2026-03-02").succeeded();

    assertEquals(
        List.of(
            "A | 2026-03-01T11:00:00Z | 1",
            "A | 2026-03-02T11:00:00Z | 1",
            "Y | 2026-03-03T11:00:00Z | 1"),
        features());
    assertEquals(3, all.size());
  }

  @Test
  void anOpenStartIsAllBefore() throws IOException {
    payments().write("in.parquet", THREE_DAYS);
    Path spec = payments().spec(Payments.HOURLY);

    Payments.run(spec, "--to=2026-03-03").succeeded();

    assertEquals(
        List.of("A | 2026-03-01T11:00:00Z | 1", "A | 2026-03-02T11:00:00Z | 1"), features());
  }

  @Test
  void aCopyOfARecordBeforeTheRangeIsADuplicateAsInAFullRun() throws IOException {
    payments()
        .write(
            "in.parquet",
            """
            1, A, 1, 2026-03-01T10:10:00Z

            1, A, 1, 2026-03-03T10:10:00Z
            2, A, 2, 2026-03-03T10:20:00Z
            """);
    Path spec = payments().spec(Payments.HOURLY, "dedupe: [id]");
    Payments.run(spec).succeeded();
    List<String> full = features();

    Payments.run(spec, "--from=2026-03-03", "--to=2026-03-04").succeeded();

    assertEquals(List.of("A | 2026-03-01T11:00:00Z | 1", "A | 2026-03-03T11:00:00Z | 1"), full);
    assertEquals(full, features());
    assertEquals(List.of("unique(id) | 1"), rejects());
  }

  @Test
  void rejectsInAnotherFormatThanBeforeStay() throws IOException {
    payments().write("in.parquet", THREE_DAYS);
    Path spec = payments().spec(Payments.HOURLY);
    Payments.run(spec, "--set=rejects.format=json").succeeded();

    Payments.run(spec, "--from=2026-03-02", "--to=2026-03-03").succeeded();

    assertEquals(
        List.of(
            "not_null(card) | 1", "not_null(card) | 3", "not_null(card) | 5", "not_null(seen) | 6"),
        rejects());
  }

  private static final String LABELS =
      """
      name: labels
      source: { parquet: { path: "IN/labels.parquet" } }
      eventTime: seen
      validate: [ { column: amount, rule: not_null } ]
      trainingSet:
        groups:
          card:
            source: { parquet: { path: "IN/in.parquet" } }
            eventTime: seen
            keys: [card]
            validate: [ { column: amount, rule: not_null } ]
            aggregate: { window: 1d, features: { spent: { sum: amount } } }
            ttl: 1d
      sink: { parquet: { path: IN/features, partitionBy: [day(seen)] } }
      rejects: { path: IN/rejects }
      """;

  /** A record of each of four days, and one of each that is broken. */
  private static String days(String broken) {
    StringBuilder rows = new StringBuilder();
    for (int day = 1; day <= 4; day++) {
      rows.append("%d, A, 1, 2026-03-0%dT10:00:00Z\n".formatted(day, day))
          .append("%d, A, %s, 2026-03-0%dT09:00:00Z\n\n".formatted(day, broken, day));
    }
    return rows + "9, A, 1,\n";
  }

  /** A group reads what its windows look back on, here from the day before. */
  @Test
  void ofATrainingSetTheRejectsOfEachGroupStayThatItDoesNotReadAgain() throws IOException {
    payments().write("labels.parquet", days(""));
    payments().write("in.parquet", days(""));
    Path spec =
        Files.writeString(folder.resolve("spec.yaml"), LABELS.replace("IN", folder.toString()));
    Payments.run(spec).succeeded();
    List<String> all = Payments.rows(payments().rejects(), "step", "position");
    assertEquals(
        List.of(
            "card: validate | 1",
            "card: validate | 3",
            "card: validate | 5",
            "card: validate | 7",
            "card: validate | 8",
            "validate | 1",
            "validate | 3",
            "validate | 5",
            "validate | 7",
            "validate | 8"),
        all);

    Payments.run(spec, "--from=2026-03-03", "--to=2026-03-04").succeeded();
    assertEquals(all, Payments.rows(payments().rejects(), "step", "position"));

    payments().write("labels.parquet", days("1"));
    payments().write("in.parquet", days("1"));
    Payments.run(spec, "--from=2026-03-03", "--to=2026-03-04").succeeded();
    assertEquals(
        List.of(
            "card: validate | 1",
            "card: validate | 7",
            "card: validate | 8",
            "validate | 1",
            "validate | 3",
            "validate | 7",
            "validate | 8"),
        Payments.rows(payments().rejects(), "step", "position"));
  }

  @Test
  void aReplayOfATrainingSetThatKeepsRejectsIsRefused() throws IOException {
    Path labels = payments().write("labels.parquet", days(""));
    payments().write("in.parquet", days(""));
    Path spec =
        Files.writeString(folder.resolve("spec.yaml"), LABELS.replace("IN", folder.toString()));
    String repaired =
        Payments.repair(
            labels, 1, "{\"id\":1,\"card\":\"A\",\"amount\":1,\"seen\":\"2026-03-01T09:00:00Z\"}");

    Payments.Result result = Payments.run(spec, "--replay=" + payments().repaired(repaired));

    assertEquals(2, result.code());
    assertEquals(
        "Invalid --replay of a training set that keeps rejects (a repaired record of a group may"
            + " change labels of any later time; repair the input and compute it whole)",
        result.err());
  }
}
