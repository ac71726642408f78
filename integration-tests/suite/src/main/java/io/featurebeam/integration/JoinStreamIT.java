package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.join.AsOfGroup;
import io.featurebeam.join.WindowGroup;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.transforms.join.PointInTimeJoin;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same join over labels, payments and shops that arrive out of order and partly late, and over
 * bounded inputs of what was not late: the rows are equal, to the last bit, each label comes once.
 */
class JoinStreamIT {

  private static final long MINUTE = 60_000_000L;
  private static final long HOUR = 60 * MINUTE;
  private static final RecordSchema LABELS =
      RecordSchema.of(
          Field.required("id", FieldType.INT64),
          Field.of("card", FieldType.STRING),
          Field.of("shop", FieldType.INT64),
          Field.required("time", FieldType.TIMESTAMP));
  private static final RecordSchema PAYMENTS =
      RecordSchema.of(
          Field.required("id", FieldType.INT64),
          Field.of("card", FieldType.STRING),
          Field.of("amount", FieldType.FLOAT64),
          Field.required("time", FieldType.TIMESTAMP));
  private static final RecordSchema SHOPS =
      RecordSchema.of(
          Field.required("id", FieldType.INT64),
          Field.of("shop", FieldType.INT64),
          Field.of("country", FieldType.STRING),
          Field.required("time", FieldType.TIMESTAMP));

  /** Of all that arrives, its schema tells what it is. */
  private static final class Join
      extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {
    private static final long serialVersionUID = 1L;
    private final long lateness;

    Join(long lateness) {
      this.lateness = lateness;
    }

    @Override
    public PCollection<RecordBatch> expand(PCollection<RecordBatch> all) {
      WindowedAggregates spending =
          new WindowedAggregates(
              List.of("card"),
              "time",
              null,
              Emission.everyEvent(),
              List.of(
                  new Group(
                      List.of(Window.of("10m"), Window.of("3h")),
                      WindowBounds.DEFAULT,
                      List.of(
                          Feature.of("count", Aggregates.count()),
                          Feature.of("sum", Aggregates.sum("amount")),
                          Feature.of("stddev", Aggregates.stddev("amount")),
                          Feature.of("last", Aggregates.last("amount"))))));
      return of(all, "Labels", LABELS)
          .apply(
              "Join",
              PointInTimeJoin.at("time", LABELS)
                  .join(
                      WindowGroup.of("spending", spending), of(all, "Payments", PAYMENTS), PAYMENTS)
                  .join(
                      AsOfGroup.of("shop", List.of("shop"), "time", "country"),
                      of(all, "Shops", SHOPS),
                      SHOPS)
                  .withShards(4)
                  .withEvery(10 * MINUTE)
                  .withLateness(lateness));
    }

    private static PCollection<RecordBatch> of(
        PCollection<RecordBatch> all, String name, RecordSchema schema) {
      return all.apply(name, Filter.by(batch -> batch.schema().equals(schema)))
          .setCoder(BatchCoder.of());
    }
  }

  @BeforeAll
  static void theRunnerStreams() {
    assumeTrue(
        Runner.current() != Runner.SPARK,
        "the Spark runner has no event-time timers in streaming; it refuses such a pipeline");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 60})
  void rowsAreThoseOfABatchOverWhatWasNotLate(long latenessMinutes) {
    List<RecordBatch> arrivals = arrivals();
    Join join = new Join(latenessMinutes * MINUTE);

    List<RecordBatch> stream = Streaming.stream(arrivals, join);

    Set<Long> late = late(stream);
    List<RecordBatch> accepted = new ArrayList<>();
    int labels = 0;
    for (RecordBatch batch : arrivals) {
      long[] ids = batch.longs("id").values();
      RecordBatch some = batch.select(Bitmap.of(batch.size(), i -> !late.contains(ids[i])));
      accepted.add(some);
      labels += some.schema().equals(LABELS) ? some.size() : 0;
    }
    assertFalse(late.isEmpty(), "nothing is late");
    List<String> rows = rows(stream);
    assertEquals(rows(Streaming.bounded(accepted, join)), rows);
    assertEquals(labels, rows.size());
    assertTrue(labels > 500, "labels: " + labels);
  }

  /** By the ids, which stand in the place of positions too. */
  private static Set<Long> late(List<RecordBatch> batches) {
    Set<Long> late = new HashSet<>();
    for (RecordBatch batch : batches) {
      for (int i = 0; i < batch.size() && Flow.isRejects(batch); i++) {
        assertEquals("late", batch.value(i, "rule"));
        assertTrue(late.add(batch.longs("position").get(i)), "a reject comes twice");
      }
    }
    return late;
  }

  private static List<String> rows(List<RecordBatch> batches) {
    List<String> rows = new ArrayList<>();
    for (RecordBatch batch : batches) {
      for (int i = 0; i < batch.size() && Flow.isRecords(batch); i++) {
        StringBuilder row = new StringBuilder();
        for (String column : batch.schema().names()) {
          row.append(column).append('=').append(batch.value(i, column)).append(' ');
        }
        rows.add(row.toString());
      }
    }
    rows.sort(Comparator.naturalOrder());
    return rows;
  }

  /** Of half a day; most in order, some up to half an hour late, a few much later. */
  private static List<RecordBatch> arrivals() {
    Random random = new Random(17);
    List<long[]> records = new ArrayList<>(); // id, time and arrival
    for (long id = 0; id < 2_400; id++) {
      long time = random.nextLong(12 * 60) * MINUTE + (id % 2) * random.nextLong(MINUTE);
      long delay = random.nextInt(3) > 0 ? 0 : random.nextLong(30 * MINUTE);
      records.add(new long[] {id, time, time + (random.nextInt(40) == 0 ? 6 * HOUR : delay)});
    }
    records.sort(Comparator.comparingLong(record -> record[2]));
    List<RecordBatch> batches = new ArrayList<>();
    for (int at = 0; at < records.size(); ) {
      int end = Math.min(records.size(), at + 1 + random.nextInt(100));
      for (int kind = 0; kind < 3; kind++) {
        RecordBatch batch = batch(kind, records.subList(at, end));
        if (batch.size() > 0) {
          batches.add(batch);
        }
      }
      at = end;
    }
    return batches;
  }

  private static RecordBatch batch(int kind, List<long[]> records) {
    RecordSchema schema = List.of(LABELS, PAYMENTS, SHOPS).get(kind);
    RecordBatch.Builder builder = RecordBatch.builder(schema);
    List<Long> ids = new ArrayList<>();
    for (long[] record : records) {
      if (record[0] % 3 != kind) {
        continue;
      }
      Random values = new Random(record[0] * 0x9E3779B97F4A7C15L);
      int number = values.nextInt(20);
      String card = number == 0 ? null : "card" + number;
      Long shop = number % 7 == 0 ? null : (Long) (long) (number % 5);
      ids.add(record[0]);
      switch (kind) {
        case 0 -> builder.add(record[0], card, shop, record[1]);
        case 1 -> builder.add(record[0], card, values.nextInt(100_000) / 100.0, record[1]);
        default -> builder.add(record[0], shop, "country" + values.nextInt(9), record[1]);
      }
    }
    return builder.build(Positions.of("topic", ids.stream().mapToLong(Long::longValue).toArray()));
  }
}
