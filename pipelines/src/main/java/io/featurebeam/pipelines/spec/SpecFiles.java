package io.featurebeam.pipelines.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads the small text files of a spec, never more than a bounded number of bytes. */
final class SpecFiles {

  /** At most four bytes a character. */
  private static final int MAX_BYTES = 4 * YamlReader.MAX_CHARACTERS;

  private SpecFiles() {}

  /**
   * The file's text without a byte order mark, or a {@link SpecException} that says what is wrong.
   */
  static String text(Path file) {
    if (!Files.exists(file)) {
      throw unreadable(file, "Missing file (no such file in " + folder(file) + ")");
    }
    if (Files.isDirectory(file)) {
      throw unreadable(file, "Invalid file: is a folder (must be a YAML file)");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw unreadable(file, "Cannot read the file: " + e);
    }
    if (bytes.length > MAX_BYTES) {
      throw unreadable(file, "Invalid file: too large (must be at most " + MAX_BYTES + " bytes)");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
      int at = in.position();
      int line = out.flip().toString().split("\n", -1).length;
      throw unreadable(
          file,
          String.format(
              Locale.ROOT,
              "Invalid file: not UTF-8 in line %d (byte 0x%02X at %d; save it as UTF-8)",
              line,
              bytes[at],
              at));
    }
    String text = out.flip().toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file.toAbsolutePath() : folder;
  }

  private static SpecException unreadable(Path file, String message) {
    return new SpecException(
        List.of(new SpecProblem(Location.flag(file.toString()), "", message)), null);
  }
}
