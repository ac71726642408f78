package io.featurebeam.io.redis;

import static io.featurebeam.io.redis.Payments.group;
import static io.featurebeam.io.redis.Payments.plan;
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
import io.featurebeam.io.lookup.RedisConnection;
import io.featurebeam.io.store.KeepNewest;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PipelineExtension.class)
class WriteRedisTest {

  private static EmbeddedRedis redis;

  @BeforeAll
  static void start() {
    redis = EmbeddedRedis.started();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static WriteRedis write(FeatureGroup group) {
    return WriteRedis.of(redis.connection(), plan(group));
  }

  private static final RecordBatch ROWS =
      rows(
          row("a", 30, 1, 3.0, 1),
          row("a", 20, 1, 2.0, 1),
          row("b", 10, 1, 4.0, 1),
          row("b", 10, 1, 5.0, 2));

  /** Two batches of rows, a reject and a fact. */
  private static PCollection<RecordBatch> flow(Pipeline pipeline) {
    return pipeline.apply(
        Create.of(ROWS.slice(0, 1), rejects(), ROWS.slice(1, 4), fact())
            .withCoder(BatchCoder.of()));
  }

  private static RecordBatch rejects() {
    Rejects.Builder rejects = new Rejects.Builder("validate", List.of(), 0);
    rejects.addMalformed("t-0", 7, new byte[] {'x'}, "no");
    return rejects.build();
  }

  private static RecordBatch fact() {
    return new Facts.Builder().add("validate", Facts.REJECTED, 1).build();
  }

  @Test
  void newestRowOfEachKeyIsStored(TestPipeline pipeline) {
    PCollection<RecordBatch> rest = flow(pipeline).apply(write(group("newest")));
    PAssert.that(rest)
        .satisfies(
            batches -> {
              assertEquals(rejects(), only(batches, Flow::isRejects));
              assertFalse(any(batches, Flow::isRecords));
              Map<String, Long> facts = facts(batches);
              assertEquals(1, facts.get("validate rejected"));
              assertEquals(4, facts.get("write records_in"));
              // by bundle, of which there may be one or several
              long stored = facts.get("write " + KeepNewest.written("redis"));
              long older = facts.getOrDefault("write " + KeepNewest.older("redis"), 0L);
              assertTrue(stored >= 2 && stored + older <= 4, facts.toString());
              return null;
            });
    pipeline.run();
    assertEquals("{a=3.0, b=5.0}", spent(redis, "newest", "a", "b").toString());
  }

  @Test
  void recordsAreHandedOnToWhatFollows(TestPipeline pipeline) {
    PCollection<RecordBatch> all =
        flow(pipeline).apply(write(group("handing-on")).withWhere("spent > 3.5").handingOn());
    PAssert.that(all)
        .satisfies(
            batches -> {
              List<RecordBatch> records = new ArrayList<>();
              batches.forEach(b -> records.addAll(Flow.isRecords(b) ? List.of(b) : List.of()));
              assertEquals(4, records.stream().mapToInt(RecordBatch::size).sum());
              return null;
            });
    pipeline.run();
    assertEquals("{a=null, b=5.0}", spent(redis, "handing-on", "a", "b").toString());
  }

  @Test
  void aStoreThatIsNotThereIsToldWhenThePipelineIsBuilt(TestPipeline pipeline) {
    pipeline.enableAbandonedNodeEnforcement(false);
    WriteRedis write = WriteRedis.of(RedisConnection.to("127.0.0.1:1"), plan(group("nowhere")));
    String message =
        assertThrows(FeatureStoreException.class, () -> flow(pipeline).apply(write)).getMessage();
    assertTrue(message.startsWith("Cannot reach Redis at 127.0.0.1:1: "), message);
  }

  @Test
  void aStoreThatGoesAwayFailsTheRunWithItsName(TestPipeline pipeline) {
    EmbeddedRedis other = EmbeddedRedis.started();
    flow(pipeline)
        .apply(
            WriteRedis.of(other.connection(), plan(group("gone")))
                .withPatience(Duration.ofMillis(200)));
    other.stop();
    String message =
        assertThrows(Pipeline.PipelineExecutionException.class, pipeline::run).getMessage();
    assertTrue(
        message.contains("Cannot write group 'gone': Cannot reach Redis at " + other.address()),
        message);
  }

  @Test
  void secretsAreInNoDisplayData() {
    String shown =
        DisplayData.from(
                WriteRedis.of(
                    RedisConnection.to("redis:6379").withLogin("user", "secret"),
                    plan(group("shown"))))
            .toString();
    assertTrue(shown.contains("redis:6379"), shown);
    assertFalse(shown.contains("secret"), shown);
  }

  @Test
  void patienceIsAMinuteIfNothingElseIsSaid() {
    assertEquals(Duration.ofMinutes(1), WriteRedis.DEFAULT_PATIENCE);
    assertEquals(
        "Invalid patience: PT-1S (must not be negative)",
        assertThrows(
                IllegalArgumentException.class,
                () -> write(group("g")).withPatience(Duration.ofSeconds(-1)))
            .getMessage());
  }

  private static Map<String, Long> facts(Iterable<RecordBatch> batches) {
    Map<String, Long> facts = new TreeMap<>();
    for (RecordBatch batch : batches) {
      if (Flow.isFacts(batch)) {
        Facts.read(
            batch, (step, fact, value, bytes) -> facts.merge(step + " " + fact, value, Long::sum));
      }
    }
    return facts;
  }

  private static boolean any(Iterable<RecordBatch> batches, Predicate<RecordBatch> which) {
    for (RecordBatch batch : batches) {
      if (which.test(batch)) {
        return true;
      }
    }
    return false;
  }

  private static RecordBatch only(Iterable<RecordBatch> batches, Predicate<RecordBatch> which) {
    List<RecordBatch> found = new ArrayList<>();
    batches.forEach(batch -> found.addAll(which.test(batch) ? List.of(batch) : List.of()));
    assertEquals(1, found.size());
    return found.get(0);
  }
}
