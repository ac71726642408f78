package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Hashing;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bucket, from 0 to {@code buckets - 1}, that a value's seeded hash chooses. Null gives null;
 * NaN is a value like any other, and has a bucket.
 *
 * <p>Stable across machines and releases ({@link Hashing}); equal numbers share a bucket whatever
 * their type (3 and 3.0). Input anything but boolean and lists, output int64. Nothing is learned,
 * and values that share a bucket cannot be told apart.
 *
 * @param column the column it reads
 * @param buckets how many buckets
 * @param seed another seed gives another, independent choice
 */
public record HashBucket(String column, int buckets, long seed) implements Feature {

  public HashBucket {
    Objects.requireNonNull(column, "column is null");
    Numbers.check("buckets", buckets, 1);
  }

  public HashBucket withSeed(long newSeed) {
    return new HashBucket(column, buckets, newSeed);
  }

  @Override
  public String id() {
    return "hash(" + column + ", " + buckets + (seed == 0 ? ")" : ", seed " + seed + ")");
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public List<Field> outputs(String name, RecordSchema schema, @Nullable JsonNode state) {
    Field field = schema.field(column);
    switch (field.type().storage()) {
      case BOOLEAN, LIST ->
          throw new IllegalArgumentException(
              "Column '" + column + "' is " + field.type() + " (must not be boolean or a list)");
      case LONG, DOUBLE, BYTES -> {}
    }
    return List.of(new Field(name, FieldType.INT64, field.nullable()));
  }

  @Override
  public Mapping bind(RecordSchema schema, @Nullable JsonNode state) {
    int index = schema.indexOf(column);
    Buckets kernel = new Buckets(buckets, Hashing.mix(seed));
    return batch -> List.of(kernel.map(batch.column(index)));
  }

  /** Remembers the buckets of the last dictionary. */
  private static final class Buckets {
    private final int buckets;
    private final long salt;
    private @Nullable Slices seen;
    private long[] seenBuckets = {};

    Buckets(int buckets, long salt) {
      this.buckets = buckets;
      this.salt = salt;
    }

    private long bucket(long hash) {
      return Numbers.scale(Hashing.mix(hash ^ salt), buckets);
    }

    Column map(Column column) {
      long[] out = new long[column.size()];
      if (column instanceof BytesColumn bytes) {
        map(bytes, out);
      } else if (column instanceof DoubleColumn doubles) {
        double[] values = doubles.values();
        for (int i = 0; i < out.length; i++) {
          out[i] = bucket(Hashing.hash(values[i]));
        }
      } else {
        long[] values = ((LongColumn) column).values();
        for (int i = 0; i < out.length; i++) {
          out[i] = bucket(Hashing.hash(values[i]));
        }
      }
      return new LongColumn(FieldType.INT64, out, out.length, column.validity());
    }

    private void map(BytesColumn bytes, long[] out) {
      Slices slices = bytes.slices();
      if (!bytes.isCoded()) {
        for (int i = 0; i < out.length; i++) {
          out[i] = bucket(slices.hash(i));
        }
        return;
      }
      if (slices != seen) {
        seenBuckets = new long[slices.size()];
        for (int i = 0; i < seenBuckets.length; i++) {
          seenBuckets[i] = bucket(slices.hash(i));
        }
        seen = slices;
      }
      int[] codes = bytes.codes();
      for (int i = 0; i < out.length; i++) {
        out[i] = seenBuckets[codes[i]];
      }
    }
  }

  /** {@code hash} in YAML. */
  public static final class Provider implements FeatureProvider {

    @Override
    public String name() {
      return "hash";
    }

    @Override
    public String description() {
      return "Bucket that a value's seeded, stable hash chooses.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "The column."),
          Parameter.required("buckets", Parameter.Kind.INTEGER, "How many buckets."),
          Parameter.optional(
              "seed",
              Parameter.Kind.INTEGER,
              "Another seed gives another, independent choice (default: 0)."));
    }

    @Override
    public Feature create(Settings settings) {
      return new HashBucket(
          settings.string("column"),
          Numbers.toInt("buckets", settings.integer("buckets")),
          settings.integer("seed", 0));
    }
  }
}
