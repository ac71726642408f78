package io.featurebeam.runners;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * Lets Flink's in-process cluster find the application's classes when they are not on the JVM's own
 * class path, as under {@code mvn exec:java}.
 *
 * <p>Flink's job manager loads classes with the system class loader whenever a job brings no jars
 * and no class paths (its {@code BlobLibraryCacheManager} decides so), and under {@code exec:java}
 * that loader knows Maven alone. One class path entry, even an empty folder, makes it use a child
 * of the loader that loaded Flink. Beam has no option for it, so it goes through a Flink
 * configuration folder.
 *
 * <pre>{@code
 * PipelineOptionsFactory.fromArgs(LocalFlink.withClasses(args)).create();
 * }</pre>
 *
 * <p>Arguments of other runners, of remote clusters and with a {@code --flinkConfDir} of their own
 * pass unchanged.
 */
public final class LocalFlink {

  private LocalFlink() {}

  /** Returns {@code args}, with a configuration folder added where an in-process Flink needs it. */
  public static String[] withClasses(String... args) {
    Objects.requireNonNull(args, "args is null");
    return withClasses(args, LocalFlink.class.getClassLoader());
  }

  static String[] withClasses(String[] args, ClassLoader application) {
    boolean needed =
        application != ClassLoader.getSystemClassLoader()
            && System.getenv("FLINK_CONF_DIR") == null
            && runsFlinkHere(args);
    if (!needed) {
      return args;
    }
    String[] extended = Arrays.copyOf(args, args.length + 1);
    extended[args.length] = "--flinkConfDir=" + configurationFolder();
    return extended;
  }

  private static boolean runsFlinkHere(String[] args) {
    boolean flink = false;
    boolean here = true;
    for (String arg : args) {
      String lower = arg.toLowerCase(Locale.ROOT);
      if (lower.startsWith("--runner=")) {
        flink = lower.endsWith("flinkrunner");
      } else if (lower.startsWith("--flinkmaster=")) {
        here = lower.endsWith("=[local]") || lower.endsWith("=[auto]");
      } else if (lower.startsWith("--flinkconfdir=")) {
        return false;
      }
    }
    return flink && here;
  }

  private static Path configurationFolder() {
    try {
      Path folder = Files.createTempDirectory("featurebeam-flink");
      folder.toFile().deleteOnExit();
      Path file = folder.resolve("config.yaml");
      Files.writeString(file, "pipeline.classpaths: ['" + folder.toUri() + "']\n");
      file.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a Flink configuration folder", e);
    }
  }
}
