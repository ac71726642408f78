package io.featurebeam.io.file.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.text.CsvOptions.Dialect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.io.FileSystems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("StringConcatToTextBlock") // line ends and escapes must show
class CsvBatchReaderTest {

  private static final RecordSchema AB =
      RecordSchema.of(Field.of("a", FieldType.INT64), Field.of("b", FieldType.STRING));
  private static final CsvOptions OPTIONS = CsvOptions.of(AB);

  @Test
  void valuesOfEveryTypeAreParsed() throws IOException {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("i", FieldType.INT64),
            Field.of("d", FieldType.FLOAT64),
            Field.of("o", FieldType.BOOLEAN),
            Field.of("s", FieldType.STRING),
            Field.of("t", FieldType.TIMESTAMP),
            Field.of("y", FieldType.DATE),
            Field.of("c", FieldType.TIME));
    TextFiles file =
        TextFiles.csv(
            CsvOptions.of(schema),
            "i,d,o,s,t,y,c\r\n"
                + "-9223372036854775808,-1.5e3,TRUE,é,1970-01-01T00:00:01Z,1969-12-31,00:00:01\n"
                + "+7,NaN,false,\"\",1970-01-01 01:00:00.000001+01:00,2000-02-29,23:59:59.999999\n"
                + ",,,,,,\n");
    assertEquals(
        List.of(
            "0 [-9223372036854775808, -1500.0, true, é, 1000000, -1, 1000000]",
            "1 [7, NaN, false, , 1, 11016, 86399999999]",
            "2 [null, null, null, null, null, null, null]"),
        file.records);
    assertEquals(List.of(), file.malformed);
  }

  @Test
  void eachMalformedRecordIsRejectedAndTheRestGoesOn() throws IOException {
    RecordSchema schema =
        RecordSchema.of(
            Field.required("i", FieldType.INT64),
            Field.of("t", FieldType.TIMESTAMP),
            Field.of("o", FieldType.BOOLEAN),
            Field.of("d", FieldType.FLOAT64));
    TextFiles file =
        TextFiles.csv(
            CsvOptions.of(schema),
            "i,t,o,d\n"
                + "1,,,\n"
                + "2,,\n"
                + "3,,,,\n"
                + "12x,,,\n"
                + "9223372036854775808,,,\n"
                + ",,,\n"
                + "7,2001-02-30,,\n"
                + "8,,yes,\n"
                + "9,,,1e999\n"
                + "10,,,0x1p3\n"
                + "11,2001-01-01T24:00:00Z,,\n"
                + "12,,,");
    assertEquals(List.of("0 [1, null, null, null]", "11 [12, null, null, null]"), file.records);
    assertEquals(
        List.of(
            "f:1 [2,,] 3 fields (must be 4)",
            "f:2 [3,,,,] 5 fields (must be 4)",
            "f:3 [12x,,,] column 'i': '12x' is not an int64 (must be digits with an optional sign)",
            "f:4 [9223372036854775808,,,] column 'i': '9223372036854775808' is too large for an"
                + " int64 (must be between -9223372036854775808 and 9223372036854775807)",
            "f:5 [,,,] column 'i' is null (must not be)",
            "f:6 [7,2001-02-30,,] column 't': '2001-02-30' is not a timestamp (must be an ISO 8601"
                + " timestamp that exists, such as 2001-01-31T23:59:59Z)",
            "f:7 [8,,yes,] column 'o': 'yes' is not a boolean (must be true or false)",
            "f:8 [9,,,1e999] column 'd': '1e999' is too large for a float64",
            "f:9 [10,,,0x1p3] column 'd': '0x1p3' is not a float64",
            "f:10 [11,2001-01-01T24:00:00Z,,] column 't': '2001-01-01T24:00:00Z' is not a timestamp"
                + " (must be an ISO 8601 timestamp that exists, such as 2001-01-31T23:59:59Z)"),
        file.malformed);
  }

  @Test
  void invalidUtf8IsMalformedAndItsBytesAreKept() throws IOException {
    byte[] bytes = "b,a\nok,1\nb\u00e9d,2\nok,3\n".getBytes(StandardCharsets.ISO_8859_1);
    TextFiles file = TextFiles.csv(OPTIONS, bytes);
    assertEquals(List.of("0 [1, ok]", "2 [3, ok]"), file.records);
    assertEquals(
        List.of("f:1 [b\u00e9d,2] column 'b': 'b\ufffdd' is not UTF-8 (byte 1 of the value)"),
        file.malformed);
    TextFiles latin1 = TextFiles.csv(OPTIONS.withEncoding(StandardCharsets.ISO_8859_1), bytes);
    assertEquals(List.of("0 [1, ok]", "1 [2, b\u00e9d]", "2 [3, ok]"), latin1.records);
  }

  @Test
  void quotesHoldDelimitersLineEndsAndQuotes() throws IOException {
    TextFiles file =
        TextFiles.csv(OPTIONS, "\ufeffa,b\r\n1,\"x,\"\"y\"\"\r\nz\"\r\n\"2\",it\"s\r3,\"\"\n");
    assertEquals(List.of("0 [1, x,\"y\"\r\nz]", "1 [2, it\"s]", "2 [3, ]"), file.records);
  }

  @Test
  void aStrayQuoteCostsItsLineOnly() throws IOException {
    TextFiles file = TextFiles.csv(OPTIONS, "a,b\n1,x\n2,\"y\n3,z\n4,w\n");
    assertEquals(List.of("0 [1, x]", "2 [3, z]", "3 [4, w]"), file.records);
    assertEquals(List.of("f:1 [2,\"y] a quote is opened and never closed"), file.malformed);
    TextFiles after = TextFiles.csv(OPTIONS, "a,b\n1,\"x\"y\n2,z\n");
    assertEquals(List.of("1 [2, z]"), after.records);
    assertEquals(
        List.of("f:0 [1,\"x\"y] text follows the closing quote of field 2"), after.malformed);
  }

  @Test
  void anOverLongRecordIsCutAndTheRestGoesOn() throws IOException {
    String text = "a,b\n1," + "x".repeat(100) + "\n2,ok\n3,\"" + "y\n".repeat(60) + "\n4,ok\n";
    TextFiles file = TextFiles.csv(OPTIONS.withMaxRecordBytes(50), text);
    assertEquals("1 [2, ok]", file.records.get(0));
    assertEquals("62 [4, ok]", file.records.get(file.records.size() - 1));
    assertEquals(
        "f:0 [1," + "x".repeat(48) + "] the record is longer than 50 bytes", file.malformed.get(0));
    assertEquals("f:2 [3,\"y] the record is longer than 50 bytes", file.malformed.get(1));
    assertEquals("f:3 [y] 1 fields (must be 2)", file.malformed.get(2));
  }

  @Test
  void dialectsChangeWhatCharactersMean() throws IOException {
    CsvOptions options =
        OPTIONS
            .withDialect(new Dialect(';', '\'', '\\', '#', true))
            .withNulls(List.of("NA", "\\N"));
    TextFiles file =
        TextFiles.csv(
            options,
            "# made by hand\n"
                + "a ; b\n"
                + " 1 ; 'x;' \n"
                + "NA;NA\n"
                + "# more\n"
                + "3; 'NA'\n"
                + "4;a\\;b\n"
                + "5;'it\\'s'\n"
                + "6;  \n");
    assertEquals(
        List.of(
            "0 [1, x;]", "1 [null, null]", "2 [3, NA]", "3 [4, a;b]", "4 [5, it's]", "5 [6, null]"),
        file.records);
    assertEquals(List.of(), file.malformed);
  }

  @Test
  void columnsAreFoundByNameOrGiven() throws IOException {
    assertEquals(List.of("0 [1, x]"), TextFiles.csv(OPTIONS, "c,b,a\n9,x,1\n").records);
    assertEquals(
        List.of("0 [1, x]"),
        TextFiles.csv(OPTIONS.withColumns(List.of("b", "c", "a")), "x,9,1").records);
    assertRefused(
        "File f has no column 'a'; did you mean 'A'?", () -> TextFiles.csv(OPTIONS, "A,b\n"));
    assertRefused(
        "File f has the column 'a' twice (names must be unique)",
        () -> TextFiles.csv(OPTIONS, "a,b,a\n"));
    assertRefused(
        "File f is empty (must start with a header; say header: false if it has none)",
        () -> TextFiles.csv(OPTIONS, ""));
    assertEquals(List.of(), TextFiles.csv(OPTIONS, "a,b").records);
    assertRefused(
        "Unknown column: 'a'; did you mean 'a1'?",
        () -> OPTIONS.withColumns(List.of("other", "a1")));
  }

  @Test
  void blankLinesCountOnlyWhenTheyCanBeRecords() throws IOException {
    assertEquals(
        List.of("0 [1, x]", "1 [2, y]"),
        TextFiles.csv(OPTIONS, "\na,b\n\n1,x\r\n\r\n2,y\n\n").records);
    RecordSchema one = RecordSchema.of(Field.of("b", FieldType.STRING));
    assertEquals(
        List.of("0 [x]", "1 [null]", "2 [y]"),
        TextFiles.csv(CsvOptions.of(one), "b\nx\n\ny\n").records);
  }

  @Test
  void formatsReadOtherTimes() throws IOException {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("s", FieldType.TIMESTAMP),
            Field.of("m", FieldType.TIMESTAMP),
            Field.of("p", FieldType.TIMESTAMP),
            Field.of("d", FieldType.DATE));
    CsvOptions options =
        CsvOptions.of(schema)
            .withFormats(
                Map.of(
                    "s",
                    "epoch-seconds",
                    "m",
                    "epoch-millis",
                    "p",
                    "dd.MM.yyyy HH:mm",
                    "d",
                    "yyyyMMdd"));
    TextFiles file =
        TextFiles.csv(
            options, "s,m,p,d\n-1,1500,01.01.1970 00:01,19700102\n1,1,30.02.2001 00:00,20010101\n");
    assertEquals(List.of("0 [-1000000, 1500000, 60000000, 1]"), file.records);
    assertEquals(
        List.of(
            "f:1 [1,1,30.02.2001 00:00,20010101] column 'p': '30.02.2001 00:00' is not a timestamp"
                + " (must be a timestamp of the form dd.MM.yyyy HH:mm)"),
        file.malformed);
    assertRefused(
        "Column 'a' is int64: only a timestamp, date or time has a format",
        () -> OPTIONS.withFormats(Map.of("a", "iso")));
    assertRefused(
        "Invalid format of column 'd' (date): 'epoch-days' (must be iso, a date and time pattern,"
            + " or for a timestamp epoch-seconds, epoch-millis or epoch-micros)",
        () -> CsvOptions.of(schema).withFormats(Map.of("d", "epoch-days")));
    assertRefused(
        "Unknown column: 'ss'; did you mean 's'?",
        () -> CsvOptions.of(schema).withFormats(Map.of("ss", "iso")));
  }

  @Test
  void compressedFilesAreReadByTheirName(@TempDir Path dir) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write("a,b\n1,x\n".getBytes(StandardCharsets.UTF_8));
    }
    Path path = dir.resolve("f.csv.gz");
    Files.write(path, bytes.toByteArray());
    List<String> rejects = new ArrayList<>();
    try (BatchReader reader =
        CsvBatchReader.open(
            FileSystems.matchNewResource(path.toString(), false),
            OPTIONS,
            (source, position, raw, reason) -> rejects.add(reason))) {
      RecordBatch batch = reader.next();
      assertEquals("x", batch.value(0, "b"));
      assertEquals(path.toString(), batch.positions().source(0));
      assertEquals(null, reader.next());
    }
    assertEquals(List.of(), rejects);
  }

  @Test
  void manyRecordsComeInBatchesWithTheirPlaces() throws IOException {
    StringBuilder text = new StringBuilder("a,b\n");
    for (int i = 0; i < 20_000; i++) {
      text.append(i == 10 ? "bad" : i).append(",row ").append(i).append('\n');
    }
    TextFiles file = TextFiles.csv(OPTIONS, text.toString());
    assertEquals(List.of(8192, 8192, 3615), file.batches.stream().map(RecordBatch::size).toList());
    assertEquals("9 [9, row 9]", file.records.get(9));
    assertEquals("11 [11, row 11]", file.records.get(10));
    assertEquals("19999 [19999, row 19999]", file.records.get(19_998));
    assertEquals(1, file.malformed.size());
  }

  @Test
  void malformedRecordsEndABatchLikeGoodOnes() throws IOException {
    TextFiles file = TextFiles.csv(OPTIONS, "a,b\n" + "1,x,\n".repeat(100_000) + "2,y\n");
    assertEquals(100_000, file.malformed.size());
    assertEquals(List.of("100000 [2, y]"), file.records);
    assertEquals(1000, file.mostMalformed);
  }

  @Test
  void bytesOfMalformedRecordsEndABatchLikeThoseOfGoodOnes() throws IOException {
    String line = "1," + "x".repeat(99_997) + ",\n";
    TextFiles file = TextFiles.csv(OPTIONS, "a,b\n" + line.repeat(300));
    assertEquals(300, file.malformed.size());
    assertEquals(8_400_000, file.mostMalformedBytes); // the first multiple beyond 8 MiB
  }

  /**
   * On well-formed text a library that others rely on gives the same fields. Not with a lone
   * carriage return in quotes: version 4.1.0 silently ends at {@code CR, quote, LF}.
   */
  @Test
  void fieldsEqualThoseOfFastCsv() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    String[] pieces = {"a", "é", ",", "\n", "\r\n", "\"\"", " ", "7"};
    RecordSchema schema =
        RecordSchema.of(
            Field.of("x", FieldType.STRING),
            Field.of("y", FieldType.STRING),
            Field.of("z", FieldType.STRING));
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder();
      for (int r = 0; r < 1 + random.nextInt(4); r++) {
        for (int f = 0; f < 3; f++) {
          text.append(f == 0 ? "" : ",");
          boolean quoted = random.nextBoolean();
          StringBuilder field = new StringBuilder();
          for (int p = random.nextInt(4); p > 0; p--) {
            String piece = pieces[random.nextInt(pieces.length)];
            field.append(quoted || "aé 7".contains(piece) ? piece : "b");
          }
          text.append(quoted ? "\"" + field + "\"" : field);
        }
        text.append(random.nextBoolean() ? "\n" : "\r\n");
      }
      List<String> expected = new ArrayList<>();
      try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(text.toString())) {
        for (CsvRecord record : reader) {
          expected.add(record.getFields().toString());
        }
      }
      List<String> actual =
          TextFiles.csv(CsvOptions.of(schema).withColumns(List.of("x", "y", "z")), text.toString())
              .records
              .stream()
              .map(r -> r.substring(r.indexOf(' ') + 1).replace("null", ""))
              .toList();
      assertEquals(expected, actual, text.toString());
    }
  }

  @Test
  void optionsAreChecked() {
    assertRefused(
        "Invalid CSV delimiter: '\"' (must be a character of its own)",
        () -> OPTIONS.withDelimiter('"'));
    assertRefused(
        "Invalid CSV quote: 'é' (must be one ASCII character on one line)",
        () -> new Dialect(',', 'é', CsvOptions.NONE, CsvOptions.NONE, false));
    assertRefused(
        "Invalid CSV encoding: UTF-16 (must be UTF-8 or ISO-8859-1)",
        () -> OPTIONS.withEncoding(StandardCharsets.UTF_16));
    assertRefused(
        "Invalid maxRecordBytes: 0 (must be between 16 and 268435456)",
        () -> OPTIONS.withMaxRecordBytes(0));
    assertRefused(
        "Column 'l' is list<int64>, which a text value cannot hold",
        () -> CsvOptions.of(RecordSchema.of(Field.of("l", FieldType.parse("list<int64>")))));
    assertEquals(1 << 20, OPTIONS.maxRecordBytes());
    assertEquals(new Dialect(',', '"', '\0', '\0', false), OPTIONS.dialect());
    assertEquals(StandardCharsets.UTF_8, OPTIONS.encoding());
    assertEquals(List.of(), OPTIONS.nulls());
  }

  @Test
  void inferenceTakesTheNarrowestTypes() throws IOException {
    String text =
        "i,d,o,t,y,c,s,zip,empty\r\n"
            + "1,1,true,2001-01-01T00:00:00Z,2001-01-01,10:00,x,01234,\n"
            + "-2,1.5,false,2001-01-02,2001-02-30,11:00,1,99999,NA\n";
    RecordSchema schema =
        CsvSchemas.infer(
            "f",
            new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
            CsvOptions.of(RecordSchema.of()).withNulls(List.of("NA")),
            100);
    assertEquals(
        "(i int64, d float64, o boolean, t timestamp, y string, c time, s string, zip string,"
            + " empty string)",
        schema.toString());
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
