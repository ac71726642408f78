package io.featurebeam.runners;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunnerDefaultsTest {

  /** The options of a class path with every runner. */
  private static final Set<String> ALL =
      Set.of("fasterCopy", "objectReuse", "enforceImmutability", "enforceEncodability");

  @Test
  void flinkPassesBatchesOnAsTheyAre() {
    assertEquals(
        "--runner=FlinkRunner --fasterCopy=true --objectReuse=true", apply("--runner=FlinkRunner"));
  }

  @Test
  void directDoesNotEncodeEveryBatchToCheckIt() {
    assertEquals(
        "--runner=DirectRunner --enforceEncodability=false --enforceImmutability=false",
        apply("--runner=DirectRunner"));
  }

  @Test
  void withoutARunnerItIsTheDirectOne() {
    assertEquals(
        "--spec=a.yaml --enforceEncodability=false --enforceImmutability=false",
        apply("--spec=a.yaml"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--runner=SparkRunner",
        "--runner=DataflowRunner",
        "--runner=TestFlinkRunner",
        "--runner=../flink",
        "--runner="
      })
  void runnersWithoutDefaultsPassUnchanged(String arg) {
    assertEquals(arg, apply(arg));
  }

  @ParameterizedTest
  @CsvSource({
    "--runner=FlinkRunner --objectReuse=false, --fasterCopy=true",
    "--objectReuse --runner=FlinkRunner, --fasterCopy=true",
    "--enforceImmutability=true, --enforceEncodability=false"
  })
  void aFlagOfTheUserWins(String line, String added) {
    assertEquals(line + " " + added, apply(line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--runner=flinkrunner",
        "--runner=flink",
        "--runner=org.apache.beam.runners.flink.FlinkRunner",
        "--runner=DirectRunner --runner=FlinkRunner"
      })
  void aRunnerIsKnownByEveryNameThatBeamKnows(String line) {
    assertEquals(line + " --fasterCopy=true --objectReuse=true", apply(line));
  }

  @Test
  void aRunnerThatIsNotOnTheClassPathGetsNoOptionsThatNobodyKnows() {
    String[] args = {"--runner=FlinkRunner"};
    assertEquals(
        "--runner=FlinkRunner",
        String.join(" ", RunnerDefaults.apply(args, Set.of("tempLocation"))));
    assertEquals("--runner=FlinkRunner", String.join(" ", RunnerDefaults.apply(args)));
  }

  private static String apply(String line) {
    return String.join(" ", RunnerDefaults.apply(line.split(" "), ALL));
  }
}
