package io.featurebeam.runners;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalFlinkTest {

  private static final long GIGABYTE = 1L << 30;

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
  void inProcessFlinkUnderAnotherLoaderGetsMemoryAndAClassPathEntry(String line)
      throws IOException {
    String[] args = line.split(" ");
    Path folder = folder(args, LocalFlink.withConfiguration(args, mavens, 3 * GIGABYTE));
    assertEquals(
        "taskmanager.memory.managed.size: 768m\npipeline.classpaths: ['" + folder.toUri() + "']\n",
        Files.readString(folder.resolve("config.yaml")));
  }

  @Test
  void flinkOnTheJvmsOwnClassPathGetsMemoryOnly() throws IOException {
    String[] args = {"--runner=FlinkRunner"};
    ClassLoader jvms = ClassLoader.getSystemClassLoader();
    Path folder = folder(args, LocalFlink.withConfiguration(args, jvms, 2 * GIGABYTE));
    assertEquals(
        "taskmanager.memory.managed.size: 512m\n", Files.readString(folder.resolve("config.yaml")));
  }

  @Test
  void aSmallHeapGetsWhatFlinkWouldTake() throws IOException {
    String[] args = {"--runner=FlinkRunner"};
    ClassLoader jvms = ClassLoader.getSystemClassLoader();
    Path folder = folder(args, LocalFlink.withConfiguration(args, jvms, GIGABYTE / 4));
    assertEquals(
        "taskmanager.memory.managed.size: 128m\n", Files.readString(folder.resolve("config.yaml")));
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
    assertSame(args, LocalFlink.withConfiguration(args, mavens, GIGABYTE));
  }

  @Test
  void aFolderThatAKilledRunLeftIsRemovedAndThatOfALivingOneStays() throws Exception {
    Path left = leftBy(pidOfDead());
    Path living = leftBy(ProcessHandle.current().pid());
    Path others = Files.createTempDirectory("featurebeam-flink-somewhere-");

    String[] args = {"--runner=FlinkRunner"};
    folder(args, LocalFlink.withConfiguration(args, mavens, GIGABYTE));

    assertFalse(Files.exists(left));
    assertTrue(Files.exists(living.resolve("config.yaml")));
    assertTrue(Files.exists(others));
    Files.delete(living.resolve("config.yaml"));
    Files.delete(living);
    Files.delete(others);
  }

  private static Path leftBy(long pid) throws IOException {
    Path folder = Files.createTempDirectory("featurebeam-flink-" + pid + "-");
    Files.writeString(folder.resolve("config.yaml"), "");
    return folder;
  }

  private static long pidOfDead() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
            .redirectErrorStream(true)
            .start();
    process.getInputStream().readAllBytes();
    process.waitFor();
    return process.pid();
  }

  private static Path folder(String[] args, String[] extended) {
    assertArrayEquals(args, Arrays.copyOf(extended, args.length));
    assertEquals(args.length + 1, extended.length);
    String added = extended[args.length];
    assertTrue(added.startsWith("--flinkConfDir="), added);
    return Path.of(added.substring("--flinkConfDir=".length()));
  }
}
