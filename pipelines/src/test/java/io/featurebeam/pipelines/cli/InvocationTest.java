package io.featurebeam.pipelines.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.OptionalLong;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InvocationTest {

  @Test
  void optionsOfTheProjectAndOfBeamAreRead() {
    Invocation invocation =
        Invocation.parse(
            "--spec=flights.yaml",
            "--from=2001-01-02",
            "--to=2001-01-03T12:00",
            "--explain",
            "--jobName=nightly");
    assertEquals("flights.yaml", invocation.options().getSpec());
    assertEquals(OptionalLong.of(978_393_600_000_000L), invocation.fromMicros());
    assertEquals(OptionalLong.of(978_523_200_000_000L), invocation.toMicros());
    assertTrue(invocation.options().isExplain());
    assertEquals("nightly", invocation.options().getJobName());
  }

  @Test
  void dryRunIsGivenWithAHyphen() {
    assertTrue(Invocation.parse("--dry-run").options().isDryRun());
    assertFalse(Invocation.parse("--dry-run=false").options().isDryRun());
  }

  @Test
  void defaultsArePinned() {
    Invocation invocation = Invocation.parse();
    assertNull(invocation.options().getSpec());
    assertEquals(List.of(), invocation.overrides());
    assertEquals(List.of(), invocation.options().getSet());
    assertFalse(invocation.options().isExplain());
    assertFalse(invocation.options().isVerbose());
    assertFalse(invocation.options().isDryRun());
    assertEquals(OptionalLong.empty(), invocation.fromMicros());
    assertEquals(OptionalLong.empty(), invocation.toMicros());
    assertNull(invocation.options().getReplay());
    assertNull(invocation.options().getTestSpec());
    assertNull(invocation.options().getTemplateLocation());
    assertNull(invocation.options().getWriteSchema());
  }

  @Test
  void overridesKeepTheirCommasAndOrder() {
    Invocation invocation = Invocation.parse("--set=keys=[a, b]", "--set=name=x=y,z");
    assertEquals(List.of("keys=[a, b]", "name=x=y,z"), invocation.overrides());
  }

  @Test
  void overridesLeaveTheProcessInNoSerializedForm() throws Exception {
    FeaturePipelineOptions options = Invocation.parse("--set=source.password=hunter2").options();
    assertFalse(new ObjectMapper().writeValueAsString(options).contains("hunter2"));
    assertFalse(DisplayData.from(options).toString().contains("hunter2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --spek=x | Unknown option: --spek; did you mean --spec?
          --jobname=x | Unknown option: --jobname; did you mean --jobName?
          --qwertyuiop | Unknown option: --qwertyuiop (--help lists the options)
          spec.yaml | Invalid argument: 'spec.yaml' (must be --name=value, such as --spec=FILE)
          --spec= | Missing value: --spec (use --spec=FILE)
          --runner=FlinkRunner | Runner not on the class path: FlinkRunner (add -Pflink-runner to the Maven command, or take featurebeam-flink; here is DirectRunner)
          --runner=spark | Runner not on the class path: SparkRunner (add -Pspark-runner to the Maven command, or take featurebeam-spark; here is DirectRunner)
          --set | Missing value: --set (use --set=path.to.key=value)
          --from=2001-02-30 | Invalid --from: '2001-02-30' (must be a date or time that exists); use for example 2001-01-31 or 2001-01-31T08:00:00Z
          """)
  void mistakeSaysWhatToDo(String arg, String expected) {
    assertEquals(
        expected, assertThrows(UsageException.class, () -> Invocation.parse(arg)).getMessage());
  }

  @Test
  void aMissingRunnerIsToldBeforeItsOptions() {
    assertEquals(
        "Runner not on the class path: FlinkRunner (add -Pflink-runner to the Maven command, or take"
            + " featurebeam-flink; here is DirectRunner)",
        assertThrows(
                UsageException.class,
                () -> Invocation.parse("--flinkConfDir=x", "--runner=FlinkRunner"))
            .getMessage());
  }

  @Test
  void rangeMustNotBeEmpty() {
    assertEquals(
        "Invalid --from: 2001-01-02 (must be before --to=2001-01-02)",
        assertThrows(
                UsageException.class,
                () -> Invocation.parse("--from=2001-01-02", "--to=2001-01-02"))
            .getMessage());
  }
}
