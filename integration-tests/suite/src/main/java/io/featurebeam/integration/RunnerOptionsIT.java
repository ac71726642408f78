package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spec has options for every runner; the section of the one that runs counts. */
class RunnerOptionsIT {

  private static final String SPEC =
      """
      name: payments
      source:
        csv: { path: FOLDER/in.csv, columns: { at: timestamp, amount: float64 } }
      eventTime: at
      sink: { json: { path: FOLDER/out } }
      runner:
        direct: { blockOnRun: true }
        flink: { maxParallelism: 12, objectReuse: false }
        spark: { bundleSize: 50 }
      """;

  @TempDir Path folder;

  private Job job() throws IOException {
    Files.writeString(folder.resolve("in.csv"), "at,amount\n2024-05-01T10:10:00Z,5\n");
    return Job.of(folder, SPEC.replace("FOLDER", folder.toString()));
  }

  @Test
  @Shows({"runner", "--explain"})
  void theRunTakesThoseOfItsRunner() throws IOException {
    List<String> expected =
        switch (Runner.current()) {
          case DIRECT -> List.of("--blockOnRun=true");
          case FLINK -> List.of("--maxParallelism=12"); // a flag of the suite wins over the other
          case SPARK -> List.of("--bundleSize=50");
          case DATAFLOW -> List.of();
        };

    assertEquals(
        expected,
        job()
            .with("--explain")
            .succeed()
            .out()
            .lines()
            .filter(line -> line.endsWith(" spec"))
            .map(line -> line.strip().split(" ", 2)[0])
            .toList());
    job().succeed().assertCounts(1, 1, 0, 0, 0);
  }
}
