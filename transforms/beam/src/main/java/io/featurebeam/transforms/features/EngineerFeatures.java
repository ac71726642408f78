package io.featurebeam.transforms.features;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.feature.FeatureMapper;
import io.featurebeam.feature.FeatureSet;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.transforms.records.BatchCoder;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;

/**
 * Adds the columns of features to records.
 *
 * <pre>{@code
 * records.apply(EngineerFeatures.of(features, schema).withFitted(FittedFeatures.parse(json)));
 * records.apply(EngineerFeatures.of(features, schema).withFitted(
 *     training.apply(FitFeatures.of(features, schema)).apply(View.asSingleton())));
 * }</pre>
 *
 * <p>Bounded or unbounded; record by record, so windows, order and lateness do not matter. No
 * record is dropped or rejected: what a feature gives for null, NaN or an unknown value is said in
 * its own documentation. Missing columns, wrong types and a state that is missing or of other
 * features are errors when the pipeline is built; of a state that the pipeline itself makes, when
 * it is first used.
 */
public final class EngineerFeatures
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  private final FeatureSet features;
  private final RecordSchema schema;
  private final FittedFeatures fitted;
  private final @Nullable PCollectionView<FittedFeatures> view;

  private EngineerFeatures(
      FeatureSet features,
      RecordSchema schema,
      FittedFeatures fitted,
      @Nullable PCollectionView<FittedFeatures> view) {
    this.features = features;
    this.schema = schema;
    this.fitted = fitted;
    this.view = view;
  }

  /** Features that need no fit, or are given one next, over records of this schema. */
  public static EngineerFeatures of(FeatureSet features, RecordSchema schema) {
    Objects.requireNonNull(features, "features is null");
    features.check(Objects.requireNonNull(schema, "schema is null"));
    return new EngineerFeatures(features, schema, FittedFeatures.none(), null);
  }

  /** Uses a state that was saved before. */
  public EngineerFeatures withFitted(FittedFeatures saved) {
    var unused = features.bind(schema, Objects.requireNonNull(saved, "saved is null"));
    return new EngineerFeatures(features, schema, saved, null);
  }

  /** Uses the state that this pipeline learns. */
  public EngineerFeatures withFitted(PCollectionView<FittedFeatures> learned) {
    Objects.requireNonNull(learned, "learned is null");
    return new EngineerFeatures(features, schema, FittedFeatures.none(), learned);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> records) {
    if (view == null) {
      var unused = features.bind(schema, fitted);
    }
    ParDo.SingleOutput<RecordBatch, RecordBatch> map =
        ParDo.of(new MapFn(features, schema, fitted, view));
    return records
        .apply("Map", view == null ? map : map.withSideInputs(view))
        .setCoder(BatchCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    features
        .features()
        .forEach((name, feature) -> builder.add(DisplayData.item(name, feature.id())));
  }

  private static final class MapFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final FeatureSet features;
    private final RecordSchema schema;
    private final FittedFeatures fitted;
    private final @Nullable PCollectionView<FittedFeatures> view;
    private transient @Nullable FeatureMapper mapper;

    MapFn(
        FeatureSet features,
        RecordSchema schema,
        FittedFeatures fitted,
        @Nullable PCollectionView<FittedFeatures> view) {
      this.features = features;
      this.schema = schema;
      this.fitted = fitted;
      this.view = view;
    }

    /** A side input may have changed since the last bundle; a value has not. */
    @StartBundle
    public void startBundle() {
      if (view != null) {
        mapper = null;
      }
    }

    @ProcessElement
    public void process(ProcessContext context) {
      FeatureMapper bound = mapper;
      if (bound == null) {
        bound = features.bind(schema, view == null ? fitted : context.sideInput(view));
        mapper = bound;
      }
      context.output(bound.map(context.element()));
    }
  }
}
