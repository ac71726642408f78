package io.featurebeam.pipelines.spec;

import java.util.Locale;

/** Under construction: the declaration of the keys of the file. */
final class SpecShape {
  private SpecShape() {}

  /** An enum constant as YAML writes it: {@code WINDOW_CLOSE} is {@code windowClose}. */
  static String word(Enum<?> constant) {
    String[] parts = constant.name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder word = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      word.append(parts[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(parts[i].substring(1));
    }
    return word.toString();
  }
}
