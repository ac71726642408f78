package io.featurebeam.pipelines.spec;

import io.featurebeam.time.Spans;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The keys of a table in a database, from YAML and back. */
final class JdbcKeys {

  private JdbcKeys() {}

  static JdbcSink sink(Values values) {
    return new JdbcSink(
        values.text("url"),
        values.orNull("table", String.class),
        values.or("schema", String.class, JdbcSink.DEFAULT_SCHEMA),
        values.text("user"),
        values.orNull("password", String.class),
        values.or("ttl", Long.class, 0L),
        values.or("addColumns", Boolean.class, false),
        values.or("overwrite", Boolean.class, false));
  }

  static Map<String, Object> of(JdbcSink sink) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("url", sink.url());
    keys.put("user", sink.user());
    Optional.ofNullable(sink.password()).ifPresent(password -> keys.put("password", password));
    if (!sink.schema().equals(JdbcSink.DEFAULT_SCHEMA)) {
      keys.put("schema", sink.schema());
    }
    Optional.ofNullable(sink.table()).ifPresent(table -> keys.put("table", table));
    if (sink.ttlMicros() > 0) {
      keys.put("ttl", Spans.format(sink.ttlMicros()));
    }
    if (sink.addColumns()) {
      keys.put("addColumns", true);
    }
    if (sink.overwrite()) {
      keys.put("overwrite", true);
    }
    return keys;
  }
}
