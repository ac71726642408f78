package io.featurebeam.io.file.write;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.Slices;
import io.featurebeam.io.file.publish.PartitionBy;
import io.featurebeam.io.file.publish.PartitionBy.Part;
import io.featurebeam.io.file.publish.TimeUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Splits a batch by partition. Values become text once per distinct value of a batch; a batch of
 * one partition is handed on as it is.
 */
final class Partitioner {

  private static final long MICROS_PER_HOUR = 3_600_000_000L;
  private static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

  private final PartitionBy partitionBy;

  /**
   * The records of one partition.
   *
   * @param values one per part, null for null
   */
  record Slice(List<@Nullable String> values, RecordBatch batch) {}

  Partitioner(PartitionBy partitionBy) {
    this.partitionBy = partitionBy;
  }

  List<Slice> split(RecordBatch batch) {
    if (batch.size() == 0) {
      return List.of();
    }
    int[] groups = new int[batch.size()];
    List<List<@Nullable String>> values = new ArrayList<>();
    values.add(List.of());
    for (Part part : partitionBy.parts()) {
      Labels labels = label(batch.column(part.column()), part.unit());
      values = combine(groups, values, labels);
    }
    if (values.size() == 1) {
      return List.of(new Slice(values.get(0), batch));
    }
    return gather(batch, groups, values);
  }

  /** Which text each row has. */
  private static final class Labels {
    final int[] codes;
    final List<@Nullable String> texts;

    Labels(int[] codes, List<@Nullable String> texts) {
      this.codes = codes;
      this.texts = texts;
    }
  }

  private static Labels label(Column column, @Nullable TimeUnit unit) {
    int[] codes = new int[column.size()];
    Texts texts = new Texts();
    if (column instanceof LongColumn longs) {
      labelLongs(longs, unit, codes, texts);
    } else if (column instanceof BooleanColumn booleans) {
      for (int row = 0; row < codes.length; row++) {
        codes[row] = texts.code(booleans.isNull(row) ? null : booleans.get(row) ? "true" : "false");
      }
    } else {
      labelStrings((BytesColumn) column, codes, texts);
    }
    return new Labels(codes, texts.all);
  }

  /**
   * Rows of one stretch of time usually follow each other, so most are settled by one comparison.
   */
  private static void labelLongs(
      LongColumn column, @Nullable TimeUnit unit, int[] codes, Texts texts) {
    long[] values = column.values();
    boolean timestamp = column.type().kind() == FieldType.Kind.TIMESTAMP;
    long divisor = !timestamp ? 1 : unit == TimeUnit.HOUR ? MICROS_PER_HOUR : MICROS_PER_DAY;
    NumberDictionary buckets = new NumberDictionary(Integer.MAX_VALUE);
    int[] codeOfBucket = new int[16];
    long last = 0;
    int lastCode = -1;
    for (int row = 0; row < codes.length; row++) {
      if (column.isNull(row)) {
        codes[row] = texts.code(null);
        continue;
      }
      long bucket = divisor == 1 ? values[row] : Math.floorDiv(values[row], divisor);
      if (bucket != last || lastCode < 0) {
        int known = buckets.size();
        int index = buckets.code(bucket);
        if (index == codeOfBucket.length) {
          codeOfBucket = Arrays.copyOf(codeOfBucket, 2 * index);
        }
        if (index == known) {
          codeOfBucket[index] = texts.code(text(values[row], column.type(), unit));
        }
        last = bucket;
        lastCode = codeOfBucket[index];
      }
      codes[row] = lastCode;
    }
  }

  private static String text(long value, FieldType type, @Nullable TimeUnit unit) {
    boolean date = type.kind() == FieldType.Kind.DATE;
    if (unit == null) {
      return date ? TimeUnit.DAY.formatDay(value) : Long.toString(value);
    }
    return date ? unit.formatDay(value) : unit.format(value);
  }

  private static void labelStrings(BytesColumn column, int[] codes, Texts texts) {
    Slices slices = column.slices();
    int[] codeOfEntry = new int[slices.size()];
    Arrays.fill(codeOfEntry, -1);
    for (int row = 0; row < codes.length; row++) {
      if (column.isNull(row)) {
        codes[row] = texts.code(null);
        continue;
      }
      int entry = column.code(row);
      if (codeOfEntry[entry] < 0) {
        codeOfEntry[entry] = texts.code(slices.string(entry));
      }
      codes[row] = codeOfEntry[entry];
    }
  }

  /** Refines the groups of rows by one more part. */
  private static List<List<@Nullable String>> combine(
      int[] groups, List<List<@Nullable String>> values, Labels labels) {
    NumberDictionary pairs = new NumberDictionary(Integer.MAX_VALUE);
    long lastPair = -1;
    int lastGroup = -1;
    for (int row = 0; row < groups.length; row++) {
      long pair = (long) groups[row] << 32 | labels.codes[row];
      if (pair != lastPair) {
        lastPair = pair;
        lastGroup = pairs.code(pair);
      }
      groups[row] = lastGroup;
    }
    List<List<@Nullable String>> refined = new ArrayList<>(pairs.size());
    for (int i = 0; i < pairs.size(); i++) {
      long pair = pairs.entries()[i];
      List<@Nullable String> extended = new ArrayList<>(values.get((int) (pair >>> 32)));
      extended.add(labels.texts.get((int) pair));
      refined.add(Collections.unmodifiableList(extended));
    }
    return refined;
  }

  private static List<Slice> gather(
      RecordBatch batch, int[] groups, List<List<@Nullable String>> values) {
    int[] ends = new int[values.size()];
    for (int group : groups) {
      ends[group]++;
    }
    int[][] rows = new int[ends.length][];
    for (int g = 0; g < ends.length; g++) {
      rows[g] = new int[ends[g]];
      ends[g] = 0;
    }
    for (int row = 0; row < groups.length; row++) {
      rows[groups[row]][ends[groups[row]]++] = row;
    }
    List<Slice> slices = new ArrayList<>(rows.length);
    for (int g = 0; g < rows.length; g++) {
      slices.add(new Slice(values.get(g), batch.gather(rows[g])));
    }
    return slices;
  }

  /** Distinct texts in the order they came. */
  private static final class Texts {
    private final Map<@Nullable String, Integer> codes = new HashMap<>();
    private final List<@Nullable String> all = new ArrayList<>();

    int code(@Nullable String text) {
      Integer known = codes.putIfAbsent(text, all.size());
      if (known == null) {
        all.add(text);
        return all.size() - 1;
      }
      return known;
    }
  }
}
