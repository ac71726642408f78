package io.featurebeam.integration;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.pipelines.spec.SourceProvider;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import io.featurebeam.transforms.records.BatchCoder;
import java.util.List;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/** A source of a user's own: a record a second from 1970 on, so many of them, or without an end. */
public final class Ticks implements SourceProvider {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(Field.of("tick", FieldType.INT64), Field.of("at", FieldType.TIMESTAMP));

  @Override
  public String name() {
    return "ticks";
  }

  @Override
  public String description() {
    return "A record a second.";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.optional(
            "count", Parameter.Kind.INTEGER, "How many records; without an end if left out."));
  }

  @Override
  public RecordSchema schema(Settings settings) {
    return SCHEMA;
  }

  @Override
  public PTransform<PBegin, PCollection<RecordBatch>> create(Settings settings) {
    GenerateSequence numbers = GenerateSequence.from(0);
    return new Tick(
        settings.has("count")
            ? numbers.to(settings.integer("count"))
            : numbers.withTimestampFn(number -> Instant.ofEpochMilli(1000 * number)));
  }

  private static final class Tick extends PTransform<PBegin, PCollection<RecordBatch>> {
    private static final long serialVersionUID = 1L;
    private final GenerateSequence numbers;

    Tick(GenerateSequence numbers) {
      this.numbers = numbers;
    }

    @Override
    public PCollection<RecordBatch> expand(PBegin begin) {
      return begin
          .apply("Numbers", numbers)
          .apply("Tick", ParDo.of(new TickFn()))
          .setCoder(BatchCoder.of());
    }
  }

  private static final class TickFn extends DoFn<Long, RecordBatch> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Long number, OutputReceiver<RecordBatch> out) {
      RecordBatch.Builder batch = RecordBatch.builder(SCHEMA).add(number, 1_000_000 * number);
      out.outputWithTimestamp(
          batch.build(Positions.contiguous("ticks", number)), Instant.ofEpochMilli(1000 * number));
    }
  }
}
