package io.featurebeam.pipelines;

import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.pipelines.cli.UsageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The manifest that a person means: of a folder, {@code out/features}, of an earlier run into it,
 * {@code out/features@20260131-120000482-1a2b3c4d} or the start of that, or a file.
 */
final class Manifests {

  private Manifests() {}

  static Manifest read(String place) throws IOException {
    if (place.endsWith(".json")) {
      return file(place);
    }
    Optional<Manifest> published = Manifest.read(place);
    if (published.isPresent()) {
      return published.get();
    }
    int at = place.lastIndexOf('@');
    return at > place.lastIndexOf('/')
        ? version(place.substring(0, at), place.substring(at + 1))
        : missing(place);
  }

  private static Manifest file(String place) throws IOException {
    try {
      return Manifest.readFile(place);
    } catch (FileNotFoundException e) {
      throw new UsageException(e.getMessage() + " (there is no such file)");
    }
  }

  private static Manifest missing(String place) {
    throw new UsageException(
        "No data set: "
            + place
            + " (it has no _featurebeam/manifest.json: name the folder of a sink of files,"
            + " FOLDER@VERSION or a manifest file)");
  }

  /** All that are known of a folder, the published one first. */
  static List<Manifest> versions(String folder) throws IOException {
    List<Manifest> versions = Manifest.versions(folder);
    return versions.isEmpty() ? List.of(missing(folder)) : versions;
  }

  private static Manifest version(String folder, String id) throws IOException {
    List<Manifest> versions = versions(folder);
    List<Manifest> found = versions.stream().filter(m -> m.runId().startsWith(id)).toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new UsageException(
        (found.isEmpty() ? "Unknown version: '" : "Ambiguous version: '")
            + id
            + "' of "
            + folder
            + " (must be the start of one of "
            + String.join(", ", versions.stream().map(Manifest::runId).toList())
            + ")");
  }
}
