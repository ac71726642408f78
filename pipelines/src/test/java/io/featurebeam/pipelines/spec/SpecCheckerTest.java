package io.featurebeam.pipelines.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.rule.Checker;
import io.featurebeam.rule.Rule;
import io.featurebeam.rule.RuleProvider;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpecCheckerTest {

  private static final String YAML =
      """
      name: n
      source: { parquet: { path: in } }
      eventTime: date
      """;

  private static RecordSchema check(String yaml) {
    return SpecChecker.check(
        Specs.parser().read(yaml, "f.yaml"), Specs.FLIGHTS_SCHEMA, TestProviders.all());
  }

  @Test
  void columnsOfTheFeaturesStandBehindThoseOfTheSource() {
    RecordSchema schema =
        check(YAML + "features: { a: { log1p: delay }, b: { log1p: a }, s: { standardize: b } }\n");
    assertEquals(
        List.of("date", "delay", "distance", "origin", "destination", "a", "b", "s"),
        schema.names());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          keys: [orign] | 4:8: keys[0]: Unknown column: 'orign'; did you mean 'origin'?
          mask: delai | 4:7: mask[0]: Unknown column: 'delai'; did you mean 'delay'?
          fit: { path: x, from: 2001-01-01, to: 2001-02-01 } | 4:6: fit: Invalid fit: no feature learns from data (remove fit)
          fitted: { path: x } | 4:9: fitted: Invalid fitted: no feature learns from data (remove fitted)
          mask: [origin, date] | 4:16: mask[1]: Invalid mask: 'date' is the event time (by which rejects are found again; mask other columns)
          dedupe: [date, id] | 4:16: dedupe[1]: Unknown column: 'id'; known: date, delay, distance, origin, destination
          sequence: delay | 4:11: sequence: Column 'delay' is float64 (must be int64, timestamp, date or time)
          validate: [{ rule: not_null, column: orign }] | 4:38: validate[0].column: Unknown column: 'orign'; did you mean 'origin'?
          validate: { rule: between, column: origin, min: 1 } | 4:36: validate[0].column: Column 'origin' is string (must be numeric)
          validate: [{ rule: not_null, column: delay }, { rule: not_null, column: delay }] | 4:47: validate[1]: Duplicate rule: not_null(delay) (validate[0] is the same; drop one)
          validate: [{ rule: not_null, column: date, onFail: warn }] | 4:12: validate[0].onFail: Invalid onFail: warn for not_null(date) (a record without an event time or entity key cannot be used: must be reject or fail)
          features: { f: { log1p: distanc } } | 4:25: features.f.column: Unknown column: 'distanc'; did you mean 'distance'?
          features: { f: { log1p: distanc }, g: { log1p: f } } | 4:25: features.f.column: Unknown column: 'distanc'; did you mean 'distance'?
          features: { delay: { log1p: distance } } | 4:20: features.delay: Duplicate column: 'delay' exists (give the feature another name)
          aggregate: { window: 1h, keys: origin, features: { m: { mean: destination } } } | 4:63: aggregate[0].features.m.column: Column 'destination' is string (must be numeric)
          aggregate: { window: 1h, keys: [origin, airport], features: { n: count } } | 4:41: aggregate[0].keys[1]: Unknown column: 'airport'; known: date, delay, distance, origin, destination
          aggregate: [{ window: 1h, keys: origin, features: { n: count } }, { window: 1h, keys: origin, features: { n: count } }] | 4:110: aggregate[1].features.n: Duplicate column: 'n_1h' (another part makes it too)
          aggregate: { window: 1h, keys: origin, features: { n: { count: , per: orign } } } | 4:71: aggregate[0].features.n.per: Unknown column: 'orign'; did you mean 'origin'?
          aggregate: { window: 1h, keys: origin, features: { n: { count: , per: delay } } } | 4:71: aggregate[0].features.n.per: Invalid column for per: 'delay' is float64 (must be string, int64, boolean, timestamp, date or time)
          aggregate: { window: 1h, keys: origin, features: { n: { count: , per: { column: origin, values: [1] } } } } | 4:71: aggregate[0].features.n.per: Invalid values: 1 for 'origin', which is string (must be texts; put it in quotes)
          aggregate: { window: 1h, keys: origin, features: { n: { count: , per: { column: distance, values: [x] } } } } | 4:71: aggregate[0].features.n.per: Invalid values: x for 'distance', which is int64 (must be of the type of the column: string, int64 or boolean)
          aggregate: { window: 1h, keys: origin, features: { n_a: count, n: { count: , per: { column: origin, values: [a] } } } } | 4:67: aggregate[0].features.n: Duplicate column: 'n_a_1h' (another part makes it too)
          aggregate: { window: 1h, keys: origin, changes: { column: orign, deletes: [d] }, features: { n: count } } | 4:49: aggregate[0].changes: Unknown column: 'orign'; did you mean 'origin'?
          aggregate: { window: 1h, keys: origin, changes: { column: distance, deletes: [d] }, features: { n: count } } | 4:49: aggregate[0].changes: Invalid deletes: 'd' (must be a value of 'distance', int64)
          aggregate: { window: 1h, keys: origin, bounds: { rowCap: 2 }, changes: { column: origin, deletes: [d] }, features: { n: count } } | 4:12: aggregate: Invalid rowCap: 2 (with changes it would take deletes for rows; leave one of them out)
          sink: { parquet: { path: x, partitionBy: [day(dat)] } } | 4:43: sink.parquet.partitionBy[0]: Unknown column: 'dat'; did you mean 'date'?
          sink: { parquet: { path: x, partitionBy: [day(origin)] } } | 4:43: sink.parquet.partitionBy[0]: Column 'origin' is string (must be timestamp or date)
          """)
  void mistakeIsToldAtItsPlace(String line, String expected) {
    SpecException thrown = assertThrows(SpecException.class, () -> check(YAML + line + "\n"));
    assertEquals("f.yaml:" + expected, thrown.problems().get(0).line());
    assertEquals(1, thrown.problems().size(), thrown.getMessage());
  }

  @Test
  void keysMayBeWhatFeaturesMake() {
    String features = "features: { hour: { log1p: delay } }\n";
    String aggregate = "aggregate: { window: 1h, keys: hour, features: { n: count } }\n";
    assertTrue(check(YAML + features + aggregate).contains("hour"));
  }

  @Test
  void eventTimeMustBeATimestamp() {
    SpecException thrown =
        assertThrows(SpecException.class, () -> check(YAML.replace("date", "distance")));
    assertEquals(
        "f.yaml:3:12: eventTime: Column 'distance' is int64 (must be timestamp)",
        thrown.problems().get(0).line());
  }

  @Test
  void columnsThatAFitWillNameAreNotJudged() {
    RecordSchema schema =
        check(YAML + "features: { city: { one_hot: origin }, f: { log1p: city_SEA } }\n");
    assertEquals(Specs.FLIGHTS_SCHEMA, schema);
  }

  @Test
  void mistakesOfASpecBuiltInJavaNameTheSpecAndHideSecrets() {
    ParsedSpec parsed =
        Specs.parser()
            .withEnvironment(Map.of("COLUMN", "secret"))
            .read(YAML + "mask: ${COLUMN}\n", "f.yaml");
    ParsedSpec built = new ParsedSpec(parsed.spec(), SpecLocations.unknown(parsed.spec()));
    SpecException thrown =
        assertThrows(
            SpecException.class,
            () -> SpecChecker.check(built, Specs.FLIGHTS_SCHEMA, TestProviders.all()));
    assertEquals(
        "n: mask[0]: Unknown column: '${COLUMN}'; known: date, delay, distance, origin,"
            + " destination",
        thrown.getMessage());
  }

  /** A rule that does what a user's own may do by mistake. */
  private record Faulty(String name, Supplier<Rule> made) implements RuleProvider {
    @Override
    public String description() {
      return "A faulty rule.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }

    @Override
    public Rule create(Settings settings) {
      return made.get();
    }
  }

  private record Unbound(Object held) implements Rule {
    @Override
    public String id() {
      return "unbound";
    }

    @Override
    public List<String> columns() {
      return List.of();
    }

    @Override
    public Checker bind(RecordSchema schema) {
      throw new IllegalStateException("not today");
    }
  }

  private static SpecException refusal(Supplier<Rule> made) {
    Providers providers =
        Providers.of(List.of(new Faulty("faulty", made)), List.of(), List.of(), List.of());
    return assertThrows(
        SpecException.class,
        () ->
            SpecChecker.check(
                SpecParser.withDefaults()
                    .withProviders(providers)
                    .read(YAML + "validate: { rule: faulty }\n", "f.yaml"),
                Specs.FLIGHTS_SCHEMA,
                providers));
  }

  @Test
  void ruleThatFailsOfItselfIsToldAtItsPlaceWithATrace() {
    SpecException thrown = refusal(() -> new Unbound("a text"));
    assertEquals(
        "f.yaml:4:11: validate[0]: 'faulty' itself failed: java.lang.IllegalStateException: not"
            + " today (--verbose shows where)",
        thrown.problems().get(0).line());
    assertEquals("bind", thrown.getSuppressed()[0].getStackTrace()[0].getMethodName());
  }

  @Test
  void ruleThatCannotBeMadeIsToldAtItsPlace() {
    SpecException thrown =
        refusal(
            () -> {
              throw new ArithmeticException("/ by zero");
            });
    assertEquals(
        "f.yaml:4:11: validate: 'faulty' itself failed: java.lang.ArithmeticException: / by zero"
            + " (--verbose shows where)",
        thrown.problems().get(0).line());
  }

  @Test
  void ruleThatCannotBeSentToWorkersIsToldBeforeTheRun() {
    assertEquals(
        "f.yaml:4:11: validate[0]: 'faulty' cannot be sent to workers:"
            + " java.io.NotSerializableException: java.lang.Object (it and all it holds must be"
            + " serializable)",
        refusal(() -> new Unbound(new Object())).problems().get(0).line());
  }

  @Test
  void secretsShowNeitherInTheFailureNorInItsTrace() {
    ParsedSpec parsed =
        Specs.parser()
            .withEnvironment(Map.of("PASSWORD", "hunter2"))
            .read(
                "name: n\nsource: { queue: { topic: t, password: \"${PASSWORD}\" } }\neventTime: t\n",
                "f.yaml");
    SpecException thrown =
        assertThrows(
            SpecException.class,
            () ->
                SpecChecker.check(
                    parsed,
                    () -> {
                      throw new IllegalStateException("hunter2 is wrong");
                    },
                    TestProviders.all()));
    assertEquals(
        "f.yaml:2:9: source.queue: 'queue' itself failed: java.lang.IllegalStateException:"
            + " ${PASSWORD} is wrong (--verbose shows where)",
        thrown.problems().get(0).line());
    assertEquals(
        "'queue' itself failed: java.lang.IllegalStateException: ${PASSWORD} is wrong",
        thrown.getSuppressed()[0].getMessage());
  }

  @Test
  void whatASourceRefusesIsToldAtItsPlace() {
    ParsedSpec parsed =
        Specs.parser().read(YAML.replace("parquet: { path: in }", "queue: { topic: t }"), "f.yaml");
    SpecException thrown =
        assertThrows(
            SpecException.class,
            () ->
                SpecChecker.check(
                    parsed,
                    () -> {
                      throw new IllegalArgumentException("Unknown topic: 't'");
                    },
                    TestProviders.all()));
    assertEquals(
        "f.yaml:2:27: source.queue.topic: Unknown topic: 't'", thrown.problems().get(0).line());
  }

  private static String toldAt(SpecParser parser, String yaml, String path, String message) {
    return assertThrows(
            SpecException.class,
            () ->
                SpecChecker.at(
                    parser.read(yaml, "f.yaml"),
                    whole -> path,
                    () -> {
                      throw new IllegalArgumentException(message);
                    }))
        .problems()
        .get(0)
        .line();
  }

  @Test
  void failureOfAPartIsToldAtItsPlace() {
    assertEquals(
        "f.yaml:2:28: source.parquet.path: No file matches in",
        toldAt(Specs.parser(), YAML, "source.parquet.path", "No file matches in"));
  }

  @Test
  void failureOfAPartThatAnOverrideSetIsToldAsItsFlag() {
    SpecParser parser = Specs.parser().withOverrides(List.of("source.parquet.path=out"));
    assertEquals(
        "--set=source.parquet.path: No file matches out",
        toldAt(parser, YAML, "source.parquet.path", "No file matches out"));
  }

  @Test
  void failureOfAPartHidesSecrets() {
    SpecParser parser = Specs.parser().withEnvironment(Map.of("IN", "/mnt/hunter2"));
    assertEquals(
        "f.yaml:2:28: source.parquet.path: No file matches ${IN}",
        toldAt(
            parser,
            YAML.replace("path: in", "path: \"${IN}\""),
            "source.parquet.path",
            "No file matches /mnt/hunter2"));
  }

  @Test
  void otherFailuresOfAPartPassThrough() {
    IllegalStateException failure = new IllegalStateException("not about the spec");
    assertSame(
        failure,
        assertThrows(
            IllegalStateException.class,
            () ->
                SpecChecker.at(
                    Specs.parser().read(YAML, "f.yaml"),
                    whole -> "source",
                    () -> {
                      throw failure;
                    })));
  }
}
