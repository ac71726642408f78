package io.featurebeam.pipelines;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.pipelines.spec.Secrets;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Puts variables in the place of what came from the environment, wherever a flow says more than the
 * data: what a reject says about its record, and the names of the files that records are from.
 * Records themselves stay as they were read.
 */
final class HideSecrets extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  private static final List<String> AS_READ = List.of("record", "raw");

  private final Secrets secrets;

  private HideSecrets(Secrets secrets) {
    this.secrets = secrets;
  }

  static HideSecrets of(Secrets secrets) {
    return new HideSecrets(secrets);
  }

  /** The source with its files named as the spec writes them, so that a replay finds them again. */
  static SourcePlan in(SourcePlan source, Secrets secrets) {
    return secrets.isEmpty() ? source : new Hiding(source, secrets);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    return flow.apply("Hide", ParDo.of(new HideFn(secrets))).setCoder(BatchCoder.of());
  }

  private record Hiding(SourcePlan source, Secrets secrets) implements SourcePlan {
    @Override
    public RecordSchema schema() {
      return source.schema();
    }

    @Override
    public long rows() {
      return source.rows();
    }

    @Override
    public PTransform<PBegin, PCollection<RecordBatch>> read(Request request) {
      PTransform<PBegin, PCollection<RecordBatch>> read = source.read(request);
      HideSecrets hide = of(secrets);
      return new PTransform<>() {
        private static final long serialVersionUID = 1L;

        @Override
        public PCollection<RecordBatch> expand(PBegin begin) {
          return begin.apply("Read", read).apply("Hide secrets", hide);
        }
      };
    }

    @Override
    public List<Origin.Input> reads() {
      return source.reads(); // who publishes them hides what they hold
    }

    @Override
    public SourcePlan over(List<Origin.Input> earlier) {
      return new Hiding(source.over(earlier), secrets);
    }

    @Override
    public List<String> notes(Request request) {
      return source.notes(request);
    }
  }

  private static final class HideFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final Secrets secrets;

    HideFn(Secrets secrets) {
      this.secrets = secrets;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out) {
      if (Flow.isRejects(batch)) {
        out.output(hidden(batch));
      } else if (Flow.isRecords(batch) && batch.positions().isKnown()) {
        out.output(
            RecordBatch.of(
                batch.schema(),
                batch.size(),
                batch.columns(),
                batch.positions().withSources(secrets::redact)));
      } else {
        out.output(batch);
      }
    }

    private RecordBatch hidden(RecordBatch rejects) {
      RecordBatch.Builder rows = RecordBatch.builder(Rejects.SCHEMA);
      for (int row = 0; row < rejects.size(); row++) {
        Object[] values = new Object[Rejects.SCHEMA.size()];
        for (int c = 0; c < values.length; c++) {
          String name = Rejects.SCHEMA.field(c).name();
          boolean says =
              Rejects.SCHEMA.field(c).type().equals(FieldType.STRING) && !AS_READ.contains(name);
          Object value = rejects.value(row, name);
          values[c] = says && value != null ? secrets.redact((String) value) : value;
        }
        rows.add(values);
      }
      return rows.build();
    }
  }
}
