package io.featurebeam.io.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.RecordBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings of a file that are not UTF-8, which no writer promises to have checked. */
class InvalidTextTest {

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message m {
            required int32 n;
            optional binary s (STRING);
            optional binary e (ENUM);
            optional binary raw;
            optional group l (LIST) { repeated group list { optional binary element (STRING); } }
          }
          """);

  @TempDir Path folder;

  private static Binary bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Binary.fromConstantByteArray(bytes);
  }

  private static Binary text(String text) {
    return Binary.fromString(text);
  }

  private static Group row(
      int n, @Nullable Binary s, @Nullable Binary e, @Nullable Binary raw, Binary... list) {
    Group row = new SimpleGroup(SCHEMA).append("n", n);
    if (s != null) {
      row.append("s", s);
    }
    if (e != null) {
      row.append("e", e);
    }
    if (raw != null) {
      row.append("raw", raw);
    }
    Group elements = row.addGroup("l");
    for (Binary element : list) {
      elements.addGroup("list").append("element", element);
    }
    return row;
  }

  private final List<String> malformed = new ArrayList<>();

  private ParquetSplits write(List<Group> rows, boolean dictionary) throws IOException {
    Path file =
        Samples.write(folder.resolve("a.parquet"), rows, b -> b.withDictionaryEncoding(dictionary));
    return ParquetSplits.plan(List.of(file.toString()), List.of(), List.of());
  }

  private List<RecordBatch> read(ParquetSplits plan) throws IOException {
    List<RecordBatch> batches = new ArrayList<>();
    try (ParquetBatchReader reader =
        ParquetBatchReader.open(
            plan.splits().get(0),
            plan.schema(),
            List.of(),
            (source, position, raw, reason) ->
                malformed.add(
                    position
                        + " ["
                        + new String(raw, StandardCharsets.ISO_8859_1)
                        + "] "
                        + reason))) {
      for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
        batches.add(batch);
      }
    }
    return batches;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRecordWithAnInvalidStringIsMalformedAndTheOthersAreRead(boolean dictionary)
      throws IOException {
    List<Group> rows =
        new ArrayList<>(
            List.of(
                row(
                    0,
                    bytes('a', 0xFF),
                    text("x"),
                    text("r")), // the first entry, where nulls point to
                row(1, null, null, null),
                row(2, text("ключ"), text("x"), bytes(0xFF), text("é"), text("")),
                row(3, text("b"), bytes(0xC0, 0x80), null),
                row(4, text("b"), null, null, text("ok"), bytes(0xED, 0xA0, 0x80)),
                row(5, bytes(0xFF), bytes(0xFE), null, bytes(0xFD)),
                row(6, text(""), text("x"), text("r"), text("ok"))));
    for (int i = 7; i < 140; i++) { // so many that a dictionary is worth it, in one page
      rows.add(row(i, text("b"), text("x"), text("r"), text("ok")));
    }
    List<RecordBatch> batches = read(write(rows, dictionary));
    assertEquals(1, batches.size());
    RecordBatch batch = batches.get(0);
    assertEquals(dictionary, ((BytesColumn) batch.column("s")).isCoded());
    List<String> read = new ArrayList<>();
    assertEquals(140 - 4, batch.size());
    for (int i = 0; i < 3; i++) {
      read.add(
          batch.positions().place(i)
              + " "
              + batch.value(i, "n")
              + " "
              + batch.value(i, "s")
              + " "
              + batch.value(i, "e")
              + " "
              + batch.value(i, "l"));
    }
    assertEquals(List.of("1 1 null null []", "2 2 ключ x [é, ]", "6 6  x [ok]"), read);
    assertEquals(
        List.of(
            "0 [a\u00ff] column 's': 'a\ufffd' is not UTF-8 (byte 1 of the value)",
            "5 [\u00ff] column 's': '\ufffd' is not UTF-8 (byte 0 of the value)",
            "3 [\u00c0\u0080] column 'e': '\ufffd\ufffd' is not UTF-8 (byte 0 of the value)",
            "4 [\u00ed\u00a0\u0080] column 'l': '\ufffd' is not UTF-8 (byte 0 of the" + " value)"),
        malformed);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void halvesOfACharacterInNeighbouringValuesAreInvalid(boolean dictionary) throws IOException {
    List<Group> rows =
        List.of(
            row(0, text("é"), null, null),
            row(1, bytes('x', 0xC3), null, null),
            row(2, bytes(0xA9, 'y'), null, null),
            row(3, text("é"), null, null));
    List<RecordBatch> batches = read(write(rows, dictionary));
    assertEquals(2, batches.get(0).size());
    assertEquals(2, malformed.size());
    assertTrue(malformed.get(0).startsWith("1 "), malformed.get(0));
    assertTrue(malformed.get(1).startsWith("2 "), malformed.get(1));
  }

  @Test
  void aBatchOfNothingElseHasNoRows() throws IOException {
    List<Group> rows = new ArrayList<>();
    for (int i = 0; i < 9000; i++) {
      rows.add(row(i, bytes(0x80), null, null));
    }
    List<RecordBatch> batches = read(write(rows, true));
    assertEquals(List.of(0, 0), batches.stream().map(RecordBatch::size).toList());
    assertEquals(9000, malformed.size());
  }

  @Test
  void whereNoRecordMayBeMalformedItIsAnErrorWithItsRow() throws IOException {
    ParquetSplits plan =
        write(List.of(row(0, text("a"), null, null), row(1, bytes(0xFF), null, null)), true);
    String file = plan.splits().get(0).file();
    ParquetFormatException e =
        assertThrows(
            ParquetFormatException.class,
            () -> ParquetBatchReaderTest.batches(Path.of(file), List.of(), 8192));
    assertEquals(
        "Invalid value in "
            + file
            + ", row 1, column 's': '\ufffd' is not UTF-8 (byte 0 of the value)",
        e.getMessage());
  }
}
