package io.featurebeam.io.file.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that halts before a step of a publish to a local folder, without any clean-up of its
 * own.
 */
class PublishKillTest {

  private static final int HALTED = 77;

  @TempDir Path temp;

  /** The process that halts: folder and step. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws IOException {
      Recovery.StepHook halt =
          step -> {
            if (step.equals(args[1])) {
              Runtime.getRuntime().halt(HALTED);
            }
          };
      new TestRun(TestRun.partitioned(args[0]), "new", halt, "2001-01-02", "2001-01-02").run();
    }
  }

  private List<String> tree() throws IOException {
    Path out = temp.resolve("out");
    try (Stream<Path> files = Files.walk(out)) {
      return files.sorted().skip(1).map(f -> out.relativize(f).toString()).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"journal", "move", "manifest", "delete replaced", "forget journal"})
  void haltedProcessIsFinishedOrUndoneAndNothingIsLeftOver(String step)
      throws IOException, InterruptedException {
    String out = temp.resolve("out").toString();
    new TestRun(out, "old", "2001-01-01", "2001-01-02").run();
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                out,
                step)
            .inheritIO()
            .start();
    assertEquals(HALTED, child.waitFor());
    for (String path : Manifest.read(out).orElseThrow().paths(out)) {
      assertTrue(Files.exists(Path.of(path)), path);
    }
    Publisher.recover(out);
    assertEquals(
        step.equals("journal")
            ? List.of(
                "_featurebeam",
                "_featurebeam/manifest.json",
                "at_day=2001-01-01",
                "at_day=2001-01-01/old-00000.txt",
                "at_day=2001-01-02",
                "at_day=2001-01-02/old-00001.txt")
            : List.of(
                "_featurebeam",
                "_featurebeam/manifest.json",
                "at_day=2001-01-02",
                "at_day=2001-01-02/new-00000.txt",
                "at_day=2001-01-02/new-00001.txt"),
        tree());
    new TestRun(out, "next", "2001-01-05").run();
    assertEquals(
        List.of(
            "_featurebeam",
            "_featurebeam/manifest.json",
            "at_day=2001-01-05",
            "at_day=2001-01-05/next-00000.txt"),
        tree());
  }
}
