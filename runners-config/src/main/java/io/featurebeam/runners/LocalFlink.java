package io.featurebeam.runners;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Flink's in-process cluster must be told and Beam has no option for. It goes through a Flink
 * configuration folder, written for this run and removed when the JVM ends; one that was killed
 * leaves it, and the next run removes that.
 *
 * <ul>
 *   <li>Classes: Flink's job manager loads them with the system class loader whenever a job brings
 *       no jars and no class paths (its {@code BlobLibraryCacheManager} decides so), and under
 *       {@code mvn exec:java} that loader knows Maven alone. One class path entry, even an empty
 *       folder, makes it use a child of the loader that loaded Flink.
 *   <li>Memory: without a word about it all slots share 128 MB for sorting and hashing, whatever
 *       the machine has, and what does not fit goes to disk. A quarter of the heap's limit it is
 *       here, at least those 128 MB; it lies beside the heap.
 * </ul>
 *
 * <pre>{@code
 * PipelineOptionsFactory.fromArgs(LocalFlink.withConfiguration(args)).create();
 * }</pre>
 *
 * <p>Arguments of other runners, of remote clusters, of what {@code flink run} started, and with a
 * configuration of their own ({@code --flinkConfDir} or the environment's {@code FLINK_CONF_DIR})
 * pass unchanged.
 */
public final class LocalFlink {

  private static final long FLINKS_MEGABYTES = 128;

  /** Before the id of the process. */
  private static final String FOLDER = "featurebeam-flink-";

  private static final Pattern LEFT = Pattern.compile(FOLDER + "(\\d{1,18})-.*");

  private static final String FILE = "config.yaml";

  private LocalFlink() {}

  /** Returns {@code args}, with a configuration folder added if Flink is to run in this JVM. */
  public static String[] withConfiguration(String... args) {
    Objects.requireNonNull(args, "args is null");
    if (System.getenv("FLINK_CONF_DIR") != null || Submission.engine() != null) {
      return args;
    }
    return withConfiguration(
        args, LocalFlink.class.getClassLoader(), Runtime.getRuntime().maxMemory());
  }

  static String[] withConfiguration(String[] args, ClassLoader application, long heapBytes) {
    if (!runsFlinkHere(args)) {
      return args;
    }
    String[] extended = Arrays.copyOf(args, args.length + 1);
    extended[args.length] = "--flinkConfDir=" + configurationFolder(application, heapBytes);
    return extended;
  }

  private static boolean runsFlinkHere(String[] args) {
    return RunnerName.of(args).equals("flink")
        && Workers.of(args, null) == Workers.HERE
        && Arrays.stream(args)
            .noneMatch(arg -> arg.toLowerCase(Locale.ROOT).startsWith("--flinkconfdir="));
  }

  private static Path configurationFolder(ClassLoader application, long heapBytes) {
    try {
      Path folder = Files.createTempDirectory(FOLDER + ProcessHandle.current().pid() + "-");
      removeLeft(Objects.requireNonNull(folder.getParent(), "folder is a root"));
      folder.toFile().deleteOnExit();
      long megabytes = Math.max(FLINKS_MEGABYTES, (heapBytes / 4) >> 20);
      StringBuilder yaml = new StringBuilder();
      yaml.append("taskmanager.memory.managed.size: ").append(megabytes).append("m\n");
      if (application != ClassLoader.getSystemClassLoader()) {
        yaml.append("pipeline.classpaths: ['").append(folder.toUri()).append("']\n");
      }
      Path file = folder.resolve(FILE);
      Files.writeString(file, yaml);
      file.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a Flink configuration folder", e);
    }
  }

  /** Folders of processes that are no more. */
  private static void removeLeft(Path temp) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(temp, FOLDER + "*")) {
      for (Path folder : folders) {
        Matcher matcher = LEFT.matcher(folder.getFileName().toString());
        if (matcher.matches() && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty()) {
          Files.deleteIfExists(folder.resolve(FILE));
          Files.deleteIfExists(folder);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Another user's, or another run removes them: a run needs none of it.
    }
  }
}
