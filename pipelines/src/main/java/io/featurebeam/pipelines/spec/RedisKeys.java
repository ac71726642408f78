package io.featurebeam.pipelines.spec;

import io.featurebeam.time.Spans;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of a Redis sink, from YAML and back. */
final class RedisKeys {

  private RedisKeys() {}

  static RedisSink sink(Values values) {
    Values tls = values.orNull("tls", Values.class);
    Values login = values.orNull("login", Values.class);
    return new RedisSink(
        values.text("server"),
        values.orNull("group", String.class),
        values.or("ttl", Long.class, 0L),
        tls == null
            ? null
            : new RedisSink.Tls(
                tls.orNull("truststore", String.class), tls.orNull("password", String.class)),
        login == null
            ? null
            : new RedisSink.Login(login.orNull("user", String.class), login.text("password")),
        values.or("database", Long.class, 0L),
        values.or("overwrite", Boolean.class, false));
  }

  static Map<String, Object> of(RedisSink sink) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("server", sink.server());
    put(keys, "group", sink.group());
    if (sink.ttlMicros() > 0) {
      keys.put("ttl", Spans.format(sink.ttlMicros()));
    }
    RedisSink.Tls tls = sink.tls();
    if (tls != null) {
      Map<String, Object> section = new LinkedHashMap<>();
      put(section, "truststore", tls.truststore());
      put(section, "password", tls.password());
      keys.put("tls", section);
    }
    RedisSink.Login login = sink.login();
    if (login != null) {
      Map<String, Object> section = new LinkedHashMap<>();
      put(section, "user", login.user());
      section.put("password", login.password());
      keys.put("login", section);
    }
    if (sink.database() > 0) {
      keys.put("database", sink.database());
    }
    if (sink.overwrite()) {
      keys.put("overwrite", true);
    }
    return keys;
  }

  private static void put(Map<String, Object> keys, String key, @Nullable Object value) {
    if (value != null) {
      keys.put(key, value);
    }
  }
}
