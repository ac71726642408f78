package io.featurebeam.io.file.publish;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of a published output.
 *
 * @param path relative to the output folder, with forward slashes
 * @param rows records
 * @param bytes its length
 * @param partition the partition values by part name, null for null
 * @param minEventTime microseconds since 1970; null if unknown
 * @param maxEventTime inclusive; null if unknown
 * @param content the {@link io.featurebeam.columnar.ContentHash} of its rows; null if unknown
 */
public record PublishedFile(
    String path,
    long rows,
    long bytes,
    Map<String, @Nullable String> partition,
    @Nullable Long minEventTime,
    @Nullable Long maxEventTime,
    @Nullable String content) {

  public PublishedFile {
    OutputFolder.checkInside(path);
    partition =
        Collections.unmodifiableMap(new LinkedHashMap<>(partition)); // Map.copyOf refuses null
  }

  /** Of rows whose content is not known. */
  PublishedFile(
      String path,
      long rows,
      long bytes,
      Map<String, @Nullable String> partition,
      @Nullable Long minEventTime,
      @Nullable Long maxEventTime) {
    this(path, rows, bytes, partition, minEventTime, maxEventTime, null);
  }
}
