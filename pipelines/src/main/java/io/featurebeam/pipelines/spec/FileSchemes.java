package io.featurebeam.pipelines.spec;

import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.apache.beam.sdk.io.FileSystems;

/** Which file system a path is on, and what brings one that is not on the class path. */
public final class FileSchemes {

  /** By the scheme of their paths, which Beam does not tell of file systems that are not here. */
  private static final Map<String, String> FILE_SYSTEMS =
      Map.of(
          "gs", "beam-sdks-java-extensions-google-cloud-platform-core",
          "s3", "beam-sdks-java-io-amazon-web-services2",
          "hdfs", "beam-sdks-java-io-hadoop-file-system",
          "azfs", "beam-sdks-java-io-azure");

  private FileSchemes() {}

  /** Whether a path is on this machine. */
  public static boolean isLocal(String path) {
    return path.startsWith("file:/") || !path.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*");
  }

  /** Refuses a path of a file system that is not on the class path, and says what brings it. */
  public static void check(String path) {
    if (isLocal(path)) {
      return;
    }
    String scheme = path.substring(0, path.indexOf(':'));
    try {
      var unused = FileSystems.matchNewResource(scheme + "://bucket/file", false);
    } catch (IllegalArgumentException e) {
      if (!String.valueOf(e.getMessage()).startsWith("No filesystem found")) {
        return; // there is one, which takes other names
      }
      String brings = FILE_SYSTEMS.get(scheme.toLowerCase(Locale.ROOT));
      throw new IllegalArgumentException(
          "No file system on the class path for "
              + scheme
              + ":// ("
              + (brings == null
                  ? "known are " + String.join(", ", new TreeSet<>(FILE_SYSTEMS.keySet()))
                  : "add the dependency org.apache.beam:"
                      + brings
                      + ", of Beam's version, to pipelines/pom.xml or to your own project")
              + ")",
          e);
    }
  }
}
