package io.featurebeam.rule;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which records with nulls a rule over two columns lets pass; the others with a null fail. */
enum Ignore {
  /** Those with a null in either column. */
  EITHER_NULL,
  /** Those with a null in both. */
  BOTH_NULL,
  /** None. */
  NEVER;

  boolean passes(boolean leftIsNull, boolean rightIsNull) {
    return switch (this) {
      case EITHER_NULL -> leftIsNull || rightIsNull;
      case BOTH_NULL -> leftIsNull && rightIsNull;
      case NEVER -> false;
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As it stands in an id: nothing for the default. */
  String suffix() {
    return this == EITHER_NULL ? "" : ", ignore " + word();
  }

  static Parameter parameter() {
    return Parameter.optional(
        "ignore",
        Parameter.Kind.STRING,
        "Which records pass without being compared: either_null (the default), both_null (a null"
            + " beside a value fails) or never (a null fails).");
  }

  static Ignore of(Settings settings) {
    String given = settings.string("ignore", EITHER_NULL.word());
    List<String> words = Arrays.stream(values()).map(Ignore::word).toList();
    int at = words.indexOf(given);
    if (at < 0) {
      throw new IllegalArgumentException(
          "Invalid ignore: '" + given + "' (must be either_null, both_null or never)");
    }
    return values()[at];
  }
}
