package io.featurebeam.transforms.skew;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.skew.Side;
import io.featurebeam.skew.SkewPlan;
import io.featurebeam.skew.SkewShard;
import io.featurebeam.skew.SkewStats;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Rejects;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PipelineExtension.class)
class CheckSkewTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("mean", FieldType.FLOAT64),
          Field.of("city", FieldType.STRING));

  private static final SkewPlan PLAN = SkewPlan.of(SCHEMA, SCHEMA, List.of("card"));

  private static List<RecordBatch> batches(int from, double error) {
    List<RecordBatch> batches = new ArrayList<>();
    for (int b = 0; b < 5; b++) {
      RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
      for (int i = 0; i < 40; i++) {
        int id = from + b * 40 + i;
        rows.add(id % 50 == 0 ? null : "card" + id, id + (id % 3 == 0 ? error : 0), "x");
      }
      batches.add(rows.build());
    }
    return batches;
  }

  private static PCollection<RecordBatch> read(
      TestPipeline pipeline, String name, List<RecordBatch> batches) {
    return pipeline.apply(name, Create.of(batches).withCoder(BatchCoder.of()));
  }

  @Test
  void allShardsBecomeOne(TestPipeline pipeline) {
    List<RecordBatch> logged = batches(0, 0.5);
    List<RecordBatch> recomputed = batches(10, 0);
    SkewShard all = new SkewShard(PLAN);
    logged.forEach(batch -> all.add(PLAN.prepare(Side.LOGGED, batch)));
    recomputed.forEach(batch -> all.add(PLAN.prepare(Side.RECOMPUTED, batch)));
    SkewStats expected = all.finish();
    String features = expected.features().toString();
    String rows = expected.rows(Side.LOGGED) + " " + expected.rows(Side.RECOMPUTED);
    PCollection<SkewStats> skew =
        PCollectionTuple.of(CheckSkew.LOGGED, read(pipeline, "Logged", logged))
            .and(CheckSkew.RECOMPUTED, read(pipeline, "Recomputed", recomputed))
            .apply(CheckSkew.of(PLAN).withShards(7));

    PAssert.thatSingleton(skew)
        .satisfies(
            found -> {
              assertEquals(187, found.pairs());
              assertEquals(features, found.features().toString());
              assertEquals(rows, found.rows(Side.LOGGED) + " " + found.rows(Side.RECOMPUTED));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void rejectsAreCountedAsUnreadableAndFactsAreDropped(TestPipeline pipeline) {
    Rejects.Builder rejects = new Rejects.Builder("read", List.of(), 0);
    rejects.addMalformed("log.jsonl", 7, "{".getBytes(StandardCharsets.UTF_8), "not JSON");
    List<RecordBatch> flow = new ArrayList<>(batches(1, 0));
    flow.add(rejects.build());
    flow.add(new Facts.Builder().add("read", Facts.RECORDS_OUT, 200).build());
    PCollection<SkewStats> skew =
        PCollectionTuple.of(CheckSkew.LOGGED, read(pipeline, "Logged", flow))
            .and(CheckSkew.RECOMPUTED, read(pipeline, "Recomputed", batches(1, 0)))
            .apply(CheckSkew.of(PLAN));

    PAssert.thatSingleton(skew)
        .satisfies(
            found -> {
              assertEquals(196, found.pairs());
              assertEquals(1, found.rows(Side.LOGGED).unreadable());
              assertEquals(0, found.rows(Side.RECOMPUTED).unreadable());
              assertEquals(List.of("log.jsonl:7"), found.unreadable(Side.LOGGED).get(0).keys());
              assertEquals("not JSON", found.unreadable(Side.LOGGED).get(0).logged());
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void noRowsGiveStatisticsToo(TestPipeline pipeline) {
    PCollection<SkewStats> skew =
        PCollectionTuple.of(
                CheckSkew.LOGGED, pipeline.apply("Logged", Create.empty(BatchCoder.of())))
            .and(CheckSkew.RECOMPUTED, pipeline.apply("Recomputed", Create.empty(BatchCoder.of())))
            .apply(CheckSkew.of(PLAN));

    PAssert.thatSingleton(skew)
        .satisfies(
            found -> {
              assertEquals(0, found.pairs());
              assertEquals(2, found.features().size());
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void unboundedInputIsRefused() {
    PCollection<RecordBatch> records =
        Pipeline.create()
            .apply("Records", Create.empty(BatchCoder.of()))
            .setIsBoundedInternal(IsBounded.UNBOUNDED);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                CheckSkew.of(PLAN)
                    .expand(
                        PCollectionTuple.of(CheckSkew.LOGGED, records)
                            .and(CheckSkew.RECOMPUTED, records)));
    assertEquals(
        "CheckSkew needs bounded inputs: '" + records.getName() + "' is unbounded", e.getMessage());
  }

  @Test
  void aWrongNumberOfShardsIsRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> CheckSkew.of(PLAN).withShards(0));
    assertEquals("Invalid shards: 0 (must be > 0)", e.getMessage());
  }

  @Test
  void theCoderRefusesAnythingElse() {
    CoderException e =
        assertThrows(
            CoderException.class,
            () -> SkewCoder.of(PLAN).decode(new ByteArrayInputStream(new byte[] {3, 1, 2, 3})));
    assertEquals(true, e.getMessage().startsWith("Invalid "), e.getMessage());
  }
}
