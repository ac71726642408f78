package io.featurebeam.pipelines.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.featurebeam.time.Window;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OverridesTest {

  private static PipelineSpec parse(String... overrides) {
    return Specs.parser().withOverrides(List.of(overrides)).parse(Specs.FLIGHTS, "flights.yaml");
  }

  @Test
  void valueReplacesThatOfTheFile() {
    PipelineSpec spec =
        parse("sink.parquet.path=elsewhere", "aggregate.0.window=[2h, 1d]", "name=other");
    assertEquals("elsewhere", spec.sinks().get(0).path());
    assertEquals("other", spec.name());
    assertEquals(List.of(Window.of("2h"), Window.of("1d")), spec.aggregate().get(0).windows());
  }

  @Test
  void itemIsReplacedByItsIndexAndAppendedBehindTheLast() {
    PipelineSpec spec = parse("aggregate.0.window.1=30m", "aggregate.0.window.4=lifetime");
    assertEquals("[1h, 30m, 1d, 7d, lifetime]", spec.aggregate().get(0).windows().toString());
  }

  @Test
  void keysThatAreNotThereAreAdded() {
    PipelineSpec spec = parse("fit.path=state.json", "fit.from=2001-01-01", "fit.to=2001-02-01");
    assertEquals("state.json", spec.fit().path());
  }

  @Test
  void noValueRemovesAKeyOrItem() {
    PipelineSpec spec = parse("report=", "validate.1=", "sink.parquet.partitionBy=");
    assertNull(spec.report());
    assertEquals(
        List.of("matches", "expression"),
        spec.validate().stream().map(rule -> rule.use().provider()).toList());
    assertEquals(List.of(), spec.sinks().get(0).partitionBy());
  }

  @Test
  void valueMayHoldAnEqualsSign() {
    assertEquals(
        "a == b", parse("validate.2.cel=a == b").validate().get(2).use().settings().get("cel"));
  }

  @Test
  void oneFlagMayHoldSeveral() {
    PipelineSpec spec =
        parse(
            "{sink.parquet.path: gs://bucket/out, keys: [origin], aggregate.0.window.1: 30m,"
                + " report: }",
            "name=other");
    assertEquals("gs://bucket/out", spec.sinks().get(0).path());
    assertEquals(List.of("origin"), spec.keys());
    assertEquals("[1h, 30m, 1d, 7d]", spec.aggregate().get(0).windows().toString());
    assertNull(spec.report());
    assertEquals("other", spec.name());
  }

  @Test
  void severalMayBeJsonWhereNullRemoves() {
    PipelineSpec spec = parse("{\"sink.parquet.path\":\"out,a=b;c\",\"report\":null}");
    assertEquals("out,a=b;c", spec.sinks().get(0).path());
    assertNull(spec.report());
  }

  @Test
  void severalOfWhichALaterOneWins() {
    PipelineSpec spec = parse("{sink.parquet: {path: a}, sink.parquet.path: b}", "{name: c}");
    assertEquals("b", spec.sinks().get(0).path());
    assertEquals("c", spec.name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name | --set=name: Invalid override (must be path.to.key=value); use for example --set=name=flights
          a..b=1 | --set=a..b: Invalid override (must be path.to.key=value); use for example --set=name=flights
          aggregate.7.window=1h | --set=aggregate.7.window: Invalid override: '7' is no index of aggregate (must be 0 to 1, where 1 appends)
          aggregate.x=1h | --set=aggregate.x: Invalid override: 'x' is no index of aggregate (must be 0 to 1, where 1 appends)
          name.first=x | --set=name.first: Invalid override: name is one value and has no 'first'
          aggregate.0.window=0h | --set=aggregate.0.window: aggregate[0].window: Invalid window: '0h' (must be > 0); use for example 1h
          kees=[a] | --set=kees: Unknown key: 'kees'; did you mean 'keys'?
          sink.csv.path= | --set=sink.csv.path: Invalid override: nothing to remove, there is no 'sink.csv' (give a value to set it)
          validate.3= | --set=validate.3: Invalid override: nothing to remove, there is no 'validate.3' (give a value to set it)
          sink.csv.path=x | --set=sink.csv.path: sink: 2 keys given (must be exactly one of parquet, json, csv, tfrecord, numpy, kafka, redis, jdbc); remove the other with --set=sink.parquet=
          {kees: [a]} | --set=kees: Unknown key: 'kees'; did you mean 'keys'?
          {a..b: 1} | --set=a..b: Invalid override (must be path.to.key=value); use for example --set=name=flights
          {sink.csv: } | --set=sink.csv: Invalid override: nothing to remove, there is no 'sink.csv' (give a value to set it)
          {name: a, name: b} | --set: Duplicate key: 'name' (must be given once)
          {name: a | --set: Invalid YAML: while parsing a flow mapping: expected ',' or '}', but got <stream end>
          keys=[a | --set=keys: Invalid YAML: while parsing a flow sequence: expected ',' or ']', but got <stream end>
          """)
  void mistakeNamesTheFlag(String override, String expected) {
    assertEquals(
        expected, Specs.errors(Specs.parser().withOverrides(List.of(override)), Specs.FLIGHTS));
  }
}
