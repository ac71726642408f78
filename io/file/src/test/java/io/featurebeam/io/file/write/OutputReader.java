package io.featurebeam.io.file.write;

import io.featurebeam.io.file.publish.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a reader sees of an output folder. */
public final class OutputReader {

  private OutputReader() {}

  /** The records of the manifest's files, sorted by their text. */
  public static List<List<@Nullable Object>> records(Path folder) throws IOException {
    Manifest manifest = Manifest.read(folder.toString()).orElseThrow();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String path : manifest.paths(folder.toString())) {
      rows.addAll(ParquetFiles.read(Path.of(path), manifest.recordSchema()));
    }
    return sorted(rows);
  }

  public static List<List<@Nullable Object>> sorted(List<List<@Nullable Object>> rows) {
    return rows.stream().sorted(Comparator.comparing(Object::toString)).toList();
  }

  /** Every file and every empty folder, relative, sorted, with run ids and numbers as they are. */
  public static List<String> tree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<String> found = new ArrayList<>();
      for (Path path : all.sorted().toList()) {
        boolean folderItself = path.equals(folder);
        if (Files.isRegularFile(path) || (!folderItself && isEmpty(path))) {
          found.add(folder.relativize(path).toString());
        }
      }
      return found;
    }
  }

  private static boolean isEmpty(Path path) throws IOException {
    try (Stream<Path> children = Files.list(path)) {
      return children.findAny().isEmpty();
    }
  }
}
