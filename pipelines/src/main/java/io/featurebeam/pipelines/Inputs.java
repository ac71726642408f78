package io.featurebeam.pipelines;

import io.featurebeam.io.file.FileHashes;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.publish.Origin.Input;
import io.featurebeam.io.file.publish.Origin.Kind;
import io.featurebeam.io.file.publish.PublishedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.jspecify.annotations.Nullable;

/** What a source reads, as manifests tell it. */
final class Inputs {

  private Inputs() {}

  /**
   * Files; those that are a whole output of this project, as its manifest names them, are one
   * input, which that manifest's hash tells again.
   *
   * @param paths as the spec names them
   * @param files that they match, with their bytes
   */
  static List<Input> of(Collection<String> paths, Map<String, Long> files) {
    TreeMap<String, Long> rest = new TreeMap<>(files);
    List<Input> inputs = new ArrayList<>();
    for (String path : paths) {
      Input dataset = dataset(path, rest);
      if (dataset != null) {
        inputs.add(dataset);
      }
    }
    rest.forEach((name, bytes) -> inputs.add(Input.file(name, bytes)));
    return inputs;
  }

  /** Takes the files of an output out of {@code files}, if all are there and nothing else is. */
  private static @Nullable Input dataset(String path, Map<String, Long> files) {
    String folder = path.replaceFirst("/?[^/]*[*?\\[{].*$", "").replaceFirst("/$", "");
    if (folder.isEmpty()) {
      return null;
    }
    Manifest manifest;
    try {
      manifest = Manifest.read(folder).orElse(null);
    } catch (IOException | IllegalArgumentException e) {
      return null; // what its own manifest does not tell, its files do
    }
    if (manifest == null || manifest.content() == null || manifest.content().hash() == null) {
      return null;
    }
    Map<String, Long> named = new HashMap<>();
    List<String> names = manifest.paths(folder);
    List<PublishedFile> published = manifest.files();
    for (int i = 0; i < names.size(); i++) {
      named.put(names.get(i), published.get(i).bytes());
    }
    String root = FileSystems.matchNewResource(folder, true).toString();
    Map<String, Long> inside = new HashMap<>(files);
    inside.keySet().removeIf(file -> !file.startsWith(root));
    if (named.isEmpty() || !named.equals(inside)) {
      return null;
    }
    files.keySet().removeAll(named.keySet());
    return Input.dataset(
        root.replaceFirst("/$", ""), names.size(), manifest.bytes(), manifest.content().hash());
  }

  /** A small file that is there, with its hash. */
  static Input file(Kind kind, String path) {
    try {
      MatchResult.Metadata file = FileSystems.matchSingleFileSpec(path);
      String name = file.resourceId().toString();
      return Input.file(kind, name, file.sizeBytes()).withSha256(FileHashes.sha256(name));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /** A name as it stands in a spec: relative to the folder that the command runs in. */
  static String shown(String name) {
    String here = Path.of("").toAbsolutePath() + "/";
    return name.startsWith(here) ? name.substring(here.length()) : name;
  }
}
