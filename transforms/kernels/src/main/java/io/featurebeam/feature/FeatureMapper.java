package io.featurebeam.feature;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.List;

/**
 * The features of a {@link FeatureSet}, fitted and ready for batches of one schema: the way that
 * batch, stream and service compute them. Not thread-safe, as features remember results per
 * dictionary.
 */
public final class FeatureMapper {

  private final RecordSchema input;
  private final RecordSchema output;
  private final List<Plan.Step> steps;
  private final List<Feature.Mapping> mappings;

  FeatureMapper(RecordSchema input, List<Plan.Step> steps, RecordSchema output) {
    this.input = input;
    this.output = output;
    this.steps = List.copyOf(steps);
    this.mappings = this.steps.stream().map(Plan.Step::bind).toList();
  }

  /** The schema of the batches that it takes. */
  public RecordSchema inputSchema() {
    return input;
  }

  /** The columns of the records and behind them those of the features. */
  public RecordSchema outputSchema() {
    return output;
  }

  /** The batch with the features' columns; those it has are shared, not copied. */
  public RecordBatch map(RecordBatch batch) {
    if (!batch.schema().equals(input)) {
      throw new IllegalArgumentException(
          "Features are bound to " + input + " (the batch has " + batch.schema() + ")");
    }
    List<Column> columns = new ArrayList<>(output.size());
    columns.addAll(batch.columns());
    for (int i = 0; i < mappings.size(); i++) {
      // A mapping finds its inputs by place, so it needs the columns before it and nothing else.
      RecordBatch before =
          i == 0
              ? batch
              : RecordBatch.of(steps.get(i).before(), batch.size(), columns, batch.positions());
      columns.addAll(mappings.get(i).map(before));
    }
    return RecordBatch.of(output, batch.size(), columns, batch.positions());
  }
}
