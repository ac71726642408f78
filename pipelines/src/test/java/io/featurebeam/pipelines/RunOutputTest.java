package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.pipelines.cli.Cli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says: plan, summary, first rows, report. FOLDER stands for the folder of the test. */
final class RunOutputTest {

  private static final String SPEC =
      """
      name: payments
      source:
        csv:
          path: FOLDER/payments.csv
          columns: { at: timestamp, user: string, card: string, amount: float64, shop: string }
      eventTime: at
      keys: [user]
      validate:
        - { column: amount, rule: between, min: 0, max: 100, onFail: reject }
      features:
        log_amount: { log1p: amount }
        round: { log1p: amount }
      aggregate:
        - window: [1h, 1d]
          emit: { every: 1h }
          bounds: { delay: 5m }
          features:
            payments: count
            largest: { max: log_amount, where: "amount > 1.0" }
            last_card: { last: card }
      sink: { parquet: { path: FOLDER/features, partitionBy: [day(window_end)] } }
      rejects: { path: FOLDER/rejects, format: json }
      report: { path: FOLDER/report.html }
      mask: [card]
      """;

  @TempDir Path folder;

  private String spec = SPEC;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void writePayments() throws IOException {
    write(
        """
        at,user,card,amount,shop
        2024-05-01T10:10:00Z,ann,4111,5,a
        2024-05-01T10:20:00Z,ann,4111,700,a
        2024-05-01T11:30:00Z,ann,4222,9,b
        2024-05-02T11:30:00Z,ann,4222,12.5,b
        """);
  }

  private void write(String payments) throws IOException {
    Files.writeString(folder.resolve("payments.csv"), payments);
  }

  private int run(String... more) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("payments.yaml"), spec.replace("FOLDER", folder.toString()));
    String[] args =
        Stream.concat(Stream.of("--spec=" + file), Stream.of(more)).toArray(String[]::new);
    PrintStream console = new PrintStream(out, true, StandardCharsets.UTF_8);
    return Cli.run(
        args,
        (invocation, context) -> new SpecRun(invocation, context, console).run(),
        console,
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String plain(String text) {
    return text.replace(folder.toString(), "FOLDER")
        .replace(System.lineSeparator(), "\n")
        .replaceAll("(succeeded in|FAILED after|record after) [0-9.]+ m?s", "$1 SOME s")
        .replaceAll("(FOLDER/\\S+) +(\\d)", "$1  $2")
        .replaceAll("[0-9.]+ (k?B|bytes)", "SOME bytes");
  }

  /** What is on the console behind the progress. */
  private String said() {
    String text = plain(out.toString(StandardCharsets.UTF_8));
    return text.substring(text.indexOf("payments "));
  }

  private String errors() {
    return plain(err.toString(StandardCharsets.UTF_8));
  }

  private Document report(String name) throws IOException {
    return Jsoup.parse(Files.readString(folder.resolve(name)));
  }

  @Test
  void explainPrintsTheWholePlan() throws IOException {
    assertEquals(0, run("--explain", "--from=2024-05-02", "--to=2024-05-03"), this::errors);
    assertEquals(
        """
        Plan of payments: 7 steps

         1. Read csv           source
              columns  at      timestamp
                       user    string
                       card    string
                       amount  float64
              path     FOLDER/payments.csv
              finds    1 file of some 4 rows, by size, each read whole
              parses   4 of 5 columns
              range    records with at from 2024-04-30T23:54:59.999999Z to before 2024-05-03, all that windows see
              shuffle  of the list of what to read, not of records

         2. Validate           rules
              from     Read csv
              columns  as in Read csv
              rule     not_null(at)  added: the event time must be there
              rule     not_null(user)  added: a key must be there
              rule     has_window(at, 1h)  added: the windows of a later time have no end
              rule     between(amount, 0, 100)
              fused    with Read csv

         3. Engineer features  features
              from     Validate
              columns  as in Validate, and
                       log_amount  float64
                       round       float64
              feature  log_amount = log1p(amount)
              feature  round = log1p(amount)
              unused   round: no aggregate reads it, so it is in the report alone (emit: everyEvent gives each record out)
              fused    with Read csv, Validate

         4. Profile            column statistics
              from     Engineer features
              columns  as in Engineer features
              fused    with Read csv, Validate, Engineer features

         5. Aggregate          window aggregates
              from     Profile
              columns  user          string
                       window_end    timestamp not null
                       payments_1h   int64
                       payments_1d   int64
                       largest_1h    float64
                       largest_1d    float64
                       last_card_1h  string
                       last_card_1d  string
              keys     user
              time     at
              emit     every 1h: a row per key and hop in which the key had an event
              windows  1h, 1d of [t - w - 5m, t - 5m)
                       payments = count
                       largest = max(log_amount) where amount > 1.0
                       last_card = last(card)
              fused    with Read csv, Validate, Engineer features, Profile, up to the shuffle
              shuffle  of partial aggregates per key and tile, in 4 shards

         6. Write              files
              from     Aggregate
              path     FOLDER/features
              files    parquet, partitioned by day(window_end)
              rejects  FOLDER/rejects, json; those of other times stay
              mask     card: *** in rejects, report and logs
              fused    with Aggregate

         7. Finish             publish
              from     Write
              output   replaces rows with window_end from 2024-05-02 to before 2024-05-03, at once; others stay
              report   FOLDER/report-2024-05-02-to-2024-05-03.html
              shuffle  of file names and counts, to one worker

        Options of DirectRunner
          --enforceEncodability=false  default
          --enforceImmutability=false  default
        """,
        plain(out.toString(StandardCharsets.UTF_8)));
    assertFalse(Files.exists(folder.resolve("features")));
  }

  @Test
  void runEndsWithTheBalanceThePathsOfTheSpecAndTheFirstRows() throws IOException {
    assertEquals(0, run(), this::errors);
    assertEquals(
        """
        payments succeeded in SOME s on DirectRunner, first record after SOME s

          in 4 = used 3 + rejected 1 + late 0 + duplicate 0

          4 rules, 1 with failures:
            between(amount, 0, 100)  1  rejected  such as 700.0

          features  FOLDER/features  3 rows, 2 files, SOME bytes
          rejects   FOLDER/rejects  1 row, 1 file, SOME bytes
          report    FOLDER/report.html

          all 3 rows:
            user  window_end            payments_1h  payments_1d  largest_1h  largest_1d  and 2 more columns
            ann   2024-05-01T11:00:00Z            1            1      1.7918      1.7918
            ann   2024-05-01T12:00:00Z            1            2      2.3026      2.3026
            ann   2024-05-02T12:00:00Z            1            1      2.6027      2.6027
        """,
        said());
  }

  @Test
  void firstRowsAreShownOfTextOutputsToo() throws IOException {
    for (String format : new String[] {"json", "csv"}) {
      out.reset();
      spec =
          SPEC.replace("sink: { parquet:", "sink: { " + format + ":")
              .replace("/features", "/" + format);
      assertEquals(0, run(), this::errors);
      assertTrue(
          said()
              .endsWith(
                  """

                    all 3 rows:
                      user  window_end            payments_1h  payments_1d  largest_1h  largest_1d  and 2 more columns
                      ann   2024-05-01T11:00:00Z            1            1      1.7918      1.7918
                      ann   2024-05-01T12:00:00Z            1            2      2.3026      2.3026
                      ann   2024-05-02T12:00:00Z            1            1      2.6027      2.6027
                  """),
          this::said);
    }
  }

  @Test
  void firstRowsShowNoMaskedValueAndNoneMadeOfOne() throws IOException {
    spec =
        SPEC.replace("[1h, 1d]", "1h")
            .replace("largest: {", "cards: { approximate_distinct: card }\n      largest: {");
    assertEquals(0, run(), this::errors);
    assertTrue(
        said()
            .endsWith(
                """

                  all 3 rows:
                    user  window_end            payments_1h  cards_1h  largest_1h  last_card_1h
                    ann   2024-05-01T11:00:00Z            1       ***      1.7918  ***
                    ann   2024-05-01T12:00:00Z            1       ***      2.3026  ***
                    ann   2024-05-02T12:00:00Z            1       ***      2.6027  ***
                """),
        this::said);
  }

  @Test
  void rangeIsToldAndHasAReportOfItsOwn() throws IOException {
    assertEquals(0, run(), this::errors);
    String whole = Files.readString(folder.resolve("report.html"));
    out.reset();
    assertEquals(0, run("--from=2024-05-02", "--to=2024-05-03"), this::errors);
    assertTrue(
        said()
            .startsWith(
                """
                payments succeeded in SOME s on DirectRunner, first record after SOME s
                  only rows with window_end from 2024-05-02 to before 2024-05-03

                  in"""),
        this::said);
    assertTrue(
        said().contains("\n  report    FOLDER/report-2024-05-02-to-2024-05-03.html\n"), this::said);
    assertEquals(whole, Files.readString(folder.resolve("report.html")));
    assertEquals(
        "only rows with window_end from 2024-05-02 to before 2024-05-03",
        report("report-2024-05-02-to-2024-05-03.html").select("header .note").text());
  }

  @Test
  void malformedRecordsAreCountedAmongTheRules() throws IOException {
    spec = SPEC.replace("mask: [card]\n", "");
    write(
        """
        at,user,card,amount,shop
        2024-05-01T10:10:00Z,ann,4111,5,a
        2024-05-01T10:20:00Z,ann,4111
        2024-05-01T10:30:00Z,ann,4111,much,a
        """);
    assertEquals(0, run(), this::errors);
    assertTrue(
        said()
            .contains(
                """
                  in 3 = used 1 + rejected 2 + late 0 + duplicate 0

                  5 rules, 1 with failures:
                    malformed  2  rejected  such as 3 fields (must be 5), column 'amount': 'mu…
                """),
        this::said);
    assertEquals(
        "malformed reject 3 1 2 66.67 %",
        report("report.html").select("#rules tbody tr").get(0).text().substring(0, 30));
  }

  @Test
  void reasonsOfMalformedRecordsAreShownUnlessTheyShowMaskedValues() throws IOException {
    write("at,user,card,amount,shop\n2024-05-01T10:20:00Z,ann,4111\n");
    assertEquals(0, run(), this::errors);
    assertTrue(
        said().contains("malformed  1  rejected  such as 3 fields (must be 5)\n"), this::said);
  }

  @Test
  void stepsOfTheReportAreThoseOfThePlan() throws IOException {
    assertEquals(0, run(), this::errors);
    Document report = report("report.html");
    assertEquals(
        List.of("Read csv", "Validate", "Engineer features", "Profile", "Aggregate", "Write"),
        report.select("#steps tbody th").eachText());
    assertEquals("3 3 0", report.select("#steps tbody tr").last().select("td.n").text());
  }

  @Test
  void recordsWithoutASinkAreCountedWhereTheyEnd() throws IOException {
    spec =
        SPEC.substring(0, SPEC.indexOf("aggregate:"))
            + "rejects: { path: FOLDER/rejects, format: json }\n";
    assertEquals(0, run(), this::errors);
    assertTrue(
        said().contains("  in 4 = used 3 + rejected 1 + late 0 + duplicate 0\n"), this::said);
  }

  @Test
  void ruleThatObjectsIsToldOnce() throws IOException {
    spec = SPEC.replace("onFail: reject", "onFail: fail");
    assertEquals(3, run(), this::errors);
    assertEquals(
        "Not published: 1 of 4 records break between(amount, 0, 100) (onFail: fail)\n", errors());
    assertTrue(
        said()
            .startsWith(
                """
                payments FAILED after SOME s on DirectRunner, first record after SOME s

                  in 4 ="""),
        this::said);
    assertEquals("✕ Failed", report("report.html").select(".verdict").text());
  }

  @Test
  void reportThatCannotBeWrittenIsRefusedBeforeAnythingRuns() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    assertEquals(2, run("--set=report.path=" + folder.resolve("file/report.html")));
    assertEquals(
        "Invalid report path: 'FOLDER/file/report.html' (no file can be created in FOLDER/file;"
            + " choose another place)\n",
        errors());
    err.reset();
    assertEquals(2, run("--set=report.path=" + folder));
    assertEquals(
        "Invalid report path: 'FOLDER' is a folder (must be a file, such as report.html)\n",
        errors());
    assertFalse(Files.exists(folder.resolve("features")));
  }

  @Test
  void unknownColumnOfASpecTestIsNamedThoughNoRowCame() throws IOException {
    Path test =
        Files.writeString(
            folder.resolve("payments.test.yaml"),
            """
            tests:
              - name: too much
                input: |
                  at,                   user, card, amount
                  2024-05-01T10:10:00Z, ann,  4111, 700
                output:
                  - { user: ann, paymnts_1h: 1 }
                rejects:
                  - { step: validate }
            """);
    assertEquals(1, run("--testSpec=" + test), this::errors);
    assertEquals(
        """
        FAIL  too much
              output: no column 'paymnts_1h'; did you mean 'payments_1h'?

        0 passed, 1 failed
        """,
        plain(out.toString(StandardCharsets.UTF_8)));
  }

  @Test
  void specThatLearnsIsTestedWithWhatItHasLearned() throws IOException {
    spec =
        SPEC.replace("round: { log1p: amount }", "round: { standardize: amount }")
            .replace("last_card: { last: card }", "scaled: { max: round }")
            .replace(
                "aggregate:",
                "fit: { path: FOLDER/fit.json, from: 2024-05-01, to: 2024-05-03 }\naggregate:");
    Path test =
        Files.writeString(
            folder.resolve("payments.test.yaml"),
            """
            tests:
              - name: a mean payment
                input: |
                  at,                   user, card, amount
                  2024-05-01T10:10:00Z, ann,  4111, 9
                  2024-05-01T10:20:00Z, ann,  4111, 5
                output:
                  - { user: ann, payments_1h: 2 }
            """);
    assertEquals(0, run(), this::errors);
    out.reset();
    assertEquals(0, run("--testSpec=" + test), () -> plain(out.toString(StandardCharsets.UTF_8)));
    assertEquals(
        "ok    a mean payment\n\n1 passed, 0 failed\n",
        plain(out.toString(StandardCharsets.UTF_8)));
  }

  @Test
  void runThatFailsLeavesAReportThatSaysSo() throws IOException {
    Path example = Path.of("examples", "flights");
    byte[] flights = Files.readAllBytes(example.resolve("data/flights-2001-01.parquet"));
    Arrays.fill(flights, flights.length / 2, flights.length / 2 + 3000, (byte) 0);
    Files.write(folder.resolve("damaged.parquet"), flights);
    spec =
        Files.readString(example.resolve("flights.yaml"))
            .replace("pipelines/examples/flights/data/*", "FOLDER/damaged")
            .replace("out/flights", "FOLDER");
    Files.writeString(folder.resolve("report.html"), "Succeeded");

    assertEquals(1, run());

    String problem =
        "Damaged Parquet file: FOLDER/damaged.parquet, row group 0, column 'distance', row 0: Data"
            + " corruption detected (write it again, or leave it out)";
    assertEquals("Run failed: " + problem + "\n", errors());
    Document report = report("report.html");
    assertEquals("✕ Failed", report.select(".verdict").text());
    assertEquals(problem, plain(report.select(".problem").text()));
  }
}
