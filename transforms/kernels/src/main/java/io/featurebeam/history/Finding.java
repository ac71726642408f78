package io.featurebeam.history;

import java.util.Objects;

/**
 * A point that does not fit.
 *
 * @param time of the point
 * @param value of the point
 * @param words for people: which metric, when, what it was, and what it must be
 */
public record Finding(long time, double value, String words) {

  public Finding {
    Objects.requireNonNull(words, "words is null");
  }
}
