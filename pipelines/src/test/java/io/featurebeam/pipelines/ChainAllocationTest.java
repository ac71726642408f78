package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.io.file.write.BatchFileWriter;
import io.featurebeam.io.file.write.ParquetFormat;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.SpecParser;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No object, coder call or Beam element per record between the read and the split by key: the steps
 * of a real pipeline allocate the arrays of columns, and hand each other batches.
 */
class ChainAllocationTest {

  private static final int BATCH = RecordBatch.TARGET_SIZE;
  private static final int FEW = 20;
  private static final int MANY = 60;

  /** Less than any object takes, so that one more per record, wherever, is too much. */
  private static final int SLACK = 14;

  private static final String TILES = "{ every: 1h }";
  private static final String EVENTS = "everyEvent";

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("user", FieldType.STRING),
          Field.of("merchant", FieldType.STRING),
          Field.of("channel", FieldType.STRING),
          Field.of("amount", FieldType.FLOAT64),
          Field.required("time", FieldType.TIMESTAMP));

  @TempDir Path folder;

  /**
   * Columns read 28.5 and their bytes in the file 14; features 24.4; rows that passed 4; work
   * arrays of the calendar 8, of the profile 4; bits and what grows with a batch, not with a
   * record.
   */
  @Test
  void reducingToTilesAllocatesColumns() throws IOException {
    assertBytesPerRecord(87, TILES, 0);
  }

  /** Beside that, the columns gathered into shards, and put together to slices; their positions. */
  @Test
  void splittingByKeyAllocatesColumns() throws IOException {
    assertBytesPerRecord(207, EVENTS, 0);
  }

  /** A batch with a reject is copied: the columns read once more, and their positions. */
  @Test
  void rejectingARecordOfEachBatchCopiesColumns() throws IOException {
    assertBytesPerRecord(125, TILES, 1);
  }

  private void assertBytesPerRecord(int expected, String emit, int rejects) throws IOException {
    Path few = file(FEW, rejects);
    Path many = file(MANY, rejects);
    chain(many, emit).run(); // loads classes, which allocates too
    double bytes = allocated(many, emit) - allocated(few, emit); // without what is there once
    double perRecord = bytes / ((MANY - FEW) * BATCH);
    assertTrue(
        perRecord < expected + SLACK / 2,
        () -> perRecord + " bytes per record, not " + expected + ": is there an object for each?");
    assertTrue(
        perRecord > expected - SLACK / 2,
        () -> perRecord + " bytes per record, not " + expected + ": expect less from now on");
  }

  private static double allocated(Path input, String emit) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    FusedChain chain = chain(input, emit);
    long before = threads.getCurrentThreadAllocatedBytes();
    chain.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void stepsHandEachOtherBatches() throws IOException {
    FusedChain chain = chain(file(FEW, 1), TILES);

    chain.run();

    assertEquals(
        List.of(
            "Read parquet/Read",
            "Validate/Check records",
            "Engineer features/Map",
            "Profile/Look",
            "Aggregate/Reduce to tiles"),
        chain.names());
    long shards = 4;
    assertEquals(
        List.of(
            FEW + 1L, // and a batch of facts
            FEW + FEW + 2L, // and a batch of rejects for each
            FEW + FEW + 3L,
            FEW + FEW + 4L,
            shards + FEW + 5L),
        chain.given());
  }

  @Test
  void aRunnerCarriesBatchesBetweenTheSteps() throws IOException {
    Pipeline pipeline = pipeline(file(FEW, 0), TILES);
    List<PCollection<?>> between = FusedChain.of(pipeline, "Read parquet").between();
    for (PCollection<?> flow : between) {
      flow.apply("Count elements of " + flow.getName(), ParDo.of(new CountElements<>()));
    }

    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    long counted = 0;
    for (MetricResult<Long> count : result.metrics().allMetrics().getCounters()) {
      if (count.getName().getNamespace().equals(CountElements.class.getName())) {
        counted++;
        // One split is one bundle, of which each step tells its facts.
        assertTrue(
            count.getCommitted() >= FEW && count.getCommitted() <= FEW + between.size(),
            count::toString);
      }
    }
    assertEquals(4, counted, "steps");
  }

  private static final class CountElements<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;
    private final Counter elements = Metrics.counter(CountElements.class, "elements");

    @ProcessElement
    public void process() {
      elements.inc();
    }
  }

  private static FusedChain chain(Path input, String emit) {
    return FusedChain.of(pipeline(input, emit), "Read parquet");
  }

  private static Pipeline pipeline(Path input, String emit) {
    PipelineSpec spec = SpecParser.withDefaults().parse(yaml(input, emit), "chain.yaml");
    Providers providers = Providers.discovered();
    Pipeline pipeline = Pipeline.create();
    var unused =
        new PipelineGraph(
                spec,
                Sources.plan(spec.source(), providers),
                providers,
                FittedFeatures.none(),
                new PipelineGraph.Run("chain", 0, Long.MIN_VALUE, Long.MAX_VALUE))
            .applyFlow(pipeline);
    return pipeline;
  }

  private static String yaml(Path input, String emit) {
    return """
        name: card-chain
        source:
          parquet: { path: %s }
        eventTime: time
        keys: [user]
        validate:
          - { column: amount, rule: between, min: 0, max: 100000 }
          - { column: channel, rule: in_set, values: [pos, web, app, atm] }
          - { column: merchant, rule: matches, pattern: "m[0-9]{5}" }
          - { rule: expression, cel: "amount < 90000.0" }
        features:
          log_amount: { log1p: amount }
          amount_bucket: { bucketize: amount, boundaries: [10, 50, 100, 500] }
          hour_of_day: { date_parts: time, parts: [hour] }
        aggregate:
          - window: [1h, 24h]
            emit: %s
            features:
              sum: { sum: amount }
              count: count
              mean: { mean: amount }
              max: { max: amount }
              stddev: { stddev: amount }
              merchants: { approximate_distinct: merchant }
              logs: { sum: log_amount }
              late: { count: hour_of_day, where: "hour_of_day > 20" }
        report: { path: unused.html }
        """
        .formatted(input, emit);
  }

  /** Keys, hours and merchants are few: more records make no more states. */
  private Path file(int batches, int rejects) throws IOException {
    Path file = folder.resolve(batches + "-" + rejects + ".parquet");
    SplittableRandom random = new SplittableRandom(7);
    try (BatchFileWriter writer =
        ParquetFormat.create()
            .open(
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                SCHEMA)) {
      for (int i = 0; i < batches; i++) {
        writer.write(batch(rejects, random));
      }
    }
    return file;
  }

  private static RecordBatch batch(int rejects, SplittableRandom random) {
    double[] amounts = random.doubles(BATCH, 0, 1000).toArray();
    Arrays.fill(amounts, 0, rejects, -1);
    return RecordBatch.of(
        SCHEMA,
        BATCH,
        List.of(
            coded("u%05d", 20, random),
            coded("m%05d", 30, random),
            coded("pos", 1, random),
            DoubleColumn.of(amounts),
            LongColumn.of(FieldType.TIMESTAMP, random.longs(BATCH, 0, 86_400_000_000L).toArray())));
  }

  private static BytesColumn coded(String format, int distinct, SplittableRandom random) {
    List<byte[]> dictionary =
        IntStream.range(0, distinct)
            .mapToObj(i -> String.format(Locale.ROOT, format, i).getBytes(StandardCharsets.UTF_8))
            .toList();
    int[] codes = random.ints(BATCH, 0, distinct).toArray();
    return BytesColumn.coded(FieldType.STRING, Slices.of(dictionary), codes, BATCH, null);
  }
}
