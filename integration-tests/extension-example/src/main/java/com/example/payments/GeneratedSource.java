package com.example.payments;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.pipelines.spec.SourceProvider;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import io.featurebeam.transforms.records.BatchCoder;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/**
 * Payments that a formula makes, one a minute from 2026-03-01 on: shop {@code shop-N} of 7, a card
 * number whose check digit is wrong in every 50th, an amount and a limit.
 */
public final class GeneratedSource implements SourceProvider {

  static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("shop", FieldType.STRING),
          Field.of("card", FieldType.STRING),
          Field.of("paid", FieldType.TIMESTAMP),
          Field.of("amount", FieldType.FLOAT64),
          Field.of("limit", FieldType.FLOAT64));

  private static final long FIRST_MILLIS = 1_772_323_200_000L; // 2026-03-01T00:00:00Z
  private static final long STEP_MILLIS = 60_000;
  private static final int BATCH = 1000;

  @Override
  public String name() {
    return "generated";
  }

  @Override
  public String description() {
    return "Payments that a formula makes.";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.required("records", Parameter.Kind.INTEGER, "How many payments, 1 or more."));
  }

  @Override
  public RecordSchema schema(Settings settings) {
    long records = settings.integer("records");
    if (records < 1) {
      throw new IllegalArgumentException("Invalid records: " + records + " (must be >= 1)");
    }
    return SCHEMA;
  }

  @Override
  public PTransform<PBegin, PCollection<RecordBatch>> create(Settings settings) {
    return new Generate(settings.integer("records"));
  }

  /** Payments number {@code first} to {@code end - 1}. */
  static RecordBatch payments(long first, long end) {
    RecordBatch.Builder batch = RecordBatch.builder(SCHEMA);
    for (long i = first; i < end; i++) {
      batch.add(
          "shop-" + i % 7,
          i % 50 == 49 ? "4539578763621487" : "4539578763621486",
          1000 * millis(i),
          i * 37 % 1000 / 4.0,
          i % 11 == 0 ? null : 500.0);
    }
    return batch.build(Positions.contiguous("generated", first)); // what rejects tell
  }

  private static long millis(long payment) {
    return FIRST_MILLIS + payment * STEP_MILLIS;
  }

  private static final class Generate extends PTransform<PBegin, PCollection<RecordBatch>> {
    private static final long serialVersionUID = 1L;
    private final long records;

    Generate(long records) {
      this.records = records;
    }

    @Override
    public PCollection<RecordBatch> expand(PBegin begin) {
      List<Long> firsts = new ArrayList<>();
      for (long first = 0; first < records; first += BATCH) {
        firsts.add(first);
      }
      return begin
          .apply("First of each batch", Create.of(firsts))
          .apply("Generate", ParDo.of(new GenerateFn(records)))
          .setCoder(BatchCoder.of());
    }
  }

  private static final class GenerateFn extends DoFn<Long, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final long records;

    GenerateFn(long records) {
      this.records = records;
    }

    @ProcessElement
    public void process(@Element Long first, OutputReceiver<RecordBatch> out) {
      RecordBatch batch = payments(first, Math.min(records, first + BATCH));
      out.outputWithTimestamp(batch, new Instant(millis(first)));
    }
  }
}
