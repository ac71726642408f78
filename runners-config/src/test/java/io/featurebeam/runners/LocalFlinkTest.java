package io.featurebeam.runners;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalFlinkTest {

  private final ClassLoader mavens = new URLClassLoader(new URL[0]);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--runner=FlinkRunner",
        "--runner=flinkrunner",
        "--runner=org.apache.beam.runners.flink.FlinkRunner",
        "--runner=FlinkRunner --flinkMaster=[local]",
        "--flinkMaster=[auto] --runner=FlinkRunner"
      })
  void inProcessFlinkUnderAnotherLoaderGetsAClassPathEntry(String line) throws IOException {
    String[] args = line.split(" ");
    String[] extended = LocalFlink.withClasses(args, mavens);
    assertEquals(args.length + 1, extended.length);
    String added = extended[args.length];
    assertTrue(added.startsWith("--flinkConfDir="), added);
    Path folder = Path.of(added.substring("--flinkConfDir=".length()));
    assertEquals(
        "pipeline.classpaths: ['" + folder.toUri() + "']\n",
        Files.readString(folder.resolve("config.yaml")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--runner=DirectRunner",
        "--name=flinkrunner",
        "--runner=FlinkRunner --flinkMaster=host:8081",
        "--runner=FlinkRunner --flinkConfDir=/etc/flink"
      })
  void othersPassUnchanged(String line) {
    String[] args = line.split(" ");
    assertSame(args, LocalFlink.withClasses(args, mavens));
  }

  @Test
  void flinkOnTheJvmsOwnClassPathPassesUnchanged() {
    String[] args = {"--runner=FlinkRunner"};
    assertSame(args, LocalFlink.withClasses(args, ClassLoader.getSystemClassLoader()));
  }
}
