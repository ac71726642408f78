package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.io.kafka.ReadKafka;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.transforms.records.Flow;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Which code makes an output: the version, and the commit that it was built from, if the build was
 * told it ({@code -Dfeaturebeam.commit=...}); else a hash of the classes.
 */
final class CodeVersion {

  private static final String OURS = "io/featurebeam/";

  private CodeVersion() {}

  static Origin.Code of(Providers providers) {
    String commit = Versions.commit();
    List<Class<?>> extensions = new ArrayList<>(providers.classes());
    extensions.removeIf(type -> folder(type).startsWith(OURS));
    return new Origin.Code(
        Versions.project(),
        commit,
        commit != null && extensions.isEmpty() ? null : hash(commit == null, extensions));
  }

  /** Of the names, sizes and checksums of classes, wherever they lie: a change shows, no more. */
  private static @Nullable String hash(boolean ours, List<Class<?>> extensions) {
    TreeMap<String, String> classes = new TreeMap<>();
    try {
      if (ours) {
        for (Class<?> type :
            List.of(
                RecordBatch.class,
                Flow.class,
                Manifest.class,
                ReadKafka.class,
                CodeVersion.class)) {
          add(type, OURS, classes);
        }
      }
      for (Class<?> type : extensions) {
        add(type, folder(type), classes);
      }
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      classes.forEach(
          (name, sum) -> digest.update((name + " " + sum + "\n").getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException | URISyntaxException e) {
      return null; // a run does not fail for it
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static String folder(Class<?> type) {
    return type.getPackageName().replace('.', '/') + "/";
  }

  /** The classes below {@code folder} that lie where {@code type} does. */
  private static void add(Class<?> type, String folder, Map<String, String> classes)
      throws IOException, URISyntaxException {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      return;
    }
    Path place = Path.of(source.getLocation().toURI());
    if (Files.isDirectory(place)) {
      addFolder(place, folder, classes);
    } else {
      addJar(place, folder, classes);
    }
  }

  private static void addFolder(Path root, String folder, Map<String, String> classes)
      throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve(folder))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        CRC32 sum = new CRC32();
        sum.update(bytes);
        classes.put(
            root.relativize(file).toString().replace('\\', '/'), sum(bytes.length, sum.getValue()));
      }
    }
  }

  private static void addJar(Path file, String folder, Map<String, String> classes)
      throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        if (entry.getName().startsWith(folder) && entry.getName().endsWith(".class")) {
          classes.put(entry.getName(), sum(entry.getSize(), entry.getCrc()));
        }
      }
    }
  }

  private static String sum(long size, long crc) {
    return size + " " + Long.toHexString(crc);
  }
}
