package io.featurebeam.io.file.write;

import java.io.Serializable;

/**
 * Bounds on what one worker thread writes at a time.
 *
 * @param targetFileBytes a file that is about this long is completed; 256 MiB unless told otherwise
 * @param maxOpenFiles partitions written at the same time; 64 unless told otherwise
 * @param maxMemoryBytes held by open files together, as soon as there are two; 256 MiB unless told
 *     otherwise
 */
public record WriteLimits(long targetFileBytes, int maxOpenFiles, long maxMemoryBytes)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  public WriteLimits {
    if (targetFileBytes < 1) {
      throw new IllegalArgumentException(
          "Invalid target file bytes: " + targetFileBytes + " (must be > 0)");
    }
    if (maxOpenFiles < 1) {
      throw new IllegalArgumentException(
          "Invalid number of open files: " + maxOpenFiles + " (must be > 0)");
    }
    if (maxMemoryBytes < 1) {
      throw new IllegalArgumentException(
          "Invalid memory bytes: " + maxMemoryBytes + " (must be > 0)");
    }
  }

  public static WriteLimits defaults() {
    return new WriteLimits(256L << 20, 64, 256L << 20);
  }
}
