package io.featurebeam.io.lookup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.jdbc.AllTypes;
import io.featurebeam.io.jdbc.JdbcAccess;
import io.featurebeam.io.jdbc.PostgresServer;
import io.featurebeam.io.jdbc.WriteJdbc;
import io.featurebeam.transforms.records.BatchCoder;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** What a pipeline wrote into PostgreSQL comes out of it as if it had never been there. */
class JdbcStoreTest {

  private static PostgresServer server;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    server = PostgresServer.start(folder.resolve("pg"));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static JdbcStore store() {
    return JdbcStore.of(source(server.url()), "public");
  }

  private static PGSimpleDataSource source(String url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setUser("postgres");
    return source;
  }

  private static void write(
      FeatureGroup group, RecordSchema schema, String time, RecordBatch rows) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    pipeline
        .apply(Create.of(rows).withCoder(BatchCoder.of()))
        .apply(
            WriteJdbc.of(JdbcAccess.of(server.url(), "postgres", null), group, schema, time)
                .addingColumns(true));
    pipeline.run().waitUntilFinish();
  }

  private static final RecordSchema CARDS =
      RecordSchema.of(
          Field.required("card", FieldType.STRING),
          Field.required("bank", FieldType.INT64),
          Field.required("at", FieldType.TIMESTAMP),
          Field.of("spent", FieldType.FLOAT64));

  private static FeatureGroup cards(String name) {
    return FeatureGroup.of(name, CARDS, List.of("card", "bank"), List.of("spent"));
  }

  private static Collection<LatestRow> latest(
      FeatureGroup group, RecordSchema schema, String time, RecordBatch rows) {
    LatestRows latest = LatestRows.of(LatestRows.Plan.of(group, schema, time, List.of()));
    latest.add(rows);
    return latest.take();
  }

  @Test
  void everyTypeComesOutAsItWentIn() {
    FeatureGroup group = AllTypes.group("types");
    write(group, AllTypes.SCHEMA, "at", AllTypes.batch());
    Collection<LatestRow> written = latest(group, AllTypes.SCHEMA, "at", AllTypes.batch());
    assertEquals(3, written.size());
    for (LatestRow row : written) {
      StoredRow read = store().rows(List.of(new FeatureStore.Address("types", row.key()))).get(0);
      assertEquals(row.version().text(), read.version());
      assertEquals(group.schemaId(), read.schemaId());
      assertArrayEquals(row.encoded(), read.encoded(), row.key());
    }
  }

  @Test
  void aGroupIsKnownByItsName() {
    FeatureGroup group = cards("known").withSpecHash("abc").withTtl(5);
    write(group, CARDS, "at", RecordBatch.builder(CARDS).add("a", 1L, 0L, 1.0).build());
    assertEquals(
        new FeatureStore.Group(group, Map.of(group.schemaId(), group)), store().group("known"));
    assertNull(store().group("unknown"));
  }

  @Test
  void keysOfSeveralGroupsAreReadTogetherInTheOrderThatTheyAreAskedFor() {
    RecordBatch rows =
        RecordBatch.builder(CARDS)
            .add("a:%3A", 1L, 0L, 1.0)
            .add("b", 1L, 0L, 2.0)
            .add("b", 2L, 0L, 3.0)
            .build();
    write(cards("first"), CARDS, "at", rows);
    write(cards("second"), CARDS, "at", rows.slice(1, 2));
    List<@Nullable StoredRow> read =
        store()
            .rows(
                List.of(
                    new FeatureStore.Address("second", "b:1"),
                    new FeatureStore.Address("first", "b:2"),
                    new FeatureStore.Address("nothing", "b:2"),
                    new FeatureStore.Address("first", "a%3A%253A:1"),
                    new FeatureStore.Address("second", "b:2"),
                    new FeatureStore.Address("first", "b:2")));
    List<Object> spent = new ArrayList<>();
    for (StoredRow row : read) {
      spent.add(
          row == null
              ? "none"
              : RowCodec.decode(cards("any").features(), row.encoded(), row.from())[0]);
    }
    assertEquals(List.of(2.0, 3.0, "none", 1.0, "none", 3.0), spent);
  }

  @Test
  void keysOfEveryTypeAreFound() {
    RecordSchema schema =
        RecordSchema.of(
            Field.required("flag", FieldType.BOOLEAN),
            Field.required("number", FieldType.INT64),
            Field.required("text", FieldType.STRING),
            Field.required("bytes", FieldType.BYTES),
            Field.required("moment", FieldType.TIMESTAMP),
            Field.required("day", FieldType.DATE),
            Field.required("clock", FieldType.TIME),
            Field.required("at", FieldType.TIMESTAMP),
            Field.of("value", FieldType.INT64));
    RecordBatch rows =
        RecordBatch.builder(schema)
            .add(true, -1L, ":%", new byte[] {0, -1}, -1L, -1L, 1L, 0L, 1L)
            .add(false, 1L, "", new byte[0], 1L, 1L, 0L, 0L, 2L)
            .build();
    FeatureGroup group =
        FeatureGroup.of("keys", schema, schema.names().subList(0, 7), List.of("at", "value"));
    write(group, schema, "at", rows);
    for (LatestRow row : latest(group, schema, "at", rows)) {
      StoredRow read = store().rows(List.of(new FeatureStore.Address("keys", row.key()))).get(0);
      assertArrayEquals(row.encoded(), read.encoded(), row.key());
    }
  }

  @Test
  void aLookupGivesVectorsFromIt() {
    write(
        cards("vectors"),
        CARDS,
        "at",
        RecordBatch.builder(CARDS).add("a", 1L, 0L, 1.5).add("b", 1L, 0L, null).build());
    try (FeatureLookup lookup =
        FeatureLookup.over(store()).features("vectors").orElse("spent", 0.0).build()) {
      List<FeatureVector> vectors =
          lookup.get(
              List.of(
                  Map.of("card", "b", "bank", 1L),
                  Map.of("card", "a", "bank", 1L),
                  Map.of("card", "a", "bank", 2L)));
      assertEquals(
          Arrays.asList(null, 1.5, 0.0), vectors.stream().map(v -> v.value("spent")).toList());
    }
  }

  @Test
  void expiredRowsAreNotThere() {
    FeatureGroup day = cards("expiring").withTtl(TimeUnit.DAYS.toMicros(1));
    long now = System.currentTimeMillis() * 1000;
    write(
        day,
        CARDS,
        "at",
        RecordBatch.builder(CARDS)
            .add("old", 1L, now - TimeUnit.DAYS.toMicros(2), 1.0)
            .add("new", 1L, now, 2.0)
            .build());
    List<StoredRow> rows =
        store()
            .rows(
                List.of(
                    new FeatureStore.Address("expiring", "old:1"),
                    new FeatureStore.Address("expiring", "new:1")));
    assertNull(rows.get(0));
    assertEquals(now, RowVersion.parse(rows.get(1).version()).eventTime());
  }

  @Test
  void aTableThatIsMadeAnewWithOtherColumnsIsReadOn() throws SQLException {
    JdbcStore store = store();
    FeatureStore.Address address = new FeatureStore.Address("renewed", "a:1");
    write(cards("renewed"), CARDS, "at", RecordBatch.builder(CARDS).add("a", 1L, 0L, 1.0).build());
    assertEquals(cards("renewed").schemaId(), store.rows(List.of(address)).get(0).schemaId());

    server.execute("DROP TABLE renewed", "DELETE FROM featurebeam_groups WHERE name = 'renewed'");
    RecordSchema other =
        RecordSchema.of(
            CARDS.field("card"),
            CARDS.field("bank"),
            CARDS.field("at"),
            Field.of("paid", FieldType.INT64));
    FeatureGroup group =
        FeatureGroup.of("renewed", other, List.of("card", "bank"), List.of("paid"));
    write(group, other, "at", RecordBatch.builder(other).add("a", 1L, 0L, 7L).build());
    assertEquals(group.schemaId(), store.rows(List.of(address)).get(0).schemaId());
  }

  @Test
  void aServerThatIsAwayIsAnErrorOfTheStore() {
    JdbcStore store = JdbcStore.of(source("jdbc:postgresql://127.0.0.1:1/postgres"), "public");
    FeatureStoreException failure =
        assertThrows(FeatureStoreException.class, () -> store.group("any"));
    assertEquals(
        "Cannot read from PostgreSQL, schema 'public': Connection to 127.0.0.1:1 refused. Check"
            + " that the hostname and port are correct and that the postmaster is accepting TCP/IP"
            + " connections.",
        failure.getMessage());
    assertTrue(failure.mayPass());
  }
}
