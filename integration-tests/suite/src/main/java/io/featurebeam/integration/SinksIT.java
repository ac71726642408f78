package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same rows in each format of output, by readers that are not ours. */
class SinksIT {

  @TempDir Path folder;

  private Output write(String sink, String... args) throws IOException {
    Output output = new Output(folder.resolve("out"));
    Job.of(
            folder,
            """
            name: sinks
            source:
              parquet: { path: %s }
            eventTime: date
            sink:
              %s
            """
                .formatted(Flights.clean(), sink.replace("OUT", output.folder().toString())))
        .with(args)
        .succeed()
        .assertCounts(48_626, 48_626, 0, 0, 0);
    return output.assertClean();
  }

  private static void assertFlights(Output output) {
    Table.assertSame(Duck.query("FROM '" + Flights.clean() + "'"), output.rows());
  }

  private static List<String> endings(Output output) throws IOException {
    return output.files().stream()
        .filter(file -> !file.startsWith("_featurebeam/"))
        .map(file -> file.replaceFirst("[^.]*", ""))
        .distinct()
        .toList();
  }

  @Test
  @Shows("sink.csv")
  void csv() throws IOException {
    Output output = write("csv: { path: OUT }");

    assertEquals(List.of(".csv"), endings(output));
    assertFlights(output);
  }

  @Test
  @Shows({"sink.json", "sink.compression", "sink.partitionBy"})
  void compressedJsonInFolders() throws IOException {
    Output output =
        write("json: { path: OUT, compression: gzip, partitionBy: [day(date), origin] }");

    assertEquals(List.of(".jsonl.gz"), endings(output));
    assertFlights(output);
  }

  @Test
  @Shows({"sink.csv", "sink.fileSize"})
  void csvInManySmallFiles() throws IOException {
    int few = write("csv: { path: OUT }").manifest().files().size();

    Output output = write("csv: { path: OUT }", "--set=sink.csv.fileSize=16KiB");

    int many = output.manifest().files().size();
    assertTrue(many >= few + 4, many + " files, " + few + " without a size");
    assertFlights(output);
  }

  /** Used are all records, whether or not they are written. */
  @Test
  @Shows("sink.where")
  void rowsForWhichAConditionHolds() throws IOException {
    Output output = write("parquet: { path: OUT, where: \"delay > 60.0 && origin != 'ORD'\" }");

    Table.assertSame(
        Duck.query("FROM '" + Flights.clean() + "' WHERE delay > 60 AND origin != 'ORD'"),
        output.rows());
  }
}
