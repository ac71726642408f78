package io.featurebeam.io.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class FeatureLookupTest {

  private static final RecordSchema CARDS =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("spent", FieldType.FLOAT64),
          Field.of("payments", FieldType.INT64),
          Field.of("countries", FieldType.listOf(FieldType.STRING)));
  private static final RecordSchema SHOPS =
      RecordSchema.of(
          Field.of("shop", FieldType.INT64),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("open", FieldType.BOOLEAN));
  private static final FeatureGroup CARD_FEATURES =
      FeatureGroup.of("cards", CARDS, List.of("card"), List.of("spent", "payments", "countries"));
  private static final FeatureGroup SHOP_FEATURES =
      FeatureGroup.of("shops", SHOPS, List.of("shop"), List.of("open"));
  private static final Instant NOW = Instant.parse("2001-01-02T00:00:00Z");
  private static final long HOUR = 3_600_000_000L;
  private static final long NOW_MICROS = NOW.getEpochSecond() * 1_000_000;

  private static EmbeddedRedis redis;

  @BeforeAll
  static void start() {
    redis = EmbeddedRedis.started();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void fill() {
    try (Jedis client = redis.client()) {
      client.flushAll();
    }
    write(
        CARD_FEATURES,
        CARDS,
        row("c1", NOW_MICROS - HOUR, 12.5, 3L, Arrays.asList("nl", null)),
        row("c2", NOW_MICROS - 50 * HOUR, Double.NaN, null, null));
    write(SHOP_FEATURES, SHOPS, row(42L, NOW_MICROS - 2 * HOUR, true));
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  private static void write(
      FeatureGroup group, RecordSchema schema, @Nullable Object[]... newRows) {
    RecordBatch.Builder batch = RecordBatch.builder(schema);
    for (@Nullable Object[] row : newRows) {
      batch.add(row);
    }
    LatestRows rows = LatestRows.of(LatestRows.Plan.of(group, schema, "at", List.of()));
    rows.add(batch.build());
    try (Jedis client = redis.client()) {
      client.hset(RedisLayout.group(group.name()), RedisLayout.fields(group));
      for (LatestRow row : rows.take()) {
        client.set(
            RedisLayout.key(group.name(), row.key()), RedisLayout.value(row, group.schemaId()));
      }
    }
  }

  private static FeatureLookup.Builder lookup() {
    return FeatureLookup.over(RedisStore.at(redis.connection())).clock(() -> NOW);
  }

  @Test
  void vectorsOfSeveralGroupsComeInTheOrderOfEntities() {
    try (FeatureLookup lookup = lookup().features("cards").features("shops", "open").build()) {
      assertEquals(List.of("spent", "payments", "countries", "open"), lookup.features());
      List<FeatureVector> vectors =
          lookup.get(
              List.of(
                  Map.of("card", "c2", "shop", 42L),
                  Map.of("card", "c1", "shop", 7),
                  Map.of("card", "c3", "shop", 42L)));
      assertEquals(
          "[{spent=NaN, payments=null, countries=null, open=true},"
              + " {spent=12.5, payments=3, countries=[nl, null], open=null},"
              + " {spent=null, payments=null, countries=null, open=true}]",
          vectors.toString());
      assertEquals(FeatureVector.Status.FOUND, vectors.get(0).status("payments"));
      assertEquals(FeatureVector.Status.MISSING, vectors.get(1).status("open"));
      assertEquals(Duration.ofHours(1), vectors.get(1).age("spent"));
      assertEquals(Duration.ofHours(2), vectors.get(0).age("open"));
      assertNull(vectors.get(2).age("spent"));
      assertEquals(Arrays.asList(Double.NaN, null, null, true), vectors.get(0).values());
    }
  }

  @Test
  void allAreReadInOneRoundTrip() {
    try (FeatureLookup lookup = lookup().features("cards").features("shops").build();
        Jedis client = redis.client()) {
      client.configResetStat();
      List<Map<String, Object>> entities = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        entities.add(Map.of("card", "c" + i, "shop", (long) i));
      }
      assertEquals(100, lookup.get(entities).size());
      String commands = client.info("commandstats");
      assertTrue(commands.contains("cmdstat_mget:calls=1,"), commands);
      assertFalse(commands.contains("cmdstat_get:"), commands);
    }
  }

  @Test
  void whatIsMissingIsTheDefaultAndANullOfTheStoreIsNot() {
    try (FeatureLookup lookup =
        lookup().features("cards").orElse("payments", 0L).orElse("spent", -1.0).build()) {
      assertEquals(
          "{spent=-1.0, payments=0, countries=null}", lookup.get(Map.of("card", "x")).toString());
      assertEquals(
          "{spent=NaN, payments=null, countries=null}",
          lookup.get(Map.of("card", "c2")).toString());
    }
  }

  @Test
  void whatIsTooOldIsTheDefaultAndStillHasItsAge() {
    try (FeatureLookup lookup =
        lookup()
            .features("cards", "spent")
            .orElse("cards", 0.0)
            .maxAge("cards", Duration.ofHours(50).minusNanos(1000))
            .build()) {
      FeatureVector vector = lookup.get(Map.of("card", "c2"));
      assertEquals("{spent=0.0}", vector.toString());
      assertEquals(FeatureVector.Status.STALE, vector.status("spent"));
      assertEquals(Duration.ofHours(50), vector.age("spent"));
      assertEquals("{spent=12.5}", lookup.get(Map.of("card", "c1")).toString());
    }
    try (FeatureLookup lookup =
        lookup().features("cards", "spent").maxAge("cards", Duration.ofHours(50)).build()) {
      assertEquals("{spent=NaN}", lookup.get(Map.of("card", "c2")).toString());
    }
  }

  @Test
  void whatMustBeThereFailsTheLookup() {
    try (FeatureLookup lookup =
        lookup()
            .features("cards", "spent")
            .features("shops")
            .orFail("cards")
            .maxAge("cards", Duration.ofHours(3))
            .build()) {
      assertEquals(
          "No value of 'spent' for entity 1: group 'cards' has none",
          failure(
              () ->
                  lookup.get(
                      List.of(Map.of("card", "c1", "shop", 1), Map.of("card", "c9", "shop", 1)))));
      assertEquals(
          "No value of 'spent' for entity 0: the row of group 'cards' is too old",
          failure(() -> lookup.get(Map.of("card", "c2", "shop", 1))));
      assertEquals(2, lookup.metrics().errors());
    }
  }

  @Test
  void rowsOfAnOlderSchemaAreReadByTheirOwn() {
    try (FeatureLookup before = lookup().features("cards", "payments").build()) {
      RecordSchema more = CARDS.with(Field.of("limit", FieldType.INT64));
      FeatureGroup grown =
          FeatureGroup.of("cards", more, List.of("card"), List.of("limit", "spent", "payments"));
      write(grown, more, row("c1", NOW_MICROS, 13.5, 4L, null, 100L));
      // one that was built before reads rows of after, and the other way round
      assertEquals("{payments=4}", before.get(Map.of("card", "c1")).toString());
      try (FeatureLookup after =
          lookup().features("cards", "limit", "spent").orElse("limit", 1L).build()) {
        assertEquals("{limit=100, spent=13.5}", after.get(Map.of("card", "c1")).toString());
        assertEquals("{limit=1, spent=NaN}", after.get(Map.of("card", "c2")).toString());
      }
    }
  }

  @Test
  void hitsMissesAndStaleValuesAreCounted() {
    try (FeatureLookup lookup =
        lookup()
            .features("cards", "spent", "payments")
            .maxAge("cards", Duration.ofHours(3))
            .build()) {
      lookup.get(List.of(Map.of("card", "c1"), Map.of("card", "c2"), Map.of("card", "c3")));
      LookupMetrics.Snapshot metrics = lookup.metrics();
      assertEquals(1, metrics.requests());
      assertEquals(2, metrics.hits());
      assertEquals(2, metrics.misses());
      assertEquals(2, metrics.stale());
      assertEquals(0, metrics.errors());
      assertTrue(metrics.p50().compareTo(Duration.ZERO) > 0);
      assertEquals(metrics.p50(), metrics.p999());
    }
  }

  @Test
  void manyThreadsShareALookup() throws Exception {
    try (FeatureLookup lookup = lookup().features("cards", "spent").build()) {
      ExecutorService threads = Executors.newFixedThreadPool(8);
      List<Callable<String>> calls = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        String card = i % 2 == 0 ? "c1" : "c2";
        calls.add(() -> card + lookup.get(Map.of("card", card)));
      }
      List<Future<String>> answers = threads.invokeAll(calls);
      threads.shutdown();
      for (int i = 0; i < 400; i++) {
        assertEquals(i % 2 == 0 ? "c1{spent=12.5}" : "c2{spent=NaN}", answers.get(i).get());
      }
      assertEquals(400, lookup.metrics().requests());
    }
  }

  @Test
  void whatDoesNotFitIsToldWhenTheLookupIsBuilt() {
    assertEquals(
        "Unknown group: 'card' in Redis at " + redis.address() + " (nothing was written there yet)",
        failure(() -> lookup().features("card").build()));
    assertEquals(
        "Unknown feature: 'spend' of group 'cards'; did you mean 'spent'?",
        refusal(() -> lookup().features("cards", "spend").build()));
    assertEquals(
        "Unknown feature: 'payment'; did you mean 'payments'?",
        refusal(() -> lookup().features("cards").orElse("payment", 0L).build()));
    assertEquals(
        "Invalid default of 'payments': 0.0 (Double, must be of type int64)",
        refusal(() -> lookup().features("cards").orElse("payments", 0.0).build()));
    assertEquals(
        "Unknown group: 'shop'; did you mean 'shops'?",
        refusal(() -> lookup().features("shops").maxAge("shop", Duration.ofHours(1)).build()));
    assertEquals(
        "Invalid lookup: no features (say features(GROUP))", refusal(() -> lookup().build()));
    assertEquals(
        "Duplicate group: 'cards'", refusal(() -> lookup().features("cards").features("cards")));
    FeatureGroup twin = FeatureGroup.of("twin", CARDS, List.of("card"), List.of("spent"));
    write(twin, CARDS, row("c1", 1L, 1.0, 1L, null));
    assertEquals(
        "Duplicate feature: 'spent' of group 'twin' (another group has it too; name the features"
            + " that are wanted)",
        refusal(() -> lookup().features("cards").features("twin").build()));
  }

  @Test
  void entitiesThatDoNotFitAreRefused() {
    try (FeatureLookup lookup = lookup().features("shops").build()) {
      assertEquals(
          "Entity 1 has no key 'shop' of group 'shops' (it has card)",
          refusal(() -> lookup.get(List.of(Map.of("shop", 1), Map.of("card", "c1")))));
      assertEquals(
          "Key 'shop' is given as String (must be Long)",
          refusal(() -> lookup.get(Map.of("shop", "42"))));
      assertEquals(
          "Unknown feature: 'opens'; did you mean 'open'?",
          refusal(() -> lookup.get(Map.of("shop", 1)).value("opens")));
    }
  }

  @Test
  void bytesOfSomebodyElseAreAnErrorThatSaysWhere() {
    try (FeatureLookup lookup = lookup().features("shops").build();
        Jedis client = redis.client()) {
      String header = new RowVersion(1, 0, 0).text() + SHOP_FEATURES.schemaId();
      client.set("fb:shops:1", header + "\u0001\u0007");
      assertEquals(
          "Cannot read a row of group 'shops' in Redis at "
              + redis.address()
              + ": Invalid row at byte 66: a boolean is 7",
          failure(() -> lookup.get(Map.of("shop", 1))));
      client.set("fb:shops:1", "theirs");
      assertEquals(
          "Invalid value of 6 bytes in Redis at " + redis.address() + " (must be 64 or more)",
          failure(() -> lookup.get(Map.of("shop", 1))));
      client.set("fb:shops:1", header.substring(0, 48) + "0123456789abcdef");
      assertEquals(
          "Cannot read a row of group 'shops' in Redis at "
              + redis.address()
              + ": its schema 0123456789abcdef is not there",
          failure(() -> lookup.get(Map.of("shop", 1))));
      client.set("fb:shops:1", "x".repeat(64));
      assertTrue(
          failure(() -> lookup.get(Map.of("shop", 1))).contains("its schema xxxxxxxxxxxxxxxx"));
      client.set("fb:shops:1", "x".repeat(48) + SHOP_FEATURES.schemaId());
      assertTrue(failure(() -> lookup.get(Map.of("shop", 1))).contains("Invalid version: 'xxx"));
    }
  }

  @Test
  void aRestartedServerIsAskedAgain() {
    try (EmbeddedRedis other = EmbeddedRedis.started();
        Jedis first = other.client()) {
      first.hset("fb:shops", RedisLayout.fields(SHOP_FEATURES));
      try (FeatureLookup lookup =
          FeatureLookup.over(RedisStore.at(other.connection())).features("shops").build()) {
        lookup.get(Map.of("shop", 1));
        other.stop();
        assertTrue(
            failure(() -> lookup.get(Map.of("shop", 1)))
                .startsWith("Cannot reach Redis at " + other.address() + ": "));
        other.start();
        assertEquals("{open=null}", lookup.get(Map.of("shop", 1)).toString());
        assertEquals(1, lookup.metrics().errors());
      }
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsWaitedForNoLongerThanTheTimeout() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + silent.getLocalPort();
      long start = System.nanoTime();
      assertEquals(
          "Redis at " + address + " did not answer within 50 ms",
          failure(
              () ->
                  FeatureLookup.over(RedisStore.at(address, Duration.ofMillis(50)))
                      .features("shops")
                      .build()));
      assertTrue(System.nanoTime() - start < 20_000_000_000L);
    }
  }

  @Test
  void aWrongLoginIsToldWithoutThePassword() {
    try (EmbeddedRedis guarded = EmbeddedRedis.started("requirepass right-one")) {
      String message =
          failure(
              () ->
                  FeatureLookup.over(
                          RedisStore.at(guarded.connection().withLogin("default", "wrong-one")))
                      .features("shops")
                      .build());
      assertTrue(
          message.startsWith("Cannot log in to Redis at " + guarded.address() + ": WRONGPASS"),
          message);
      assertFalse(message.contains("wrong-one"), message);
      assertTrue(
          failure(
                  () ->
                      FeatureLookup.over(
                              RedisStore.at(guarded.connection().withLogin(null, "right-one")))
                          .features("shops")
                          .build())
              .startsWith("Unknown group: 'shops'"));
    }
  }

  @Test
  void keysAreWrittenAsDocumented() {
    assertEquals(
        "fb:cards:a%3Ab%25",
        new String(
            RedisLayout.key("cards", KeyText.of(CARD_FEATURES.keys(), List.of("a:b%"))),
            StandardCharsets.UTF_8));
  }

  private static String failure(Runnable what) {
    return assertThrows(FeatureStoreException.class, what::run).getMessage();
  }

  private static String refusal(Runnable what) {
    return assertThrows(IllegalArgumentException.class, what::run).getMessage();
  }
}
