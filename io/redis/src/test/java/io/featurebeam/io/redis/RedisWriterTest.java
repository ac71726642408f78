package io.featurebeam.io.redis;

import static io.featurebeam.io.redis.Payments.entries;
import static io.featurebeam.io.redis.Payments.group;
import static io.featurebeam.io.redis.Payments.row;
import static io.featurebeam.io.redis.Payments.rows;
import static io.featurebeam.io.redis.Payments.spent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.lookup.EmbeddedRedis;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.FeatureStoreException;
import io.featurebeam.io.lookup.LatestRow;
import io.featurebeam.io.lookup.RedisConnection;
import io.featurebeam.io.lookup.RedisLayout;
import io.featurebeam.io.store.OnlineStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class RedisWriterTest {

  private static EmbeddedRedis redis;

  @BeforeAll
  static void start() {
    redis = EmbeddedRedis.started();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static RedisWriter writer(FeatureGroup group) {
    return new RedisWriter(redis.connection(), group, false, Duration.ZERO);
  }

  private static OnlineStore.Counts write(FeatureGroup group, RecordBatch batch)
      throws IOException, InterruptedException {
    try (RedisWriter writer = writer(group)) {
      return writer.write(entries(group, batch));
    }
  }

  @Test
  void anOlderRowOfAnotherWriterDoesNotReplaceANewerOne() throws Exception {
    FeatureGroup group = group("two-writers");
    assertEquals(new OnlineStore.Counts(1, 0, 0), write(group, rows(row("a", 30, 1, 3.0, 1))));
    assertEquals(
        new OnlineStore.Counts(1, 1, 0),
        write(group, rows(row("a", 20, 1, 2.0, 9), row("b", -5, 1, 4.0, 1))));
    assertEquals("{a=3.0, b=4.0}", spent(redis, "two-writers", "a", "b").toString());
  }

  @Test
  void inOneWriteTheNewestRowStaysWhateverTheOrder() throws Exception {
    // Feast #5163: a write of [t3, t2, t1] kept the oldest
    FeatureGroup group = group("descending");
    assertEquals(
        new OnlineStore.Counts(1, 2, 0),
        write(group, rows(row("a", 3, 1, 3.0, 1), row("a", 2, 1, 2.0, 1), row("a", 1, 1, 1.0, 1))));
    assertEquals("{a=3.0}", spent(redis, "descending", "a").toString());
  }

  @Test
  void rowsWrittenAgainChangeNothing() throws Exception {
    FeatureGroup group = group("again");
    RecordBatch batch = rows(row("a", 30, 1, 3.0, 1), row("b", 30, 1, 4.0, 1));
    write(group, batch);
    assertEquals(new OnlineStore.Counts(2, 0, 0), write(group, batch));
    assertEquals("{a=3.0, b=4.0}", spent(redis, "again", "a", "b").toString());
  }

  @Test
  void aHigherRevisionOfOneEventReplacesALowerOne() throws Exception {
    FeatureGroup group = group("revisions");
    write(group, rows(row("a", 30, 1, 3.0, 7)));
    assertEquals(
        new OnlineStore.Counts(1, 1, 0),
        write(group, rows(row("a", 30, 1, 2.0, 6), row("a", 30, 1, 8.0, 8))));
    assertEquals("{a=8.0}", spent(redis, "revisions", "a").toString());
  }

  @Test
  void aRowIsGoneWhenItsTimeIsOver() throws Exception {
    FeatureGroup group = group("expiring").withTtl(TimeUnit.HOURS.toMicros(1));
    long now = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    assertEquals(
        new OnlineStore.Counts(1, 0, 2),
        write(
            group,
            rows(
                row("a", now, 1, 3.0, 1),
                row("b", now - TimeUnit.HOURS.toMicros(2), 1, 4.0, 1),
                row("c", -7, 1, 5.0, 1))));
    assertEquals("{a=3.0, b=null, c=null}", spent(redis, "expiring", "a", "b", "c").toString());
    try (Jedis client = redis.client()) {
      assertEquals(3_600_000.0, (double) client.pttl("fb:expiring:a"), 60_000.0);
    }
  }

  @Test
  void anExpiredRowDoesNotTakeANewerOneAway() throws Exception {
    FeatureGroup group = group("expired-late").withTtl(TimeUnit.HOURS.toMicros(1));
    long now = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    write(group, rows(row("a", now, 1, 3.0, 1)));
    assertEquals(
        new OnlineStore.Counts(0, 1, 0),
        write(group, rows(row("a", now - TimeUnit.HOURS.toMicros(2), 1, 9.0, 1))));
    assertEquals("{a=3.0}", spent(redis, "expired-late", "a").toString());
  }

  @Test
  void withoutATtlARowStays() throws Exception {
    write(group("for-ever"), rows(row("a", -7, 1, 3.0, 1)));
    try (Jedis client = redis.client()) {
      assertEquals(-1, client.pttl("fb:for-ever:a"));
    }
  }

  @Test
  void aServerThatHasForgottenTheScriptIsToldAgain() throws Exception {
    FeatureGroup group = group("flushed");
    try (RedisWriter writer = writer(group);
        Jedis client = redis.client()) {
      writer.write(entries(group, rows(row("a", 1, 1, 1.0, 1))));
      client.scriptFlush();
      assertEquals(
          new OnlineStore.Counts(1, 0, 0),
          writer.write(entries(group, rows(row("a", 2, 1, 2.0, 1)))));
    }
    assertEquals("{a=2.0}", spent(redis, "flushed", "a").toString());
  }

  @Test
  void theGroupIsDescribedBesideItsRows() throws Exception {
    FeatureGroup group = group("described").withSpecHash("abc");
    write(group, rows(row("a", 1, 1, 1.0, 1)));
    try (Jedis client = redis.client()) {
      assertEquals(RedisLayout.fields(group), client.hgetAll("fb:described"));
    }
  }

  @Test
  void anotherSchemaIsRefusedUnlessOverwritten() throws Exception {
    FeatureGroup before = group("evolving");
    write(before, rows(row("a", 1, 1, 1.0, 1)));
    FeatureGroup fewer =
        FeatureGroup.of("evolving", Payments.SCHEMA, List.of("card"), List.of("spent"));
    String refused =
        assertThrows(IllegalArgumentException.class, () -> writer(fewer).check()).getMessage();
    assertEquals(
        "Group 'evolving' in Redis at "
            + redis.address()
            + " has another schema: it has a column 'at', which this run has not (take another"
            + " group, or set overwrite: true to go on with this run's)",
        refused);
    try (RedisWriter overwriting =
        new RedisWriter(redis.connection(), fewer, true, Duration.ZERO)) {
      overwriting.check();
      overwriting.write(entries(fewer, rows(row("b", 1, 1, 2.0, 1))));
    }
    // the row of before is read by the schema that it bears
    assertEquals("{a=1.0, b=2.0}", spent(redis, "evolving", "a", "b").toString());
  }

  @Test
  void addedColumnsAreTaken() throws Exception {
    FeatureGroup fewer =
        FeatureGroup.of("growing", Payments.SCHEMA, List.of("card"), List.of("spent"));
    write(fewer, rows(row("a", 1, 1, 1.0, 1)));
    write(group("growing"), rows(row("b", 1, 1, 2.0, 1)));
    assertEquals("{a=1.0, b=2.0}", spent(redis, "growing", "a", "b").toString());
  }

  @Test
  void aKeyOfAnotherProgramIsLeftAlone() throws Exception {
    FeatureGroup group = group("foreign");
    try (Jedis client = redis.client()) {
      client.lpush("fb:foreign:a", "theirs");
      IOException refused =
          assertThrows(IOException.class, () -> write(group, rows(row("a", 1, 1, 1.0, 1))));
      assertTrue(
          refused
              .getMessage()
              .startsWith(
                  "Cannot write group 'foreign': Redis at " + redis.address() + " refuses: "),
          refused.getMessage());
      assertTrue(refused.getMessage().contains("WRONGTYPE"), refused.getMessage());
      assertEquals(List.of("theirs"), client.lrange("fb:foreign:a", 0, -1));
    }
  }

  @Test
  void wrongLoginIsToldAtOnceAndWithoutThePassword() throws Exception {
    FeatureGroup group = group("secret");
    try (EmbeddedRedis guarded = EmbeddedRedis.started("requirepass right-one")) {
      RedisConnection to = guarded.connection();
      String none =
          assertThrows(FeatureStoreException.class, () -> writer(to, group).check()).getMessage();
      assertEquals(
          "Cannot log in to Redis at "
              + guarded.address()
              + ": NOAUTH Authentication required. (the server wants a login: give a password, and"
              + " a user if it is not the default one)",
          none);
      long start = System.nanoTime();
      IOException wrong =
          assertThrows(
              IOException.class,
              () ->
                  writer(to.withLogin("default", "wrong-one"), group)
                      .write(entries(group, rows(row("a", 1, 1, 1.0, 1)))));
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20), "was tried again");
      assertTrue(
          wrong
              .getMessage()
              .startsWith(
                  "Cannot write group 'secret': Cannot log in to Redis at "
                      + guarded.address()
                      + ": WRONGPASS"),
          wrong.getMessage());
      assertFalse(wrong.getMessage().contains("wrong-one"), wrong.getMessage());
      writer(to.withLogin(null, "right-one"), group)
          .write(entries(group, rows(row("a", 1, 1, 1.0, 1))));
    }
  }

  @Test
  void aUserWithoutTheRightIsToldWhatItNeeds() throws Exception {
    FeatureGroup group = group("read-only");
    String user = "user reader on >right-one ~* +@connection +@read";
    try (EmbeddedRedis guarded = EmbeddedRedis.started(user)) {
      RedisConnection to = guarded.connection().withLogin("reader", "right-one");
      writer(to, group).check(); // which writes nothing
      IOException refused =
          assertThrows(
              IOException.class,
              () -> writer(to, group).write(entries(group, rows(row("a", 1, 1, 1.0, 1)))));
      assertEquals(
          "Cannot write group 'read-only': No right at Redis at "
              + guarded.address()
              + ": NOPERM this user has no permissions to run the 'hset' command or its subcommand"
              + " (a writer needs HGETALL, HSET, EVAL, EVALSHA, GETRANGE, SET, PEXPIREAT and EXISTS"
              + " on keys fb:*, a reader HGETALL and MGET)",
          refused.getMessage());
    }
  }

  private static RedisWriter writer(RedisConnection to, FeatureGroup group) {
    return new RedisWriter(to, group, false, Duration.ofMinutes(1));
  }

  @Test
  void aStoreThatIsDownIsTriedAgainAndThenToldOf() throws Exception {
    FeatureGroup group = group("down");
    List<LatestRow> entries = entries(group, rows(row("a", 1, 1, 1.0, 1)));
    try (EmbeddedRedis other = EmbeddedRedis.started()) {
      RedisWriter impatient =
          new RedisWriter(other.connection(), group, false, Duration.ofMillis(300));
      impatient.write(entries);
      other.stop();
      IOException failed = assertThrows(IOException.class, () -> impatient.write(entries));
      assertTrue(
          failed
              .getMessage()
              .matches(
                  "Cannot write group 'down': Cannot reach Redis at "
                      + other.address()
                      + ": Connection refused, after [2-9] attempts \\(run again when it answers: rows"
                      + " that are there stay, and none counts twice\\)"),
          failed.getMessage());
    }
  }

  @Test
  void aStoreThatComesBackInMidWriteHasEveryRow() throws Exception {
    FeatureGroup group = group("back");
    try (EmbeddedRedis other = EmbeddedRedis.started();
        RedisWriter writer =
            new RedisWriter(other.connection(), group, false, Duration.ofMinutes(1))) {
      writer.write(entries(group, rows(row("a", 1, 1, 1.0, 1))));
      other.stop(); // it forgets all, the description of the group too
      ExecutorService side = Executors.newSingleThreadExecutor();
      try {
        Future<OnlineStore.Counts> writing =
            side.submit(
                () ->
                    writer.write(
                        entries(group, rows(row("a", 1, 1, 1.0, 1), row("b", 2, 1, 2.0, 1)))));
        other.start();
        assertEquals(new OnlineStore.Counts(2, 0, 0), writing.get(50, TimeUnit.SECONDS));
      } finally {
        side.shutdownNow();
      }
      assertEquals("{a=1.0, b=2.0}", spent(other, "back", "a", "b").toString());
    }
  }

  /** Two that write at once, one of them killed and begun again, whatever order rows come in. */
  @Test
  void theNewestRowOfEachKeyIsLeftByTwoWritersOfWhichOneIsKilled() throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      FeatureGroup group = group("killed-" + seed);
      Random random = new Random(seed);
      List<Object[]> all = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        long at = random.nextInt(40) - 20L;
        long revision = random.nextInt(3);
        all.add(row("c" + random.nextInt(8), at, 1, at * 10.0 + revision, revision));
      }
      Collections.shuffle(all, random);
      List<LatestRow> some = entries(group, rows(all.subList(0, 200).toArray(Object[][]::new)));
      List<LatestRow> others = entries(group, rows(all.subList(200, 400).toArray(Object[][]::new)));
      ExecutorService side = Executors.newSingleThreadExecutor();
      Future<?> other = side.submit(() -> writeInSteps(group, others, 7));
      try (RedisWriter killed = writer(group)) { // it has written a part when it is gone
        killed.write(some.subList(0, random.nextInt(some.size())));
      }
      writeInSteps(group, some, 11);
      other.get();
      side.shutdown();
      for (int c = 0; c < 8; c++) {
        String card = "c" + c;
        double newest =
            all.stream()
                .filter(r -> r[0].equals(card))
                .mapToDouble(r -> (double) r[3])
                .max()
                .orElseThrow();
        assertEquals(newest, spent(redis, group.name(), card).get(card), "seed " + seed);
      }
    }
  }

  private static OnlineStore.Counts writeInSteps(
      FeatureGroup group, List<LatestRow> entries, int step)
      throws IOException, InterruptedException {
    OnlineStore.Counts counts = OnlineStore.Counts.NONE;
    try (RedisWriter writer = writer(group)) {
      for (int from = 0; from < entries.size(); from += step) {
        counts =
            counts.plus(writer.write(entries.subList(from, Math.min(entries.size(), from + step))));
      }
    }
    return counts;
  }
}
