package io.featurebeam.io.file.parquet;

/** A value that its column's type here cannot hold; the message shows it, with row and column. */
public final class InvalidValueException extends ParquetFormatException {

  private static final long serialVersionUID = 1L;

  private final String place;
  private final String column;

  InvalidValueException(String place, String column, ColumnBuffer.BadValue value) {
    super(place + ": " + value.getMessage(), value);
    this.place = place;
    this.column = column;
  }

  /** The column. */
  public String column() {
    return column;
  }

  /** The same for a column whose values must not be seen. */
  public ParquetFormatException withoutValue() {
    return new ParquetFormatException(place + ": a masked value is out of range");
  }
}
