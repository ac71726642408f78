package io.featurebeam.pipelines.spec;

/**
 * Where fitted features learn: records with an event time in [from, to) and no others, so that
 * nothing leaks from the time a model is judged on.
 *
 * @param path the file that the fitted state is written to
 * @param fromMicros first event time of the training range, microseconds since 1970 UTC
 * @param toMicros end of the training range, not part of it
 */
public record FitSpec(String path, long fromMicros, long toMicros) {

  public FitSpec {
    Names.path("fit path", path);
    if (fromMicros >= toMicros) {
      throw new IllegalArgumentException(
          "Invalid training range: from "
              + Times.format(fromMicros)
              + " to "
              + Times.format(toMicros)
              + " (from must be before to)");
    }
  }

  /** The range alone: the path may hold a secret. */
  @Override
  public String toString() {
    return "fit[" + Times.format(fromMicros) + ", " + Times.format(toMicros) + ")";
  }
}
