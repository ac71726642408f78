package io.featurebeam.benchmarks.beamrows;

import io.featurebeam.benchmarks.Arguments;
import io.featurebeam.benchmarks.Outputs;
import io.featurebeam.benchmarks.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.LogicalTypes;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.extensions.avro.schemas.utils.AvroUtils;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.parquet.ParquetIO;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.transforms.Convert;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.datasketches.hll.Union;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * The {@code card-batch} workload as a Beam user writes it with {@code PCollection<Row>}: {@code
 * ParquetIO}, a {@code Filter}, fixed windows of one hour with one {@code Combine.perKey}, then the
 * hourly partials of each user grouped and merged over 24 hours.
 *
 * <p>The 24 h windows are merged from hourly partials in a DoFn. {@code SlidingWindows} of 24 h
 * every hour would copy each record into 24 windows and emit rows for hours without events; that
 * costs a multiple of this. Embedded Flink runs it.
 */
public final class BeamRowsPeer {
  private static final Duration HOUR = Duration.standardHours(1);
  private static final int DAY_HOURS = 24;

  private static final org.apache.avro.Schema INPUT =
      SchemaBuilder.record("transaction")
          .fields()
          .requiredString("user")
          .requiredString("merchant")
          .requiredDouble("amount")
          .optionalString("country")
          .requiredString("channel")
          .name("time")
          .type(
              LogicalTypes.timestampMicros()
                  .addToSchema(org.apache.avro.Schema.create(org.apache.avro.Schema.Type.LONG)))
          .noDefault()
          .endRecord();

  private static final Schema OUTPUT =
      Schema.builder()
          .addStringField("user")
          .addDateTimeField("window_end")
          .addDoubleField("sum_1h")
          .addInt64Field("count_1h")
          .addDoubleField("mean_1h")
          .addDoubleField("max_1h")
          .addNullableField("stddev_1h", FieldType.DOUBLE)
          .addInt64Field("merchants_1h")
          .addDoubleField("sum_24h")
          .addInt64Field("count_24h")
          .addDoubleField("mean_24h")
          .addDoubleField("max_24h")
          .addNullableField("stddev_24h", FieldType.DOUBLE)
          .addInt64Field("merchants_24h")
          .addDoubleField("log_amount_sum_1h")
          .addInt32Field("bucket_max_1h")
          .addInt32Field("hour_max_1h")
          .build();

  private static final Schema FEATURES =
      Schema.builder()
          .addStringField("user")
          .addStringField("merchant")
          .addDoubleField("amount")
          .addDoubleField("log_amount")
          .addInt32Field("amount_bucket")
          .addInt32Field("hour_of_day")
          .build();

  private BeamRowsPeer() {}

  public static void main(String[] args) throws IOException {
    Arguments arguments = Arguments.parse(args);
    String input = arguments.required("input");
    Path output = Path.of(arguments.required("output"));
    int threads = (int) arguments.optional("threads", 2L);
    String managedMemory = arguments.optional("managedMemory", "2g");
    arguments.rejectUnread();

    Outputs.delete(output);
    PipelineOptions options = options(threads, managedMemory);
    Progress.started();
    Pipeline pipeline = Pipeline.create(options);
    build(pipeline, input, output.toString());
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    Progress.done(rejected(result));
  }

  private static PipelineOptions options(int threads, String managedMemory) throws IOException {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster("[local]");
    options.setParallelism(threads);
    // Safe here, since no DoFn changes its input; both cost a lot where they are off.
    options.setObjectReuse(true);
    options.setFasterCopy(true);
    // Embedded Flink sorts and groups in 128 MB otherwise, and spills the rest.
    Path configuration = Files.createTempDirectory("card-batch-flink");
    Path file = configuration.resolve("config.yaml");
    Files.writeString(
        file,
        "taskmanager.memory.managed.size: %s\n".formatted(managedMemory)
            + "taskmanager.memory.network.min: 256m\n"
            + "taskmanager.memory.network.max: 256m\n");
    file.toFile().deleteOnExit();
    configuration.toFile().deleteOnExit();
    options.setFlinkConfDir(configuration.toString());
    return options;
  }

  private static void build(Pipeline pipeline, String input, String output) {
    CoderRegistry coders = pipeline.getCoderRegistry();
    coders.registerCoderForClass(Partial.class, new PartialCoder());
    org.apache.avro.Schema outputAvro = AvroUtils.toAvroSchema(OUTPUT);

    pipeline
        .apply(
            "Read",
            ParquetIO.read(INPUT)
                .from(input + "/*.parquet")
                .withProjection(INPUT, INPUT)
                .withBeamSchemas(true))
        .apply("ToRows", Convert.toRows())
        .apply("Validate", Filter.by(new Accepted()))
        .apply("Features", ParDo.of(new FeaturesFn()))
        .setRowSchema(FEATURES)
        .apply("Hours", Window.into(FixedWindows.of(HOUR)))
        .apply(
            "ByUser",
            MapElements.into(new TypeDescriptor<KV<String, Row>>() {})
                .via(row -> KV.of(row.getString("user"), row)))
        .setCoder(
            KvCoder.of(StringUtf8Coder.of(), org.apache.beam.sdk.schemas.SchemaCoder.of(FEATURES)))
        .apply("HourlyPartials", Combine.perKey(new PartialFn()))
        .apply("WithHour", ParDo.of(new HourFn()))
        .apply("AllHours", Window.into(new GlobalWindows()))
        .apply("Days", GroupByKey.create())
        .apply("Merge24h", ParDo.of(new DayFn()))
        .setRowSchema(OUTPUT)
        .apply(
            "ToAvro",
            MapElements.into(TypeDescriptor.of(GenericRecord.class))
                .via(row -> AvroUtils.toGenericRecord(row, outputAvro)))
        .setCoder(AvroCoder.of(outputAvro))
        .apply(
            "Write",
            FileIO.<GenericRecord>write()
                .via(ParquetIO.sink(outputAvro).withCompressionCodec(CompressionCodecName.ZSTD))
                .to(output)
                .withSuffix(".parquet"));
  }

  private static long rejected(PipelineResult result) {
    MetricQueryResults metrics =
        result
            .metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(MetricNameFilter.named(Accepted.class, "rejected"))
                    .build());
    long total = 0;
    for (MetricResult<Long> counter : metrics.getCounters()) {
      total += counter.getAttempted();
    }
    return total;
  }

  /** The four rules. */
  private static final class Accepted
      implements org.apache.beam.sdk.transforms.SerializableFunction<Row, Boolean> {
    private static final Pattern MERCHANT = Pattern.compile("m[0-9]{5}");
    private static final Set<String> CHANNELS = Set.of("pos", "web", "app", "atm");

    private final Counter rejected = Metrics.counter(Accepted.class, "rejected");

    @Override
    public Boolean apply(Row row) {
      double amount = row.getDouble("amount");
      boolean accepted =
          amount >= 0
              && amount <= 100_000
              && row.getString("country") != null
              && CHANNELS.contains(row.getString("channel"))
              && MERCHANT.matcher(row.getString("merchant")).matches();
      if (!accepted) {
        rejected.inc();
      }
      return accepted;
    }
  }

  /** Computes the features of a record and gives it its event time. */
  private static final class FeaturesFn extends DoFn<Row, Row> {
    @ProcessElement
    public void process(@Element Row row, OutputReceiver<Row> out) {
      double amount = row.getDouble("amount");
      long micros = micros(row.getValue("time"));
      out.outputWithTimestamp(
          Row.withSchema(FEATURES)
              .addValues(
                  row.getString("user"),
                  row.getString("merchant"),
                  amount,
                  Math.log(1 + amount),
                  bucket(amount),
                  (int) Math.floorMod(Math.floorDiv(micros, 3_600_000_000L), 24L))
              .build(),
          Instant.ofEpochMilli(Math.floorDiv(micros, 1_000L)));
    }

    /** Beam's schema for {@code timestamp-micros} has changed between releases. */
    private static long micros(Object time) {
      if (time instanceof Long micros) {
        return micros;
      }
      if (time instanceof java.time.Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
      }
      return ((org.joda.time.ReadableInstant) time).getMillis() * 1_000;
    }

    private static int bucket(double amount) {
      return amount < 10 ? 0 : amount < 50 ? 1 : amount < 100 ? 2 : amount < 500 ? 3 : 4;
    }
  }

  /** Writes the end of the window into the value, so that it survives the global window. */
  private static final class HourFn
      extends DoFn<KV<String, Partial>, KV<String, KV<Long, Partial>>> {
    @ProcessElement
    public void process(
        @Element KV<String, Partial> element,
        BoundedWindow window,
        OutputReceiver<KV<String, KV<Long, Partial>>> out) {
      long end = ((IntervalWindow) window).end().getMillis();
      out.output(KV.of(element.getKey(), KV.of(end, element.getValue())));
    }
  }

  /** One row for each active hour of a user, with the 24 hours that end with it. */
  private static final class DayFn extends DoFn<KV<String, Iterable<KV<Long, Partial>>>, Row> {
    @ProcessElement
    public void process(
        @Element KV<String, Iterable<KV<Long, Partial>>> element, OutputReceiver<Row> out) {
      List<KV<Long, Partial>> hours = new ArrayList<>();
      element.getValue().forEach(hours::add);
      hours.sort(Comparator.comparing(KV::getKey));
      int first = 0;
      for (int last = 0; last < hours.size(); last++) {
        long end = hours.get(last).getKey();
        while (hours.get(first).getKey() <= end - DAY_HOURS * HOUR.getMillis()) {
          first++;
        }
        Partial day = new Partial();
        Union union = new Union(Partial.SKETCH_LOG_K);
        for (int i = first; i <= last; i++) {
          Partial partial = hours.get(i).getValue();
          day.addAllButMerchants(partial);
          union.update(partial.merchants);
        }
        Partial hour = hours.get(last).getValue();
        out.output(
            Row.withSchema(OUTPUT)
                .addValues(
                    element.getKey(),
                    Instant.ofEpochMilli(end),
                    hour.sum,
                    hour.count,
                    hour.sum / hour.count,
                    hour.max,
                    hour.deviation(),
                    Math.round(hour.merchants.getEstimate()),
                    day.sum,
                    day.count,
                    day.sum / day.count,
                    day.max,
                    day.deviation(),
                    Math.round(union.getEstimate()),
                    hour.logSum,
                    hour.bucket,
                    hour.hour)
                .build());
      }
    }
  }
}
