package io.featurebeam.columnar;

import java.io.Serializable;
import java.util.Objects;

/** A column's name and type, and whether it may hold nulls. */
public record Field(String name, FieldType type, boolean nullable) implements Serializable {

  public Field {
    Objects.requireNonNull(name, "name is null");
    Objects.requireNonNull(type, "type is null");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("Invalid column name: '' (must not be empty)");
    }
  }

  /** A column that may hold nulls. */
  public static Field of(String name, FieldType type) {
    return new Field(name, type, true);
  }

  /** A column that never holds a null. */
  public static Field required(String name, FieldType type) {
    return new Field(name, type, false);
  }

  @Override
  public String toString() {
    return name + " " + type + (nullable ? "" : " not null");
  }
}
