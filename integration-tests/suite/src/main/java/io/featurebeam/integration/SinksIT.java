package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.io.file.write.Npz;
import io.featurebeam.io.file.write.TfRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

  @Test
  @Shows({"sink.tfrecord", "sink.compression", "sink.partitionBy"})
  void compressedTfRecordsInFolders() throws IOException {
    Output output = write("tfrecord: { path: OUT, compression: gzip, partitionBy: [day(date)] }");

    assertEquals(List.of(".tfrecord.gz"), endings(output));
    Table expected = Duck.query("FROM '" + Flights.clean() + "'");
    Table.assertSame(sorted(expected), sorted(tfRecords(output, expected.columns())));
  }

  private static Table tfRecords(Output output, List<String> columns) throws IOException {
    List<Object[]> rows = new ArrayList<>();
    for (String path : output.manifest().paths(output.folder().toString())) {
      for (Map<String, List<?>> record : TfRecords.read(Path.of(path))) {
        rows.add(columns.stream().map(record::get).map(SinksIT::plain).toArray());
      }
    }
    return new Table(columns, rows);
  }

  /** The value of a feature; null if it is absent. */
  private static Object plain(List<?> values) {
    Object value = values == null ? null : values.get(0);
    return value instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : value;
  }

  @Test
  @Shows({"sink.numpy", "sink.compression", "sink.fileSize"})
  void compressedNumpyArraysInManySmallFiles() throws IOException {
    Output output = write("numpy: { path: OUT, compression: gzip, fileSize: 256KiB }");

    assertEquals(List.of(".npz"), endings(output));
    Table expected = Duck.query("FROM '" + Flights.clean() + "'");
    Table.assertSame(sorted(expected), sorted(arrays(output, expected.columns())));
  }

  private static Table arrays(Output output, List<String> columns) throws IOException {
    List<Object[]> rows = new ArrayList<>();
    for (String path : output.manifest().paths(output.folder().toString())) {
      Map<String, Npz.Array> arrays = Npz.read(Path.of(path));
      int size = arrays.get(columns.get(0)).values().size();
      for (int row = 0; row < size; row++) {
        int index = row;
        rows.add(columns.stream().map(name -> value(arrays, name, index)).toArray());
      }
    }
    return new Table(columns, rows);
  }

  private static Object value(Map<String, Npz.Array> arrays, String name, int row) {
    Npz.Array mask = arrays.get(name + ".mask");
    return mask != null && (Boolean) mask.values().get(row)
        ? null
        : arrays.get(name).values().get(row);
  }

  private static Table sorted(Table table) {
    return new Table(
        table.columns(),
        table.rows().stream().sorted(Comparator.comparing(Arrays::toString)).toList());
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
