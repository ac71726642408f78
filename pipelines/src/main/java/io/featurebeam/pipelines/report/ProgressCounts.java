package io.featurebeam.pipelines.report;

/**
 * How far a run is.
 *
 * @param records read so far
 * @param rejects of them, so far
 * @param written rows written so far
 */
public record ProgressCounts(long records, long rejects, long written) {

  public static final ProgressCounts NONE = new ProgressCounts(0, 0, 0);

  public ProgressCounts {
    if (records < 0 || rejects < 0 || written < 0) {
      throw new IllegalArgumentException(
          "Invalid progress: "
              + records
              + " records, "
              + rejects
              + " rejects, "
              + written
              + " written (must be >= 0)");
    }
  }
}
