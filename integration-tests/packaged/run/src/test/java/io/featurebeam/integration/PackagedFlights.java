package io.featurebeam.integration;

import io.featurebeam.clusters.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bundled example as a job jar is given it, and what must come of it. */
final class PackagedFlights {

  private PackagedFlights() {}

  /** What follows the jar on a command line. */
  static String[] arguments(Path folder) {
    return new String[] {
      "--spec=" + Flights.folder().resolve("flights.yaml"),
      "--set=source.parquet.path=" + Flights.all(),
      "--set=sink.parquet.path=" + Flights.features(folder).folder(),
      "--set=rejects.path=" + Flights.rejects(folder).folder(),
      "--set=report.path=" + folder.resolve("report.html")
    };
  }

  /** The same rows as the embedded runs, which equal the same SQL. */
  static void assertOutput(Path folder, Program.Result result) throws IOException {
    String balance = "  in 48,633 = used 48,626 + rejected 7 + late 0 + duplicate 0";
    if (result.out().lines().noneMatch(balance::equals)) {
      throw new AssertionError("No '" + balance + "' in:\n" + result.out() + result.err());
    }
    String first =
        result.out().lines().filter(line -> line.contains(" succeeded in ")).toList() + "";
    if (!first.matches("\\[flight-delays .*, first record after \\d+(\\.\\d)? m?s\\]")) {
      throw new AssertionError("No time of the first record: " + first);
    }
    Table.assertSame(
        Duck.query(Flights.features(Flights.all())), Flights.features(folder).assertClean().rows());
    Flights.rejects(folder).assertClean();
    if (Files.size(folder.resolve("report.html")) == 0) {
      throw new AssertionError("An empty report");
    }
  }
}
