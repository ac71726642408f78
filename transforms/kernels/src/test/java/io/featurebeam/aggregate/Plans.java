package io.featurebeam.aggregate;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs events through the kernels as a pipeline would: in any order, in batches of any size and
 * physical form, in bundles, over a shuffle of encoded bytes, shard by shard.
 *
 * @param shards into how many groups keys are split
 * @param maxCells a small number drains in the middle of a bundle too
 * @param from the first row time that is wanted
 * @param to the first row time that is not
 */
public record Plans(int shards, int maxCells, long from, long to) {

  /** All rows. */
  public static Plans all(int shards) {
    return new Plans(shards, 1 << 20, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** The rows, in no order; everything that may not matter is drawn from the seed. */
  public List<List<@Nullable Object>> rows(
      BoundAggregates plan, List<Map<String, @Nullable Object>> events, long seed) {
    Random random = new Random(seed);
    List<Map<String, @Nullable Object>> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, random);
    Map<Integer, List<byte[]>> shuffle = new TreeMap<>();
    int bundles = 1 + random.nextInt(3);
    int at = 0;
    for (int bundle = 0; bundle < bundles; bundle++) {
      int end = bundle == bundles - 1 ? shuffled.size() : at + random.nextInt(shuffled.size() + 1);
      end = Math.min(end, shuffled.size());
      ShardSplitter splitter = plan.splitter(shards, maxCells, 1L << 30);
      while (at < end) {
        int size = 1 + random.nextInt(end - at);
        splitter.add(batch(plan.schema(), shuffled.subList(at, at + size), random));
        at += size;
        if (splitter.isFull()) {
          drain(splitter, shuffle);
        }
      }
      drain(splitter, shuffle);
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (List<byte[]> shard : shuffle.values()) {
      Collections.shuffle(shard, random);
      ShardAggregator aggregator = plan.aggregator(from, to);
      shard.forEach(bytes -> aggregator.add(BatchCodec.decode(bytes)));
      aggregator.finish(out -> rows.addAll(rows(out)));
    }
    return rows;
  }

  private static void drain(ShardSplitter splitter, Map<Integer, List<byte[]>> shuffle) {
    splitter.drain(
        (batch, shard) ->
            shuffle.computeIfAbsent(shard, s -> new ArrayList<>()).add(BatchCodec.encode(batch)));
  }

  /** The records of a batch as lists of values. */
  public static List<List<@Nullable Object>> rows(RecordBatch batch) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      List<@Nullable Object> row = new ArrayList<>();
      for (Column column : batch.columns()) {
        row.add(column.value(i));
      }
      rows.add(row);
    }
    return rows;
  }

  /** Lists of values as maps from column to value. */
  public static List<Map<String, @Nullable Object>> events(
      RecordSchema schema, List<List<@Nullable Object>> rows) {
    List<Map<String, @Nullable Object>> events = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      Map<String, @Nullable Object> event = new LinkedHashMap<>();
      for (int c = 0; c < schema.size(); c++) {
        event.put(schema.field(c).name(), row.get(c));
      }
      events.add(event);
    }
    return events;
  }

  /** The events as a batch, with junk at null rows, and strings in slices or in a dictionary. */
  public static RecordBatch batch(
      RecordSchema schema, List<Map<String, @Nullable Object>> events, Random random) {
    RecordBatch.Builder builder = RecordBatch.builder(schema);
    events.forEach(event -> builder.add(event.values().toArray()));
    RecordBatch plain = builder.build();
    List<Column> columns = plain.columns().stream().map(c -> reshaped(c, random)).toList();
    return RecordBatch.of(schema, plain.size(), columns);
  }

  private static Column reshaped(Column column, Random random) {
    int size = column.size();
    Bitmap validity = column.validity();
    if (column instanceof LongColumn longs && validity != null) {
      long[] values = longs.values().clone();
      for (int i = 0; i < size; i++) {
        values[i] = column.isNull(i) ? random.nextLong() : values[i];
      }
      return new LongColumn(column.type(), values, size, validity);
    } else if (column instanceof DoubleColumn doubles && validity != null) {
      double[] values = doubles.values().clone();
      for (int i = 0; i < size; i++) {
        values[i] = column.isNull(i) ? random.nextGaussian() : values[i];
      }
      return new DoubleColumn(values, size, validity);
    } else if (column instanceof BytesColumn bytes && random.nextBoolean()) {
      return coded(bytes, random);
    }
    return column;
  }

  private static Column coded(BytesColumn column, Random random) {
    List<byte[]> entries = new ArrayList<>();
    Map<String, Integer> codeOf = new HashMap<>();
    int[] codes = new int[column.size()];
    for (int i = 0; i < codes.length; i++) {
      if (!column.isNull(i)) {
        codes[i] =
            codeOf.computeIfAbsent(
                column.string(i),
                text -> {
                  entries.add(text.getBytes(StandardCharsets.UTF_8));
                  return entries.size() - 1;
                });
      }
    }
    for (int i = 0; i < codes.length; i++) {
      codes[i] = column.isNull(i) && !entries.isEmpty() ? random.nextInt(entries.size()) : codes[i];
    }
    return BytesColumn.coded(
        column.type(), Slices.of(entries), codes, codes.length, column.validity());
  }
}
