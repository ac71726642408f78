package io.featurebeam.transforms.features;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.feature.Feature;
import io.featurebeam.feature.FeatureMapper;
import io.featurebeam.feature.FeatureSet;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.FlowFn;
import java.util.Objects;
import java.util.function.Consumer;
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

  /** The name of the step in facts. */
  public static final String STEP = "features";

  private final FeatureSet features;
  private final RecordSchema schema;
  private final FittedFeatures fitted;
  private final @Nullable PCollectionView<FittedFeatures> view;
  private final boolean telling;

  private EngineerFeatures(
      FeatureSet features,
      RecordSchema schema,
      FittedFeatures fitted,
      @Nullable PCollectionView<FittedFeatures> view,
      boolean telling) {
    this.features = features;
    this.schema = schema;
    this.fitted = fitted;
    this.view = view;
    this.telling = telling;
  }

  /** Features that need no fit, or are given one next, over records of this schema. */
  public static EngineerFeatures of(FeatureSet features, RecordSchema schema) {
    Objects.requireNonNull(features, "features is null");
    features.check(Objects.requireNonNull(schema, "schema is null"));
    return new EngineerFeatures(features, schema, FittedFeatures.none(), null, false);
  }

  /** Uses a state that was saved before. */
  public EngineerFeatures withFitted(FittedFeatures saved) {
    var unused = features.bind(schema, Objects.requireNonNull(saved, "saved is null"));
    return new EngineerFeatures(features, schema, saved, null, telling);
  }

  /** Uses the state that this pipeline learns. */
  public EngineerFeatures withFitted(PCollectionView<FittedFeatures> learned) {
    Objects.requireNonNull(learned, "learned is null");
    return new EngineerFeatures(features, schema, FittedFeatures.none(), learned, telling);
  }

  /** Adds facts to its output, for a {@link Flow}. */
  public EngineerFeatures inFlow() {
    return new EngineerFeatures(features, schema, fitted, view, true);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> records) {
    if (view == null) {
      var unused = features.bind(schema, fitted);
    }
    return records
        .apply(
            "Map",
            view == null
                ? ParDo.of(new MapFn(features, schema, fitted, telling))
                : ParDo.of(new MapWithViewFn(features, schema, view)).withSideInputs(view))
        .setCoder(BatchCoder.of());
  }

  /** Names and input columns; not the settings, of which one may be a secret, such as a seed. */
  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    features.features().forEach((name, feature) -> builder.add(display(name, feature)));
  }

  static DisplayData.ItemSpec<String> display(String name, Feature feature) {
    return DisplayData.item(name, "of " + String.join(", ", feature.inputs()));
  }

  /** A state that is known when the pipeline is built. */
  private static final class MapFn extends FlowFn {
    private static final long serialVersionUID = 1L;
    private final FeatureSet features;
    private final RecordSchema schema;
    private final FittedFeatures fitted;
    private transient @Nullable FeatureMapper mapper;

    MapFn(FeatureSet features, RecordSchema schema, FittedFeatures fitted, boolean telling) {
      super(STEP, telling);
      this.features = features;
      this.schema = schema;
      this.fitted = fitted;
    }

    @Override
    protected void records(RecordBatch batch, Consumer<RecordBatch> out) {
      FeatureMapper bound = mapper;
      if (bound == null) {
        bound = features.bind(schema, fitted);
        mapper = bound;
      }
      out.accept(bound.map(batch));
    }
  }

  /** A state that the pipeline itself makes; it may change from bundle to bundle. */
  private static final class MapWithViewFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final FeatureSet features;
    private final RecordSchema schema;
    private final PCollectionView<FittedFeatures> view;
    private transient @Nullable FeatureMapper mapper;

    MapWithViewFn(FeatureSet features, RecordSchema schema, PCollectionView<FittedFeatures> view) {
      this.features = features;
      this.schema = schema;
      this.view = view;
    }

    @StartBundle
    public void startBundle() {
      mapper = null;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      if (!Flow.isRecords(context.element())) {
        context.output(context.element());
        return;
      }
      FeatureMapper bound = mapper;
      if (bound == null) {
        bound = features.bind(schema, context.sideInput(view));
        mapper = bound;
      }
      context.output(bound.map(context.element()));
    }
  }
}
