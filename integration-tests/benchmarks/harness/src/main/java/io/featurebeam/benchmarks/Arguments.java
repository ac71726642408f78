package io.featurebeam.benchmarks;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The {@code --name=value} (or {@code --name value}) arguments of a benchmark program.
 *
 * <p>A program reads what it knows and then calls {@link #rejectUnread()}, so that a mistyped
 * option fails instead of silently measuring the default.
 */
public final class Arguments {
  private final Map<String, String> values;
  private final Map<String, String> unread;

  private Arguments(Map<String, String> values) {
    this.values = Collections.unmodifiableMap(values);
    this.unread = new TreeMap<>(values);
  }

  public static Arguments parse(String... args) {
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < args.length; i++) {
      String argument = args[i];
      if (!argument.startsWith("--")) {
        throw new IllegalArgumentException(
            "Unexpected argument: " + argument + " (options are given as --name=value)");
      }
      int equals = argument.indexOf('=');
      String name;
      String value;
      if (equals >= 0) {
        name = argument.substring(2, equals);
        value = argument.substring(equals + 1);
      } else if (i + 1 < args.length) {
        name = argument.substring(2);
        value = args[++i];
      } else {
        throw new IllegalArgumentException("Option without a value: " + argument);
      }
      if (values.put(name, value) != null) {
        throw new IllegalArgumentException("Option given twice: --" + name);
      }
    }
    return new Arguments(values);
  }

  public String required(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("Missing option: --" + name + "=...");
    }
    unread.remove(name);
    return value;
  }

  public String optional(String name, String otherwise) {
    unread.remove(name);
    return values.getOrDefault(name, otherwise);
  }

  public long optional(String name, long otherwise) {
    String value = optional(name, Long.toString(otherwise));
    try {
      return Long.parseLong(value.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Option --" + name + " is not a whole number: " + value, e);
    }
  }

  public double optional(String name, double otherwise) {
    String value = optional(name, Double.toString(otherwise));
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Option --" + name + " is not a number: " + value, e);
    }
  }

  public boolean optional(String name, boolean otherwise) {
    String value = optional(name, Boolean.toString(otherwise));
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException(
          "Option --" + name + " is neither true nor false: " + value);
    }
    return Boolean.parseBoolean(value);
  }

  /** Fails if an option was given that nothing has asked for. */
  public void rejectUnread() {
    if (!unread.isEmpty()) {
      throw new IllegalArgumentException("Unknown options: " + unread.keySet());
    }
  }
}
