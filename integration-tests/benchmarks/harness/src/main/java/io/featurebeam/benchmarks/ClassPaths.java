package io.featurebeam.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The class paths of the benchmark modules, as {@code dependency:build-classpath} writes them to
 * {@code class-paths/featurebeam-benchmarks-MODULE.txt}; a module's own classes stand before it.
 */
record ClassPaths(Settings settings) {

  /** A contender with the class path of a module and the JVM options that all contenders share. */
  Contender contender(String module, String mainClass, String... arguments) throws IOException {
    return named(module, module, mainClass, arguments);
  }

  /** The same, where the name is not that of the module. */
  Contender named(String name, String module, String mainClass, String... arguments)
      throws IOException {
    Path file =
        settings.work().resolve("class-paths").resolve("featurebeam-benchmarks-" + module + ".txt");
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          "No class path of " + name + ": " + file + " is missing (build it with -Dbenchmark=...)");
    }
    Path classes = settings.modules().resolve(module).resolve("target/classes");
    List<String> jvm = new ArrayList<>();
    // Nobody waits for an answer while a contender runs: pauses do not count, throughput does.
    jvm.add("-XX:+UseParallelGC");
    jvm.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    jvm.addAll(settings.jvm());
    return new Contender(
        name,
        mainClass,
        classes + File.pathSeparator + Files.readString(file).strip(),
        jvm,
        List.of(arguments));
  }
}
