package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.Origin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * A source that was looked at before the run: what columns it has, and how to read those needed.
 */
interface SourcePlan {

  /** All columns that can be read. */
  RecordSchema schema();

  /**
   * How many records there are: counted in Parquet, an estimate by size in text files; -1 if nobody
   * knows.
   */
  long rows();

  /** A flow of the wanted columns, in the order of {@link #schema}. */
  PTransform<PBegin, PCollection<RecordBatch>> read(Request request);

  /**
   * The places, by source, whose records are replaced by others: what was rejected there is not.
   */
  default Map<String, Set<Long>> replaced() {
    return Map.of();
  }

  /** What is read, with names as they are; files are told by their sizes. */
  default List<Origin.Input> reads() {
    return List.of(Origin.Input.other("a source of a kind of its own"));
  }

  /** The same source over what an earlier run has read of it, where it says what to read. */
  default SourcePlan over(List<Origin.Input> earlier) {
    return this;
  }

  /** One fact a line about what is pushed down, for people. */
  List<String> notes(Request request);

  /**
   * What to read.
   *
   * @param columns the wanted columns
   * @param eventTime the timestamp column of the range
   * @param from the first event time that is wanted, in microseconds
   * @param to the first that is not wanted any more; records without an event time always are
   * @param masked the columns that rejects must not show
   * @param rejectedAt the time that rejects bear
   * @param hashed the files whose hashes are wanted as facts, with what these call them
   */
  record Request(
      List<String> columns,
      String eventTime,
      long from,
      long to,
      Set<String> masked,
      long rejectedAt,
      Map<String, String> hashed) {

    /** Without hashes. */
    Request(
        List<String> columns,
        String eventTime,
        long from,
        long to,
        Set<String> masked,
        long rejectedAt) {
      this(columns, eventTime, from, to, masked, rejectedAt, Map.of());
    }

    boolean isRanged() {
      return from != Long.MIN_VALUE || to != Long.MAX_VALUE;
    }
  }
}
