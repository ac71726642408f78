package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Hashing;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value's rank among the training values, the most frequent 0. Null gives null; a value that is
 * not in the vocabulary gives -1 or, {@link #withOovBuckets with OOV buckets}, a bucket behind the
 * vocabulary that its hash chooses. Fitting passes over null; ties go by value.
 *
 * <p>Input string or int64, output int64. Counts are exact; more than {@link #withMaxDistinct}
 * distinct values fail the fit.
 *
 * @param column the column it reads
 * @param topK the largest size of the vocabulary
 * @param minFrequency how often a value must have been seen
 * @param oovBuckets how many buckets unknown values share; 0 gives them -1
 * @param maxDistinct how many distinct values are counted at most
 */
public record Vocabulary(
    String column, int topK, long minFrequency, int oovBuckets, int maxDistinct)
    implements Feature {

  public Vocabulary {
    Objects.requireNonNull(column, "column is null");
    Numbers.check("topK", topK, 1);
    Numbers.check("minFrequency", minFrequency, 1);
    Numbers.check("oovBuckets", oovBuckets, 0);
    Numbers.check("maxDistinct", maxDistinct, 1);
  }

  public Vocabulary withTopK(int k) {
    return new Vocabulary(column, k, minFrequency, oovBuckets, maxDistinct);
  }

  public Vocabulary withMinFrequency(long frequency) {
    return new Vocabulary(column, topK, frequency, oovBuckets, maxDistinct);
  }

  public Vocabulary withOovBuckets(int buckets) {
    return new Vocabulary(column, topK, minFrequency, buckets, maxDistinct);
  }

  public Vocabulary withMaxDistinct(int distinct) {
    return new Vocabulary(column, topK, minFrequency, oovBuckets, distinct);
  }

  @Override
  public String id() {
    return "vocabulary("
        + column
        + (topK == Integer.MAX_VALUE ? "" : ", top " + topK)
        + (minFrequency == 1 ? "" : ", min frequency " + minFrequency)
        + (oovBuckets == 0 ? "" : ", oov buckets " + oovBuckets)
        + ")";
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public List<Field> outputs(String name, RecordSchema schema, @Nullable JsonNode state) {
    CategoryInput.of(schema, column);
    return List.of(new Field(name, FieldType.INT64, schema.field(column).nullable()));
  }

  @Override
  public boolean needsFit() {
    return true;
  }

  @Override
  public Summary summary(RecordSchema schema) {
    return new CategoryCounts(CategoryInput.of(schema, column), maxDistinct);
  }

  @Override
  public Mapping bind(RecordSchema schema, @Nullable JsonNode state) {
    CategoryInput input = CategoryInput.of(schema, column);
    List<String> words = CategoryCounts.top(Json.required(state), topK, minFrequency);
    KeyTable table = input.table(words);
    return batch -> {
      int[] found = input.find(batch, table);
      long[] ranks = new long[batch.size()];
      for (int i = 0; i < ranks.length; i++) {
        ranks[i] = found[i];
      }
      Column column = input.column(batch);
      if (oovBuckets > 0) {
        assignBuckets(batch, column, ranks, table.size());
      }
      return List.of(new LongColumn(FieldType.INT64, ranks, ranks.length, column.validity()));
    };
  }

  /** Unknown values are few, so their hash is computed where they stand. */
  private void assignBuckets(RecordBatch batch, Column column, long[] ranks, int first) {
    for (int i = 0; i < batch.size(); i++) {
      if (ranks[i] < 0) {
        long hash =
            column instanceof BytesColumn bytes
                ? bytes.slices().hash(bytes.code(i))
                : Hashing.hash(((LongColumn) column).get(i));
        ranks[i] = first + Numbers.scale(hash, oovBuckets);
      }
    }
  }

  /** {@code vocabulary} in YAML. */
  public static final class Provider implements FeatureProvider {

    @Override
    public String name() {
      return "vocabulary";
    }

    @Override
    public String description() {
      return "Rank among the training values, the most frequent 0.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "The string or int64 column."),
          Parameter.optional(
              "topK", Parameter.Kind.INTEGER, "The largest size of the vocabulary (default: all)."),
          Parameter.optional(
              "minFrequency",
              Parameter.Kind.INTEGER,
              "How often a value must have been seen (default: 1)."),
          Parameter.optional(
              "oovBuckets",
              Parameter.Kind.INTEGER,
              "How many buckets unknown values share; 0 gives them -1 (default: 0)."),
          Parameter.optional(
              "maxDistinct",
              Parameter.Kind.INTEGER,
              "How many distinct values are counted before the fit fails (default: 1000000)."));
    }

    @Override
    public Feature create(Settings settings) {
      return new Vocabulary(
          settings.string("column"),
          Numbers.toInt("topK", settings.integer("topK", Integer.MAX_VALUE)),
          settings.integer("minFrequency", 1),
          Numbers.toInt("oovBuckets", settings.integer("oovBuckets", 0)),
          Numbers.toInt(
              "maxDistinct", settings.integer("maxDistinct", CategoryCounts.MAX_DISTINCT)));
    }
  }
}
