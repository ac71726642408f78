package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.rule.RuleSet;
import io.featurebeam.rule.Rules;
import io.featurebeam.rule.Validation;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.validate.ValidateRecords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Copies in a stream, some of them long after what they are copies of: each record is accepted,
 * late, or a copy of one that was accepted, and a bounded run over what was not late accepts the
 * same ids.
 */
class CopiesIT {

  private static final long MINUTE = 60_000_000L;
  private static final long HOUR = 60 * MINUTE;
  private static final long WITHIN = HOUR;
  private static final int IDS = 1_000;
  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("number", FieldType.INT64),
          Field.of("id", FieldType.STRING),
          Field.required("time", FieldType.TIMESTAMP));

  private static final ValidateRecords UNIQUE =
      ValidateRecords.of(RuleSet.of(Validation.reject(Rules.unique("id"))), SCHEMA)
          .withEventTime("time")
          .withShards(4)
          .withHorizon(WITHIN, 0);

  /** The numbers of records, by what became of them. */
  private record Answers(Set<Long> accepted, Set<Long> copies, Set<Long> late) {}

  @BeforeAll
  static void theRunnerStreams() {
    assumeTrue(
        Runner.current() != Runner.SPARK,
        "the Spark runner has no event-time timers in streaming; it refuses such a pipeline");
  }

  @Test
  void eachIdIsAcceptedOnce() {
    List<RecordBatch> arrivals = arrivals();
    Map<Long, String> ids = new HashMap<>();
    for (RecordBatch batch : arrivals) {
      for (int row = 0; row < batch.size(); row++) {
        ids.put(batch.longs("number").get(row), String.valueOf(batch.value(row, "id")));
      }
    }

    Answers stream = answers(Streaming.stream(arrivals, UNIQUE.inFlow()));

    List<RecordBatch> inTime = new ArrayList<>();
    for (RecordBatch batch : arrivals) {
      long[] numbers = batch.longs("number").values();
      inTime.add(batch.select(Bitmap.of(batch.size(), i -> !stream.late.contains(numbers[i]))));
    }
    Answers batch = answers(Streaming.bounded(inTime, UNIQUE.inFlow()));
    assertEquals(ids.size(), stream.accepted.size() + stream.copies.size() + stream.late.size());
    assertEquals(sorted(batch.accepted, ids), sorted(stream.accepted, ids));
    assertEquals(sorted(batch.copies, ids), sorted(stream.copies, ids));
    assertTrue(stream.copies.size() > IDS / 2, "copies: " + stream.copies.size());
    assertFalse(stream.late.isEmpty(), "no record is late");
    List<String> accepted = sorted(stream.accepted, ids);
    accepted.removeIf(id -> id.equals("null")); // equals no other
    assertEquals(accepted.size(), new HashSet<>(accepted).size());
  }

  private static List<String> sorted(Set<Long> numbers, Map<Long, String> ids) {
    return new ArrayList<>(numbers.stream().map(ids::get).sorted().toList());
  }

  /** Of half a day; a copy up to half an hour later, another for some six hours later. */
  private static List<RecordBatch> arrivals() {
    Random random = new Random(12);
    List<long[]> records = new ArrayList<>(); // id, time, arrival
    for (long id = 0; id < IDS; id++) {
      long time = random.nextLong(12 * HOUR);
      records.add(new long[] {id, time, time});
      if (random.nextInt(3) > 0) {
        records.add(new long[] {id, time, time + random.nextLong(30 * MINUTE)});
      }
      if (random.nextInt(20) == 0) {
        records.add(new long[] {id, time, time + 6 * HOUR});
      }
    }
    records.sort((a, b) -> Long.compare(a[2], b[2]));
    List<RecordBatch> batches = new ArrayList<>();
    for (int at = 0; at < records.size(); ) {
      int size = Math.min(records.size() - at, 1 + random.nextInt(50));
      RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
      for (int i = at; i < at + size; i++) {
        long id = records.get(i)[0];
        builder.add((long) i, id % 50 == 0 ? null : "id-" + id, records.get(i)[1]);
      }
      batches.add(builder.build(Positions.contiguous("topic", at)));
      at += size;
    }
    return batches;
  }

  private static Answers answers(List<RecordBatch> batches) {
    Answers answers = new Answers(new HashSet<>(), new HashSet<>(), new HashSet<>());
    for (RecordBatch batch : batches) {
      for (int i = 0; i < batch.size() && !Flow.isFacts(batch); i++) {
        if (Flow.isRecords(batch)) {
          add(answers.accepted, batch.longs("number").get(i));
        } else {
          boolean isLate = batch.value(i, "rule").equals(ValidateRecords.LATE);
          String record = String.valueOf(batch.value(i, "record"));
          long number = Long.parseLong(record.replaceAll("\\{\"number\":(\\d+),.*", "$1"));
          add(isLate ? answers.late : answers.copies, number);
        }
      }
    }
    return answers;
  }

  private static void add(Set<Long> numbers, long number) {
    assertTrue(numbers.add(number), "record " + number + " came out twice");
  }
}
