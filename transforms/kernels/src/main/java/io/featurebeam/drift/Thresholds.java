package io.featurebeam.drift;

import static io.featurebeam.settings.Parameter.optional;

import io.featurebeam.settings.Parameter;

/** What thresholds must be. */
final class Thresholds {

  private Thresholds() {}

  static void check(double threshold) {
    if (!(threshold >= 0 && threshold <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "Invalid threshold: " + threshold + " (must be a number, 0 or more)");
    }
  }

  static Parameter parameter(double otherwise) {
    return optional(
        "threshold",
        Parameter.Kind.NUMBER,
        "A value above it is drift; " + Texts.number(otherwise) + ".");
  }
}
