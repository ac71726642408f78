package io.featurebeam.io.file.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.text.BatchReader;
import io.featurebeam.io.file.text.CsvOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextSourceTest {

  @TempDir Path folder;

  private static List<String> records(TextSource source) throws IOException {
    List<String> records = new ArrayList<>();
    for (FileSplit split : source.splits(source.schema().names())) {
      try (BatchReader reader =
          split.open(
              (file, position, raw, reason) ->
                  records.add("malformed " + position + " " + reason))) {
        for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
          for (int row = 0; row < batch.size(); row++) {
            List<Object> values = new ArrayList<>();
            for (int c = 0; c < batch.schema().size(); c++) {
              values.add(batch.column(c).value(row));
            }
            records.add(values.toString());
          }
        }
      }
    }
    return records;
  }

  /** A field of each type that no column holds, among two that are columns. */
  private Path oddAvro() throws IOException {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"E","fields":[
                  {"name":"n","type":"long"},
                  {"name":"map","type":{"type":"map","values":"long"}},
                  {"name":"wide","type":["null","long","string"]},
                  {"name":"items","type":{"type":"array","items":
                    {"type":"record","name":"I","fields":[{"name":"x","type":"int"}]}}},
                  {"name":"nothing","type":"null"},
                  {"name":"node","type":{"type":"record","name":"N","fields":[
                    {"name":"v","type":"string"},{"name":"next","type":["null","N"]}]}}]}
                """);
    GenericRecord record = new GenericData.Record(schema);
    record.put("n", 7L);
    record.put("map", Map.of("k", 1L));
    record.put("wide", "w");
    GenericRecord item = new GenericData.Record(schema.getField("items").schema().getElementType());
    item.put("x", 1);
    record.put("items", Arrays.asList(item, item));
    GenericRecord inner = new GenericData.Record(schema.getField("node").schema());
    inner.put("v", "inner");
    GenericRecord outer = new GenericData.Record(schema.getField("node").schema());
    outer.put("v", "outer");
    outer.put("next", inner);
    record.put("node", outer);
    Path file = folder.resolve("odd.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))) {
      writer.create(schema, file.toFile());
      writer.append(record);
    }
    return file;
  }

  @Test
  void avroFieldsThatCannotBeColumnsAreLeftOut() throws IOException {
    TextSource source = TextSource.avro(List.of(oddAvro().toString()), List.of());
    assertEquals("(n int64 not null, node.v string not null)", source.schema().toString());
    assertEquals(
        List.of(
            "map (a MAP)",
            "wide (a union of several types)",
            "items (an array of RECORD)",
            "nothing (a NULL)",
            "node.next (a record that holds itself)"),
        source.leftOut());
    assertEquals(List.of("[7, outer]"), records(source));
  }

  @Test
  void namedAvroColumnsAreReadOrRefusedByName() throws IOException {
    List<String> file = List.of(oddAvro().toString());
    assertEquals(List.of("[outer]"), records(TextSource.avro(file, List.of("node.v"))));
    assertEquals(
        "File " + file.get(0) + ": Field 'map' is a MAP, which no column can hold (leave it out)",
        assertThrows(
                IllegalArgumentException.class, () -> TextSource.avro(file, List.of("n", "map")))
            .getMessage());
    assertEquals(
        "File " + file.get(0) + " has no column 'm'; did you mean 'n'?",
        assertThrows(IllegalArgumentException.class, () -> TextSource.avro(file, List.of("m")))
            .getMessage());
  }

  private static final CsvOptions CSV = CsvOptions.of(RecordSchema.of());

  private List<String> file(String name, String text) throws IOException {
    return List.of(
        Files.writeString(folder.resolve(name), text, StandardCharsets.ISO_8859_1).toString());
  }

  @Test
  void csvOptionsReachTheReaderAndTheInference() throws IOException {
    TextSource source =
        TextSource.csv(
            file(
                "a.csv",
                "# by hand\nn; s ;t\n1; 'a;b' ;1\nNA;c\\;\u00e9;2\n3;" + "x".repeat(40) + ";3\n"),
            List.of(),
            true,
            Map.of("t", "epoch-seconds"),
            CSV.withDialect(new CsvOptions.Dialect(';', '\'', '\\', '#', true))
                .withNulls(List.of("NA"))
                .withEncoding(StandardCharsets.ISO_8859_1)
                .withMaxRecordBytes(30));
    assertEquals("(n int64, s string, t timestamp)", source.schema().toString());
    assertEquals(
        List.of(
            "malformed 2 the record is longer than 30 bytes",
            "[1, a;b, 1000000]",
            "[null, c;\u00e9, 2000000]"),
        records(source));
  }

  @Test
  void aCsvColumnWithoutANameIsNotInferred() throws IOException {
    TextSource source =
        TextSource.csv(file("a.csv", ",a\n0,1\n1,2\n"), List.of(), true, Map.of(), CSV);
    assertEquals("(a int64)", source.schema().toString());
    assertEquals(List.of("[1]", "[2]"), records(source));
  }

  @Test
  void jsonOptionsReachTheReaderAndTheInference() throws IOException {
    TextSource source =
        TextSource.jsonLines(
            file("a.json", "{\"t\":1}\n{\"t\":2,\"x\":\"" + "y".repeat(30) + "\"}\n"),
            List.of(),
            Map.of("t", "epoch-millis"),
            30);
    assertEquals("(t timestamp)", source.schema().toString());
    assertEquals(
        List.of("malformed 1 the line is longer than 30 bytes", "[1000]"), records(source));
  }

  @Test
  void whatIsWrongWithColumnsAndFormatsIsToldBeforeTheRun() throws IOException {
    List<String> csv = file("a.csv", "n,t\n1,2\n");
    List<String> json = file("a.json", "{\"n\":1,\"t\":2}\n");
    assertEquals(
        "Unknown column: 'tt'; did you mean 't'?",
        assertThrows(
                IllegalArgumentException.class,
                () -> TextSource.csv(csv, List.of(), true, Map.of("tt", "iso"), CSV))
            .getMessage());
    assertEquals(
        "Unknown column: 'tt'; did you mean 't'?",
        assertThrows(
                IllegalArgumentException.class,
                () -> TextSource.jsonLines(json, List.of(), Map.of("tt", "iso"), 1 << 20))
            .getMessage());
    assertEquals(
        "Column 'n' is list<int64>, which a text value cannot hold",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TextSource.csv(
                        csv,
                        List.of(Field.of("n", FieldType.listOf(FieldType.INT64))),
                        true,
                        Map.of(),
                        CSV))
            .getMessage());
    assertEquals(
        "Column 'n' is int64: only a timestamp, date or time has a format",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TextSource.jsonLines(
                        json,
                        List.of(Field.of("n", FieldType.INT64)),
                        Map.of("n", "epoch-millis"),
                        1 << 20))
            .getMessage());
  }

  /** Ten thousand readings of four columns, a line each. */
  private static String readings(String format) {
    SplittableRandom random = new SplittableRandom(2);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      text.append(
          format.formatted(
              "sensor-" + random.nextInt(100),
              Instant.ofEpochSecond(i * 37L),
              random.nextInt(10_000) / 8.0,
              random.nextInt(100)));
    }
    return text.toString();
  }

  private static void assertAboutTenThousand(TextSource source) {
    long rows = source.estimatedRows();
    assertTrue(rows > 3_000 && rows < 30_000, rows + " rows");
  }

  @Test
  void rowsAreEstimatedByTheSizeOfTheFiles() throws IOException {
    String csv = "sensor,seen,value,n\n" + readings("%s,%s,%s,%s\n");
    String json = readings("{\"sensor\":\"%s\",\"seen\":\"%s\",\"value\":%s,\"n\":%s}\n");
    assertAboutTenThousand(TextSource.csv(file("a.csv", csv), List.of(), true, Map.of(), CSV));
    assertAboutTenThousand(TextSource.jsonLines(file("a.jsonl", json), List.of(), Map.of()));
    Path packed = folder.resolve("a.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    }
    TextSource both =
        TextSource.jsonLines(
            List.of(packed.toString(), folder.resolve("a.jsonl").toString()), List.of(), Map.of());
    assertAboutTenThousand(TextSource.jsonLines(List.of(packed.toString()), List.of(), Map.of()));
    assertTrue(both.estimatedRows() > 10_000, both.estimatedRows() + " rows");
    assertEquals(Files.size(folder.resolve("a.jsonl")), both.splits(List.of("n")).get(0).bytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate"})
  void rowsOfAvroAreEstimatedToo(String codec) throws IOException {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"R","fields":[
                  {"name":"sensor","type":"string"},
                  {"name":"seen","type":{"type":"long","logicalType":"timestamp-micros"}},
                  {"name":"value","type":["null","double"]},
                  {"name":"n","type":"int"}]}
                """);
    Path file = folder.resolve("a.avro");
    SplittableRandom random = new SplittableRandom(2);
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))) {
      writer.setCodec(CodecFactory.fromString(codec)).create(schema, file.toFile());
      for (int i = 0; i < 10_000; i++) {
        GenericRecord record = new GenericData.Record(schema);
        record.put("sensor", "sensor-" + random.nextInt(100));
        record.put("seen", i * 37_000_000L);
        record.put("value", random.nextInt(10_000) / 8.0);
        record.put("n", random.nextInt(100));
        writer.append(record);
      }
    }
    assertAboutTenThousand(TextSource.avro(List.of(file.toString()), List.of()));
  }
}
