package io.featurebeam.transforms.profile;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.profile.BatchProfile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * What the columns of all records hold, as one {@link BatchProfile}; also of no records.
 *
 * <pre>{@code
 * PCollection<BatchProfile> profile =
 *     records.apply(ProfileRecords.of(schema).withMasked(List.of("card_number")));
 * }</pre>
 *
 * <p>Each bundle is reduced to one element, some 20 KB per column, and these are merged into one.
 * Bounded input in the global window; unbounded input is refused. Nothing is rejected.
 */
public final class ProfileRecords
    extends PTransform<PCollection<RecordBatch>, PCollection<BatchProfile>> {

  private static final long serialVersionUID = 1L;

  private final RecordSchema schema;
  private final List<String> masked;

  private ProfileRecords(RecordSchema schema, List<String> masked) {
    this.schema = schema;
    this.masked = masked;
  }

  /** Profiles records of this schema, all columns in clear. */
  public static ProfileRecords of(RecordSchema schema) {
    return new ProfileRecords(Objects.requireNonNull(schema, "schema is null"), List.of());
  }

  /** Columns whose values must not show: they are only counted. An unknown name throws. */
  public ProfileRecords withMasked(Collection<String> columns) {
    columns.forEach(schema::indexOf);
    return new ProfileRecords(schema, List.copyOf(columns));
  }

  @Override
  public PCollection<BatchProfile> expand(PCollection<RecordBatch> records) {
    if (records.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      throw new IllegalArgumentException(
          "ProfileRecords needs a bounded input: '" + records.getName() + "' is unbounded");
    }
    PCollection<BatchProfile> bundles =
        records
            .apply("Profile bundles", ParDo.of(new ProfileBundles(schema, masked)))
            .setCoder(ProfileCoder.of());
    PCollection<BatchProfile> empty =
        records
            .getPipeline()
            .apply(
                "Empty profile",
                Create.of(BatchProfile.of(schema, masked)).withCoder(ProfileCoder.of()));
    return PCollectionList.of(bundles)
        .and(empty) // so that no records give a profile too, without the side input of a default
        .apply("With the empty profile", Flatten.pCollections())
        .apply(
            "Merge profiles",
            Combine.globally(new MergeProfiles(schema, masked)).withoutDefaults());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("columns", schema.size()))
        .add(DisplayData.item("masked", masked.size()));
  }

  private static final class ProfileBundles extends DoFn<RecordBatch, BatchProfile> {
    private static final long serialVersionUID = 1L;
    private final RecordSchema schema;
    private final List<String> masked;
    private transient BatchProfile profile;

    ProfileBundles(RecordSchema schema, List<String> masked) {
      this.schema = schema;
      this.masked = new ArrayList<>(masked);
    }

    @StartBundle
    public void startBundle() {
      profile = BatchProfile.of(schema, masked);
    }

    @ProcessElement
    public void process(@Element RecordBatch batch) {
      profile.add(batch);
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      if (profile.records() > 0) {
        context.output(profile, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
      }
    }
  }

  private static final class MergeProfiles
      extends Combine.CombineFn<BatchProfile, BatchProfile, BatchProfile> {
    private static final long serialVersionUID = 1L;
    private final RecordSchema schema;
    private final List<String> masked;

    MergeProfiles(RecordSchema schema, List<String> masked) {
      this.schema = schema;
      this.masked = new ArrayList<>(masked);
    }

    @Override
    public BatchProfile createAccumulator() {
      return BatchProfile.of(schema, masked);
    }

    @Override
    public BatchProfile addInput(BatchProfile accumulator, BatchProfile profile) {
      accumulator.merge(profile);
      return accumulator;
    }

    @Override
    public BatchProfile mergeAccumulators(Iterable<BatchProfile> accumulators) {
      BatchProfile merged = createAccumulator();
      accumulators.forEach(merged::merge);
      return merged;
    }

    @Override
    public BatchProfile extractOutput(BatchProfile accumulator) {
      return accumulator;
    }

    @Override
    public Coder<BatchProfile> getAccumulatorCoder(
        CoderRegistry registry, Coder<BatchProfile> inputCoder) {
      return ProfileCoder.of();
    }

    @Override
    public Coder<BatchProfile> getDefaultOutputCoder(
        CoderRegistry registry, Coder<BatchProfile> inputCoder) {
      return ProfileCoder.of();
    }
  }
}
