package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shape of every kind of job: where it shuffles, and what runs in one stage. A shuffle more is
 * a round through network and disks, a stage more an encoding of every batch: each is a decision,
 * to be seen in this file.
 */
class JobShapesIT {

  /** Kinds of Dataflow's steps that hand elements on where they are; every other may shuffle. */
  private static final Set<String> NO_SHUFFLE =
      Set.of("Bucket", "Flatten", "ParallelDo", "ParallelRead");

  private static final String NO_PARTITIONS = "--set=sink.parquet.partitionBy=";

  /** Read, and all that is computed per record, up to tiles; then windows, and what is written. */
  private static final String AGGREGATES =
      """
      shuffle Read parquet/Spread/Reshuffle/GroupByKey
      shuffle Aggregate/Group by shard
      shuffle Finish/Gather
      stage Aggregate + Write + Finish
      stage Finish
      stage Finish
      stage Read parquet
      stage Read parquet + Validate + Engineer features + Profile + Aggregate
      """;

  @TempDir Path folder;

  /**
   * A kind of job.
   *
   * @param shape a line per shuffle of Dataflow's steps, then per fused stage; two stages of Finish
   *     are what begins the job and what publishes
   */
  private record Kind(String name, List<String> args, String shape) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Kind kind(String name, String shape, String... args) {
    return new Kind(name, List.of(args), shape);
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        kind("every hour", AGGREGATES),
        kind("every event", AGGREGATES, "--set=aggregate.0.emit=everyEvent", NO_PARTITIONS),
        kind(
            "window close",
            AGGREGATES,
            "--set=aggregate.0.emit=windowClose",
            "--set=aggregate.0.window=1h"),
        kind("a range", AGGREGATES, "--from=2001-01-02", "--to=2001-01-03"),
        kind(
            "no aggregate",
            """
            shuffle Read parquet/Spread/Reshuffle/GroupByKey
            shuffle Finish/Gather
            stage Finish
            stage Finish
            stage Read parquet
            stage Read parquet + Validate + Engineer features + Profile + Write + Finish
            """,
            "--set=aggregate=",
            NO_PARTITIONS),
        kind(
            "rejects alone",
            """
            shuffle Read parquet/Spread/Reshuffle/GroupByKey
            shuffle Finish/Gather
            stage Finish
            stage Finish
            stage Read parquet
            stage Read parquet + Validate + Engineer features + Write + Finish
            """,
            "--set=aggregate=",
            "--set=sink=",
            "--set=report="),
        kind(
            "no copies",
            """
            shuffle Read parquet/Spread/Reshuffle/GroupByKey
            shuffle Deduplicate/Group for unique(origin, destination, date)
            shuffle Aggregate/Group by shard
            shuffle Finish/Gather
            stage Aggregate + Write + Finish
            stage Deduplicate + Engineer features + Profile + Aggregate
            stage Finish
            stage Finish
            stage Read parquet
            stage Read parquet + Validate + Deduplicate
            """,
            "--set=dedupe=[origin, destination, date]"),
        kind(
            "a rule of the whole input",
            """
            shuffle Read parquet/Spread/Reshuffle/GroupByKey
            shuffle Validate/Group for unique(origin, date)
            shuffle Aggregate/Group by shard
            shuffle Finish/Gather
            stage Aggregate + Write + Finish
            stage Finish
            stage Finish
            stage Read parquet
            stage Read parquet + Validate
            stage Validate + Engineer features + Profile + Aggregate
            """,
            "--set=validate.4={rule: unique, columns: [origin, date]}"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @Shows({
    "source.parquet",
    "sink.parquet",
    "sink.partitionBy",
    "keys",
    "dedupe",
    "validate.onFail.reject",
    "features",
    "rejects.format.json",
    "report",
    "aggregate.emit.every",
    "aggregate.emit.everyEvent",
    "aggregate.emit.windowClose",
    "--from",
    "--to"
  })
  void shufflesAndStages(Kind kind) throws IOException {
    Job job = Flights.job(Flights.all(), folder).with(kind.args().toArray(String[]::new));
    Template.job(job, folder).succeed();
    Template template = Template.read(folder);

    List<String> lines = new ArrayList<>();
    template.steps().stream()
        .filter(step -> !NO_SHUFFLE.contains(step.kind()))
        .forEach(step -> lines.add("shuffle " + step.name()));
    FusedStages.of(template.pipeline()).forEach(stage -> lines.add("stage " + stage));
    assertEquals(kind.shape(), String.join("\n", lines) + "\n");
  }
}
