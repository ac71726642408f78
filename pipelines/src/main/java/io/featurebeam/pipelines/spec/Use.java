package io.featurebeam.pipelines.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A rule, feature, aggregate or source by its provider's name, with its settings as written:
 * String, Long, Double, Boolean or a List of these. A length of time is text ({@code 1h}) as in
 * YAML.
 *
 * <pre>{@code
 * Use.of("between", "column", "delay", "min", -180, "max", 1440);
 * }</pre>
 *
 * <p>{@link Providers} checks the settings against the provider's parameters and makes the thing.
 */
public record Use(String provider, Map<String, Object> settings) {

  public Use {
    Objects.requireNonNull(provider, "provider is null");
    Map<String, Object> copy = new LinkedHashMap<>();
    settings.forEach((name, value) -> copy.put(name, canonical(name, value)));
    settings = Collections.unmodifiableMap(copy);
  }

  /** A use with settings given as name, value, name, value. */
  public static Use of(String provider, Object... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "Invalid settings of '"
              + provider
              + "': a name without a value (must be name, value, ...)");
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Use(provider, settings);
  }

  /** The setting that an error is about, by its name or value in the text; null if none shows. */
  @Nullable String settingIn(String message) {
    for (String name : settings.keySet()) {
      if (message.startsWith("Invalid " + name + ":")) {
        return name;
      }
    }
    if (message.startsWith("Duplicate")) { // of a name
      return null;
    }
    for (Map.Entry<String, Object> setting : settings.entrySet()) {
      List<?> values =
          setting.getValue() instanceof List<?> list ? list : List.of(setting.getValue());
      if (values.stream().anyMatch(value -> message.contains("'" + value + "'"))) {
        return setting.getKey();
      }
    }
    return null;
  }

  private static Object canonical(String name, Object value) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float number) {
      return number.doubleValue();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(element -> canonical(name, element)).toList();
    }
    if (value instanceof String
        || value instanceof Long
        || value instanceof Double
        || value instanceof Boolean) {
      return value;
    }
    throw new IllegalArgumentException(
        "Invalid setting '"
            + name
            + "': a "
            + (value == null ? "null" : value.getClass().getName())
            + " (must be text, a number, true or false, or a list of these)");
  }

  /** The names alone: a value may be a secret that came from the environment. */
  @Override
  public String toString() {
    return provider + settings.keySet();
  }
}
