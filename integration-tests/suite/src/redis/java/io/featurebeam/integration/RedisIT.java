package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.LiveShard;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.lookup.EmbeddedRedis;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.FeatureLookup;
import io.featurebeam.io.lookup.FeatureStoreException;
import io.featurebeam.io.lookup.FeatureVector;
import io.featurebeam.io.lookup.LatestRows;
import io.featurebeam.io.lookup.RedisStore;
import io.featurebeam.io.redis.WriteRedis;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.transforms.aggregate.AggregateRecords;
import io.featurebeam.transforms.records.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** The newest row of each key in a real store, from runs that end and from streams. */
class RedisIT {

  private static final long MINUTE = 60_000_000L;
  private static final RecordSchema PAYMENTS =
      RecordSchema.of(
          Field.required("id", FieldType.INT64),
          Field.of("card", FieldType.STRING),
          Field.required("time", FieldType.TIMESTAMP),
          Field.of("amount", FieldType.FLOAT64));

  private static EmbeddedRedis redis;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    redis = EmbeddedRedis.started();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private Output output() {
    return new Output(folder.resolve("out"));
  }

  private Job job(String sink, String emit, String more) throws IOException {
    return job(redis.address(), sink, emit, more);
  }

  private Job job(String server, String sink, String emit, String more) throws IOException {
    return Job.of(
        folder,
        """
        name: flight-delays
        source:
          parquet: { path: %s }
        eventTime: date
        keys: [origin]
        aggregate:
          window: [1h, 1d]
          emit: %s
          features:
            flights: count
            mean_delay: { mean: delay }
        sink:
          - redis: { server: "%s", %s }
          - parquet: { path: %s }
        %s
        """
            .formatted(Flights.clean(), emit, server, sink, output().folder(), more));
  }

  private static List<String> keys(String pattern) {
    try (Jedis client = redis.client()) {
      return List.copyOf(new TreeSet<>(client.keys(pattern)));
    }
  }

  /** What the store has for each airport. */
  private static Map<String, String> stored(String group) {
    Map<String, String> stored = new TreeMap<>();
    try (FeatureLookup lookup =
        FeatureLookup.over(RedisStore.at(redis.connection())).features(group).build()) {
      String prefix = "fb:" + group + ":";
      for (String key : keys(prefix + "*")) {
        String origin = key.substring(prefix.length());
        stored.put(origin, lookup.get(Map.of("origin", origin)).values().toString());
      }
    }
    return stored;
  }

  /** What the files have in their newest rows, by a query. */
  private static Map<String, String> newest(String query) {
    Table rows = Duck.query(query);
    int key = rows.columns().indexOf("origin");
    Map<String, String> newest = new TreeMap<>();
    for (Object[] row : rows.rows()) {
      List<Object> values = new ArrayList<>(List.of(row).subList(0, key));
      values.addAll(List.of(row).subList(key + 1, row.length));
      newest.put((String) row[key], values.toString());
    }
    return newest;
  }

  @Test
  @Shows("sink.redis")
  void storeHasTheNewestRowOfEachKeyAndARunAgainChangesNothing() throws IOException {
    Job job = job("ttl: 36500d", "{ every: 1h }", "");
    Job.Result result = job.succeed();
    result.assertCounts(48_626, 48_626, 0, 0, 0);
    assertTrue(
        result.out().lines().anyMatch(l -> l.matches("  store +redis\\S* .* rows")), result.out());

    Map<String, String> expected =
        newest(
            "SELECT * FROM "
                + output().sql()
                + " QUALIFY row_number() OVER (PARTITION BY origin ORDER BY window_end DESC) = 1");
    assertTrue(expected.size() > 100, expected.size() + " airports");
    assertEquals(expected, stored("flight-delays"));
    job.withParallelism(3).succeed();
    assertEquals(expected, stored("flight-delays"));
  }

  @Test
  @Shows({"sink.redis", "sink.where"})
  void rowsOfEventsOfEqualTimeAreOrderedAlikeInEachRun() throws IOException {
    String where = "where: \"delay > 0.0\"";
    job("group: one, " + where, "everyEvent", "").withParallelism(1).succeed();
    job("group: other, " + where, "everyEvent", "").withParallelism(3).succeed();

    Map<String, String> stored = stored("one");
    assertEquals(stored, stored("other"));
    Table latest =
        Duck.query(
            "SELECT origin FROM "
                + output().sql()
                + " WHERE delay > 0 GROUP BY origin HAVING max(date) IS NOT NULL");
    assertEquals(latest.rows().size(), stored.size());
  }

  @Test
  @Shows("sink.redis")
  void nothingIsStoredIfARuleFailsTheRun() throws IOException {
    String rule =
        "validate:\n  - { rule: between, column: delay, min: -180, max: 300, onFail: fail }";
    Job.Result result = job("group: failed", "{ every: 1h }", rule).run();

    assertEquals(3, result.exitCode(), result.message());
    assertTrue(result.message().contains("onFail: fail"), result.message());
    assertEquals(List.of(), keys("fb:failed*"));
    job("group: failed", "{ every: 1h }", rule.replace("300", "3000")).succeed();
    assertFalse(keys("fb:failed:*").isEmpty(), "it is stored when the rule holds");
  }

  @Test
  @Shows({"sink.redis", "sink.overwrite"})
  void anotherSchemaIsRefusedWhereTheSpecSaysIt() throws IOException {
    job("group: evolving", "{ every: 1h }", "").succeed();

    Job.Result result =
        job("group: evolving", "{ every: 1h }", "features: { log_delay: { log1p: delay } }")
            .with("--set=aggregate.features.flights=")
            .run();

    assertEquals(2, result.exitCode(), result.message());
    assertTrue(
        result
            .message()
            .contains(
                "sink[0].redis: Group 'evolving' in Redis at "
                    + redis.address()
                    + " has another schema: it has a column 'flights_1h', which this run has not"
                    + " (take another group, or set overwrite: true to go on with this run's)"),
        result.message());
    job("group: evolving, overwrite: true", "{ every: 1h }", "")
        .with("--set=aggregate.features.flights=")
        .succeed();
  }

  @Test
  void aStoreThatIsNotThereIsToldWhereTheSpecSaysIt() throws IOException {
    Job.Result result = job("127.0.0.1:1", "group: g", "{ every: 1h }", "").run();

    assertEquals(2, result.exitCode(), result.message());
    assertTrue(
        result.message().contains("sink[0].redis.server: Cannot reach Redis at 127.0.0.1:1: "),
        result.message());
  }

  @Test
  void aWrongLoginIsToldWhereTheSpecSaysItAndWithoutThePassword() throws IOException {
    try (EmbeddedRedis guarded = EmbeddedRedis.started("requirepass right-one")) {
      Job.Result none = job(guarded.address(), "group: g", "{ every: 1h }", "").run();
      Job.Result wrong =
          job(guarded.address(), "group: g", "{ every: 1h }", "")
              .with("--set=sink.0.redis.login={ user: default, password: hunter2 }")
              .run();

      assertEquals(2, none.exitCode(), none.message());
      assertEquals(
          "Cannot log in to Redis at "
              + guarded.address()
              + ": NOAUTH Authentication required. (the server wants a login: give a password, and a"
              + " user if it is not the default one)",
          afterPlace("sink[0].redis.login", none));
      assertEquals(2, wrong.exitCode(), wrong.message());
      assertEquals(
          "Cannot log in to Redis at "
              + guarded.address()
              + ": WRONGPASS invalid username-password pair or user is disabled. (check user and"
              + " password)",
          afterPlace("sink[0].redis.login", wrong));
      assertFalse((wrong.out() + wrong.err()).contains("hunter2"), wrong.err());
    }
  }

  /** What is wrong with the place of the spec that is named. */
  private static String afterPlace(String place, Job.Result result) {
    String line = result.message().lines().findFirst().orElse("");
    int at = line.indexOf(": " + place + ": ");
    assertTrue(at > 0, line);
    return line.substring(at + place.length() + 4);
  }

  /** Out of order and with equal times; what a stream revises is in the store as a batch has it. */
  @ParameterizedTest
  @ValueSource(strings = {"everyEvent", "every", "windowClose"})
  @Shows(
      value = "sink.redis",
      mode = {Shows.Mode.BATCH, Shows.Mode.STREAM})
  void storeAfterAStreamIsTheStoreAfterABatch(String emit) {
    assumeTrue(
        Runner.current() != Runner.SPARK,
        "the Spark runner has no event-time timers in streaming; it refuses such a pipeline");
    WindowedAggregates spec = spec(emit);
    List<RecordBatch> arrivals = arrivals();

    List<RecordBatch> revisions = Streaming.stream(arrivals, keeping(spec, "stream-" + emit, true));
    List<RecordBatch> rows = Streaming.bounded(arrivals, keeping(spec, "batch-" + emit, false));

    assertTrue(revisions.stream().noneMatch(Flow::isRejects), "no event is late");
    Map<String, FeatureVector> stream = vectors("stream-" + emit);
    assertEquals(vectors("batch-" + emit).toString(), stream.toString());
    String time = emit.equals("everyEvent") ? "time" : "window_end";
    Map<String, Long> newest = new TreeMap<>();
    for (RecordBatch batch : rows) {
      for (int i = 0; Flow.isRecords(batch) && i < batch.size(); i++) {
        newest.merge((String) batch.value(i, "card"), batch.longs(time).get(i), Math::max);
      }
    }
    Map<String, Object> times = new TreeMap<>();
    stream.forEach((card, vector) -> times.put(card, vector.value(time)));
    assertEquals(newest, times);
  }

  @Test
  @Shows({"sink.redis", "trainingSet"})
  void storeHasTheLastRowOfTheTrainingSetPerKey() throws IOException {
    Job served = job("group: served", "everyEvent", "");
    served.succeed();
    Path training = folder.resolve("training");
    Job.of(
            Files.createDirectory(folder.resolve("set")),
            """
            name: delays
            source: { parquet: { path: %s } }
            eventTime: date
            trainingSet:
              groups:
                origin: { spec: %s }
            sink: { parquet: { path: %s } }
            """
                .formatted(Flights.clean(), served.spec(), training))
        .succeed();

    // of an airport's first flights nothing was known, which is a count of 0 where they are served
    Table last =
        Duck.query(
            "SELECT origin, date, coalesce(flights_1h, 0) AS flights_1h, coalesce(flights_1d, 0) AS"
                + " flights_1d, mean_delay_1h, mean_delay_1d FROM "
                + new Output(training).sql()
                + " QUALIFY row_number() OVER (PARTITION BY origin ORDER BY date DESC) = 1");
    List<String> features = last.columns().subList(1, last.columns().size());
    List<Object[]> stored = new ArrayList<>();
    try (FeatureLookup lookup = lookup("served", features)) {
      for (Object origin : last.column("origin")) {
        List<Object> row = new ArrayList<>(List.of(origin));
        row.addAll(lookup.get(Map.of("origin", origin)).values());
        stored.add(row.toArray());
      }
    }
    assertEquals(stored.size(), keys("fb:served:*").size());
    Table.assertSame(last, new Table(last.columns(), stored));
  }

  private static FeatureLookup lookup(String group, List<String> features) {
    return FeatureLookup.over(RedisStore.at(redis.connection()))
        .features(group, features.toArray(String[]::new))
        .build();
  }

  @Test
  void twoRunsOfWhichOneWasKilledLeaveTheNewestRowOfEachKey() throws Exception {
    TwoWriters.assertTheNewestRowOfEachCardIsLeft(
        folder,
        new TwoWriters.Store() {
          @Override
          public String sink(String name) {
            return "redis: { server: \"" + redis.address() + "\", group: " + name + " }";
          }

          @Override
          public boolean hasRows(String name) {
            return !keys("fb:" + name + ":*").isEmpty();
          }

          @Override
          public Map<String, String> rows(String name) {
            List<String> cards =
                keys("fb:" + name + ":*").stream()
                    .map(key -> key.substring(name.length() + 4))
                    .toList();
            Map<String, String> rows = new TreeMap<>();
            try (FeatureLookup lookup = lookup(name, List.of("id"))) {
              List<FeatureVector> vectors =
                  lookup.get(cards.stream().map(card -> Map.of("card", card)).toList());
              for (int i = 0; i < cards.size(); i++) {
                rows.put(cards.get(i), String.valueOf(vectors.get(i).value("id")));
              }
            }
            return rows;
          }
        });
  }

  private Job lanes(String source) throws IOException {
    return Job.of(
        folder,
        """
        name: lanes
        source: { ticks: %s }
        eventTime: at
        features:
          lane: { expression: { cel: "tick %% 3" } }
        keys: [lane]
        aggregate:
          window: 1h
          emit: { every: 1m }
          features: { ticks: count, latest: { max: tick } }
        sink: { redis: { server: "%s" } }
        """
            .formatted(source, redis.address()));
  }

  /** An hour of a lane has 1200 ticks, a second of each apart from those of the others. */
  @Test
  @Shows(value = "sink.redis", mode = Shows.Mode.STREAM)
  void aStreamThatIsKilledLeavesRowsOfABatchWhichNothingOlderReplaces() throws Exception {
    assumeTrue(Runner.current() != Runner.SPARK, "it refuses streams");
    JobProcess process = JobProcess.start(lanes("{}"), folder);
    boolean killed = process.killWhen(() -> laneIsThere(70 * MINUTE));
    assertTrue(killed, Files.readString(process.log()));

    List<FeatureVector> left = lanesLeft();
    for (int lane = 0; lane < 3; lane++) {
      FeatureVector row = left.get(lane);
      long seconds = (long) row.value("window_end") / 1_000_000;
      assertEquals(1200L, row.value("ticks_1h"), row.toString());
      assertEquals(seconds - 3 + lane, row.value("latest_1h"), row.toString());
    }
    lanes("{ count: 3000 }").succeed(); // all older
    assertEquals(left.toString(), lanesLeft().toString());
  }

  private static boolean laneIsThere(long time) {
    try {
      return lanesLeft().stream()
          .map(row -> row.value("window_end"))
          .allMatch(end -> end != null && (long) end >= time);
    } catch (FeatureStoreException e) {
      return false; // no group yet
    }
  }

  private static List<FeatureVector> lanesLeft() {
    try (FeatureLookup lookup = lookup("lanes", List.of("window_end", "ticks_1h", "latest_1h"))) {
      return lookup.get(List.of(Map.of("lane", 0L), Map.of("lane", 1L), Map.of("lane", 2L)));
    }
  }

  private static Map<String, FeatureVector> vectors(String group) {
    Map<String, FeatureVector> vectors = new TreeMap<>();
    try (FeatureLookup lookup =
        FeatureLookup.over(RedisStore.at(redis.connection())).features(group).build()) {
      for (int card = 0; card < 20; card++) {
        vectors.put("card" + card, lookup.get(Map.of("card", "card" + card)));
      }
    }
    return vectors;
  }

  private static PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> keeping(
      WindowedAggregates spec, String name, boolean isStream) {
    BoundAggregates bound = BoundAggregates.bind(spec, PAYMENTS);
    RecordSchema schema = isStream ? LiveShard.rowSchema(bound) : bound.outputSchema();
    List<String> features = new ArrayList<>(bound.outputSchema().names());
    features.remove("card");
    FeatureGroup group = FeatureGroup.of(name, schema, List.of("card"), features);
    boolean ofEvents = spec.emission().equals(Emission.everyEvent());
    WriteRedis write =
        WriteRedis.of(
                redis.connection(),
                LatestRows.Plan.of(
                    group, schema, bound.outputTime(), ofEvents ? PAYMENTS.names() : List.of()))
            .handingOn();
    AggregateRecords aggregate =
        AggregateRecords.of(spec, PAYMENTS).withShards(4).withLateness(60 * MINUTE);
    return PTransform.compose(
        events -> events.apply("Aggregate", aggregate).apply("Keep newest", write));
  }

  private static WindowedAggregates spec(String emit) {
    Emission emission =
        switch (emit) {
          case "everyEvent" -> Emission.everyEvent();
          case "every" -> Emission.every(10 * MINUTE);
          default -> Emission.windowClose();
        };
    List<Window> windows =
        emit.equals("windowClose")
            ? List.of(Window.of("1h"))
            : List.of(Window.of("10m"), Window.of("1d"));
    return new WindowedAggregates(
        List.of("card"),
        "time",
        null,
        emission,
        List.of(
            new WindowedAggregates.Group(
                windows,
                WindowBounds.DEFAULT,
                List.of(
                    WindowedAggregates.Feature.of("count", Aggregates.count()),
                    WindowedAggregates.Feature.of("sum", Aggregates.sum("amount")),
                    WindowedAggregates.Feature.of("last", Aggregates.last("amount"))))));
  }

  /** Of half a day, by the minute, so that many are of equal time; up to half an hour late. */
  private static List<RecordBatch> arrivals() {
    Random random = new Random(5);
    List<long[]> events = new ArrayList<>(); // id, time, arrival
    for (long id = 0; id < 1_500; id++) {
      long time = random.nextInt(12 * 60) * MINUTE;
      events.add(new long[] {id, time, time + random.nextLong(29 * MINUTE)});
    }
    events.sort(Comparator.comparingLong(event -> event[2]));
    List<RecordBatch> batches = new ArrayList<>();
    for (int at = 0; at < events.size(); ) {
      int size = Math.min(events.size() - at, 1 + random.nextInt(100));
      RecordBatch.Builder builder = RecordBatch.builder(PAYMENTS);
      for (long[] event : events.subList(at, at + size)) {
        builder.add(event[0], "card" + event[0] % 20, event[1], random.nextInt(10_000) / 100.0);
      }
      batches.add(builder.build().withPositions(Positions.contiguous("topic", at)));
      at += size;
    }
    return batches;
  }
}
