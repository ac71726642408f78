package io.featurebeam.pipelines;

import io.featurebeam.pipelines.report.RunSummary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.beam.sdk.util.ReleaseInfo;
import org.jspecify.annotations.Nullable;

/** What ran: the versions that a report names. */
final class Versions {

  private Versions() {}

  static RunSummary.Versions of(String runner) {
    return new RunSummary.Versions(
        project(),
        ReleaseInfo.getReleaseInfo().getVersion(),
        System.getProperty("java.version"),
        runner);
  }

  /** In one line. */
  static String text() {
    return "FeatureBeam "
        + project()
        + ", Apache Beam "
        + ReleaseInfo.getReleaseInfo().getVersion()
        + ", Java "
        + System.getProperty("java.version");
  }

  /** The project's own version, which the build writes. */
  static String project() {
    return written("version");
  }

  /** The commit that it was built from; null if the build was not told it. */
  static @Nullable String commit() {
    String commit = written("commit");
    return commit.isBlank() || commit.startsWith("$") ? null : commit;
  }

  private static String written(String key) {
    Properties properties = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read version.properties", e);
    }
    return properties.getProperty(key, "");
  }
}
