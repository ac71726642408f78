package io.featurebeam.io.file.publish;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A complete file that nobody sees yet.
 *
 * @param tempPath where it lies, relative to the output folder
 * @param folder where it belongs, relative to the output folder; empty or with a slash at its end
 * @param partition the partition values by part name, null for null
 * @param rows records
 * @param bytes its length
 * @param minEventTime microseconds since 1970; null if no event time column is declared or all are
 *     null
 * @param maxEventTime inclusive, as {@code minEventTime}
 * @param content the {@link io.featurebeam.columnar.ContentHash} of its rows; null if nobody asked
 */
public record WrittenFile(
    String tempPath,
    String folder,
    Map<String, @Nullable String> partition,
    long rows,
    long bytes,
    @Nullable Long minEventTime,
    @Nullable Long maxEventTime,
    @Nullable String content)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  public WrittenFile {
    partition =
        Collections.unmodifiableMap(new LinkedHashMap<>(partition)); // Map.copyOf refuses null
  }

  /** Of rows whose content nobody asked for. */
  WrittenFile(
      String tempPath,
      String folder,
      Map<String, @Nullable String> partition,
      long rows,
      long bytes,
      @Nullable Long minEventTime,
      @Nullable Long maxEventTime) {
    this(tempPath, folder, partition, rows, bytes, minEventTime, maxEventTime, null);
  }

  /** What follows the first dot of its name: {@code jsonl.gz}. */
  String extension() {
    String name = tempPath.substring(tempPath.lastIndexOf('/') + 1);
    return name.substring(name.indexOf('.') + 1);
  }
}
