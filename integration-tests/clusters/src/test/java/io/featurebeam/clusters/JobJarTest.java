package io.featurebeam.clusters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobJarTest {

  @TempDir Path root;

  @Test
  void whatIsBuiltIsFoundFromAnyFolderBelow() throws IOException {
    Path jar = Files.createDirectories(root.resolve("jobs/target")).resolve("a.jar");
    Files.writeString(jar, "");
    Path below = Files.createDirectories(root.resolve("tests/run"));

    assertEquals(jar, JobJar.built("jobs/target/a.jar", below));
    assertEquals(jar, JobJar.built("jobs/target/a.jar", root));
  }

  @Test
  void whatIsNotBuiltIsNamedWithTheWayOut() {
    assertEquals(
        "Not built: jobs/none.jar, above " + root + " (run mvn verify, without a profile)",
        assertThrows(IllegalStateException.class, () -> JobJar.built("jobs/none.jar", root))
            .getMessage());
  }
}
