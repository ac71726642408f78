package io.featurebeam.settings;

import java.util.Objects;

/**
 * A parameter that a provider takes.
 *
 * @param name its key in YAML, lowerCamelCase
 * @param kind what values it takes
 * @param required whether it must be given
 * @param description one sentence for the reference and the editor, with unit and default
 */
public record Parameter(String name, Kind kind, boolean required, String description) {

  /** What values a parameter takes, and the Java type that {@link Settings} hold. */
  public enum Kind {
    /** A column's name: String. */
    COLUMN,
    /** Columns' names: List of String. */
    COLUMNS,
    /** Text: String. */
    STRING,
    /** Texts: List of String. */
    STRINGS,
    /** A number: Double. */
    NUMBER,
    /** Numbers: List of Double. */
    NUMBERS,
    /** A whole number: Long. */
    INTEGER,
    /** true or false: Boolean. */
    BOOLEAN,
    /** One scalar of any kind: String, Double, Long or Boolean. */
    VALUE,
    /** Scalars of any kind: List of String, Double, Long or Boolean. */
    VALUES,
    /** Lists of scalars of any kind: List of List. */
    TUPLES,
    /** A length of time such as 30s, 5m, 1h, 7d: Long, in microseconds. */
    DURATION,
    /** A CEL expression over columns: String. */
    EXPRESSION
  }

  public Parameter {
    Objects.requireNonNull(name, "name is null");
    Objects.requireNonNull(kind, "kind is null");
    Objects.requireNonNull(description, "description is null");
  }

  public static Parameter required(String name, Kind kind, String description) {
    return new Parameter(name, kind, true, description);
  }

  public static Parameter optional(String name, Kind kind, String description) {
    return new Parameter(name, kind, false, description);
  }
}
