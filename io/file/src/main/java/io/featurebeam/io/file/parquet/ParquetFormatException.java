package io.featurebeam.io.file.parquet;

/**
 * A file that cannot be read as Parquet: truncated, damaged, or written with a feature that this
 * reader does not have. The message names the file and, where it is known, the column and row.
 * Reading it again gives the same error.
 */
public class ParquetFormatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ParquetFormatException(String message) {
    super(message);
  }

  ParquetFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
