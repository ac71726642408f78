package io.featurebeam.pipelines.spec;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystems;

/** Reads the small text files of a spec, never more than a bounded number of bytes. */
final class SpecFiles {

  /** At most four bytes a character. */
  private static final int MAX_BYTES = 4 * YamlReader.MAX_CHARACTERS;

  /** How clients say that credentials are missing or do not suffice. */
  private static final Pattern DENIED =
      Pattern.compile(": (401|403)\\b|credentials|denied", Pattern.CASE_INSENSITIVE);

  private SpecFiles() {}

  /**
   * The file's text without a byte order mark, or a {@link SpecException} that says what is wrong.
   *
   * @param file a path of this machine, or of any file system that Beam has
   */
  static String text(String file) {
    byte[] bytes = FileSchemes.isLocal(file) ? local(file) : remote(file);
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

  private static byte[] local(String name) {
    Path file = name.startsWith("file:/") ? Path.of(URI.create(name)) : Path.of(name);
    if (!Files.exists(file)) {
      throw unreadable(name, "Missing file (no such file in " + folder(file) + ")");
    }
    if (Files.isDirectory(file)) {
      throw unreadable(name, "Invalid file: is a folder (must be a YAML file)");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw unreadable(name, "Cannot read the file: " + e);
    }
  }

  private static byte[] remote(String name) {
    try {
      FileSchemes.check(name);
    } catch (IllegalArgumentException e) {
      throw unreadable(name, String.valueOf(e.getMessage()));
    }
    // A client without credentials may throw anything.
    try (InputStream in =
        Channels.newInputStream(FileSystems.open(FileSystems.matchNewResource(name, false)))) {
      return in.readNBytes(MAX_BYTES + 1);
    } catch (FileNotFoundException e) {
      throw unreadable(name, "Missing file (there is none of this name)");
    } catch (IOException | RuntimeException e) {
      throw unreadable(
          name, isDenied(e) ? "Access denied (" + wayIn(name) + ")" : "Cannot read the file: " + e);
    }
  }

  private static boolean isDenied(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (DENIED.matcher(t.toString()).find()) {
        return true;
      }
    }
    return false;
  }

  private static String wayIn(String name) {
    return name.startsWith("gs:")
        ? "the file may be read with credentials only: run gcloud auth application-default login,"
            + " or name a service account's key file in the variable"
            + " GOOGLE_APPLICATION_CREDENTIALS; it needs the role roles/storage.objectViewer"
        : "give credentials that may read it, as its file system wants them";
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file.toAbsolutePath() : folder;
  }

  private static SpecException unreadable(String file, String message) {
    String shown = file.replaceFirst("://[^/@]*@", "://***@"); // a password may stand there
    return new SpecException(
        List.of(new SpecProblem(Location.flag(shown), "", message.replace(file, shown))), null);
  }
}
