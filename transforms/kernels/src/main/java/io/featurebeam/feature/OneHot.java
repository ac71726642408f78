package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One column per category, 1 where the value is that category, else 0. Null gives 0 everywhere, and
 * so does an unknown value, unless {@link #withOov()} adds a column {@code name_oov} for it; a null
 * stays 0 there too. No output is ever null.
 *
 * <p>Categories are given, or learned: all training values, the most frequent first (ties by
 * value), at most {@link #withTopK}. Columns are named {@code name_category}, so those of a learned
 * one are known only once it is fitted. Input string or int64, outputs float64, at most 1,000 of
 * them.
 *
 * @param column the column it reads
 * @param categories their values as text; empty to learn them
 * @param topK how many are learned at most
 * @param oov whether unknown values have a column
 */
public record OneHot(String column, List<String> categories, int topK, boolean oov)
    implements Feature {

  static final int MAX_COLUMNS = 1000;

  public OneHot {
    Objects.requireNonNull(column, "column is null");
    categories = List.copyOf(categories);
    Numbers.check("topK", topK, 1);
    Set<String> distinct = new HashSet<>();
    for (String category : categories) {
      if (!distinct.add(category)) {
        throw new IllegalArgumentException(
            "Duplicate category: '" + category + "' (each must be given once)");
      }
    }
  }

  public OneHot withTopK(int k) {
    return new OneHot(column, categories, k, oov);
  }

  public OneHot withOov() {
    return new OneHot(column, categories, topK, true);
  }

  @Override
  public String id() {
    return "one_hot("
        + column
        + (categories.isEmpty() ? "" : ", " + categories)
        + (topK == Integer.MAX_VALUE ? "" : ", top " + topK)
        + (oov ? ", oov)" : ")");
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public boolean needsFit() {
    return categories.isEmpty();
  }

  @Override
  public boolean learnsColumns() {
    return categories.isEmpty();
  }

  @Override
  public List<Field> outputs(String name, RecordSchema schema, @Nullable JsonNode state) {
    CategoryInput.of(schema, column);
    List<Field> fields = new ArrayList<>();
    for (String category : known(state)) {
      fields.add(Field.required(name + "_" + category, FieldType.FLOAT64));
    }
    if (oov) {
      fields.add(Field.required(name + "_oov", FieldType.FLOAT64));
    }
    return fields;
  }

  private List<String> known(@Nullable JsonNode state) {
    List<String> known =
        categories.isEmpty() ? CategoryCounts.top(Json.required(state), topK, 1) : categories;
    if (known.size() > MAX_COLUMNS) {
      throw new IllegalArgumentException(
          known.size()
              + " categories (must be at most "
              + MAX_COLUMNS
              + ": give topK, or use vocabulary or hash)");
    }
    return known;
  }

  @Override
  public Summary summary(RecordSchema schema) {
    return new CategoryCounts(CategoryInput.of(schema, column), CategoryCounts.MAX_DISTINCT);
  }

  @Override
  public Mapping bind(RecordSchema schema, @Nullable JsonNode state) {
    CategoryInput input = CategoryInput.of(schema, column);
    KeyTable table = input.table(known(state));
    return batch -> {
      int size = batch.size();
      // The last array takes the unknown values and the nulls, whether or not it is given out.
      double[][] columns = new double[table.size() + 1][size];
      int[] found = input.find(batch, table);
      int unknown = table.size();
      for (int i = 0; i < size; i++) {
        columns[found[i] < 0 ? unknown : found[i]][i] = 1;
      }
      Bitmap validity = input.column(batch).validity();
      if (validity != null) {
        for (int i : validity.not().indexes()) {
          columns[found[i] < 0 ? unknown : found[i]][i] = 0;
        }
      }
      List<Column> result = new ArrayList<>(columns.length);
      for (int c = 0; c < (oov ? columns.length : unknown); c++) {
        result.add(new DoubleColumn(columns[c], size, null));
      }
      return result;
    };
  }

  /** {@code one_hot} in YAML. */
  public static final class Provider implements FeatureProvider {

    @Override
    public String name() {
      return "one_hot";
    }

    @Override
    public String description() {
      return "One column per category: 1 where the value is that category, else 0.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "The string or int64 column."),
          Parameter.optional(
              "categories",
              Parameter.Kind.VALUES,
              "The categories; without them the training values are learned."),
          Parameter.optional(
              "topK", Parameter.Kind.INTEGER, "How many are learned at most (default: all)."),
          Parameter.optional(
              "oov",
              Parameter.Kind.BOOLEAN,
              "Whether unknown values have a column of their own (default: false)."));
    }

    @Override
    public Feature create(Settings settings) {
      List<String> categories =
          settings.has("categories")
              ? settings.values("categories").stream().map(String::valueOf).toList()
              : List.of();
      return new OneHot(
          settings.string("column"),
          categories,
          Numbers.toInt("topK", settings.integer("topK", Integer.MAX_VALUE)),
          settings.flag("oov", false));
    }
  }
}
