package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Journal;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class RecentKeysTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("id", FieldType.INT64),
          Field.of("part", FieldType.STRING),
          Field.of("time", FieldType.TIMESTAMP));

  /** What happens next; a key of 0 has a null. */
  private record Step(String what, int key, long time) {}

  /** All that arrived, remembered for ever, and a disk that restarts go on from. */
  private static final class Model {
    final Map<Long, byte[]> disk = new TreeMap<>();
    final List<Step> accepted = new ArrayList<>();
    final long within;
    final long lateness;
    RecentKeys keys;
    long complete = Long.MIN_VALUE;

    final Journal journal =
        new Journal() {
          @Override
          public void put(long id, RecordBatch batch) {
            assertEquals(null, disk.put(id, BatchCodec.encode(batch)), "id " + id + " used twice");
          }

          @Override
          public void remove(long id) {
            assertTrue(disk.remove(id) != null, "id " + id + " is not there");
          }
        };

    Model(long within, long lateness) {
      this.within = within;
      this.lateness = lateness;
      this.keys = newKeys();
    }

    private RecentKeys newKeys() {
      return new RecentKeys(SCHEMA, List.of("id", "part"), "time", within, lateness);
    }

    void restart() {
      RecentKeys.Meta meta = keys.meta();
      keys = newKeys();
      keys.restore(meta, batches());
    }

    private Map<Long, RecordBatch> batches() {
      Map<Long, RecordBatch> batches = new TreeMap<>();
      disk.forEach((id, bytes) -> batches.put(id, BatchCodec.decode(bytes)));
      return batches;
    }

    /** As timers do. */
    void advance(long watermark) {
      complete = Math.max(complete, watermark);
      while (keys.size() > 0 && keys.nextWake() <= complete) {
        keys.wake(keys.nextWake(), journal);
      }
    }

    boolean isCopy(Step record) {
      return accepted.stream()
          .anyMatch(
              other ->
                  record.key > 0
                      && other.key == record.key
                      && big(other.time).subtract(big(record.time)).abs().compareTo(big(within))
                          <= 0);
    }

    void arrive(List<Step> records) {
      RecentKeys.Verdict verdict = keys.add(batch(records), journal);
      for (int row = 0; row < records.size(); row++) {
        Step record = records.get(row);
        boolean isInTime =
            complete < Long.MAX_VALUE
                && big(record.time).add(big(lateness)).compareTo(big(complete)) > 0;
        String answer =
            verdict.accepted().get(row) ? "accepted" : verdict.late().get(row) ? "late" : "copy";
        String expected = isCopy(record) ? "copy" : "accepted";
        if (isInTime || !answer.equals("late")) {
          assertEquals(expected, answer, () -> record + ", complete to " + complete);
        }
        if (verdict.accepted().get(row)) {
          accepted.add(record);
        }
      }
    }

    void checkSize() {
      long held = disk.values().stream().mapToLong(bytes -> BatchCodec.decode(bytes).size()).sum();
      assertEquals(held, keys.size());
      BigInteger memory = big(within).add(big(lateness));
      if (memory.compareTo(big(Long.MAX_VALUE)) >= 0) {
        return; // nothing is forgotten
      }
      BigInteger longest = memory.add(memory.divide(big(16))).add(BigInteger.ONE);
      long wanted =
          accepted.stream()
              .filter(r -> r.key > 0 && big(r.time).add(longest).compareTo(big(complete)) >= 0)
              .count();
      assertTrue(held <= wanted, held + " are held (must be at most " + wanted + ")");
    }
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  private static RecordBatch batch(List<Step> records) {
    RecordBatch.Builder batch = RecordBatch.builder(SCHEMA);
    for (Step record : records) {
      batch.add(7L + record.key % 2, record.key == 0 ? null : "p" + record.key, record.time);
    }
    return batch.build();
  }

  @Property(seed = "1", tries = 3000)
  void everyAnswerIsThatOfAModelThatForgetsNothing(
      @ForAll("steps") List<Step> steps,
      @ForAll @LongRange(min = 1, max = 60) long within,
      @ForAll @LongRange(min = 0, max = 40) long lateness) {
    check(steps, new Model(within, lateness));
  }

  @Property(seed = "2", tries = 1000)
  void anyTimeIsFine(
      @ForAll("wideSteps") List<Step> steps,
      @ForAll("spans") long within,
      @ForAll("spans") long lateness) {
    check(steps, new Model(within, lateness));
  }

  private static void check(List<Step> steps, Model model) {
    List<Step> batch = new ArrayList<>();
    for (Step step : steps) {
      if (step.what.equals("record")) {
        batch.add(step);
        continue;
      }
      model.arrive(batch);
      batch.clear();
      switch (step.what) {
        case "watermark" -> {
          model.advance(step.time);
          model.checkSize();
        }
        case "restart" -> model.restart();
        default -> {}
      }
    }
    model.arrive(batch);
    model.advance(Long.MAX_VALUE);
    assertEquals(0, model.keys.size());
    assertEquals(Map.of(), model.disk);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return steps(Arbitraries.longs().between(-50, 300));
  }

  @Provide
  Arbitrary<List<Step>> wideSteps() {
    return steps(
        Arbitraries.longs()
            .between(0, 5)
            .flatMap(n -> Arbitraries.of(Long.MIN_VALUE + n, -n, n * 1000, Long.MAX_VALUE - n)));
  }

  @Provide
  Arbitrary<Long> spans() {
    return Arbitraries.of(1L, 3L, 1000L, Long.MAX_VALUE / 2, Long.MAX_VALUE - 1, Long.MAX_VALUE);
  }

  private static Arbitrary<List<Step>> steps(Arbitrary<Long> times) {
    Arbitrary<String> what =
        Arbitraries.frequency(
            Tuple.of(20, "record"),
            Tuple.of(8, "end of batch"),
            Tuple.of(2, "watermark"),
            Tuple.of(1, "restart"));
    return Combinators.combine(what, Arbitraries.integers().between(0, 6), times)
        .as(Step::new)
        .list()
        .ofMaxSize(200);
  }

  @Property(seed = "3", tries = 1000)
  void inOrderOfTimeTheAnswersAreThoseOverAllAtOnce(
      @ForAll("steps") List<Step> steps, @ForAll @LongRange(min = 1, max = 60) long within) {
    List<Step> records =
        steps.stream()
            .filter(step -> step.what.equals("record"))
            .sorted((a, b) -> Long.compare(a.time, b.time))
            .toList();
    RecordBatch all = batch(records);
    Model model = new Model(within, 0);
    StringBuilder answers = new StringBuilder();
    for (Step record : records) {
      model.advance(record.time - 1);
      answers.append(
          model.keys.add(batch(List.of(record)), model.journal).accepted().get(0) ? 1 : 0);
    }

    long[] times = all.longs("time").values();
    List<Column> columns = List.of(all.column("id"), all.column("part"));
    String atOnce =
        RowKeys.of(columns, all.size())
            .firsts(
                (a, b) ->
                    times[a] == times[b] ? Integer.compare(a, b) : Long.compare(times[a], times[b]),
                times,
                within)
            .toString();
    assertEquals(atOnce, answers.toString());
  }

  @Test
  void manySmallBatchesBecomeFewAndAreReadAgain() {
    Model model = new Model(1_000_000, 0);
    for (int i = 0; i < 20_000; i++) {
      model.keys.add(batch(List.of(new Step("record", 1 + i, i))), model.journal);
    }
    assertTrue(model.disk.size() < 60, "batches: " + model.disk.size());

    model.restart();
    for (int i = 0; i < 20_000; i++) {
      RecentKeys.Verdict verdict =
          model.keys.add(batch(List.of(new Step("record", 1 + i, i + 5L))), model.journal);
      assertTrue(verdict.accepted().isEmpty() && verdict.late().isEmpty(), "record " + i);
    }
    assertEquals(20_000, model.keys.size());
  }

  /** A record a second for ten times the horizon of an hour. */
  @Test
  void heldIsTheHorizonAndNoMore() {
    long second = 1_000_000;
    RecentKeys keys = longIds(3600 * second);
    Map<Long, RecordBatch> disk = new TreeMap<>();
    Journal journal = Journal.in(disk);
    long most = 0;
    for (long s = 0; s < 36_000; s += 20) {
      RecordBatch.Builder batch = RecordBatch.builder(ids(FieldType.INT64));
      LongStream.range(s, s + 20).forEach(i -> batch.add(i, i * second));
      keys.add(batch.build(), journal);
      while (keys.nextWake() <= (s - 60) * second) {
        keys.wake(keys.nextWake(), journal);
      }
      most = Math.max(most, keys.size());
    }
    assertTrue(most < 3600 * 17 / 16 + 120, "held: " + most);
    assertTrue(disk.size() < 600, "batches: " + disk.size());
  }

  @Test
  void bytesPerIdAreAsDocumented() {
    Random random = new Random(5);
    assertEquals(40, bytesPerId(FieldType.INT64, i -> random.nextLong()), 8);
    assertEquals(
        72,
        bytesPerId(
            FieldType.STRING, i -> new UUID(random.nextLong(), random.nextLong()).toString()),
        8);
  }

  /** Over the sizes between two growths of the table. */
  private static double bytesPerId(FieldType type, LongFunction<Object> id) {
    RecentKeys keys = new RecentKeys(ids(type), List.of("id"), "time", 3_600_000_000L, 0);
    Map<Long, RecordBatch> disk = new TreeMap<>();
    double sum = 0;
    int count = 0;
    for (long i = 0; i < 1 << 18; i += 512) {
      RecordBatch.Builder batch = RecordBatch.builder(ids(type));
      for (long k = i; k < i + 512; k++) {
        batch.add(id.apply(k), k);
      }
      keys.add(batch.build(), Journal.in(disk));
      if (i > 1 << 17) {
        sum += (double) keys.byteSize() / keys.size();
        count++;
      }
    }
    return sum / count;
  }

  private static RecentKeys longIds(long within) {
    return new RecentKeys(ids(FieldType.INT64), List.of("id"), "time", within, 0);
  }

  private static RecordSchema ids(FieldType type) {
    return RecordSchema.of(Field.of("id", type), Field.of("time", FieldType.TIMESTAMP));
  }

  @Test
  void whatCannotBeIsSaid() {
    assertEquals(
        "Invalid within: 0 microseconds (must be > 0)",
        assertThrows(IllegalArgumentException.class, () -> longIds(0)).getMessage());
    assertEquals(
        "Invalid lateness: -1 microseconds (must be >= 0)",
        assertThrows(
                IllegalArgumentException.class,
                () -> new RecentKeys(SCHEMA, List.of("id"), "time", 1, -1))
            .getMessage());
    @Nullable Object[] noTime = {1L, null};
    RecordBatch batch = RecordBatch.builder(ids(FieldType.INT64)).add(noTime).build();
    assertEquals(
        "Missing event time: 'time' is null",
        assertThrows(
                IllegalArgumentException.class,
                () -> longIds(1).add(batch, Journal.in(new TreeMap<>())))
            .getMessage());
  }
}
