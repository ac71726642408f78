package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value per record computed from its columns, as a value: input columns and parameters, nothing
 * of a run. A feature that must learn from data first (a mean, a vocabulary) offers a {@link
 * Summary}; what the summary learned is {@link FittedFeatures readable JSON}, saved once and used
 * alike in batch, stream and service.
 *
 * <p>Every implementation says in its first paragraph what it does with null and NaN.
 */
public interface Feature extends Serializable {

  /** The columns that it reads. */
  List<String> inputs();

  /**
   * The columns that it makes, given the name it was declared under; checks its inputs against the
   * schema and throws with name, type and way out. One-hot makes several, most make one. A feature
   * whose number of columns is learned needs {@code state}.
   */
  List<Field> outputs(String name, RecordSchema schema, @Nullable JsonNode state);

  /** An empty summary to learn from, for features that are fitted. */
  default Optional<Summary> summary(RecordSchema schema) {
    return Optional.empty();
  }

  /** The mapping for batches of this schema; {@code state} is what {@link Summary#state()} gave. */
  Mapping bind(RecordSchema schema, @Nullable JsonNode state);

  /** A feature bound to a schema and a fitted state. Not thread-safe. */
  interface Mapping {
    /** The columns of {@link Feature#outputs}, in that order, one value per record. */
    List<Column> map(RecordBatch batch);
  }

  /**
   * What a feature learns from data: accumulate batches, merge parts in any order, and give a
   * readable state from which {@link #load} continues (so that tomorrow's data is merged, not
   * refitted).
   */
  interface Summary {
    void accumulate(RecordBatch batch);

    /** Adds what another summary of the same feature learned. */
    void merge(Summary other);

    /** Adds what was saved. */
    void load(JsonNode state);

    /** Everything needed to map records and to go on learning. */
    JsonNode state();
  }
}
