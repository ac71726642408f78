package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.lookup.FeatureGroup;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SinkSpec;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/** What a spec says of a store, which keeps the newest row of each key, as writing. */
interface StorePlans {

  /** The one place that tells stores apart. */
  static StorePlans of(PipelineSpec spec, SinkSpec store) {
    return store.redis() != null
        ? new RedisPlans(spec, store, store.redis())
        : new JdbcPlans(spec, store, store.jdbc());
  }

  /**
   * The rows of a run.
   *
   * @param schema all columns of the output
   * @param features those that are looked up by the keys
   * @param own those that come from one event
   */
  record Rows(
      RecordSchema schema,
      String eventTime,
      List<String> keys,
      List<String> features,
      List<String> own,
      String specHash) {

    FeatureGroup group(String name, long ttlMicros) {
      return FeatureGroup.of(name, schema, keys, features)
          .withSpecHash(specHash)
          .withTtl(ttlMicros);
    }
  }

  /** What and where it is, in words. */
  String place();

  /** How long after its event time a row is kept; 0 for ever. */
  long ttlMicros();

  /**
   * Writes the newest of the rows, after {@link #check}.
   *
   * @param handsOn whether the rows go on, to an output behind this one
   */
  PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> write(Rows rows, boolean handsOn);

  /** Whether the store answers and takes the rows; changes nothing. */
  void check(Rows rows);

  /** Whether the server answers, in words. */
  String look();

  /** Which part of the sink's section a message is about. */
  String placeOf(String message);
}
