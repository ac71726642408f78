package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same records in each source format give the same rows; what does not parse is a reject. */
class FormatsIT {

  private static final String READINGS =
      """
      SELECT 's' || (i % 7) AS sensor, TIMESTAMP '1969-12-31 22:00:00' + to_seconds(i * 37) AS seen,
        CASE WHEN i % 11 = 0 THEN NULL ELSE ((i % 400) / 8.0)::DOUBLE END AS value
      FROM range(2000) t(i)
      """;

  private static final String EXPECTED =
      """
      SELECT sensor, time_bucket(INTERVAL 1 hour, seen, TIMESTAMP '1970-01-01') + INTERVAL 1 hour
          AS window_end,
        count(*) AS readings_1h, count(value) AS values_1h, sum(value)::DOUBLE AS total_1h
      FROM (%s) GROUP BY ALL
      """;

  @TempDir Path folder;

  private Job job(String source) throws IOException {
    return Job.of(
        folder,
        """
        name: readings
        source:
          %s
        eventTime: seen
        keys: [sensor]
        aggregate:
          window: 1h
          emit: windowClose
          features:
            readings: count
            values: { count: value }
            total: { sum: value }
        sink:
          parquet: { path: %s }
        rejects: { path: %s }
        """
            .formatted(source, folder.resolve("out"), folder.resolve("rejects")));
  }

  private void assertRowsEqualSql() throws IOException {
    Table.assertSame(
        Duck.query(EXPECTED.formatted(READINGS)),
        new Output(folder.resolve("out")).assertClean().rows());
  }

  private Table malformed() throws IOException {
    return Duck.query(
        "SELECT position, step, rule, source, reason FROM "
            + new Output(folder.resolve("rejects")).assertClean().sql());
  }

  /** A run without records, for none are there, succeeds and replaces what an earlier one wrote. */
  private void assertNothingReplaces(String earlier, String source) throws IOException {
    job(earlier).succeed();
    job(source).succeed().assertCounts(0, 0, 0, 0, 0);
    assertEquals(List.of(), new Output(folder.resolve("out")).assertClean().manifest().files());
    new Output(folder.resolve("rejects")).assertClean();
  }

  @Test
  @Shows({"source.parquet", "rejects.format.parquet"})
  void filesWithoutRows() throws IOException {
    Path full = folder.resolve("full.parquet");
    Duck.copy(READINGS, full, "parquet");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Duck.copy(
        "SELECT * FROM (" + READINGS + ") WHERE false", empty.resolve("a.parquet"), "parquet");
    Duck.copy(
        "SELECT * FROM (" + READINGS + ") WHERE false", empty.resolve("b.parquet"), "parquet");
    assertNothingReplaces("parquet: { path: " + full + " }", "parquet: { path: " + empty + " }");
  }

  @Test
  @Shows("source.csv")
  void aCsvOfAHeaderOnly() throws IOException {
    Path full = folder.resolve("full.parquet");
    Duck.copy(READINGS, full, "parquet");
    Path file = Files.writeString(folder.resolve("empty.csv"), "sensor,seen,value\n");
    assertNothingReplaces(
        "parquet: { path: " + full + " }",
        "csv: { path: "
            + file
            + ", columns: { sensor: string, seen: timestamp, value: float64 } }");
  }

  @Test
  @Shows({"source.csv", "rejects.format.parquet"})
  void csvWithMalformedRecords() throws IOException {
    Path file = folder.resolve("readings.csv");
    Duck.copy(
        "SELECT sensor, strftime(seen, '%Y-%m-%dT%H:%M:%SZ') AS seen, value FROM ("
            + READINGS
            + ")",
        file,
        "csv");
    byte[] good = Files.readAllBytes(file);
    byte[] bad =
        """
        s1,1970-01-01T00:00:00Z
        s1,1970-02-30T00:00:00Z,1
        s1,1970-01-01T00:00:00Z,1e999x
        """
            .getBytes(StandardCharsets.UTF_8);
    byte[] invalidUtf8 = {(byte) 's', (byte) 0xC3, '(', ',', '1', '9', '7', '0', '\n'};
    Files.write(file, concat(good, bad, invalidUtf8));

    Job.Result result =
        job("csv: { path: "
                + file
                + ", columns: { sensor: string, seen: timestamp, value: float64 } }")
            .succeed();

    result.assertCounts(2_004, 2_000, 4, 0, 0);
    assertRowsEqualSql();
    Table.assertSame(
        new Table(
            List.of("position", "step", "rule", "source", "reason"),
            List.of(
                malformed(2000, file, "2 fields (must be 3)"),
                malformed(
                    2001,
                    file,
                    "column 'seen': '1970-02-30T00:00:00Z' is not a timestamp (must be an ISO 8601"
                        + " timestamp that exists, such as 2001-01-31T23:59:59Z)"),
                malformed(2002, file, "column 'value': '1e999x' is not a float64"),
                malformed(2003, file, "2 fields (must be 3)"))),
        malformed());
  }

  @Test
  @Shows("source.csv")
  void csvInADialect() throws IOException {
    Path file = folder.resolve("readings.csv");
    StringBuilder text = new StringBuilder("# made by hand\nsensor;seen;value;note\n");
    for (Object[] row :
        Duck.query("SELECT sensor, seen, value::DOUBLE AS value FROM (" + READINGS + ")").rows()) {
      text.append(" '").append(row[0]).append("' ;").append(row[1]).append(';');
      text.append(row[2] == null ? "NA" : row[2]).append(";caf\u00e9 \\; bar\n# one more\n");
    }
    Files.writeString(file, text + "s1;1\n", StandardCharsets.ISO_8859_1);

    Job.Result result =
        job("""
            csv:
                path: %s
                delimiter: ";"
                quote: "'"
                escape: "\\\\"
                comment: "#"
                trim: true
                encoding: ISO-8859-1
                nulls: NA
                timestampFormats: { seen: epoch-micros }
                maxRecord: 100B
            """
                .formatted(file))
            .succeed();

    result.assertCounts(2_001, 2_000, 1, 0, 0);
    assertRowsEqualSql();
  }

  private static Object[] malformed(long position, Path file, String reason) {
    return new Object[] {position, "read", "malformed", file.toString(), reason};
  }

  private static byte[] concat(byte[]... parts) {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Test
  @Shows("source.json")
  void jsonLines() throws IOException {
    Path file = folder.resolve("readings.jsonl");
    Duck.copy(
        "SELECT sensor, strftime(seen, '%Y-%m-%dT%H:%M:%SZ') AS seen, value FROM ("
            + READINGS
            + ")",
        file,
        "json");
    Files.writeString(
        file,
        "{\"sensor\": \"s1\", \"seen\":\n",
        StandardCharsets.UTF_8,
        java.nio.file.StandardOpenOption.APPEND);

    Job.Result result =
        job("json: { path: "
                + file
                + ", columns: { sensor: string, seen: timestamp, value: float64 } }")
            .succeed();

    result.assertCounts(2_001, 2_000, 1, 0, 0);
    assertRowsEqualSql();
  }

  @Test
  @Shows({"source.json", "--explain"})
  void jsonLinesOfManyKinds() throws IOException {
    Path file = folder.resolve("readings.jsonl");
    Duck.copy(
        "SELECT sensor, strftime(seen, '%Y-%m-%dT%H:%M:%SZ') AS seen, value,"
            + " [{x: 1}] AS parts, CASE WHEN value > 9 THEN '\"n/a\"'::JSON ELSE '7'::JSON END AS code"
            + " FROM ("
            + READINGS
            + ")",
        file,
        "json");

    job("json: { path: " + file + " }").succeed().assertCounts(2_000, 2_000, 0, 0, 0);

    assertRowsEqualSql();
    String plan = job("json: { path: " + file + " }").with("--explain").succeed().out();
    assertTrue(plan.contains(" rows, by size, each read whole\n"), plan);
    assertTrue(
        plan.contains("skips    parts (an array of objects): no column can hold them\n"), plan);
  }

  @Test
  @Shows("source.avro")
  void avro() throws IOException {
    Path file = folder.resolve("readings.avro");
    writeAvro(file, "");

    Job.Result result = job("avro: { path: " + file + " }").succeed();

    result.assertCounts(2_000, 2_000, 0, 0, 0);
    assertRowsEqualSql();
  }

  @Test
  @Shows({"source.avro", "--explain"})
  void avroWithAFieldThatNoColumnCanHold() throws IOException {
    Path file = folder.resolve("readings.avro");
    writeAvro(
        file,
        """
        , {"name": "tags", "type": {"type": "map", "values": "string"}, "default": {}}
        """);

    Job.Result result = job("avro: { path: " + file + " }").succeed();

    result.assertCounts(2_000, 2_000, 0, 0, 0);
    assertRowsEqualSql();
    String plan = job("avro: { path: " + file + " }").with("--explain").succeed().out();
    assertTrue(plan.contains("skips    tags (a MAP): no column can hold them\n"), plan);
  }

  /** With fields behind those of the records. */
  static void writeAvro(Path file, String moreFields) throws IOException {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Reading", "fields": [
                  {"name": "sensor", "type": "string"},
                  {"name": "seen", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                  {"name": "value", "type": ["null", "double"]}%s]}
                """
                    .formatted(moreFields));
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))) {
      writer.setCodec(CodecFactory.deflateCodec(6)).create(schema, file.toFile());
      for (Object[] row :
          Duck.query("SELECT sensor, seen, value::DOUBLE AS value FROM (" + READINGS + ")")
              .rows()) {
        GenericRecordBuilder record = new GenericRecordBuilder(schema);
        record.set("sensor", row[0]);
        record.set("seen", row[1]);
        record.set("value", row[2]);
        writer.append(record.build());
      }
    }
  }
}
