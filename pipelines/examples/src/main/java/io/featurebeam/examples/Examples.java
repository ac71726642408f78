package io.featurebeam.examples;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the specs of the examples are. */
final class Examples {

  private static final Path FOLDER = Path.of("pipelines", "examples");

  private Examples() {}

  /** A file of theirs, from this folder or one around it. */
  static Path find(Path file) {
    Path relative = FOLDER.resolve(file);
    Path here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      Path found = folder.resolve(relative);
      if (Files.exists(found)) {
        return here.relativize(found);
      }
    }
    throw new IllegalArgumentException(
        "Cannot find " + relative + " from here (run this in the project's folder)");
  }
}
