package io.featurebeam.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Values of a row as a table shows them; a point where there is none. */
final class Lines {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.ROOT);

  private Lines() {}

  static String time(JsonNode row, String column) {
    return OffsetDateTime.parse(row.path(column).asText())
        .withOffsetSameInstant(ZoneOffset.UTC)
        .format(TIME);
  }

  /** In the greatest unit of which it has one. */
  static String age(Duration age) {
    double minutes = age.toMillis() / 60_000.0;
    return minutes < 60
        ? String.format(Locale.ROOT, "%.0f min", minutes)
        : minutes < 24 * 60
            ? String.format(Locale.ROOT, "%.1f h", minutes / 60)
            : String.format(Locale.ROOT, "%.1f d", minutes / (24 * 60));
  }

  static String whole(JsonNode row, String column) {
    JsonNode value = row.path(column);
    return value.isNumber() ? String.valueOf(value.asLong()) : ".";
  }

  static String number(JsonNode row, String column) {
    JsonNode value = row.path(column);
    return value.isNumber() ? String.format(Locale.ROOT, "%.2f", value.asDouble()) : ".";
  }
}
