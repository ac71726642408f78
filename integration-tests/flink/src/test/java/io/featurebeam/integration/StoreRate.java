package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.lookup.EmbeddedRedis;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.io.lookup.LatestRows;
import io.featurebeam.io.redis.WriteRedis;
import io.featurebeam.io.store.KeepNewest;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.junit.jupiter.api.Test;

/**
 * How fast a pipeline on embedded Flink, of parallelism 2, puts rows into a store on this machine;
 * measured by hand, as docs/benchmarks.md says, and not a test of the build.
 */
class StoreRate {

  /** More keys than a bundle holds back, so that none of their rows is written for another. */
  private static final int USERS = 20_000;

  private static final int WRITERS = 2;
  private static final int BATCH = 2_000;
  private static final int RUNS = 4;

  private static RecordSchema schema(int features) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.of("user", FieldType.INT64));
    fields.add(Field.of("at", FieldType.TIMESTAMP));
    for (int f = 0; f < features; f++) {
      fields.add(Field.of("f" + f, FieldType.FLOAT64));
    }
    return RecordSchema.of(fields);
  }

  /** Rows of a writer's own users in turn, each newer than all before, and its values anew. */
  private static final class RowsFn extends DoFn<Integer, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final RecordSchema schema;
    private final int rows;
    private final long from;

    RowsFn(RecordSchema schema, int rows, long from) {
      this.schema = schema;
      this.rows = rows;
      this.from = from;
    }

    @ProcessElement
    public void make(@Element Integer writer, OutputReceiver<RecordBatch> out) {
      SplittableRandom random = new SplittableRandom(writer);
      for (int row = 0; row < rows; ) {
        RecordBatch.Builder batch = RecordBatch.builder(schema);
        for (int i = 0; i < BATCH; i++, row++) {
          batch.column(0).append((long) writer * USERS + row % USERS);
          batch.column(1).append(from + 1_000_000L * row);
          for (int f = 2; f < schema.size(); f++) {
            batch.column(f).append(random.nextDouble());
          }
          batch.endRecord();
        }
        out.output(batch.build());
      }
    }
  }

  /** The seconds of a run, and how many rows the store took. */
  private static long write(EmbeddedRedis redis, int features, int rows, long from) {
    RecordSchema schema = schema(features);
    FeatureGroup group =
        FeatureGroup.of(
            "users-" + features, schema, List.of("user"), schema.names().subList(2, features + 2));
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs(
                    "--runner=FlinkRunner",
                    "--flinkMaster=[local]",
                    "--parallelism=" + WRITERS,
                    "--fasterCopy=true",
                    "--objectReuse=true")
                .create());
    Collected out = new Collected();
    pipeline
        .apply("Writers", Create.of(IntStream.range(0, WRITERS).boxed().toList()))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Rows", ParDo.of(new RowsFn(schema, rows, from)))
        .setCoder(BatchCoder.of())
        .apply(
            "Keep newest",
            WriteRedis.of(
                redis.connection(), LatestRows.Plan.of(group, schema, "at", schema.names())))
        .apply("Collect", ParDo.of(out));
    pipeline.run().waitUntilFinish();
    long[] written = new long[1];
    for (RecordBatch batch : out.batches()) {
      if (Flow.isFacts(batch)) {
        Facts.read(
            batch,
            (step, fact, value, bytes) ->
                written[0] += fact.equals(KeepNewest.written(WriteRedis.KIND)) ? value : 0);
      }
    }
    return written[0];
  }

  @Test
  void valuesAPipelineWritesInASecond() {
    try (EmbeddedRedis redis = EmbeddedRedis.started()) {
      for (int features : new int[] {5, 20, 250}) {
        int rows = features > 100 ? 10 * USERS : 50 * USERS;
        for (int run = 0; run < RUNS; run++) {
          long start = System.nanoTime();
          long written = write(redis, features, rows, run * 1_000_000_000_000L);
          double seconds = (System.nanoTime() - start) / 1e9;
          assertEquals((long) WRITERS * rows, written);
          System.out.printf(
              Locale.ROOT,
              "%d features, run %d%s: %.1f s, %,.0f rows/s, %,.0f values/s%n",
              features,
              run,
              run == 0 ? " (warm-up)" : "",
              seconds,
              written / seconds,
              written * features / seconds);
        }
      }
    }
  }
}
