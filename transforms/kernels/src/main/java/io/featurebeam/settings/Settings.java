package io.featurebeam.settings;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that a user gave for a provider's parameters. Types and required parameters were
 * checked against the declaration before; a provider checks what only it can know (min not above
 * max) and throws {@link IllegalArgumentException} with name, value and rule, to which the caller
 * adds where it stands.
 */
public record Settings(Map<String, Object> values) {

  public Settings {
    values = Map.copyOf(values);
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public String string(String name) {
    return (String) required(name);
  }

  public @Nullable String stringOrNull(String name) {
    return (String) values.get(name);
  }

  public String string(String name, String otherwise) {
    return (String) values.getOrDefault(name, otherwise);
  }

  @SuppressWarnings("unchecked") // checked against the declared kind when the settings were made
  public List<String> strings(String name) {
    return (List<String>) required(name);
  }

  @SuppressWarnings("unchecked") // checked against the declared kind when the settings were made
  public List<Double> numbers(String name) {
    return (List<Double>) required(name);
  }

  @SuppressWarnings("unchecked") // checked against the declared kind when the settings were made
  public List<Object> values(String name) {
    return (List<Object>) required(name);
  }

  @SuppressWarnings("unchecked") // checked against the declared kind when the settings were made
  public List<List<Object>> tuples(String name) {
    return (List<List<Object>>) required(name);
  }

  public Object value(String name) {
    return required(name);
  }

  public double number(String name) {
    return (Double) required(name);
  }

  public double number(String name, double otherwise) {
    return (Double) values.getOrDefault(name, otherwise);
  }

  public long integer(String name) {
    return (Long) required(name);
  }

  public long integer(String name, long otherwise) {
    return (Long) values.getOrDefault(name, otherwise);
  }

  public boolean flag(String name, boolean otherwise) {
    return (Boolean) values.getOrDefault(name, otherwise);
  }

  private Object required(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("Missing parameter: '" + name + "'");
    }
    return value;
  }
}
