package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.Spelling;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import io.featurebeam.time.Spans;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings as written, checked against a provider's parameters and given the declared Java types.
 */
final class SettingTypes {

  private SettingTypes() {}

  static Settings settings(Providers.Offer offer, Map<String, Object> written) {
    Map<String, Object> typed = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : written.entrySet()) {
      typed.put(entry.getKey(), typed(parameter(offer, entry.getKey()), entry.getValue()));
    }
    for (Parameter parameter : offer.parameters()) {
      if (parameter.required() && !typed.containsKey(parameter.name())) {
        throw new IllegalArgumentException(missing(offer, parameter));
      }
    }
    return new Settings(typed);
  }

  static Parameter parameter(Providers.Offer offer, String name) {
    for (Parameter parameter : offer.parameters()) {
      if (parameter.name().equals(name)) {
        return parameter;
      }
    }
    throw new IllegalArgumentException(unknown(offer, name, offer.parameterNames()));
  }

  static String unknown(Providers.Offer offer, String name, List<String> known) {
    return "Unknown setting of '"
        + offer.name()
        + "': '"
        + name
        + "'"
        + (known.isEmpty() ? " (takes none)" : Spelling.hint(name, known));
  }

  static String missing(Providers.Offer offer, Parameter parameter) {
    return "Missing '"
        + parameter.name()
        + "' of '"
        + offer.name()
        + "': "
        + parameter.description();
  }

  /**
   * The value in the type that {@link Parameter.Kind} promises; one scalar stands for a list of
   * one.
   */
  static Object typed(Parameter parameter, Object value) {
    return switch (parameter.kind()) {
      case COLUMN, STRING, EXPRESSION -> text(parameter, value);
      case NUMBER -> number(parameter, value);
      case INTEGER -> require(parameter, value, Long.class, "a whole number");
      case BOOLEAN -> require(parameter, value, Boolean.class, "true or false");
      case DURATION ->
          span(
              parameter.name(),
              require(parameter, value, String.class, "a length of time such as 1h"));
      case VALUE -> scalar(parameter, value);
      case COLUMNS, STRINGS -> list(parameter, value, SettingTypes::text);
      case NUMBERS -> list(parameter, value, SettingTypes::number);
      case VALUES -> list(parameter, value, SettingTypes::scalar);
      case TUPLES -> list(parameter, value, SettingTypes::tuple);
    };
  }

  /** {@link Spans#parse} with an error that names what the length is of. */
  static long span(String what, String text) {
    try {
      return Spans.parse(text);
    } catch (IllegalArgumentException e) {
      String message =
          String.valueOf(e.getMessage()).replace("Invalid length of time", "Invalid " + what);
      throw new IllegalArgumentException(
          message.contains("for example") ? message : message + "; use for example 1h", e);
    }
  }

  private interface Typing<T> {
    T typed(Parameter parameter, Object value);
  }

  private static <T> List<T> list(Parameter parameter, Object value, Typing<T> typing) {
    List<?> elements = value instanceof List<?> list ? list : List.of(value);
    List<T> typed = new ArrayList<>(elements.size());
    for (Object element : elements) {
      typed.add(typing.typed(parameter, element));
    }
    return List.copyOf(typed);
  }

  private static String text(Parameter parameter, Object value) {
    return require(parameter, value, String.class, "text");
  }

  private static Double number(Parameter parameter, Object value) {
    return value instanceof Long whole
        ? (Double) whole.doubleValue()
        : require(parameter, value, Double.class, "a number");
  }

  private static Object scalar(Parameter parameter, Object value) {
    if (value instanceof List) {
      throw wrong(parameter, "one value", value);
    }
    return value;
  }

  private static List<Object> tuple(Parameter parameter, Object value) {
    if (value instanceof List) {
      return list(parameter, value, SettingTypes::scalar);
    }
    throw wrong(parameter, "lists of values such as [[a, b], [a, c]]", value);
  }

  private static <T> T require(Parameter parameter, Object value, Class<T> type, String what) {
    if (!type.isInstance(value)) {
      throw wrong(parameter, what, value);
    }
    return type.cast(value);
  }

  private static IllegalArgumentException wrong(Parameter parameter, String what, Object value) {
    String shown = value instanceof String ? "'" + value + "'" : String.valueOf(value);
    return new IllegalArgumentException(
        "Invalid " + parameter.name() + ": " + shown + " (must be " + what + ")");
  }
}
