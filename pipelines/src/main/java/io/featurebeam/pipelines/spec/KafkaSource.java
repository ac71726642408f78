package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.FieldType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Topics of Kafka, one record per message.
 *
 * <pre>{@code
 * KafkaSource.json("broker:9092", "payments", Map.of("card", FieldType.STRING)).untilLatest()
 * }</pre>
 *
 * @param columns name and type of each column, of JSON and CSV
 * @param timestampFormats of JSON and CSV, as for files
 * @param schema the file of an Avro schema
 * @param registry where Avro schemas are looked up
 * @param metadata column to what it holds, such as {@code key} or {@code header(sent, timestamp)}
 * @param maxRecord bytes; a longer message is malformed
 * @param bounded whether to end at what the topics hold when the run begins
 * @param disorderMicros how much older a message may be than one before it
 * @param idleMicros when a partition without messages no longer holds event time
 */
public record KafkaSource(
    KafkaAccess access,
    List<String> topics,
    Format format,
    Map<String, FieldType> columns,
    Map<String, String> timestampFormats,
    @Nullable String schema,
    @Nullable Registry registry,
    Map<String, String> metadata,
    Tombstones tombstones,
    long maxRecord,
    Start start,
    boolean bounded,
    long disorderMicros,
    long idleMicros)
    implements SourceSpec {

  /** 10 s. */
  public static final long DEFAULT_DISORDER = 10_000_000;

  /** 30 s. */
  public static final long DEFAULT_IDLE = 30_000_000;

  /** What a message's value holds. */
  public enum Format {
    JSON,
    CSV,
    AVRO,
    CONFLUENT_AVRO,
    TEXT,
    BYTES
  }

  /** What becomes of messages without a value. */
  public enum Tombstones {
    REJECT,
    SKIP,
    NULLS
  }

  /** A registry of schemas; username and truststore are null for none. */
  public record Registry(
      String url,
      @Nullable String username,
      @Nullable String password,
      @Nullable String truststore,
      @Nullable String truststorePassword) {
    @Override
    public String toString() {
      return "registry";
    }
  }

  /**
   * Where to begin: latest, a log time, a group's committed offsets, or, if none is said, earliest.
   */
  public record Start(boolean latest, @Nullable Long micros, @Nullable String group) {
    public static final Start EARLIEST = new Start(false, null, null);
    public static final Start LATEST = new Start(true, null, null);

    public Start {
      if ((latest ? 1 : 0) + (micros == null ? 0 : 1) + (group == null ? 0 : 1) > 1) {
        throw new IllegalArgumentException("Invalid start: must be one of time and group");
      }
    }
  }

  public KafkaSource {
    Objects.requireNonNull(access, "access is null");
    Objects.requireNonNull(format, "format is null");
    topics = List.copyOf(topics);
    if (topics.isEmpty()) {
      throw new IllegalArgumentException("Invalid topic: none given (must be at least one)");
    }
    columns = ordered(columns);
    timestampFormats = ordered(timestampFormats);
    metadata = ordered(metadata);
    boolean text = format == Format.JSON || format == Format.CSV;
    boolean avro = format == Format.AVRO || format == Format.CONFLUENT_AVRO;
    if (text == columns.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid columns: "
              + (text ? "none given" : "given")
              + " for "
              + SpecShape.word(format)
              + (text
                  ? " (messages have no header: name each column with its type)"
                  : avro ? " (the schema has them)" : " (there is one, named value)"));
    }
    if (format == Format.AVRO && (schema == null || registry != null)) {
      throw new IllegalArgumentException(
          "Invalid schema: avro needs a schema and no registry (say format: confluentAvro where"
              + " messages bear the number of theirs)");
    }
    if (format == Format.CONFLUENT_AVRO && schema == null && registry == null) {
      throw new IllegalArgumentException(
          "Invalid schema: none given (confluentAvro needs a schema, a registry or both)");
    }
    if (!avro && (schema != null || registry != null)) {
      throw new IllegalArgumentException(
          "Invalid schema: given for " + SpecShape.word(format) + " (only avro has one)");
    }
    if (!text && !timestampFormats.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid timestampFormats: given for "
              + SpecShape.word(format)
              + " (only json and csv have some)");
    }
    if (maxRecord < 16 || maxRecord > 256L << 20) {
      throw new IllegalArgumentException(
          "Invalid maxRecord: " + Sizes.format(maxRecord) + " (must be 16B to 256MiB)");
    }
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /** JSON of these columns, from the earliest message on. */
  public static KafkaSource json(String servers, String topic, Map<String, FieldType> columns) {
    return new KafkaSource(
        KafkaAccess.of(servers),
        List.of(topic),
        Format.JSON,
        columns,
        Map.of(),
        null,
        null,
        Map.of(),
        Tombstones.REJECT,
        DEFAULT_MAX_RECORD,
        Start.EARLIEST,
        false,
        DEFAULT_DISORDER,
        DEFAULT_IDLE);
  }

  /** Up to what the topics hold when the run begins. */
  public KafkaSource untilLatest() {
    return new KafkaSource(
        access,
        topics,
        format,
        columns,
        timestampFormats,
        schema,
        registry,
        metadata,
        tombstones,
        maxRecord,
        start,
        true,
        disorderMicros,
        idleMicros);
  }

  @Override
  public String kind() {
    return "kafka";
  }

  @Override
  public String toString() {
    return "kafka source";
  }
}
