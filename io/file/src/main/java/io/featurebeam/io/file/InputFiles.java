package io.featurebeam.io.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * Finds the files that patterns name, on any of Beam's file systems.
 *
 * <p>A pattern is a file, a glob ({@code *} within a name, {@code **} across directories) or a
 * directory, which means every file below it with one of the given endings. What a glob or
 * directory finds below a name that starts with {@code _} or {@code .} is hidden and skipped, as
 * writers keep unfinished output there.
 */
public final class InputFiles {

  private static final String HIDDEN = " (hidden files, _* and .*, do not count)";

  private InputFiles() {}

  /** The names of all files, sorted, each once; a pattern that matches nothing is an error. */
  public static List<String> match(Collection<String> patterns, List<String> endings)
      throws IOException {
    return List.copyOf(sizes(patterns, endings).keySet());
  }

  /** As {@link #match}, with the bytes of each file. */
  public static SortedMap<String, Long> sizes(Collection<String> patterns, List<String> endings)
      throws IOException {
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException("Invalid paths: none (must name at least one file)");
    }
    SortedMap<String, Long> files = new TreeMap<>();
    for (String pattern : patterns) {
      List<MatchResult.Metadata> found = match(pattern, endings);
      if (found.isEmpty()) {
        throw new IllegalArgumentException(
            isGlob(pattern)
                ? "No file matches " + pattern + start(pattern) + HIDDEN
                : "No "
                    + String.join(" or ", endings)
                    + " file in directory "
                    + pattern
                    + start(pattern)
                    + HIDDEN);
      }
      found.forEach(f -> files.put(f.resourceId().toString(), f.sizeBytes()));
    }
    return files;
  }

  private static List<MatchResult.Metadata> match(String pattern, List<String> endings)
      throws IOException {
    if (pattern.isBlank()) {
      throw new IllegalArgumentException("Invalid path: '" + pattern + "' (must not be blank)");
    }
    if (pattern.endsWith("/")) {
      return below(pattern, endings);
    }
    List<MatchResult.Metadata> found = metadata(pattern);
    if (isGlob(pattern)) {
      return visible(pattern, found);
    }
    if (found.isEmpty()) {
      // An object store has no directories, only names that start alike.
      List<MatchResult.Metadata> inside = below(pattern + "/", endings);
      if (inside.isEmpty()) {
        throw new IllegalArgumentException(
            "Missing file: " + pattern + " (it does not exist" + start(pattern) + ")");
      }
      return inside;
    }
    return found.get(0).resourceId().isDirectory() ? below(pattern + "/", endings) : found;
  }

  /** Where a path starts that does not say it. */
  private static String start(String pattern) {
    boolean says = pattern.startsWith("/") || pattern.contains(":");
    return says ? "" : " in " + Path.of("").toAbsolutePath();
  }

  private static List<MatchResult.Metadata> below(String directory, List<String> endings)
      throws IOException {
    List<MatchResult.Metadata> files = new ArrayList<>();
    for (String ending : endings) {
      files.addAll(visible(directory, metadata(directory + "**" + ending)));
    }
    return files;
  }

  private static List<MatchResult.Metadata> metadata(String pattern) throws IOException {
    MatchResult result = FileSystems.match(pattern, EmptyMatchTreatment.ALLOW);
    try {
      return result.metadata();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  private static List<MatchResult.Metadata> visible(
      String pattern, List<MatchResult.Metadata> found) {
    String fixed = pattern.substring(0, firstWildcard(pattern));
    String directory = fixed.substring(0, fixed.lastIndexOf('/') + 1);
    return found.stream()
        .filter(file -> !file.resourceId().isDirectory())
        .filter(file -> !isHidden(file.resourceId().toString(), directory))
        .toList();
  }

  /**
   * Looks at the part of the name that the pattern left open, or at the last if that cannot be
   * told.
   */
  private static boolean isHidden(String name, String directory) {
    int at = directory.isEmpty() ? -1 : name.indexOf(directory);
    int from = at < 0 ? name.lastIndexOf('/') + 1 : at + directory.length();
    return Stream.of(name.substring(from).split("/", -1))
        .anyMatch(part -> part.startsWith("_") || part.startsWith("."));
  }

  private static boolean isGlob(String pattern) {
    return firstWildcard(pattern) < pattern.length();
  }

  private static int firstWildcard(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      if ("*?[{".indexOf(pattern.charAt(i)) >= 0) {
        return i;
      }
    }
    return pattern.length();
  }
}
