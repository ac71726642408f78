package io.featurebeam.io.file.text;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Parses one record at a time into {@link Columns}: for sources that have records already, such as
 * messages. Not thread-safe.
 */
@FunctionalInterface
public interface RecordParser {

  /**
   * Appends the record in {@code b} from {@code from} (inclusive) to {@code to} (exclusive) to each
   * column.
   *
   * @return null, or what is wrong with the record, for people; then some columns may have a value
   *     of it, to be taken back
   */
  @Nullable String parse(byte[] b, int from, int to) throws IOException;
}
