package io.featurebeam.runners;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The packages of Java that an engine reaches into, as the engine itself lists them; each must be
 * open: {@code --add-opens=java.base/java.lang=ALL-UNNAMED}. Direct and Dataflow need none.
 */
public final class JavaOpens {

  private static final Map<String, List<String>> NEEDED =
      Map.of(
          // env.java.opts.all in the config.yaml of Flink 1.19
          "flink",
          packages(
              "java.base/java.io java.base/java.lang java.base/java.lang.reflect"
                  + " java.base/java.net java.base/java.nio java.base/java.text"
                  + " java.base/java.time java.base/java.util java.base/java.util.concurrent"
                  + " java.base/java.util.concurrent.atomic java.base/java.util.concurrent.locks"
                  + " java.base/sun.nio.ch"),
          // JavaModuleOptions of Spark 3.5
          "spark",
          packages(
              "java.base/java.io java.base/java.lang java.base/java.lang.invoke"
                  + " java.base/java.lang.reflect java.base/java.net java.base/java.nio"
                  + " java.base/java.util java.base/java.util.concurrent"
                  + " java.base/java.util.concurrent.atomic java.base/jdk.internal.ref"
                  + " java.base/sun.nio.ch java.base/sun.nio.cs java.base/sun.security.action"
                  + " java.base/sun.util.calendar java.security.jgss/sun.security.krb5"));

  private JavaOpens() {}

  /**
   * Those that the runner of these arguments needs and this JVM has not opened.
   *
   * @param args with {@code --runner}
   */
  public static List<String> missing(String... args) {
    Objects.requireNonNull(args, "args is null");
    return missing(args, JavaOpens::isOpen);
  }

  static List<String> missing(String[] args, Predicate<String> isOpen) {
    List<String> needed = NEEDED.getOrDefault(RunnerName.of(args), List.of());
    return needed.stream().filter(isOpen.negate()).toList();
  }

  /** A module that this Java does not have is not reached into either. */
  private static boolean isOpen(String name) {
    String[] parts = name.split("/", 2);
    Optional<Module> module = ModuleLayer.boot().findModule(parts[0]);
    return module.isEmpty() || module.get().isOpen(parts[1], JavaOpens.class.getModule());
  }

  private static List<String> packages(String names) {
    return Arrays.asList(names.split(" ", -1));
  }
}
