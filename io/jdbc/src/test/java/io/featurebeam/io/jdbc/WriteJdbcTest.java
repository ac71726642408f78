package io.featurebeam.io.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PipelineExtension.class)
class WriteJdbcTest {

  private static PostgresServer server;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    server = PostgresServer.start(folder.resolve("pg"));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static WriteJdbc write(String table) {
    return Cards.write(server, table).withSpec("cards");
  }

  private static RecordBatch row(String card, long time, double spent) {
    return RecordBatch.builder(Cards.SCHEMA).add(card, time, spent).build();
  }

  /** Writes in a pipeline that hands nothing on but what is no record. */
  private static void run(WriteJdbc write, RecordBatch... batches) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    pipeline.apply(Create.of(Arrays.asList(batches)).withCoder(BatchCoder.of())).apply(write);
    pipeline.run().waitUntilFinish();
  }

  private static String refusal(WriteJdbc write) {
    return assertThrows(IllegalArgumentException.class, write::check)
        .getMessage()
        .replace(server.url(), "URL");
  }

  @Test
  void rowsBecomeATableThatSqlReads() throws SQLException {
    run(write("spent_by_card"), row("a", 0, 1.5), row("b", -1, -0.25));
    assertEquals(
        List.of("a|1970-01-01 00:00:00+00|1.5|null", "b|1969-12-31 23:59:59.999999+00|-0.25|null"),
        server.query("SELECT card, window_end, spent, expires_at FROM spent_by_card ORDER BY 1"));
    assertEquals(
        List.of("spent_by_card|cards"),
        server.query("SELECT name, spec FROM featurebeam_groups WHERE name = 'spent_by_card'"));
  }

  @Test
  void anOlderRowNeverReplacesANewerOne() throws SQLException {
    run(write("newest"), row("a", 20, 2), row("b", 10, 1));
    run(write("newest"), row("a", 10, 1), row("b", 20, 2), row("c", 5, 0));
    assertEquals(
        List.of("a|2", "b|2", "c|0"), server.query("SELECT card, spent FROM newest ORDER BY 1"));
  }

  @Test
  void rejectsFactsAndIfWantedRecordsGoOn(TestPipeline pipeline) {
    Rejects.Builder rejects = new Rejects.Builder("validate", List.of(), 0);
    rejects.addMalformed("f", 7, new byte[] {'x'}, "no");
    PCollection<RecordBatch> on =
        pipeline
            .apply(Create.of(row("a", 0, 1), rejects.build()).withCoder(BatchCoder.of()))
            .apply(write("handed_on").handingOn());
    PAssert.that(on)
        .satisfies(
            flow -> {
              long records = 0;
              long rejected = 0;
              long[] written = new long[1];
              for (RecordBatch batch : flow) {
                records += Flow.isRecords(batch) ? batch.size() : 0;
                rejected += Flow.isRejects(batch) ? batch.size() : 0;
                if (Flow.isFacts(batch)) {
                  Facts.read(
                      batch,
                      (step, fact, value, bytes) ->
                          written[0] += fact.equals(Facts.RECORDS_OUT) ? value : 0);
                }
              }
              assertEquals(List.of(1L, 1L, 1L), List.of(records, rejected, written[0]));
              return null;
            });
    pipeline.run();
  }

  @Test
  void onlyWantedRowsAreWritten() throws SQLException {
    run(write("wanted").withWhere("spent > 1.0"), row("a", 0, 1), row("b", 0, 2));
    assertEquals(List.of("b"), server.query("SELECT card FROM wanted"));
  }

  @Test
  void everyTypeComesThroughExactly() throws SQLException {
    FeatureGroup group = AllTypes.group("types");
    run(WriteJdbc.of(Cards.access(server), group, AllTypes.SCHEMA, "at"), AllTypes.batch());
    assertEquals(
        List.of(
            "-9223372036854775808|0044-03-15 00:00:00.000001+00 BC|t|NaN|Zo\u00eb \"\\,{}|\\x00ff|"
                + "0044-03-15 BC|00:00:00.000001|{t,NULL}|"
                + "{-9223372036854775808,9223372036854775807}|{NaN,-Infinity,-0,5e-324}|"
                + "{\"a,\\\"b\\\\\",NULL,\"NULL\",\"\"}|{\"\\\\x78\",\"\\\\x\"}|"
                + "{\"1969-12-31 23:59:59.999999+00\",\"0044-03-15 00:00:00+00 BC\"}|"
                + "{1969-12-31,250000-01-01}|{00:00:00,23:59:59.999999}",
            "0|1970-01-01 00:00:00+00|f|Infinity||\\x|250000-01-01|23:59:59.999999|{}|{}|{}|{}|{}|{}|"
                + "{}|{}",
            "9223372036854775807|249999-12-31 23:59:59.999999+00" + "|null".repeat(14)),
        server.query(
            "SELECT " + String.join(", ", AllTypes.SCHEMA.names()) + " FROM types ORDER BY id"));
  }

  @Test
  void namesAreQuotedAndNeverRun() throws SQLException {
    RecordSchema schema =
        RecordSchema.of(
            Field.required("Card \"no\"", FieldType.STRING),
            Field.required("order", FieldType.TIMESTAMP),
            Field.of("x\"; DROP TABLE newest; --", FieldType.FLOAT64));
    server.execute("CREATE SCHEMA \"Online %s\"");
    run(
        WriteJdbc.of(
                Cards.access(server),
                FeatureGroup.of(
                    "select",
                    schema,
                    List.of("Card \"no\""),
                    List.of("x\"; DROP TABLE newest; --")),
                schema,
                "order")
            .withSchema("Online %s"),
        RecordBatch.builder(schema).add("'; --", 0L, 1.0).build());
    assertEquals(
        List.of("'; --|1970-01-01 00:00:00+00|1"),
        server.query(
            "SELECT \"Card \"\"no\"\"\", \"order\", \"x\"\"; DROP TABLE newest; --\""
                + " FROM \"Online %s\".\"select\""));
  }

  @Test
  void rowsExpireAndAreDeletedInTime() throws SQLException {
    FeatureGroup day = Cards.group("lasting").withTtl(TimeUnit.DAYS.toMicros(1));
    WriteJdbc write = WriteJdbc.of(Cards.access(server), day, Cards.SCHEMA, "window_end");
    long later = LocalDate.of(2200, 1, 1).toEpochSecond(java.time.LocalTime.MIN, ZoneOffset.UTC);
    run(write, row("old", 0, 1), row("new", later * 1_000_000, 2));
    run(write, row("other", later * 1_000_000, 3)); // whatever a bundle is, the one before is past
    assertEquals(
        List.of("new|2200-01-02 00:00:00+00", "other|2200-01-02 00:00:00+00"),
        server.query("SELECT card, expires_at FROM lasting ORDER BY 1"));
  }

  @Test
  void newColumnsAreAddedIfThatIsSaid() throws SQLException {
    run(write("growing"), row("a", 0, 1));
    RecordSchema more = Cards.SCHEMA.with(Field.of("payments", FieldType.INT64));
    WriteJdbc wider =
        WriteJdbc.of(
                Cards.access(server),
                FeatureGroup.of("growing", more, List.of("card"), List.of("spent", "payments")),
                more,
                "window_end")
            .withSpec("cards");
    assertEquals(
        "Invalid table: 'public.growing': it lacks the column 'payments' (say addColumns: true to"
            + " have it added, or name another table)",
        refusal(wider));
    run(wider.addingColumns(true), RecordBatch.builder(more).add("b", 0L, 2.0, 7L).build());
    assertEquals(
        List.of("a|1|null", "b|2|7"),
        server.query("SELECT card, spent, payments FROM growing ORDER BY 1"));
    assertEquals(
        "Invalid table: 'public.growing': it has the feature 'payments', which the spec has no"
            + " longer (say overwrite: true once to leave it as it is, or name another table)",
        refusal(write("growing")));
  }

  @Test
  void anotherSchemaIsRefusedByName() throws SQLException {
    server.execute(
        "CREATE TABLE not_ours (card text PRIMARY KEY)",
        "CREATE TABLE other_type AS SELECT 1",
        "DROP TABLE other_type");
    run(write("other_type"), row("a", 0, 1));
    server.execute("ALTER TABLE other_type ALTER spent TYPE bigint");
    run(write("other_keys"), row("a", 0, 1));
    run(write("of_others").withSpec("others"), row("a", 0, 1));

    assertEquals(
        "Invalid table: 'public.not_ours': it is there and was not made by a pipeline (must be a"
            + " table of its own; name another, or say overwrite: true once to write into it)",
        refusal(write("not_ours")));
    assertEquals(
        "Invalid table: 'public.not_ours': it has no column 'version' of type text (drop the table"
            + " to have it made anew, or name another)",
        refusal(write("not_ours").overwriting(true)));
    assertEquals(
        "Invalid table: 'public.other_type': its column 'spent' is bigint, and must be double"
            + " precision (drop the table to have it made anew, or name another)",
        refusal(write("other_type")));
    assertEquals(
        "Invalid table: 'public.other_keys': its primary key is [card], the keys are [spent_by]"
            + " (drop the table to have it made anew, or name another)",
        refusal(
            WriteJdbc.of(
                    Cards.access(server),
                    FeatureGroup.of(
                        "other_keys",
                        Cards.SCHEMA.with(Field.of("spent_by", FieldType.STRING)),
                        List.of("spent_by"),
                        List.of("spent")),
                    Cards.SCHEMA.with(Field.of("spent_by", FieldType.STRING)),
                    "window_end")
                .withSpec("cards")));
    assertEquals(
        "Invalid table: 'public.of_others': it holds the features of 'others' (must be this"
            + " pipeline's own; name another, or say overwrite: true once, such as after a rename)",
        refusal(write("of_others")));
    run(write("of_others").overwriting(true), row("b", 0, 1));
    assertEquals(
        List.of("cards"),
        server.query("SELECT spec FROM featurebeam_groups WHERE name = 'of_others'"));
  }

  @Test
  void whatCannotBeATableIsRefusedAtOnce() {
    RecordSchema clash = Cards.SCHEMA.with(Field.of("version", FieldType.INT64));
    assertEquals(
        "Invalid column: 'version' (the table has one of its own by that name; rename the feature)",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    WriteJdbc.of(
                        Cards.access(server),
                        FeatureGroup.of("t", clash, List.of("card"), List.of("version")),
                        clash,
                        "window_end"))
            .getMessage());
    String longName = "\u00fc".repeat(32);
    assertEquals(
        "Invalid schema: '"
            + longName
            + "' (must have 1 to 63 bytes, as PostgreSQL has it, and has 64)",
        assertThrows(IllegalArgumentException.class, () -> write("t").withSchema(longName))
            .getMessage());
    assertEquals(
        "Invalid table: 'featurebeam_groups' (it holds what is known of all; must be another)",
        assertThrows(IllegalArgumentException.class, () -> write("featurebeam_groups"))
            .getMessage());
    assertEquals(
        "Unknown schema: 'nowhere' (create it: CREATE SCHEMA \"nowhere\")",
        refusal(write("t").withSchema("nowhere")));
  }

  @Test
  void aTextThatPostgresCannotHoldFailsWithItsColumn() {
    Exception e = assertThrows(Exception.class, () -> run(write("zeros"), row("a\0b", 0, 1)));
    assertTrue(
        String.valueOf(e.getMessage())
            .endsWith(
                "Invalid value of column 'card': a text with the character 0, which PostgreSQL"
                    + " cannot hold (reject such records by a rule)"),
        e.getMessage());
  }

  private static WriteJdbc as(String database, String user, String password) {
    return WriteJdbc.of(
        JdbcAccess.of(server.url(database), user, password),
        Cards.group("denied"),
        Cards.SCHEMA,
        "window_end");
  }

  @Test
  void loginsDatabasesAndRightsThatAreWrongAreToldAtOnceWithoutThePassword() throws SQLException {
    server.execute(
        "CREATE ROLE writer LOGIN PASSWORD 'right-one'",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    String wrong = refusal(as("postgres", "writer", "hunter2"));
    assertFalse(wrong.contains("hunter2"), wrong);
    assertEquals(
        "Cannot log in to URL as 'writer': FATAL: password authentication failed for user"
            + " \"writer\" (check user and password, and the server's pg_hba.conf)",
        wrong);
    assertEquals(
        "Unknown database: 'nowhere' at "
            + server.url("nowhere")
            + " (create it: CREATE DATABASE \"nowhere\")",
        refusal(as("nowhere", "postgres", null)));
    assertEquals(
        "No right at URL for 'writer': permission denied to create a table in schema \"public\""
            + " (the writer needs CREATE on the schema, or both tables with SELECT, INSERT, UPDATE,"
            + " DELETE)",
        refusal(as("postgres", "writer", "right-one")));
    server.execute("GRANT CREATE ON SCHEMA public TO PUBLIC");
    as("postgres", "writer", "right-one").check();

    run(write("denied"), row("a", 0, 1));
    server.execute("GRANT SELECT ON denied, featurebeam_groups TO writer");
    assertEquals(
        "No right at URL for 'writer': permission denied to INSERT in table \"denied\" (the writer"
            + " needs CREATE on the schema, or both tables with SELECT, INSERT, UPDATE, DELETE)",
        refusal(as("postgres", "writer", "right-one").withSpec("cards")));
  }

  @Test
  void aPasswordInTheUrlIsRefusedWithoutShowingIt() {
    assertEquals(
        "Invalid url: it holds a user or a password (give them by their own keys, so that no log"
            + " shows them)",
        assertThrows(
                IllegalArgumentException.class,
                () -> JdbcAccess.of("jdbc:postgresql://h/db?password=hunter2", "u", null))
            .getMessage());
    assertEquals(
        "Invalid url: 'jdbc:mysql://h/db' (must be jdbc:postgresql://host:port/database)",
        assertThrows(
                IllegalArgumentException.class, () -> JdbcAccess.of("jdbc:mysql://h/db", "u", null))
            .getMessage());
  }
}
