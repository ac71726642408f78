package io.featurebeam.pipelines;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.io.kafka.KafkaConnection;
import io.featurebeam.io.kafka.MessageFormat;
import io.featurebeam.io.kafka.MetadataColumn;
import io.featurebeam.io.kafka.ReadKafka;
import io.featurebeam.io.kafka.RowFormat;
import io.featurebeam.io.kafka.SchemaRegistry;
import io.featurebeam.io.kafka.StartAt;
import io.featurebeam.io.kafka.Tombstones;
import io.featurebeam.io.kafka.WriteKafka;
import io.featurebeam.pipelines.spec.KafkaAccess;
import io.featurebeam.pipelines.spec.KafkaSink;
import io.featurebeam.pipelines.spec.KafkaSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/** What a spec says of Kafka as reading and writing; looks at topics and registries. */
final class KafkaPlans {

  /** The header with the hash of the spec that made a row. */
  static final String SPEC_HEADER = "featurebeam-spec";

  private static final String VALUE = "value";

  private KafkaPlans() {}

  static SourcePlan source(KafkaSource source) {
    List<MetadataColumn> metadata = new ArrayList<>();
    source.metadata().forEach((column, what) -> metadata.add(MetadataColumn.parse(column, what)));
    ReadKafka read =
        ReadKafka.of(connection(source.access()), source.topics(), format(source))
            .withMetadata(metadata)
            .withStart(start(source.start()))
            .withTombstones(Tombstones.valueOf(source.tombstones().name()))
            .withMaxMessageBytes((int) source.maxRecord())
            .withDisorder(Duration.of(source.disorderMicros(), ChronoUnit.MICROS))
            .withIdle(Duration.of(source.idleMicros(), ChronoUnit.MICROS));
    if (source.bounded()) {
      return new Topics(read.untilLatest().planned(), source.topics(), true);
    }
    ReadKafka endless = read.polled();
    endless.check();
    return new Topics(endless, source.topics(), false);
  }

  /** Which part of the source's section a message is about. */
  static String placeOf(String message) {
    for (Map.Entry<String, String> part :
        Map.of(
                "Unknown topic", ".topic",
                "Cannot reach Kafka", ".servers",
                "Cannot log in to Kafka", ".servers",
                "Invalid servers", ".servers",
                "Invalid properties", ".properties",
                "Invalid metadata", ".metadata",
                "Invalid Avro schema", ".schema",
                "Invalid registry", ".registry.url",
                "Unknown subject", ".registry",
                "Unknown column", ".key")
            .entrySet()) {
      if (message.startsWith(part.getKey())) {
        return part.getValue();
      }
    }
    return "";
  }

  private static KafkaConnection connection(KafkaAccess access) {
    KafkaConnection connection = KafkaConnection.to(access.servers());
    KafkaAccess.Tls tls = access.tls();
    if (tls != null) {
      connection =
          tls.truststore() == null
              ? connection.withTls()
              : connection.withTls(tls.truststore(), tls.password());
      if (tls.keystore() != null) {
        connection = connection.withCertificate(tls.keystore(), tls.keystorePassword());
      }
    }
    KafkaAccess.Login login = access.login();
    if (login != null) {
      connection =
          login.mechanism() == KafkaAccess.Login.Mechanism.PLAIN
              ? connection.withPlain(login.username(), login.password())
              : connection.withScram(login.mechanism().word(), login.username(), login.password());
    }
    return connection.with(access.properties());
  }

  private static StartAt start(KafkaSource.Start start) {
    Long micros = start.micros();
    if (micros != null) {
      return StartAt.time(micros);
    }
    if (start.group() != null) {
      return StartAt.group(start.group());
    }
    return start.latest() ? StartAt.latest() : StartAt.earliest();
  }

  private static MessageFormat format(KafkaSource source) {
    return switch (source.format()) {
      case JSON -> MessageFormat.json(columns(source), source.timestampFormats());
      case CSV -> MessageFormat.csv(columns(source), source.timestampFormats());
      case AVRO -> MessageFormat.avro(schema(source));
      case CONFLUENT_AVRO -> {
        SchemaRegistry registry = registry(source.registry());
        yield registry == null
            ? MessageFormat.confluentAvro(schema(source))
            : MessageFormat.confluentAvro(schema(source), registry);
      }
      case TEXT -> MessageFormat.text(VALUE);
      case BYTES -> MessageFormat.bytes(VALUE);
    };
  }

  private static RecordSchema columns(KafkaSource source) {
    List<Field> fields = new ArrayList<>();
    for (Map.Entry<String, FieldType> column : source.columns().entrySet()) {
      fields.add(Field.of(column.getKey(), column.getValue()));
    }
    return RecordSchema.of(fields);
  }

  private static @Nullable SchemaRegistry registry(KafkaSource.@Nullable Registry registry) {
    return registry == null
        ? null
        : new SchemaRegistry(
            registry.url(),
            registry.username(),
            registry.password(),
            registry.truststore(),
            registry.truststorePassword());
  }

  private static Schema schema(KafkaSource source) {
    String file = source.schema();
    try {
      if (file == null) {
        return registry(source.registry()).latest(source.topics().get(0));
      }
      try (InputStream in =
          Channels.newInputStream(
              FileSystems.open(FileSystems.matchSingleFileSpec(file).resourceId()))) {
        return new Schema.Parser().parse(in);
      }
    } catch (SchemaParseException e) {
      throw new IllegalArgumentException("Invalid Avro schema: " + file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          file == null ? e.getMessage() : "Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** The rows of a run as messages. */
  static WriteKafka sink(KafkaSink sink, RecordSchema schema, String time, String specHash) {
    Map<String, String> headers = new LinkedHashMap<>(sink.headers());
    headers.put(SPEC_HEADER, specHash);
    WriteKafka write =
        WriteKafka.of(connection(sink.access()), sink.topic(), schema)
            .withFormat(RowFormat.valueOf(sink.format().name()))
            .withKeys(sink.key())
            .withTimestamp(time)
            .withHeaders(headers);
    KafkaSink.ExactlyOnce once = sink.exactlyOnce();
    return once == null ? write : write.withExactlyOnce((int) once.writers(), once.group());
  }

  /** Whether the topic is there. */
  static String look(KafkaSink sink) {
    WriteKafka.of(connection(sink.access()), sink.topic(), RecordSchema.of()).check();
    return "topic " + sink.topic() + " is there";
  }

  private record Topics(ReadKafka read, List<String> topics, boolean ends) implements SourcePlan {
    @Override
    public RecordSchema schema() {
      return read.schema();
    }

    @Override
    public long rows() {
      return ends ? read.messages() : -1;
    }

    @Override
    public PTransform<PBegin, PCollection<RecordBatch>> read(Request request) {
      ReadKafka wanted =
          read.withColumns(request.columns())
              .withRejects(Set.copyOf(request.masked()), request.rejectedAt());
      if (!ends) {
        return wanted.withEventTime(request.eventTime());
      }
      return request.isRanged()
          ? wanted.withRange(request.eventTime(), request.from(), request.to())
          : wanted;
    }

    @Override
    public List<Origin.Input> reads() {
      return ends ? told(read.offsets()) : List.of(Origin.Input.other("topics without end"));
    }

    @Override
    public SourcePlan over(List<Origin.Input> earlier) {
      List<ReadKafka.Offsets> offsets =
          earlier.stream()
              .filter(i -> i.is(Origin.Kind.TOPIC) && topics.contains(i.name()))
              .map(i -> new ReadKafka.Offsets(i.name(), i.partition(), i.from(), i.to()))
              .toList();
      offsets.forEach(this::checkThere);
      return ends ? new Topics(read.over(offsets), topics, true) : this;
    }

    private void checkThere(ReadKafka.Offsets wanted) {
      ReadKafka.Offsets there =
          read.available().stream()
              .filter(o -> o.topic().equals(wanted.topic()) && o.partition() == wanted.partition())
              .findFirst()
              .orElse(new ReadKafka.Offsets(wanted.topic(), wanted.partition(), 0, 0));
      if (there.from() > wanted.from() || there.to() < wanted.to()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s, partition %d: offsets %,d to %,d then, of which %,d to %,d are there now",
                wanted.topic(),
                wanted.partition(),
                wanted.from(),
                wanted.to(),
                there.from(),
                there.to()));
      }
    }

    private static List<Origin.Input> told(List<ReadKafka.Offsets> offsets) {
      return offsets.stream()
          .map(o -> Origin.Input.topic(o.topic(), o.partition(), o.from(), o.to()))
          .toList();
    }

    @Override
    public List<String> notes(Request request) {
      int all = schema().size();
      return List.of(
          ends
              ? String.format(
                  Locale.ROOT,
                  "finds    some %,d messages in %s, by offset",
                  rows(),
                  String.join(", ", topics))
              : "follows  " + String.join(", ", topics) + ", without end",
          "parses   "
              + (request.columns().size() == all
                  ? "all columns"
                  : request.columns().size() + " of " + all + " columns"));
    }
  }
}
