package io.featurebeam.io.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.RecordBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetSplitsTest {

  @TempDir Path directory;

  private static final String COLUMNS = "required int64 n; optional binary word (STRING);";

  /** Two row groups of 100 rows, n counting from {@code first}. */
  private Path write(String name, String columns, long first) throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message m { " + columns + " }");
    List<Group> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      SimpleGroup row = new SimpleGroup(schema);
      for (int c = 0; c < schema.getFieldCount(); c++) {
        switch (schema.getType(c).asPrimitiveType().getPrimitiveTypeName()) {
          case INT64 -> row.add(c, first + i);
          case INT32 -> row.add(c, (int) first + i);
          case DOUBLE -> row.add(c, first + i + 0.5);
          default -> row.add(c, "w" + (first + i));
        }
      }
      rows.add(row);
    }
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Samples.write(file, rows, b -> Samples.rowGroups(b, 100));
  }

  private static ParquetSplits plan(Object... paths) {
    return ParquetSplits.plan(
        Arrays.stream(paths).map(Object::toString).toList(), List.of(), List.of(), 1);
  }

  private static String error(Object... paths) {
    return assertThrows(IllegalArgumentException.class, () -> plan(paths)).getMessage();
  }

  private static String formatError(Path path) {
    return assertThrows(ParquetFormatException.class, () -> plan(path)).getMessage();
  }

  @Test
  void splitsAreRowGroupsWithTheirRowsAndBounds() throws IOException {
    Path a = write("a.parquet", COLUMNS, 0);
    write("b.parquet", COLUMNS, 500);
    ParquetSplits plan = plan(directory + "/*.parquet");
    assertEquals("(n int64 not null, word string)", plan.schema().toString());
    assertEquals(4, plan.splits().size());
    assertEquals(2, plan.files().size());
    assertEquals(400, plan.rows());
    assertEquals(0, plan.skippedRows());
    ParquetSplit second = plan.splits().get(1);
    assertEquals(a.toString(), second.file());
    assertEquals(Files.size(a), second.fileBytes());
    assertEquals(1, second.firstRowGroup());
    assertEquals(2, second.endRowGroup());
    assertEquals(100, second.firstRow());
    assertEquals(100, second.rows());
    assertTrue(second.compressedBytes() > 0);
    assertTrue(second.uncompressedBytes() > 0);
    assertEquals(new ParquetSplit.Bounds(100L, 199L, 0), second.bounds().get("n"));
    assertEquals(new ParquetSplit.Bounds("w100", "w199", 0), second.bounds().get("word"));
    assertEquals(a + "[1..2)", second.toString());
    assertEquals(second, SerializableUtils.ensureSerializable(second));
  }

  @Test
  void splitsReadBackExactlyTheirRows() throws IOException {
    write("a.parquet", COLUMNS, 0);
    ParquetSplits plan = plan(directory);
    long expected = 0;
    for (ParquetSplit split : plan.splits()) {
      try (ParquetBatchReader reader = ParquetBatchReader.open(split, plan.schema(), List.of())) {
        for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
          for (int i = 0; i < batch.size(); i++, expected++) {
            assertEquals(expected, batch.column("n").value(i));
            assertEquals(expected, batch.positions().place(i));
          }
        }
      }
    }
    assertEquals(200, expected);
  }

  @Test
  void rowGroupsAreJoinedUpToTheTargetAndTheirBoundsToo() throws IOException {
    Path a = write("a.parquet", COLUMNS, 0);
    ParquetSplits plan = ParquetSplits.plan(List.of(a.toString()), List.of("n", "word"), List.of());
    assertEquals(1, plan.splits().size());
    ParquetSplit split = plan.splits().get(0);
    assertEquals(0, split.firstRowGroup());
    assertEquals(2, split.endRowGroup());
    assertEquals(200, split.rows());
    assertEquals(new ParquetSplit.Bounds(0L, 199L, 0), split.bounds().get("n"));
    assertEquals(new ParquetSplit.Bounds("w0", "w99", 0), split.bounds().get("word"));
  }

  @Test
  void rowGroupsOutsideARangeAreLeftOut() throws IOException {
    Path a = write("a.parquet", COLUMNS, 0);
    ParquetSplits plan =
        ParquetSplits.plan(
            List.of(a.toString()), List.of("word"), List.of(ColumnRange.of("n", 150L, 160L)));
    assertEquals(1, plan.splits().size());
    assertEquals(100, plan.splits().get(0).firstRow());
    assertEquals(100, plan.rows());
    assertEquals(100, plan.skippedRows());
  }

  @Test
  void directoryMeansEveryParquetFileBelowItButNotHiddenOnes() throws IOException {
    write("b.parquet", COLUMNS, 0);
    write("day=1/a.parquet", COLUMNS, 0);
    write("_temporary/a.parquet", COLUMNS, 0);
    write(".b.parquet", COLUMNS, 0);
    write("day=1/_c.parquet", COLUMNS, 0);
    Files.writeString(directory.resolve("_SUCCESS"), "", StandardCharsets.UTF_8);
    Files.writeString(directory.resolve("notes.txt"), "x", StandardCharsets.UTF_8);
    List<String> expected =
        List.of(
            directory.resolve("b.parquet").toString(),
            directory.resolve("day=1/a.parquet").toString());
    for (String path : List.of(directory.toString(), directory + "/")) {
      assertEquals(
          expected, plan(path).splits().stream().map(ParquetSplit::file).distinct().toList());
    }
  }

  @Test
  void fileThatTwoPatternsMatchIsReadOnce() throws IOException {
    Path a = write("a.parquet", COLUMNS, 0);
    assertEquals(1, plan(a, directory, directory + "/a*.parquet").files().size());
  }

  @Test
  void hiddenFileByItsOwnNameIsRead() throws IOException {
    assertEquals(1, plan(write("_a.parquet", COLUMNS, 0)).files().size());
  }

  @Test
  void patternThatMatchesNothingIsAnError() throws IOException {
    write("_a.parquet", COLUMNS, 0);
    assertEquals(
        "No file matches " + directory + "/*.parquet (hidden files, _* and .*, do not count)",
        error(directory + "/*.parquet"));
    assertEquals(
        "No .parquet file in directory " + directory + " (hidden files, _* and .*, do not count)",
        error(directory));
    assertEquals("Invalid paths: none (must name at least one file)", error());
  }

  @Test
  void missingFileIsAnError() {
    Path file = directory.resolve("none.parquet");
    assertEquals("Missing file: " + file + " (it does not exist)", error(file));
    assertEquals(
        "Missing file: none.parquet (it does not exist in " + Path.of("").toAbsolutePath() + ")",
        error(Path.of("none.parquet")));
  }

  @Test
  void missingColumnNamesFileColumnTypeAndWayOut() throws IOException {
    Path a = write("a.parquet", COLUMNS, 0);
    Path b = write("b.parquet", "required int64 n; optional binary words (STRING);", 0);
    assertEquals(
        "Schemas differ: "
            + b
            + " has no column 'word' (string in "
            + a
            + "; its columns are n, words); read the files apart, or leave the column out",
        error(directory));
  }

  @Test
  void retypedColumnNamesFilesColumnAndBothTypes() throws IOException {
    Path a = write("a.parquet", COLUMNS, 0);
    Path b = write("b.parquet", "required double n; optional binary word (STRING);", 0);
    assertEquals(
        "Schemas differ: column 'n' is float64 (DOUBLE) in "
            + b
            + " but int64 (INT64) in "
            + a
            + "; read the files apart, or write one of them again with the other type",
        error(directory));
  }

  @Test
  void columnsOfOneTypeInOtherFormsAgreeAndAreNullableIfAnyIs() throws IOException {
    write("a.parquet", "required int64 n;", 0);
    write("b.parquet", "optional int32 n; required int64 more;", 200);
    ParquetSplits plan = plan(directory);
    assertEquals("(n int64)", plan.schema().toString());
    for (ParquetSplit split : plan.splits()) {
      try (ParquetBatchReader reader = ParquetBatchReader.open(split, plan.schema(), List.of())) {
        RecordBatch batch = reader.next();
        assertNotNull(batch);
        assertEquals(plan.schema(), batch.schema());
      }
    }
  }

  @Test
  void brokenFilesAreErrorsWithTheirName() throws IOException {
    Path file = directory.resolve("x.parquet");
    Files.write(file, new byte[0]);
    assertEquals(
        "Not a Parquet file: " + file + " is empty (0 bytes; write it again, or leave it out)",
        formatError(file));
    Files.writeString(file, "a,b\n1,2\n", StandardCharsets.UTF_8);
    assertEquals(
        "Not a Parquet file: " + file + " has only 8 bytes (is it of another format?)",
        formatError(file));
    Files.writeString(file, "a,b\n1,2\n3,4\n5,6\n", StandardCharsets.UTF_8);
    assertEquals(
        "Not a Parquet file: "
            + file
            + " does not end with the mark PAR1 (is it of another format?)",
        formatError(file));
    byte[] whole = Files.readAllBytes(write("whole.parquet", COLUMNS, 0));
    Files.write(file, Arrays.copyOf(whole, whole.length - 20));
    assertEquals(
        "Truncated Parquet file: "
            + file
            + " ("
            + (whole.length - 20)
            + " bytes) does not end with the mark PAR1 (was its writer interrupted? then write it again,"
            + " or leave it out)",
        formatError(file));
    whole[whole.length - 5] = 0x40;
    Files.write(file, whole);
    assertTrue(
        formatError(file).startsWith("Truncated Parquet file: " + file + " has " + whole.length),
        formatError(file));
    whole[whole.length - 1] = 'E';
    Files.write(file, whole);
    assertEquals(
        "Cannot read " + file + ": its footer is encrypted (decrypt the file first)",
        formatError(file));
  }

  @Test
  void fileThatWasReplacedSincePlanningIsAnError() throws IOException {
    Path file = write("a.parquet", COLUMNS, 0);
    ParquetSplits plan = plan(file);
    long before = Files.size(file);
    Files.delete(file);
    write("a.parquet", "required int64 n; required int64 word;", 0);
    ParquetFormatException e =
        assertThrows(
            ParquetFormatException.class,
            () -> ParquetBatchReader.open(plan.splits().get(0), plan.schema(), List.of()));
    assertEquals(
        "File changed while it was read: "
            + file
            + " had "
            + before
            + " bytes and now has "
            + Files.size(file)
            + " (start again, and keep inputs unchanged during a run)",
        e.getMessage());
  }

  @Test
  void splitSizeMustBePositive() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ParquetSplits.plan(List.of("x"), List.of(), List.of(), 0));
    assertEquals("Invalid split size: 0 (must be > 0)", e.getMessage());
  }

  @Test
  void splitAimsAt32MiB() {
    assertEquals(32L << 20, ParquetSplits.TARGET_BYTES);
  }
}
