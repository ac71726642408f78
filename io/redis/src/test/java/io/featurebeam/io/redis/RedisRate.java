package io.featurebeam.io.redis;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.lookup.EmbeddedRedis;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.FeatureLookup;
import io.featurebeam.io.lookup.LatestRows;
import io.featurebeam.io.lookup.RedisStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * How fast a store on this machine takes rows and gives feature vectors; measured by hand, as
 * docs/benchmarks.md says, and not a test of the build.
 */
class RedisRate {

  private static final int KEYS = 20_000;
  private static final int BATCH = 2_000;
  private static final int CALLS = 100_000;

  private static RecordSchema schema(int features) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.of("user", FieldType.INT64));
    fields.add(Field.of("at", FieldType.TIMESTAMP));
    for (int f = 0; f < features; f++) {
      fields.add(Field.of("f" + f, FieldType.FLOAT64));
    }
    return RecordSchema.of(fields);
  }

  private static FeatureGroup group(String name, RecordSchema schema, int from, int to) {
    return FeatureGroup.of(name, schema, List.of("user"), schema.names().subList(2 + from, 2 + to));
  }

  /** Rows of users in turn, each newer than the one before. */
  private static List<RecordBatch> batches(RecordSchema schema, int rows, long from) {
    SplittableRandom random = new SplittableRandom(1);
    List<RecordBatch> batches = new ArrayList<>();
    for (int row = 0; row < rows; ) {
      RecordBatch.Builder batch = RecordBatch.builder(schema);
      for (int i = 0; i < BATCH; i++, row++) {
        Object[] values = new Object[schema.size()];
        values[0] = (long) row % KEYS;
        values[1] = from + 1_000_000L * row;
        for (int f = 2; f < values.length; f++) {
          values[f] = random.nextDouble();
        }
        batch.add(values);
      }
      batches.add(batch.build());
    }
    return batches;
  }

  /** What a worker does with a bundle: reduce, encode, send. */
  private static long write(RedisWriter writer, LatestRows.Plan plan, List<RecordBatch> batches)
      throws IOException, InterruptedException {
    long written = 0;
    for (RecordBatch batch : batches) {
      LatestRows rows = LatestRows.of(plan);
      rows.add(batch);
      written += writer.write(rows.take()).written();
    }
    return written;
  }

  @Test
  void valuesWrittenInASecond() throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.started()) {
      for (int features : new int[] {5, 20, 250}) {
        RecordSchema schema = schema(features);
        FeatureGroup group = group("written-" + features, schema, 0, features);
        LatestRows.Plan plan = LatestRows.Plan.of(group, schema, "at", schema.names());
        try (RedisWriter writer =
            new RedisWriter(redis.connection(), group.withTtl(0), false, Duration.ZERO)) {
          for (int run = 0; run < 5; run++) {
            List<RecordBatch> batches =
                batches(schema, KEYS * (features > 100 ? 1 : 4), run * 1_000_000_000_000L);
            long start = System.nanoTime();
            long rows = write(writer, plan, batches);
            double seconds = (System.nanoTime() - start) / 1e9;
            print(
                "%d features, run %d: %,.0f rows/s, %,.0f values/s",
                features, run, rows / seconds, rows * features / seconds);
          }
        }
      }
    }
  }

  @Test
  void latencyOf250Features() throws Exception {
    RecordSchema schema = schema(250);
    try (EmbeddedRedis redis = EmbeddedRedis.started()) {
      for (int groups : new int[] {1, 10}) {
        String name = "g" + groups + "-";
        for (int g = 0; g < groups; g++) {
          int size = 250 / groups;
          FeatureGroup group = group(name + g, schema, g * size, (g + 1) * size);
          try (RedisWriter writer =
              new RedisWriter(redis.connection(), group, false, Duration.ZERO)) {
            write(
                writer,
                LatestRows.Plan.of(group, schema, "at", schema.names()),
                batches(schema, KEYS, 0));
          }
        }
        FeatureLookup.Builder builder = FeatureLookup.over(RedisStore.at(redis.connection()));
        for (int g = 0; g < groups; g++) {
          builder.features(name + g);
        }
        try (FeatureLookup lookup = builder.build()) {
          latencies(lookup, CALLS / 5);
          for (int run = 0; run < 3; run++) {
            long[] nanos = latencies(lookup, CALLS);
            print(
                "250 features of %d groups, run %d: p50 %.3f ms, p99 %.3f ms, p99.9 %.3f ms",
                groups, run, at(nanos, 0.5), at(nanos, 0.99), at(nanos, 0.999));
          }
        }
      }
    }
  }

  private static long[] latencies(FeatureLookup lookup, int calls) {
    SplittableRandom random = new SplittableRandom(2);
    long[] nanos = new long[calls];
    for (int i = 0; i < calls; i++) {
      Map<String, Long> user = Map.of("user", (long) random.nextInt(KEYS));
      long start = System.nanoTime();
      if (lookup.get(user).value("f249") == null) {
        throw new IllegalStateException("user " + user + " is not there");
      }
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static double at(long[] sorted, double q) {
    return sorted[(int) Math.ceil(q * sorted.length) - 1] / 1e6;
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void print(String text, Object... values) {
    System.out.println(String.format(Locale.ROOT, text, values));
  }
}
