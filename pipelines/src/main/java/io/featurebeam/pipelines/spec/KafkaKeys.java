package io.featurebeam.pipelines.spec;

import io.featurebeam.time.Spans;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Kafka value types as keys of YAML; those at their default are left out. */
final class KafkaKeys {

  private final Map<String, Object> keys = new LinkedHashMap<>();

  private KafkaKeys(KafkaAccess access) {
    keys.put("servers", access.servers());
  }

  static Map<String, Object> of(KafkaSource source) {
    KafkaKeys of = new KafkaKeys(source.access());
    of.keys.put(
        "topic",
        source.topics().size() == 1
            ? source.topics().get(0)
            : new ArrayList<Object>(source.topics()));
    of.keys.put("format", SpecShape.word(source.format()));
    of.texts("columns", source.columns());
    of.texts("timestampFormats", source.timestampFormats());
    of.text("schema", source.schema());
    KafkaSource.Registry registry = source.registry();
    if (registry != null) {
      Map<String, Object> section = new LinkedHashMap<>();
      section.put("url", registry.url());
      put(section, "username", registry.username());
      put(section, "password", registry.password());
      put(section, "truststore", registry.truststore());
      put(section, "truststorePassword", registry.truststorePassword());
      of.keys.put("registry", section);
    }
    of.texts("metadata", source.metadata());
    if (source.tombstones() != KafkaSource.Tombstones.REJECT) {
      of.keys.put("tombstones", SpecShape.word(source.tombstones()));
    }
    if (source.maxRecord() != SourceSpec.DEFAULT_MAX_RECORD) {
      of.keys.put("maxRecord", Sizes.format(source.maxRecord()));
    }
    of.start(source.start());
    if (source.bounded()) {
      of.keys.put("until", "latest");
    }
    if (source.disorderMicros() != KafkaSource.DEFAULT_DISORDER) {
      of.keys.put("disorder", Spans.format(source.disorderMicros()));
    }
    if (source.idleMicros() != KafkaSource.DEFAULT_IDLE) {
      of.keys.put("idle", Spans.format(source.idleMicros()));
    }
    return of.access(source.access());
  }

  static Map<String, Object> of(KafkaSink sink) {
    KafkaKeys of = new KafkaKeys(sink.access());
    of.keys.put("topic", sink.topic());
    if (sink.format() != KafkaSink.Format.JSON) {
      of.keys.put("format", SpecShape.word(sink.format()));
    }
    if (!sink.key().isEmpty()) {
      of.keys.put("key", new ArrayList<Object>(sink.key()));
    }
    of.texts("headers", sink.headers());
    KafkaSink.ExactlyOnce once = sink.exactlyOnce();
    if (once != null) {
      Map<String, Object> section = new LinkedHashMap<>();
      section.put("group", once.group());
      section.put("writers", once.writers());
      of.keys.put("exactlyOnce", section);
    }
    return of.access(sink.access());
  }

  private void start(KafkaSource.Start start) {
    Long time = start.micros();
    if (start.latest()) {
      keys.put("start", "latest");
    } else if (time != null) {
      keys.put("start", Map.of("time", Times.format(time)));
    } else if (start.group() != null) {
      keys.put("start", Map.of("group", start.group()));
    }
  }

  private Map<String, Object> access(KafkaAccess access) {
    KafkaAccess.Tls tls = access.tls();
    if (tls != null) {
      Map<String, Object> section = new LinkedHashMap<>();
      put(section, "truststore", tls.truststore());
      put(section, "password", tls.password());
      put(section, "keystore", tls.keystore());
      put(section, "keystorePassword", tls.keystorePassword());
      keys.put("tls", section);
    }
    KafkaAccess.Login login = access.login();
    if (login != null) {
      Map<String, Object> section = new LinkedHashMap<>();
      section.put("mechanism", login.mechanism().word());
      section.put("username", login.username());
      section.put("password", login.password());
      keys.put("login", section);
    }
    texts("properties", access.properties());
    return keys;
  }

  private void text(String key, @Nullable String value) {
    put(keys, key, value);
  }

  private static void put(Map<String, Object> section, String key, @Nullable String value) {
    if (value != null) {
      section.put(key, value);
    }
  }

  private void texts(String key, Map<String, ?> values) {
    if (!values.isEmpty()) {
      Map<String, Object> texts = new LinkedHashMap<>();
      values.forEach((name, value) -> texts.put(name, value.toString()));
      keys.put(key, texts);
    }
  }
}
