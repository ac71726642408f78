package io.featurebeam.io.file.publish;

import io.featurebeam.columnar.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Values as parts of a path, whatever they hold. Everything but ASCII letters, digits and a few
 * signs is percent-escaped byte by byte, so that no value leaves its folder, is a glob, or depends
 * on the file system's idea of characters. A long value is cut and ends in its hash.
 */
final class FolderName {

  private static final String PLAIN = "-_.,+@$~!()& ";

  /**
   * A name must stay below the 255 bytes that file systems allow, with the column's name before it.
   */
  private static final int MAX_LENGTH = 110;

  private static final int HASH_LENGTH = 17;
  private static final int ESCAPE_LENGTH = 3;

  private FolderName() {}

  static String of(String name, @Nullable String value) {
    return escape(name)
        + '='
        + (value == null || value.isEmpty() ? PartitionBy.NULL_VALUE : escape(value));
  }

  static String escape(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder escaped = new StringBuilder(utf8.length + 16);
    for (byte b : utf8) {
      int c = b & 0xFF;
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (letter || PLAIN.indexOf(c) >= 0) {
        escaped.append((char) c);
      } else {
        escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
      if (escaped.length() > MAX_LENGTH) {
        escaped.setLength(MAX_LENGTH - HASH_LENGTH);
        if (escaped.lastIndexOf("%") > escaped.length() - ESCAPE_LENGTH) {
          escaped.setLength(escaped.lastIndexOf("%")); // no half of an escape
        }
        return escaped
            .append('~')
            .append(HexFormat.of().toHexDigits(Hashing.hash(utf8, 0, utf8.length)))
            .toString();
      }
    }
    return escaped.toString();
  }
}
