package io.featurebeam.pipelines.report;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.pipelines.report.RunSummary.Balance;
import io.featurebeam.pipelines.report.RunSummary.Output;
import io.featurebeam.pipelines.report.RunSummary.RuleCount;
import io.featurebeam.pipelines.report.RunSummary.Step;
import io.featurebeam.pipelines.report.RunSummary.Versions;
import io.featurebeam.pipelines.spec.RuleSpec.OnFail;
import io.featurebeam.profile.BatchProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Summaries to show. */
final class Runs {

  static final Balance BALANCE = new Balance(50_012, 49_800, 200, 10, 2);
  static final Versions VERSIONS = new Versions("0.1.0", "2.70.0", "17.0.9", "DirectRunner");

  private Runs() {}

  static RunSummaryBuilder flights() {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("origin", FieldType.STRING),
            Field.of("delay", FieldType.FLOAT64),
            Field.of("card", FieldType.STRING));
    RecordBatch.Builder rows = RecordBatch.builder(schema);
    for (int i = 0; i < 100; i++) {
      rows.add(i % 4 == 0 ? "SFO" : "JFK", i % 10 == 0 ? null : (double) i, "4111-" + i);
    }
    BatchProfile profile = BatchProfile.of(schema, List.of("card"));
    profile.add(rows.build());
    return RunSummary.builder("flight-delays")
        .ran(Instant.parse("2026-11-23T09:12:44.5Z"), Duration.ofMillis(12_437))
        .firstRecord(Duration.ofMillis(3_120))
        .balance(BALANCE)
        .step(new Step("Read", 50_012, 50_012, 0, Duration.ofMillis(3900)))
        .step(new Step("Validate", 50_012, 49_812, 200, null))
        .rule(
            new RuleCount(
                "between(delay, -180, 1440)", OnFail.REJECT, 50_012, 180, List.of("-300.0", "")))
        .rule(new RuleCount("matches(origin, [A-Z]{3})", OnFail.WARN, 50_012, 1_020, List.of()))
        .rule(new RuleCount("not_null(date)", OnFail.FAIL, 50_012, 0, List.of()))
        .output(new Output("features", "out/features", 3, 49_800, 1_200_000))
        .output(new Output("rejects", "out/rejects", 1, 200, 14_000))
        .report("out/report.html")
        .columns(profile.columns())
        .spec("name: flight-delays\nvalidate:\n  - { cel: \"a < b\" }\n")
        .versions(VERSIONS);
  }

  /** Thirty columns of many values: ten of numbers without end, ten of codes, ten of strings. */
  static RunSummary wide() {
    SplittableRandom random = new SplittableRandom(30);
    List<Field> fields = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < 30; c++) {
      if (c % 3 == 2) {
        fields.add(Field.of("text_column_" + c, FieldType.STRING));
        String[] values = new String[5000];
        for (int i = 0; i < values.length; i++) {
          values[i] = "some longer value of a column " + random.nextInt(100_000);
        }
        columns.add(BytesColumn.ofStrings(values));
      } else {
        fields.add(Field.of("number_column_" + c, FieldType.FLOAT64));
        double[] values = new double[5000];
        for (int i = 0; i < values.length; i++) {
          values[i] = random.nextGaussian() * 1e6;
        }
        columns.add(DoubleColumn.of(values));
      }
    }
    RecordSchema schema = RecordSchema.of(fields);
    BatchProfile profile = BatchProfile.of(schema);
    profile.add(RecordBatch.of(schema, 5000, columns));
    return flights().columns(profile.columns()).build();
  }
}
