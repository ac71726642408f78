package io.featurebeam.aggregate;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;

/** The type checks that several aggregates make, with one wording. */
final class ColumnTypes {

  private ColumnTypes() {}

  /** The type of an int64 or float64 column; any other is refused. */
  static FieldType numeric(String aggregate, RecordSchema schema, String column) {
    FieldType type = schema.field(column).type();
    if (!type.isNumeric()) {
      throw refusal(aggregate, column, type, "int64 or float64");
    }
    return type;
  }

  /** The type of a column of numbers, timestamps, dates or times; any other is refused. */
  static FieldType ordered(String aggregate, RecordSchema schema, String column) {
    FieldType type = schema.field(column).type();
    if (!type.isNumeric() && type.storage() != FieldType.Storage.LONG) {
      throw refusal(aggregate, column, type, "int64, float64, timestamp, date or time");
    }
    return type;
  }

  /** The type of a column of anything but lists. */
  static FieldType scalar(String aggregate, RecordSchema schema, String column) {
    FieldType type = schema.field(column).type();
    if (type.kind() == FieldType.Kind.LIST) {
      throw refusal(aggregate, column, type, "anything but a list");
    }
    return type;
  }

  static IllegalArgumentException refusal(
      String aggregate, String column, FieldType type, String wanted) {
    return new IllegalArgumentException(
        "Invalid column for "
            + aggregate
            + ": '"
            + column
            + "' is "
            + type
            + " (must be "
            + wanted
            + ")");
  }
}
