package io.featurebeam.pipelines.report;

/**
 * How far a run is.
 *
 * @param records read so far
 * @param rejects of them, so far
 */
public record ProgressCounts(long records, long rejects) {

  public static final ProgressCounts NONE = new ProgressCounts(0, 0);

  public ProgressCounts {
    if (records < 0 || rejects < 0) {
      throw new IllegalArgumentException(
          "Invalid progress: " + records + " records, " + rejects + " rejects (must be >= 0)");
    }
  }
}
