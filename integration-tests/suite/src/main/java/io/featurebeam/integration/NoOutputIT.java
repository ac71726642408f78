package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run for the summary and the report alone. */
class NoOutputIT {

  @TempDir Path folder;

  @Test
  @Shows("report")
  void isSummedUpAndLeavesNothingButItsReport() throws IOException {
    Path report = folder.resolve("report.html");
    Job job =
        Job.of(
            folder,
            """
            name: look-only
            source:
              parquet: { path: %s }
            eventTime: date
            validate:
              - { column: delay, rule: between, max: 600 }
            report: { path: %s }
            """
                .formatted(Flights.clean(), report));
    List<String> before = notes();

    Job.Result result = job.succeed();

    long late =
        (long)
            Duck.query("SELECT count(*) FROM '" + Flights.clean() + "' WHERE delay > 600").value();
    result.assertCounts(48_626, 48_626 - late, late, 0, 0);
    assertTrue(Files.size(report) > 0);
    assertEquals(before, notes());
  }

  /** What runs without output have left in the folder for temporary files. */
  private static List<String> notes() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(name -> name.startsWith("featurebeam-run"))
          .sorted()
          .toList();
    }
  }
}
