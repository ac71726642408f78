package io.featurebeam.benchmarks.flinknative;

import io.featurebeam.benchmarks.Arguments;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The job of {@code card-stream} on embedded Flink: {@code KafkaSource}, one keyed operator, {@code
 * KafkaSink}, at least once. Serializers by hand, objects used again where tasks are chained, state
 * on the heap.
 */
public final class FlinkNativePeer {
  private FlinkNativePeer() {}

  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.parse(args);
    String servers = arguments.required("servers");
    String input = arguments.required("input");
    String output = arguments.required("output");
    Windows windows = Windows.of(arguments.required("windows"));
    String emit = arguments.required("emit");
    Duration disorder = Duration.ofSeconds(arguments.optional("disorderSeconds", 180L));
    long checkpointMillis = arguments.optional("checkpointMillis", 0L);
    String checkpoints = arguments.optional("checkpoints", "");
    int parallelism = (int) arguments.optional("parallelism", 2L);
    arguments.rejectUnread();

    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    configuration.set(PipelineOptions.GENERIC_TYPES, false); // which Kryo would write
    configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
    if (checkpointMillis > 0) {
      configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
      configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints);
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
    if (checkpointMillis > 0) {
      env.enableCheckpointing(checkpointMillis);
    }

    KafkaSource<Payment> source =
        KafkaSource.<Payment>builder()
            .setBootstrapServers(servers)
            .setTopics(input)
            .setGroupId(output)
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setDeserializer(new PaymentParser())
            .build();
    WatermarkStrategy<Payment> watermarks =
        WatermarkStrategy.<Payment>forBoundedOutOfOrderness(disorder)
            .withTimestampAssigner((payment, unused) -> Math.floorDiv(payment.paidAt, 1000L));
    env.fromSource(source, watermarks, "Payments")
        .keyBy(payment -> payment.card, Types.STRING)
        .process(function(windows, emit))
        .returns(
            new TupleTypeInfo<Tuple2<byte[], byte[]>>(
                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO))
        .sinkTo(sink(servers, output));
    env.execute("card-stream");
  }

  private static KeyedProcessFunction<String, Payment, Tuple2<byte[], byte[]>> function(
      Windows windows, String emit) {
    return emit.equals("everyEvent")
        ? new EveryEventFn(windows)
        : new EveryPeriodFn(windows, Windows.micros(emit));
  }

  private static KafkaSink<Tuple2<byte[], byte[]>> sink(String servers, String output) {
    Properties properties = new Properties();
    // As ours has them.
    properties.putAll(
        Map.of(
            "acks", "all",
            "linger.ms", "5",
            "batch.size", String.valueOf(1 << 17),
            "compression.type", "lz4"));
    return KafkaSink.<Tuple2<byte[], byte[]>>builder()
        .setBootstrapServers(servers)
        .setKafkaProducerConfig(properties)
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(new RowSerializer(output))
        .build();
  }

  /** The row is the message. */
  private static final class RowSerializer
      implements KafkaRecordSerializationSchema<Tuple2<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;
    private final String topic;

    RowSerializer(String topic) {
      this.topic = topic;
    }

    @Override
    public @Nullable ProducerRecord<byte[], byte[]> serialize(
        Tuple2<byte[], byte[]> row, KafkaSinkContext context, @Nullable Long time) {
      return new ProducerRecord<>(topic, row.f0, row.f1);
    }
  }
}
