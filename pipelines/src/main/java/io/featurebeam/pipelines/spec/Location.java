package io.featurebeam.pipelines.spec;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where a part of a spec stands: a place in a file, or a flag.
 *
 * @param source the file's name, or the flag without its value: {@code --set=sink.parquet.path}
 * @param line counted from 1; 0 for a flag, which has no lines
 * @param column counted from 1 in characters
 * @param text the line itself, variables not replaced; empty if there is none
 */
public record Location(String source, int line, int column, String text) implements Serializable {

  private static final int EXCERPT_WIDTH = 100;

  public Location {
    Objects.requireNonNull(source, "source is null");
    Objects.requireNonNull(text, "text is null");
  }

  /** A flag. */
  static Location flag(String name) {
    return new Location(name, 0, 0, "");
  }

  /** The line with a caret below the place, indented by four; empty for a flag. */
  public String excerpt() {
    if (text.isBlank()) {
      return "";
    }
    int[] characters = text.codePoints().map(Location::visible).toArray();
    int at = Math.min(column - 1, characters.length);
    int from = Math.max(0, Math.min(at - EXCERPT_WIDTH / 2, characters.length - EXCERPT_WIDTH));
    int to = Math.min(characters.length, from + EXCERPT_WIDTH);
    String shown = new String(characters, from, to - from).stripTrailing();
    return "    " + shown + "\n    " + " ".repeat(at - from) + "^";
  }

  /** One cell wide and harmless, so that the caret stands right and nothing moves the cursor. */
  private static int visible(int character) {
    if (character == '\t') {
      return ' ';
    }
    int type = Character.getType(character);
    return Character.isISOControl(character)
            || type == Character.FORMAT
            || type == Character.SURROGATE
        ? '?'
        : character;
  }

  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
