package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Window;
import java.util.List;
import java.util.Map;

/** The example that the tests of this package share. */
final class Specs {

  static final String FLIGHTS =
      """
      name: flight-delays
      source:
        parquet: { path: data/flights-*.parquet }
      eventTime: date
      keys: [origin]
      validate:
        - { column: origin, rule: matches, pattern: "[A-Z]{3}" }
        - { column: delay, rule: between, min: -180, max: 1440 }
        - { rule: expression, cel: "origin != destination", onFail: warn }
      features:
        log_distance: { log1p: distance }
        delay_z: { standardize: delay }
      aggregate:
        - window: [1h, 6h, 1d, 7d]
          emit: everyEvent
          features:
            flights: count
            mean_delay: { mean: delay }
            late_share: { mean: delay, where: "delay > 15" }
      sink:
        parquet: { path: out/features, partitionBy: [day(date)] }
      rejects: { path: out/rejects }
      report: { path: out/report.html }
      """;

  static final RecordSchema FLIGHTS_SCHEMA =
      RecordSchema.of(
          Field.of("date", FieldType.TIMESTAMP),
          Field.of("delay", FieldType.FLOAT64),
          Field.of("distance", FieldType.INT64),
          Field.of("origin", FieldType.STRING),
          Field.of("destination", FieldType.STRING));

  private Specs() {}

  /** {@link #FLIGHTS} as Java says it. */
  static PipelineSpec flights() {
    return PipelineSpec.builder("flight-delays")
        .source(new SourceSpec.Parquet(List.of("data/flights-*.parquet"), List.of()))
        .eventTime("date")
        .keys("origin")
        .validate(
            RuleSpec.of(Use.of("matches", "column", "origin", "pattern", "[A-Z]{3}")),
            RuleSpec.of(Use.of("between", "column", "delay", "min", -180, "max", 1440)),
            new RuleSpec(
                Use.of("expression", "cel", "origin != destination"), RuleSpec.OnFail.WARN))
        .feature("log_distance", Use.of("log1p", "column", "distance"))
        .feature("delay_z", Use.of("standardize", "column", "delay"))
        .aggregate(
            AggregateSpec.of(
                List.of(Window.of("1h"), Window.of("6h"), Window.of("1d"), Window.of("7d")),
                List.of(
                    AggregateColumn.of("flights", Use.of("count")),
                    AggregateColumn.of("mean_delay", Use.of("mean", "column", "delay")),
                    AggregateColumn.of("late_share", Use.of("mean", "column", "delay"))
                        .withWhere("delay > 15"))))
        .sink(SinkSpec.parquet("out/features").partitionedBy("day(date)"))
        .rejects(RejectsSpec.parquet("out/rejects"))
        .report("out/report.html")
        .build();
  }

  static SpecParser parser() {
    return SpecParser.withDefaults().withProviders(TestProviders.all()).withEnvironment(Map.of());
  }

  /** A small spec, whole but for what {@code more} adds. */
  static String minimal(String more) {
    return "name: n\nsource: { parquet: { path: in } }\neventTime: t\n" + more;
  }

  /** The message of the one error, or all of them. */
  static String errors(SpecParser parser, String yaml) {
    try {
      PipelineSpec spec = parser.parse(yaml, "f.yaml");
      return "no error: " + spec;
    } catch (SpecException e) {
      return String.join("\n", e.problems().stream().map(SpecProblem::line).toList());
    }
  }

  static String errors(String yaml) {
    return errors(parser(), yaml);
  }
}
