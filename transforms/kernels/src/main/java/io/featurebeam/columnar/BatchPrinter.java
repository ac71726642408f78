package io.featurebeam.columnar;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Batches as people read them: an aligned table, UTC times in ISO 8601, control characters escaped.
 */
public final class BatchPrinter {

  private static final int MAX_WIDTH = 40;

  private BatchPrinter() {}

  /**
   * The first {@code limit} records as an aligned table with a header and a line that counts the
   * rest.
   */
  public static String print(RecordBatch batch, int limit) {
    int rows = Math.min(limit, batch.size());
    List<List<String>> cells = new ArrayList<>();
    for (int c = 0; c < batch.schema().size(); c++) {
      List<String> column = new ArrayList<>();
      column.add(shorten(escape(batch.schema().field(c).name())));
      for (int row = 0; row < rows; row++) {
        column.add(shorten(text(batch.column(c), row)));
      }
      cells.add(column);
    }
    int[] widths =
        cells.stream().mapToInt(c -> c.stream().mapToInt(String::length).max().orElse(0)).toArray();
    StringBuilder out = new StringBuilder();
    for (int line = 0; line <= rows; line++) {
      for (int c = 0; c < cells.size(); c++) {
        String cell = cells.get(c).get(line);
        int width = widths[c];
        boolean right = batch.column(c).type().isNumeric();
        String pad = " ".repeat(width - cell.length());
        out.append(c == 0 ? "" : "  ").append(right ? pad + cell : cell + pad);
      }
      while (out.length() > 0 && out.charAt(out.length() - 1) == ' ') {
        out.setLength(out.length() - 1);
      }
      out.append('\n');
    }
    if (rows < batch.size()) {
      out.append("... ").append(batch.size() - rows).append(" more records\n");
    }
    return out.toString();
  }

  /** One value as people read it; {@code null} for a null. */
  public static String text(Column column, int row) {
    return text(column.type(), column.value(row));
  }

  /** A value of {@link Column#value(int)} as people read it. */
  public static String text(FieldType type, @Nullable Object value) {
    if (value == null) {
      return "null";
    }
    return switch (type.kind()) {
      case TIMESTAMP -> timestamp((Long) value);
      case DATE -> date((Long) value);
      case TIME ->
          LocalTime.ofNanoOfDay(Math.floorMod((Long) value, 86_400_000_000L) * 1000).toString();
      case BYTES -> "0x" + HexFormat.of().formatHex((byte[]) value);
      case STRING -> escape((String) value);
      case LIST ->
          ((List<?>) value)
              .stream()
                  .map(e -> text(type.element(), e))
                  .collect(Collectors.joining(", ", "[", "]"));
      case BOOLEAN, INT64, FLOAT64 -> value.toString();
    };
  }

  /** ISO 8601 in UTC with as many digits of the second as needed. */
  public static String timestamp(long micros) {
    long second = Math.floorDiv(micros, 1_000_000L);
    int fraction = (int) Math.floorMod(micros, 1_000_000L);
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, 86_400L));
    if (date.getYear() < 0 || date.getYear() > 9999) { // which have a sign
      return Instant.ofEpochSecond(second, fraction * 1000L).toString();
    }
    int ofDay = (int) Math.floorMod(second, 86_400L);
    StringBuilder text = new StringBuilder(27).append(date).append('T');
    digits(text, ofDay / 3600, 10);
    digits(text.append(':'), ofDay / 60 % 60, 10);
    digits(text.append(':'), ofDay % 60, 10);
    if (fraction % 1000 != 0) {
      digits(text.append('.'), fraction, 100_000);
    } else if (fraction != 0) {
      digits(text.append('.'), fraction / 1000, 100);
    }
    return text.append('Z').toString();
  }

  private static void digits(StringBuilder text, int number, int place) {
    for (int p = place; p > 0; p /= 10) {
      text.append((char) ('0' + number / p % 10));
    }
  }

  private static String date(long days) {
    try {
      return LocalDate.ofEpochDay(days).toString();
    } catch (DateTimeException e) {
      return days + " days since 1970-01-01";
    }
  }

  /**
   * Control and invisible characters as escapes, so that data cannot move the cursor or forge a
   * line.
   */
  public static String escape(String text) {
    if (text.codePoints().noneMatch(BatchPrinter::isHidden)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 8);
    text.codePoints()
        .forEach(
            c -> {
              if (isHidden(c)) {
                out.append(String.format(Locale.ROOT, c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  private static String shorten(String text) {
    if (text.length() <= MAX_WIDTH) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_WIDTH - 2)) ? MAX_WIDTH - 2 : MAX_WIDTH - 1;
    return text.substring(0, end) + "…";
  }
}
