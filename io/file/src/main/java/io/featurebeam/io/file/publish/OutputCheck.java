package io.featurebeam.io.file.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether an output folder may be written to, as far as looking tells. */
final class OutputCheck {

  private static final Set<String> DATA =
      Set.of(
          "parquet",
          "avro",
          "csv",
          "json",
          "jsonl",
          "ndjson",
          "orc",
          "crc",
          "gz",
          "zst",
          "npz",
          "tfrecord");

  private OutputCheck() {}

  /**
   * Refuses a path that cannot be a folder, and one that holds what we did not write, or what
   * another spec than {@code spec} published.
   */
  static void check(OutputFolder output, boolean overwrite, @Nullable String spec)
      throws IOException {
    checkPath(output);
    if (overwrite) {
      return;
    }
    Optional<Manifest> published = output.manifest();
    published.ifPresent(manifest -> checkOwner(output, manifest.spec(), spec));
    if (published.isPresent() || output.journal() != null) {
      return;
    }
    Optional<String> foreign =
        output.list("").keySet().stream()
            .filter(f -> !f.startsWith(OutputFolder.CONTROL))
            .findFirst();
    if (foreign.isPresent()) {
      throw new IllegalArgumentException(
          "Output path exists and is not ours: "
              + output
              + " holds '"
              + foreign.get()
              + "' and no "
              + OutputFolder.MANIFEST
              + " (choose another path, or set overwrite: true to replace the data files in it)");
    }
  }

  private static void checkOwner(
      OutputFolder output, @Nullable String owner, @Nullable String spec) {
    if (owner != null && spec != null && !owner.equals(spec)) {
      throw new IllegalArgumentException(
          "Output path is of another spec: "
              + output
              + " was published by '"
              + owner
              + "', this is '"
              + spec
              + "' (choose another path, or set overwrite: true to replace it; once is enough, as"
              + " after a rename)");
    }
  }

  /**
   * What {@code overwrite} replaces: files of data by their names, and nothing else that lies
   * there.
   */
  static List<String> foreignData(OutputFolder output) throws IOException {
    return output.list("").keySet().stream()
        .filter(f -> !f.startsWith(OutputFolder.CONTROL))
        .filter(f -> f.endsWith("_SUCCESS") || DATA.contains(f.substring(f.lastIndexOf('.') + 1)))
        .toList();
  }

  /** Refuses an output in which no file can be made; leaves nothing. */
  static void checkWritable(OutputFolder output) {
    checkPath(output);
    try {
      if (isLocal(output)) {
        Path folder = Path.of(output.path());
        while (!Files.exists(folder)) {
          folder = folder.getParent();
        }
        Files.delete(Files.createTempFile(folder, ".featurebeam", ".tmp"));
        return;
      }
      String probe = OutputFolder.newTempPath("check", "tmp");
      output.create(probe).close();
      output.delete(List.of(probe));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot write to output path: "
              + output
              + " ("
              + e.getMessage()
              + "; make it writable or choose another path)",
          e);
    }
  }

  private static boolean isLocal(OutputFolder output) {
    return "file".equals(output.resource("x").getScheme());
  }

  /** Refuses a local path that cannot be a folder or cannot be written to. */
  static void checkPath(OutputFolder output) {
    if (!isLocal(output)) {
      return;
    }
    Path folder = Path.of(output.path());
    Path existing = folder;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      return;
    }
    if (!Files.isDirectory(existing)) {
      throw new IllegalArgumentException(
          "Invalid output path: "
              + output
              + " ("
              + existing
              + " is a file, not a folder; choose another path)");
    }
    if (!Files.isWritable(existing)) {
      throw new IllegalArgumentException(
          "Cannot write to output path: "
              + output
              + " ("
              + existing
              + " is read-only; change its permissions or choose another path)");
    }
  }
}
