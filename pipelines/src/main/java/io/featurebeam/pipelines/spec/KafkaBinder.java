package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.FieldType;
import java.util.Locale;

/** Builds the Kafka value types from what was read of their sections. */
final class KafkaBinder {

  private KafkaBinder() {}

  static KafkaSource source(Values values) {
    Values registry = values.orNull("registry", Values.class);
    return new KafkaSource(
        access(values),
        values.list("topic", String.class),
        constant(KafkaSource.Format.class, values.text("format")),
        values.map("columns", FieldType.class),
        values.map("timestampFormats", String.class),
        values.orNull("schema", String.class),
        registry == null
            ? null
            : new KafkaSource.Registry(
                registry.text("url"),
                registry.orNull("username", String.class),
                registry.orNull("password", String.class),
                registry.orNull("truststore", String.class),
                registry.orNull("truststorePassword", String.class)),
        values.map("metadata", String.class),
        constant(KafkaSource.Tombstones.class, values.or("tombstones", String.class, "reject")),
        values.or("maxRecord", Long.class, SourceSpec.DEFAULT_MAX_RECORD),
        start(values),
        values.has("until"),
        values.or("disorder", Long.class, KafkaSource.DEFAULT_DISORDER),
        values.or("idle", Long.class, KafkaSource.DEFAULT_IDLE));
  }

  private static KafkaSource.Start start(Values values) {
    Object start = values.or("start", Object.class, "earliest");
    if (start instanceof Values given) {
      if (!given.has("time") && !given.has("group")) {
        throw new IllegalArgumentException("Invalid start: empty (must be time or group)");
      }
      return new KafkaSource.Start(
          false, given.orNull("time", Long.class), given.orNull("group", String.class));
    }
    return start.equals("latest") ? KafkaSource.Start.LATEST : KafkaSource.Start.EARLIEST;
  }

  static KafkaSink sink(Values values) {
    Values once = values.orNull("exactlyOnce", Values.class);
    return new KafkaSink(
        access(values),
        values.text("topic"),
        constant(KafkaSink.Format.class, values.or("format", String.class, "json")),
        values.list("key", String.class),
        values.map("headers", String.class),
        once == null
            ? null
            : new KafkaSink.ExactlyOnce(once.text("group"), once.or("writers", Long.class, 1L)));
  }

  private static KafkaAccess access(Values values) {
    Values tls = values.orNull("tls", Values.class);
    Values login = values.orNull("login", Values.class);
    return new KafkaAccess(
        values.text("servers"),
        tls == null
            ? null
            : new KafkaAccess.Tls(
                tls.orNull("truststore", String.class),
                tls.orNull("password", String.class),
                tls.orNull("keystore", String.class),
                tls.orNull("keystorePassword", String.class)),
        login == null
            ? null
            : new KafkaAccess.Login(
                KafkaAccess.Login.Mechanism.valueOf(
                    login.or("mechanism", String.class, "PLAIN").replace('-', '_')),
                login.text("username"),
                login.text("password")),
        values.map("properties", String.class));
  }

  /** The constant that {@link SpecShape#word(Enum)} writes so. */
  private static <E extends Enum<E>> E constant(Class<E> type, String word) {
    return Enum.valueOf(type, word.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT));
  }
}
