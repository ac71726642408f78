package io.featurebeam.columnar;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The type of a column: what its values mean and, by {@link #storage()}, which array holds them.
 *
 * <p>Timestamps are microseconds since 1970-01-01T00:00Z, dates are days since 1970-01-01, times
 * are microseconds since midnight. A date or time has no zone; a timestamp is always UTC.
 */
public final class FieldType implements Serializable {

  private static final long serialVersionUID = 1L;

  /** What the values mean. */
  public enum Kind {
    BOOLEAN,
    INT64,
    FLOAT64,
    STRING,
    BYTES,
    TIMESTAMP,
    DATE,
    TIME,
    LIST
  }

  /** Which Java array holds the values. */
  public enum Storage {
    BOOLEAN,
    LONG,
    DOUBLE,
    BYTES,
    LIST
  }

  public static final FieldType BOOLEAN = new FieldType(Kind.BOOLEAN, Storage.BOOLEAN, null);
  public static final FieldType INT64 = new FieldType(Kind.INT64, Storage.LONG, null);
  public static final FieldType FLOAT64 = new FieldType(Kind.FLOAT64, Storage.DOUBLE, null);
  public static final FieldType STRING = new FieldType(Kind.STRING, Storage.BYTES, null);
  public static final FieldType BYTES = new FieldType(Kind.BYTES, Storage.BYTES, null);
  public static final FieldType TIMESTAMP = new FieldType(Kind.TIMESTAMP, Storage.LONG, null);
  public static final FieldType DATE = new FieldType(Kind.DATE, Storage.LONG, null);
  public static final FieldType TIME = new FieldType(Kind.TIME, Storage.LONG, null);

  private final Kind kind;
  private final Storage storage;
  private final @Nullable FieldType element;

  private FieldType(Kind kind, Storage storage, @Nullable FieldType element) {
    this.kind = kind;
    this.storage = storage;
    this.element = element;
  }

  /** A list of {@code element}; lists of lists are refused. */
  public static FieldType listOf(FieldType element) {
    Objects.requireNonNull(element, "element is null");
    if (element.kind == Kind.LIST) {
      throw new IllegalArgumentException("Invalid list element type: list (lists do not nest)");
    }
    return new FieldType(Kind.LIST, Storage.LIST, element);
  }

  /**
   * The type with this name, as {@link #toString()} prints it: {@code int64}, {@code list<string>}.
   */
  public static FieldType parse(String name) {
    Objects.requireNonNull(name, "name is null");
    if (name.startsWith("list<") && name.endsWith(">")) {
      return listOf(parse(name.substring(5, name.length() - 1)));
    }
    return switch (name) {
      case "boolean" -> BOOLEAN;
      case "int64" -> INT64;
      case "float64" -> FLOAT64;
      case "string" -> STRING;
      case "bytes" -> BYTES;
      case "timestamp" -> TIMESTAMP;
      case "date" -> DATE;
      case "time" -> TIME;
      default ->
          throw new IllegalArgumentException(
              "Unknown type: '"
                  + name
                  + "' (must be boolean, int64, float64, string, bytes, timestamp, date, time or"
                  + " list<type>)");
    };
  }

  public Kind kind() {
    return kind;
  }

  public Storage storage() {
    return storage;
  }

  /** The element type of a list; any other type has none and throws. */
  public FieldType element() {
    if (element == null) {
      throw new IllegalStateException("Type " + this + " has no elements (it is not a list)");
    }
    return element;
  }

  /** Whether arithmetic makes sense on the values: int64 and float64. */
  public boolean isNumeric() {
    return kind == Kind.INT64 || kind == Kind.FLOAT64;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof FieldType t && kind == t.kind && Objects.equals(element, t.element);
  }

  @Override
  public int hashCode() {
    return toString().hashCode(); // of names, so that it is the same in every JVM
  }

  @Override
  public String toString() {
    return switch (kind) {
      case BOOLEAN -> "boolean";
      case INT64 -> "int64";
      case FLOAT64 -> "float64";
      case STRING -> "string";
      case BYTES -> "bytes";
      case TIMESTAMP -> "timestamp";
      case DATE -> "date";
      case TIME -> "time";
      case LIST -> "list<" + element + ">";
    };
  }
}
