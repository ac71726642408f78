package io.featurebeam.pipelines;

import io.featurebeam.pipelines.cli.UsageException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;

/**
 * A text file on any file system that Beam knows.
 *
 * @param path as the user gave it
 */
record ReportFile(String path) implements Serializable {

  /** Refuses a place where no report can be, before a run that would end with one. */
  void check() {
    if (!Places.isLocal(path) || path.startsWith("file:")) {
      return; // told when it is first written
    }
    Path file = Path.of(path).toAbsolutePath();
    if (Files.isDirectory(file)) {
      throw new UsageException(
          "Invalid report path: '" + path + "' is a folder (must be a file, such as report.html)");
    }
    try {
      Path folder = file.getParent();
      while (!Files.exists(folder)) { // it comes into being with the file
        folder = folder.getParent();
      }
      Files.delete(Files.createTempFile(folder, ".report", ".tmp"));
    } catch (IOException e) {
      throw new UsageException(
          "Invalid report path: '"
              + path
              + "' (no file can be created in "
              + file.getParent()
              + "; choose another place)");
    }
  }

  void write(String text) throws IOException {
    try (WritableByteChannel channel =
        FileSystems.create(FileSystems.matchNewResource(path, false), "text/plain")) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new IOException(
          "Cannot write "
              + path
              + ": "
              + e.getMessage()
              + " (features and rejects are not affected; free space or choose another path, and run"
              + " again)",
          e);
    }
  }

  /** Readers see the old text or the new one, never a part of it. */
  void replace(String text) throws IOException {
    ReportFile draft = new ReportFile(path + ".draft");
    draft.write(text);
    FileSystems.rename(
        List.of(FileSystems.matchNewResource(draft.path, false)),
        List.of(FileSystems.matchNewResource(path, false)),
        StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  /** Nothing if it is not there. */
  void delete() throws IOException {
    FileSystems.delete(
        List.of(FileSystems.matchNewResource(path, false)),
        StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  String read() throws IOException {
    try (var in =
        Channels.newInputStream(FileSystems.open(FileSystems.matchNewResource(path, false)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * The same with something put before the extension: {@code report.html}, {@code report-x.html}.
   */
  ReportFile with(String suffix) {
    int name = path.lastIndexOf('/') + 1;
    int dot = path.lastIndexOf('.');
    int end = dot > name ? dot : path.length();
    return new ReportFile(path.substring(0, end) + "-" + suffix + path.substring(end));
  }
}
