package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told before a run that would not do what was meant. */
class RefusalsTest {

  @TempDir Path folder;
  private Payments payments;

  @BeforeEach
  void writeInput() throws IOException {
    payments = new Payments(folder);
    payments.write(
        "in.parquet",
        """
        1, A, 1, 2026-03-01T10:10:00Z
        2, B, 2, 2026-03-01T10:20:00Z
        """);
  }

  private String refusal(Path spec, String... args) {
    Payments.Result result = Payments.run(spec, args);
    assertEquals(2, result.code(), result.err());
    return result.err().replace(folder.toString(), "FOLDER");
  }

  @Test
  void aFeatureInNoOutputIsToldBeforeTheRun() throws IOException {
    String features = "features: { log: { log1p: amount }, twice: { log1p: log } }";
    Path spec = payments.spec(Payments.HOURLY, features);

    String unused = Payments.run(spec).succeeded().out();
    assertTrue(
        unused.startsWith("Feature in no output: log\nFeature in no output: twice\n"), unused);

    String used =
        Payments.run(spec, "--set=aggregate.features={ total: { sum: twice } }").succeeded().out();
    assertFalse(used.contains("Feature in no output"), used);
  }

  @Test
  void fitWithNothingToLearnIsRefused() throws IOException {
    Path spec = payments.spec("fit: { path: state.json, from: 2026-03-01, to: 2026-03-02 }");

    assertEquals(
        """
        FOLDER/spec.yaml:8:6: fit: Invalid fit: no feature learns from data (remove fit)
            fit: { path: state.json, from: 2026-03-01, to: 2026-03-02 }
                 ^\
        """,
        refusal(spec));
  }

  @Test
  void aFileSystemThatIsNotHereIsToldWithWhatBringsIt() throws IOException {
    Path spec = payments.spec(Payments.HOURLY);
    assertEquals(
        "--set=source.parquet.path: source.parquet.path[0]: No file system on the class path for"
            + " s3:// (add the dependency"
            + " org.apache.beam:beam-sdks-java-io-amazon-web-services2, of Beam's version, to"
            + " pipelines/pom.xml or to your own project)",
        refusal(spec, "--set=source.parquet.path=s3://bucket/payments.parquet"));
    assertEquals(
        "--set=rejects.path: No file system on the class path for gs:// (add the"
            + " dependency org.apache.beam:beam-sdks-java-extensions-google-cloud-platform-core, of"
            + " Beam's version, to pipelines/pom.xml or to your own project)",
        refusal(spec, "--set=rejects.path=gs://bucket/rejects"));
    assertEquals(
        "--set=report.path: No file system on the class path for ftp:// (known are"
            + " azfs, gs, hdfs, s3)",
        refusal(spec, "--set=report.path=ftp://host/report.html"));
  }

  @Test
  void anEmptySetOfValuesIsRefused() throws IOException {
    assertEquals(
        "--set=validate: validate.values: Invalid values: none given (must be at least one)",
        refusal(
            payments.spec(Payments.HOURLY),
            "--set=validate={ rule: in_set, column: card, values: [] }"));
  }

  @Test
  void rejectsOfAnotherSpecAreReplacedOnlyIfToldTo() throws IOException {
    Path spec = payments.spec(Payments.HOURLY);
    Payments.run(spec).succeeded();
    String[] other = {"--set=name=other", "--set=sink="};

    assertTrue(
        refusal(spec, other)
            .contains(
                ": rejects.path: Output path is of another spec: FOLDER/rejects/ was published by"
                    + " 'payments', this is 'other' (choose another path, or set overwrite: true to"
                    + " replace it; once is enough, as after a rename)"));
    Payments.run(spec, other[0], other[1], "--set=rejects.overwrite=true").succeeded();
  }

  /** The first line alone. */
  private String told(Path spec, String... args) {
    return refusal(spec, args).lines().findFirst().orElse("");
  }

  @Test
  void whatIsWrongWithTheInputIsToldWhereTheSpecNamesIt() throws IOException {
    Path spec = payments.spec();
    assertEquals(
        "FOLDER/spec.yaml:2:28: source.parquet.path: No file matches FOLDER/none/*.parquet (hidden"
            + " files, _* and .*, do not count)",
        told(
            Files.writeString(
                spec, Files.readString(spec).replace("/*.parquet", "/none/*.parquet"))));
    assertEquals(
        "--set=source.parquet.columns: Unknown column: 'cart'; did you mean" + " 'card'?",
        told(payments.spec(), "--set=source.parquet.columns=[seen, cart]")
            .replace(" in FOLDER/in.parquet", ""));
  }

  @Test
  void whatCannotTakeBackADeletedRecordIsToldAtItsFeature() throws IOException {
    String group =
        "aggregate: { window: 1h, every: 1h, changes: { column: card, deletes: [d] }, features: {"
            + " n: { last: card } } }";
    String told = told(payments.spec(group), "--set=sink.parquet.partitionBy=");
    assertTrue(
        told.startsWith(
            "FOLDER/spec.yaml:8:93: aggregate[0].features.n: Invalid aggregate under changes: 'n'"
                + " is Last[column=card] (a deleted event cannot be taken out of it; take one of"
                + " count, sum, mean, "),
        told);
  }

  @Test
  void changesOfOneGroupAloneAreRefused() throws IOException {
    String groups =
        "aggregate: [{ window: 1h, every: 1h, features: { n: count } }, { window: 1h, every: 1h,"
            + " changes: { column: card, deletes: [d] }, features: { m: count } }]";
    assertEquals(
        "FOLDER/spec.yaml:8:12: aggregate: Invalid aggregate: groups with different changes (a"
            + " record deletes for all of them; give each the same)",
        told(payments.spec(groups), "--set=sink.parquet.partitionBy="));
  }

  @Test
  void groupsOfDifferentRowsAreToldAtTheAggregates() throws IOException {
    String groups =
        "aggregate: [{ window: 1h, every: 1h, features: { n: count } }, { window: 1h, features: { m:"
            + " count } }]";
    assertEquals(
        "FOLDER/spec.yaml:8:12: aggregate: Invalid aggregate: groups with different keys or emit"
            + " (rows of one output have one key and one time; put the others into a spec of their"
            + " own)",
        told(payments.spec(groups), "--set=sink.parquet.partitionBy="));
  }

  @Test
  void aConditionOfASinkIsOverTheColumnsOfTheOutput() throws IOException {
    Path spec = payments.spec(Payments.HOURLY);

    assertEquals(
        "--set=sink.parquet.where: Invalid expression at column 1: Unknown column: 'spent'; known: card,"
            + " window_end, payments_1h, spent_1h",
        told(spec, "--set=sink.parquet.where=spent > 1.0"));
    assertEquals(
        "--set=sink.parquet.where: Invalid where: 'spent_1h' is float64 (must be boolean)",
        told(spec, "--set=sink.parquet.where=spent_1h"));
  }
}
