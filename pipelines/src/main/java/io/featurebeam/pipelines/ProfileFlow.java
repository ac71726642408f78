package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.profile.BatchProfile;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.FlowFn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/** Looks at the records that pass by, and tells their column profile as a fact of each bundle. */
final class ProfileFlow extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  private final RecordSchema schema;
  private final ArrayList<String> masked;

  private ProfileFlow(RecordSchema schema, List<String> masked) {
    this.schema = schema;
    this.masked = new ArrayList<>(masked);
  }

  /** Shows nothing of the values of {@code masked}. */
  static ProfileFlow of(RecordSchema schema, Collection<String> masked) {
    return new ProfileFlow(schema, masked.stream().filter(schema::contains).toList());
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    return flow.apply("Look", ParDo.of(new LookFn(schema, masked))).setCoder(BatchCoder.of());
  }

  private static final class LookFn extends FlowFn {
    private static final long serialVersionUID = 1L;
    private final RecordSchema schema;
    private final ArrayList<String> masked;
    private transient @Nullable BatchProfile profile;

    LookFn(RecordSchema schema, List<String> masked) {
      super("profile", true);
      this.schema = schema;
      this.masked = new ArrayList<>(masked);
    }

    @Override
    protected void records(RecordBatch batch, Consumer<RecordBatch> out) {
      BatchProfile current = profile;
      if (current == null) {
        current = BatchProfile.of(schema, masked);
        profile = current;
      }
      current.add(batch);
      out.accept(batch);
    }

    @Override
    protected void addFacts(Facts.Builder facts) {
      if (profile != null) {
        facts.add(step(), RunFacts.PROFILE, profile.toBytes());
        profile = null;
      }
    }
  }
}
