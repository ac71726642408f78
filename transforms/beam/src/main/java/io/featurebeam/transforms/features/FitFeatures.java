package io.featurebeam.transforms.features;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.feature.FeatureFit;
import io.featurebeam.feature.FeatureSet;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.feature.TrainingRange;
import io.featurebeam.transforms.records.BatchCoder;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Learns all features of a set from a bounded input and gives their state, one element.
 *
 * <pre>{@code
 * PCollection<FittedFeatures> fitted = training.apply(
 *     FitFeatures.of(features, schema).withRange(TrainingRange.of("date", from, to)));
 * }</pre>
 *
 * <p>One pass over the data for all features and columns together (a bundle fills all summaries,
 * their states meet in one global merge); one more pass for each step in which fitted features read
 * fitted ones ({@link FeatureSet#passes}). The result does not depend on order or bundles, except
 * that a median of many values is exact only within its stated bound.
 *
 * <p>The input must be bounded and in the global window. Records outside the training range are
 * passed over. An empty input gives a state too; that it holds nothing is said when it is used.
 */
public final class FitFeatures
    extends PTransform<PCollection<RecordBatch>, PCollection<FittedFeatures>> {

  private static final long serialVersionUID = 1L;

  private final Training training;

  private FitFeatures(Training training) {
    this.training = training;
    // Throws what does not fit while the pipeline is built: columns, types, ranges, another's
    // state.
    training.pass(FittedFeatures.none()).continueFrom(training.earlier());
  }

  /** Learns from every record. */
  public static FitFeatures of(FeatureSet features, RecordSchema schema) {
    return new FitFeatures(
        new Training(
            Objects.requireNonNull(features, "features is null"),
            Objects.requireNonNull(schema, "schema is null"),
            TrainingRange.everything(),
            FittedFeatures.none()));
  }

  /** Learns from the records of this range and no others. */
  public FitFeatures withRange(TrainingRange range) {
    Objects.requireNonNull(range, "range is null");
    return new FitFeatures(
        new Training(training.features(), training.schema(), range, training.earlier()));
  }

  /**
   * Adds to what was learned from earlier data; a declared range that overlaps an earlier one
   * throws. {@link FeatureFit#continueFrom} says what that means for features that read fitted
   * ones.
   */
  public FitFeatures continuing(FittedFeatures earlier) {
    Objects.requireNonNull(earlier, "earlier is null");
    return new FitFeatures(
        new Training(training.features(), training.schema(), training.range(), earlier));
  }

  @Override
  public PCollection<FittedFeatures> expand(PCollection<RecordBatch> records) {
    check(records);
    Training plan = training; // what the lambdas carry, without this transform
    // A batch of no records, so that an empty input gives a state as well.
    RecordBatch none = RecordBatch.builder(plan.schema()).build();
    PCollection<RecordBatch> input =
        PCollectionList.of(records)
            .and(
                records
                    .getPipeline()
                    .apply("No records", Create.of(none).withCoder(BatchCoder.of())))
            .apply("With no records", Flatten.pCollections());
    PCollection<FittedFeatures> fitted =
        records
            .getPipeline()
            .apply(
                "Nothing learned",
                Create.of(FittedFeatures.none()).withCoder(FittedFeaturesCoder.of()));
    List<List<String>> passes = plan.features().passes(plan.schema(), FittedFeatures.none());
    for (int i = 0; i < passes.size(); i++) {
      List<String> names = passes.get(i);
      String pass = passes.size() == 1 ? "" : " " + (i + 1) + " of " + passes.size();
      PCollectionView<FittedFeatures> known = fitted.apply("Known" + pass, View.asSingleton());
      fitted =
          input
              .apply("Learn" + pass, ParDo.of(new LearnFn(plan, known)).withSideInputs(known))
              .setCoder(FittedFeaturesCoder.of())
              .apply("Merge" + pass, Combine.globally(parts -> plan.merge(parts, names)))
              .setCoder(FittedFeaturesCoder.of())
              .apply(
                  "Add earlier" + pass,
                  MapElements.into(TypeDescriptor.of(FittedFeatures.class))
                      .via(merged -> plan.addEarlier(merged, names)))
              .setCoder(FittedFeaturesCoder.of());
    }
    return fitted;
  }

  private static void check(PCollection<RecordBatch> records) {
    if (records.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      throw new IllegalArgumentException(
          "FitFeatures needs a bounded input: '"
              + records.getName()
              + "' is unbounded (fit on history, then use the saved state)");
    }
    if (!(records.getWindowingStrategy().getWindowFn() instanceof GlobalWindows)) {
      throw new IllegalArgumentException(
          "FitFeatures needs its input in the global window: '"
              + records.getName()
              + "' is in "
              + records.getWindowingStrategy().getWindowFn().getClass().getSimpleName());
    }
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    training.features().features().entrySet().stream()
        .filter(entry -> entry.getValue().needsFit())
        .forEach(entry -> builder.add(EngineerFeatures.display(entry.getKey(), entry.getValue())));
    builder.add(DisplayData.item("range", training.range().toString()));
  }

  /** One state per bundle: what earlier passes learned, and this pass's share of the data. */
  private static final class LearnFn extends DoFn<RecordBatch, FittedFeatures> {
    private static final long serialVersionUID = 1L;
    private final Training training;
    private final PCollectionView<FittedFeatures> view;
    private transient @Nullable FittedFeatures known;
    private transient @Nullable FeatureFit fit;

    LearnFn(Training training, PCollectionView<FittedFeatures> view) {
      this.training = training;
      this.view = view;
    }

    @StartBundle
    public void startBundle() {
      fit = null;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      FeatureFit filling = fit;
      if (filling == null) {
        known = context.sideInput(view);
        filling = training.pass(known);
        fit = filling;
      }
      filling.accumulate(context.element());
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      FeatureFit filled = fit;
      FittedFeatures before = known;
      if (filled != null && before != null) {
        context.output(
            before.with(filled.result()), BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
      }
    }
  }
}
