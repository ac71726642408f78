package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value per record computed from its columns, as a value: input columns and parameters, nothing
 * of a run. A feature that must learn from data first (a mean, a vocabulary) offers a {@link
 * Summary}; what the summary learned is {@link FittedFeatures readable JSON}, saved once and used
 * alike in batch, stream and service. {@link Features} makes the built-in ones.
 *
 * <p>Every implementation says in its first paragraph what it does with null and NaN.
 */
public interface Feature extends Serializable {

  /**
   * What plans and saved states call it, with every parameter, stable between runs: {@code
   * standardize(delay, population)}. A saved state is used only by a feature of the same id.
   */
  String id();

  /** The columns that it reads. */
  List<String> inputs();

  /**
   * The columns that it makes, given the name it was declared under; checks its inputs against the
   * schema and throws with name, type and way out. Most make one, one-hot makes several. {@code
   * state} may be null unless the feature {@link #learnsColumns()}.
   */
  List<Field> outputs(String name, RecordSchema schema, @Nullable JsonNode state);

  /** Whether it must learn from data before it can map any. */
  default boolean needsFit() {
    return false;
  }

  /** Whether even the names of its columns are known only once it is fitted. */
  default boolean learnsColumns() {
    return false;
  }

  /** An empty summary to learn from; only for features that {@link #needsFit()}. */
  default Summary summary(RecordSchema schema) {
    throw new UnsupportedOperationException(id() + " has nothing to learn");
  }

  /**
   * The mapping for batches of this schema; {@code state} is what {@link Summary#state()} gave,
   * null for a feature that needs no fit.
   */
  Mapping bind(RecordSchema schema, @Nullable JsonNode state);

  /** A feature bound to a schema and a fitted state. Not thread-safe. */
  interface Mapping {
    /** The columns of {@link Feature#outputs}, in that order, one value per record. */
    List<Column> map(RecordBatch batch);
  }

  /**
   * What a feature learns from data: accumulate batches, merge parts in any order, and give a
   * readable state from which {@link #load} continues (so that tomorrow's data is merged, not
   * refitted). Not thread-safe.
   */
  interface Summary {
    void accumulate(RecordBatch batch);

    /** Adds what another summary of the same feature learned and saved. */
    void load(JsonNode state);

    /** Everything needed to map records and to go on learning. */
    JsonNode state();
  }
}
