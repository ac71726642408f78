package io.featurebeam.io.file.publish;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.featurebeam.columnar.ContentHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What rows an output holds: how many, and their {@link ContentHash}, which is the same whatever
 * the files.
 *
 * @param rows in all files
 * @param hash of them; null if it is not known of some
 * @param partitions by folder; none if the output has no folders
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Content(long rows, @Nullable String hash, List<Partition> partitions) {

  /**
   * The rows of one folder.
   *
   * @param folder {@code date_day=2001-01-31}, with those that it is in
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Partition(String folder, long rows, @Nullable String hash) {}

  public Content {
    partitions = partitions == null ? List.of() : List.copyOf(partitions);
  }

  /** What is in these files. */
  static Content of(List<PublishedFile> files) {
    TreeMap<String, List<PublishedFile>> folders = new TreeMap<>();
    for (PublishedFile file : files) {
      folders.computeIfAbsent(folder(file.path()), f -> new ArrayList<>()).add(file);
    }
    List<Partition> partitions = new ArrayList<>();
    folders.forEach(
        (folder, inside) -> {
          if (!folder.isEmpty()) {
            partitions.add(new Partition(folder, rows(inside), hash(inside)));
          }
        });
    return new Content(rows(files), hash(files), partitions);
  }

  private static String folder(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private static long rows(List<PublishedFile> files) {
    return files.stream().mapToLong(PublishedFile::rows).sum();
  }

  private static @Nullable String hash(List<PublishedFile> files) {
    ContentHash sum = new ContentHash();
    for (PublishedFile file : files) {
      if (file.content() == null) {
        return null;
      }
      sum.add(ContentHash.parse(file.content()));
    }
    return sum.toString();
  }

  /** The partitions by their folders. */
  public Map<String, Partition> byFolder() {
    Map<String, Partition> folders = new LinkedHashMap<>();
    partitions.forEach(partition -> folders.put(partition.folder(), partition));
    return folders;
  }
}
