package io.featurebeam.io.file.text;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes records that cannot be parsed; {@code rejects::addMalformed} of a {@code Rejects.Builder}
 * is one.
 */
@FunctionalInterface
public interface Malformed {

  /** How the reason of a line or message begins that no JSON parser takes. */
  Pattern NOT_JSON = Pattern.compile("(the (?:line|message) is not JSON): .*", Pattern.DOTALL);

  /** Reasons that cite nothing of the record. */
  Pattern ABOUT_FORM =
      Pattern.compile(
          "\\d+ fields \\(must be \\d+\\)|the (line|message) is not UTF-8 \\(byte \\d+\\)"
              + "|the (line|message) is longer than \\d+ bytes"
              + "|the (line|message) is not a JSON object|text follows the JSON object"
              + "|no record|more than one record|the message has no value");

  /** Reasons that are about the value of one column. */
  Pattern ABOUT_COLUMN = Pattern.compile("column '([^']*)'");

  /**
   * One record.
   *
   * @param source the file
   * @param position the record or line in it, from 0
   * @param raw its bytes, cut where they are over-long
   * @param reason why, for people, naming column, value and rule
   */
  void add(String source, long position, byte[] raw, String reason);

  /**
   * The reason without what a masked column holds: whole if it is about the form of the record or
   * about another column, else with the column alone.
   */
  static String withoutValues(String reason, Set<String> masked) {
    Matcher column = ABOUT_COLUMN.matcher(reason);
    if (column.lookingAt()) {
      return masked.contains(column.group(1))
          ? "column '" + column.group(1) + "': a masked value cannot be read"
          : reason;
    }
    Matcher notJson = NOT_JSON.matcher(reason);
    if (notJson.matches()) {
      return notJson.group(1); // what follows may cite the text
    }
    return ABOUT_FORM.matcher(reason).matches() ? reason : "the record cannot be parsed";
  }
}
