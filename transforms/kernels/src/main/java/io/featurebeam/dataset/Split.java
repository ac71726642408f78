package io.featurebeam.dataset;

import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.List;

/**
 * Which of some named parts of a data set a row belongs to: {@link KeySplit} by a hash of its key,
 * {@link TimeSplit} by its time, or by both, a part of the keys split by time.
 *
 * <pre>{@code
 * Splitter splitter = split.bind(schema);
 * int[] parts = splitter.parts(batch);           // indexes into split.names()
 * RecordBatch labelled = splitter.label(batch);  // or a text column
 * }</pre>
 *
 * <p>Every row belongs to exactly one part, whatever rows are beside it. Only a row without a time
 * belongs to none where the time decides.
 */
public sealed interface Split extends Serializable permits KeySplit, TimeSplit {

  /** The parts, in the order in which they are first named. */
  List<String> names();

  /** The columns that decide. */
  List<String> columns();

  /** Refuses a column that is missing, is of the wrong type or has the name of the label. */
  Splitter bind(RecordSchema schema);
}
