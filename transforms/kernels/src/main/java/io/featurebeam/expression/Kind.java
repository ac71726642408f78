package io.featurebeam.expression;

import io.featurebeam.columnar.FieldType;

/**
 * What the values of a node mean. CEL has no date or time of day: they are read as the nearest it
 * has.
 */
enum Kind {
  BOOLEAN("boolean"),
  INT("int64"),
  DOUBLE("float64"),
  STRING("string"),
  BYTES("bytes"),
  /** Microseconds since 1970 UTC; a date is its midnight. */
  TIMESTAMP("timestamp"),
  /** Microseconds; a time of day is the duration since midnight. */
  DURATION("duration"),
  LIST("list"),
  NULL("null");

  private final String label;

  Kind(String label) {
    this.label = label;
  }

  static Kind of(FieldType type) {
    return switch (type.kind()) {
      case BOOLEAN -> BOOLEAN;
      case INT64 -> INT;
      case FLOAT64 -> DOUBLE;
      case STRING -> STRING;
      case BYTES -> BYTES;
      case TIMESTAMP, DATE -> TIMESTAMP;
      case TIME -> DURATION;
      case LIST -> LIST;
    };
  }

  boolean isNumeric() {
    return this == INT || this == DOUBLE;
  }

  @Override
  public String toString() {
    return label;
  }
}
