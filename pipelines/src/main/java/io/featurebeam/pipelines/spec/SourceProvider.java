package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Makes a user's own source usable by name in YAML ({@code source: { name: { ... } }}). Found by
 * {@link java.util.ServiceLoader}: list the implementation in {@code
 * META-INF/services/io.featurebeam.pipelines.spec.SourceProvider}.
 */
public interface SourceProvider {

  /** The name in YAML, lower_snake; not parquet, csv, json, avro or kafka. */
  String name();

  /** One sentence for the reference and the editor. */
  String description();

  /** What it takes; the first is the primary one, which may be given without its name. */
  List<Parameter> parameters();

  /** The columns of its batches; called when the pipeline is built. */
  RecordSchema schema(Settings settings);

  /**
   * The reading itself: batches of {@link #schema}, stamped with their minimum event time. Also
   * made and applied where nothing runs, to learn whether it has an end.
   */
  PTransform<PBegin, PCollection<RecordBatch>> create(Settings settings);
}
