package io.featurebeam.examples;

import com.fasterxml.jackson.databind.JsonNode;
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

  static String whole(JsonNode row, String column) {
    JsonNode value = row.path(column);
    return value.isNumber() ? String.valueOf(value.asLong()) : ".";
  }

  static String number(JsonNode row, String column) {
    JsonNode value = row.path(column);
    return value.isNumber() ? String.format(Locale.ROOT, "%.2f", value.asDouble()) : ".";
  }
}
