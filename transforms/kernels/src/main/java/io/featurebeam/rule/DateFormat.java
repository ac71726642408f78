package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;

/**
 * A string is a date or time as {@code strftime} of C and Python writes it in a format such as
 * {@code %Y-%m-%d}, and one that there is: 30 February fails. Null passes; the empty string fails.
 * Numbers have all of their digits ({@code 01} for {@code %d}), names are English.
 *
 * <p>Directives: {@code %Y %y %m %d %j}, {@code %H %I %p %M %S %f}, {@code %b %B %a %A}, {@code %z}
 * ({@code +0200}, {@code +02:00} or {@code Z}) and {@code %%}. Two digits of a year are 1969 to
 * 2068, as in POSIX; {@code %f} is one to six digits of a second.
 */
record DateFormat(String column, String format) implements TextRule {

  DateFormat {
    Objects.requireNonNull(column, "column is null");
    List<DateTimeFormatter> unused =
        Strftime.formatters(format); // so that a bad one is an error now
  }

  @Override
  public String id() {
    return "date_format(" + column + ", " + format + ")";
  }

  @Override
  public String requirement() {
    return "must be a time in the format " + format;
  }

  @Override
  public Test test() {
    List<DateTimeFormatter> formatters = Strftime.formatters(format);
    return (values, i) -> {
      String text = values.string(i);
      return formatters.stream().anyMatch(formatter -> isTime(formatter, text));
    };
  }

  private static boolean isTime(DateTimeFormatter formatter, String text) {
    // First without an exception, which would be most of the time that a wrong value takes.
    ParsePosition position = new ParsePosition(0);
    if (formatter.parseUnresolved(text, position) == null || position.getIndex() < text.length()) {
      return false;
    }
    try {
      return formatter.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "date_format";
    }

    @Override
    public String description() {
      return "A string is a date or time in a format of strftime, and one that there is.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A string column."),
          required(
              "format",
              Parameter.Kind.STRING,
              "As of strftime, such as %Y-%m-%d or %Y-%m-%dT%H:%M:%S%z; takes %Y %y %m %d %j %H %I"
                  + " %p %M %S %f %b %B %a %A %z and %%."));
    }

    @Override
    public Rule create(Settings settings) {
      return new DateFormat(settings.string("column"), settings.string("format"));
    }
  }
}
