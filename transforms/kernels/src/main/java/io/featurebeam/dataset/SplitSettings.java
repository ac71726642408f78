package io.featurebeam.dataset;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;

/** A split as flat settings. */
final class SplitSettings {

  static final List<Parameter> PARAMETERS =
      List.of(
          required("by", Parameter.Kind.STRING, "key or time."),
          required(
              "names", Parameter.Kind.STRINGS, "The parts, such as train, validation and test."),
          optional("keys", Parameter.Kind.COLUMNS, "By key: the columns; whose order is all one."),
          optional(
              "shares",
              Parameter.Kind.NUMBERS,
              "By key: the share of each part but the last, which takes the rest."),
          optional(
              "seed",
              Parameter.Kind.INTEGER,
              "By key: another seed gives another, independent choice (default: 0)."),
          optional("time", Parameter.Kind.COLUMN, "By time: a timestamp or date."),
          optional(
              "until",
              Parameter.Kind.STRINGS,
              "By time: the end of each part but the last, not part of it, ISO 8601 in UTC; the last"
                  + " takes the rest."));

  private static final List<String> OF_KEYS = List.of("keys", "shares", "seed");
  private static final List<String> OF_TIME = List.of("time", "until");

  private SplitSettings() {}

  static Split split(Settings settings) {
    String by = settings.string("by");
    List<String> names = settings.strings("names");
    return switch (by) {
      case "key" -> {
        refuse(settings, by, OF_TIME);
        yield byKey(settings, names);
      }
      case "time" -> {
        refuse(settings, by, OF_KEYS);
        yield byTime(settings, names);
      }
      default ->
          throw new IllegalArgumentException("Invalid by: '" + by + "' (must be key or time)");
    };
  }

  private static void refuse(Settings settings, String by, List<String> others) {
    for (String other : others) {
      if (settings.has(other)) {
        throw new IllegalArgumentException(
            "Invalid parameter: '" + other + "' means nothing in a split by " + by);
      }
    }
  }

  private static KeySplit byKey(Settings settings, List<String> names) {
    List<Double> shares = settings.numbers("shares");
    if (shares.size() + 1 != names.size()) {
      throw new IllegalArgumentException(
          "Invalid shares: "
              + shares.size()
              + " for "
              + names.size()
              + " names (must be one fewer; the last name takes the rest)");
    }
    KeySplit.Builder builder = KeySplit.by(settings.strings("keys"));
    for (int i = 0; i < shares.size(); i++) {
      builder.share(names.get(i), shares.get(i));
    }
    return builder.rest(names.get(names.size() - 1)).withSeed(settings.integer("seed", 0));
  }

  private static TimeSplit byTime(Settings settings, List<String> names) {
    List<String> until = settings.has("until") ? settings.strings("until") : List.of();
    if (until.size() + 1 != names.size()) {
      throw new IllegalArgumentException(
          "Invalid until: "
              + until.size()
              + " times for "
              + names.size()
              + " names (must be one fewer; the last name takes the rest)");
    }
    TimeSplit.Builder builder = TimeSplit.by(settings.string("time"));
    for (int i = 0; i < until.size(); i++) {
      builder.until(names.get(i), time(until.get(i)));
    }
    return builder.rest(names.get(names.size() - 1));
  }

  private static Instant time(String text) {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "Invalid until: '" + text + "' (must be such as 2025-01-31 or 2025-01-31T12:00:00Z)", e);
    }
  }
}
