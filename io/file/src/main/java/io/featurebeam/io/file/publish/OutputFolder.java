package io.featurebeam.io.file.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one output on any Beam file system, and what is done with files in it. Paths inside
 * are relative, with forward slashes.
 */
public final class OutputFolder implements Serializable {

  /** What is not data; the underscore hides it from readers of the folder. */
  static final String CONTROL = "_featurebeam/";

  static final String MANIFEST = CONTROL + "manifest.json";
  static final String JOURNAL = CONTROL + "publish.json";
  static final String CLAIM = CONTROL + "claim.json";
  static final String TEMP = CONTROL + "tmp/";
  static final String VERSIONS = CONTROL + "versions/";

  private static final long serialVersionUID = 1L;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .defaultPrettyPrinter(lineByLine())
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final Set<String> WITH_FOLDERS = Set.of("file", "hdfs");
  private static final Comparator<String> DEEPEST_FIRST =
      Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

  private final String root;

  /** The same on every system, and an element a line, so that lines can be compared. */
  private static DefaultPrettyPrinter lineByLine() {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(lines);
    printer.indentObjectsWith(lines);
    return printer;
  }

  private OutputFolder(String root) {
    this.root = root;
  }

  /** A local path is made absolute here, where the user knows what it is relative to. */
  public static OutputFolder of(String path) {
    if (path.isBlank()) {
      throw new IllegalArgumentException("Invalid output path: '" + path + "' (must not be empty)");
    }
    for (char c : "*?[]{}".toCharArray()) {
      if (path.indexOf(c) >= 0) {
        throw new IllegalArgumentException(
            "Invalid output path: '"
                + path
                + "' (must not contain "
                + c
                + ": it is a folder, not a pattern)");
      }
    }
    String folder = FileSystems.matchNewResource(path, true).toString();
    return new OutputFolder(folder.endsWith("/") ? folder : folder + "/");
  }

  /** The folder itself, with a slash at its end. */
  public String path() {
    return root;
  }

  /** A file inside. */
  public ResourceId resource(String relative) {
    return FileSystems.matchNewResource(root + relative, false);
  }

  /** A new name for a file that nobody sees yet; no two calls give the same. */
  public static String newTempPath(String runId, String extension) {
    return TEMP + runId + "/" + UUID.randomUUID() + "." + extension;
  }

  /** Where a run may leave a text until its end: a later run deletes it. */
  public String notePath(String runId) {
    return root + CONTROL + runId + ".txt";
  }

  /** Opens a new file inside; folders come into being as needed. */
  public WritableByteChannel create(String relative) throws IOException {
    return FileSystems.create(resource(relative), MimeTypes.BINARY);
  }

  /** Refuses a path that could leave the folder: what was read from a file is not trusted. */
  static void checkInside(String relative) {
    if (relative.isEmpty()
        || relative.startsWith("/")
        || List.of(relative.split("/")).contains("..")) {
      throw new IllegalArgumentException(
          "Invalid path in an output: '" + relative + "' (must be relative and stay inside)");
    }
  }

  Optional<Manifest> manifest() throws IOException {
    return manifest(MANIFEST);
  }

  /** The manifest in a file of the folder. */
  Optional<Manifest> manifest(String relative) throws IOException {
    Manifest manifest = readJson(relative, Manifest.class);
    if (manifest != null && !manifest.isKnown()) {
      throw newer(relative, manifest.version(), Manifest.VERSION);
    }
    return Optional.ofNullable(manifest);
  }

  /** The published manifest, then the kept ones from the latest on. */
  List<Manifest> versions() throws IOException {
    List<Manifest> versions = new ArrayList<>();
    Optional<Manifest> published = manifest();
    published.ifPresent(versions::add);
    List<String> kept = new ArrayList<>(list(VERSIONS).keySet());
    kept.sort(Comparator.reverseOrder());
    for (String file : kept) {
      manifest(file)
          .filter(m -> published.map(p -> !p.runId().equals(m.runId())).orElse(true))
          .ifPresent(versions::add);
    }
    return versions;
  }

  /** Keeps a manifest that is about to be replaced, and the latest ones before it. */
  void keep(Manifest replaced, int most) throws IOException {
    Set<String> kept = new TreeSet<>(list(VERSIONS).keySet());
    String file = VERSIONS + replaced.runId() + ".json";
    if (most > 0 && kept.add(file)) {
      writeJson(file, replaced);
    }
    List<String> oldestFirst = List.copyOf(kept);
    delete(oldestFirst.subList(0, Math.max(0, oldestFirst.size() - most)));
  }

  /** All that is in it, and the folder itself. */
  public void deleteAll() throws IOException {
    delete(list("").keySet());
    deleteEmpty(List.of(""));
  }

  @Nullable Journal journal() throws IOException {
    Journal journal = readJson(JOURNAL, Journal.class);
    if (journal != null && journal.version() != Journal.VERSION) {
      throw newer(JOURNAL, journal.version(), Journal.VERSION);
    }
    return journal;
  }

  private IOException newer(String file, int version, int known) {
    return new IOException(
        root
            + file
            + " has version "
            + version
            + " (this release reads "
            + known
            + "); update FeatureBeam");
  }

  <T> @Nullable T readJson(String relative, Class<T> type) throws IOException {
    byte[] bytes;
    try (InputStream in = Channels.newInputStream(FileSystems.open(resource(relative)))) {
      bytes = in.readAllBytes();
    } catch (FileNotFoundException | NoSuchFileException e) {
      if (exists(relative)) { // it is there and may not be read: not the same as none
        throw new IOException("Cannot read " + root + relative + ": " + e.getMessage(), e);
      }
      return null;
    }
    try {
      return JSON.readValue(bytes, type);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "Cannot read "
              + root
              + relative
              + ": "
              + e.getOriginalMessage().replaceFirst("^Cannot construct .*, problem: ", "")
              + " (restore it, or move the output away and run again)",
          e);
    }
  }

  private boolean exists(String relative) throws IOException {
    return !FileSystems.match(resource(relative).toString(), EmptyMatchTreatment.ALLOW)
        .metadata()
        .isEmpty();
  }

  /** Replaces the file in one step: written under another name, then renamed. */
  void writeJson(String relative, Object value) throws IOException {
    String temp = relative + "." + UUID.randomUUID() + ".tmp";
    ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(value));
    try (WritableByteChannel channel = create(temp)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    FileSystems.rename(List.of(resource(temp)), List.of(resource(relative)));
  }

  /**
   * Many at once, which file systems that copy do in parallel; those moved before are passed over.
   */
  void move(List<Journal.Move> moves) throws IOException {
    FileSystems.rename(
        moves.stream().map(m -> resource(m.from())).toList(),
        moves.stream().map(m -> resource(m.to())).toList(),
        StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  /**
   * Shows a complete file to readers, under a name that says whose it is: for outputs without an
   * end, which are never published whole.
   */
  public void show(WrittenFile file, String runId) throws IOException {
    String name = file.tempPath().substring(file.tempPath().lastIndexOf('/') + 1);
    move(List.of(new Journal.Move(file.tempPath(), file.folder() + runId + "-" + name)));
  }

  /** All files below {@code folder}, which is empty or ends in a slash, with their lengths. */
  Map<String, Long> list(String folder) throws IOException {
    MatchResult found = FileSystems.match(root + folder + "**", EmptyMatchTreatment.ALLOW);
    Map<String, Long> files = new LinkedHashMap<>();
    if (found.status() == MatchResult.Status.NOT_FOUND) {
      return files;
    }
    for (MatchResult.Metadata file : found.metadata()) {
      String path = file.resourceId().toString();
      if (!file.resourceId().isDirectory()) {
        files.put(relative(root, path), file.sizeBytes());
      }
    }
    return files;
  }

  /** Some file systems list with the server's name what was asked for without it. */
  static String relative(String root, String path) {
    String folder = withoutServer(root);
    String file = withoutServer(path);
    if (!file.startsWith(folder)) {
      throw new IllegalStateException(
          "Listing of " + root + " gives " + path + ", which is outside");
    }
    return file.substring(folder.length());
  }

  private static String withoutServer(String path) {
    int scheme = path.indexOf("://");
    int slash = scheme < 0 ? 0 : path.indexOf('/', scheme + 3);
    return path.substring(Math.max(0, slash));
  }

  /** Deletes files, whether they are there or not, and folders that are empty without them. */
  public void delete(Collection<String> files) throws IOException {
    List<ResourceId> resources = new ArrayList<>();
    Set<String> folders = new TreeSet<>(DEEPEST_FIRST);
    for (String file : files) {
      resources.add(resource(file));
      for (int slash = file.lastIndexOf('/'); slash > 0; slash = file.lastIndexOf('/', slash - 1)) {
        folders.add(file.substring(0, slash));
      }
    }
    FileSystems.delete(resources, StandardMoveOptions.IGNORE_MISSING_FILES);
    deleteEmpty(folders);
  }

  /** On file systems that have folders of their own. */
  void deleteEmpty(Collection<String> deepestFirst) {
    for (String folder : deepestFirst) {
      ResourceId resource = FileSystems.matchNewResource(root + folder, true);
      if (WITH_FOLDERS.contains(resource.getScheme())) {
        deleteIfEmpty(resource);
      }
    }
  }

  private static void deleteIfEmpty(ResourceId folder) {
    try {
      FileSystems.delete(List.of(folder));
    } catch (IOException e) {
      // It is not empty or not there: that is how one finds out without a race.
    }
  }

  @Override
  public String toString() {
    return root;
  }
}
