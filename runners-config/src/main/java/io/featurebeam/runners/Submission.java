package io.featurebeam.runners;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether an engine's own client ({@code flink run}, {@code spark-submit}) started this program. It
 * loads the program's jar with a class loader of its own, and wants main to return or to throw: a
 * JVM that exits takes the client, and in cluster mode the driver, with it.
 */
public final class Submission {

  private static final Pattern LOADER = Pattern.compile("org\\.apache\\.(flink|spark)\\..*");

  private Submission() {}

  /** The engine: flink or spark; null if this is an ordinary Java program. */
  public static @Nullable String engine() {
    return engine(Submission.class.getClassLoader());
  }

  static @Nullable String engine(@Nullable ClassLoader loader) {
    if (loader == null) {
      return null;
    }
    Matcher matcher = LOADER.matcher(loader.getClass().getName());
    return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : null;
  }
}
