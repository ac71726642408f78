package io.featurebeam.clusters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {

  @TempDir Path folder;

  @Test
  void anotherExitIsToldWithAllThatWasSaid() throws IOException, InterruptedException {
    Program.Result result = Program.java("--version").run(folder).assertExit(0);

    assertEquals(
        "Ended with 0, not 2:\n" + result.out() + "\n" + result.err(),
        assertThrows(AssertionError.class, () -> result.assertExit(2)).getMessage());
  }

  @Test
  void aProgramThatDoesNotEndInTimeIsEnded() {
    Program program = Program.java("--version").withLongest(Duration.ZERO);

    String told = assertThrows(AssertionError.class, () -> program.run(folder)).getMessage();

    assertTrue(told.startsWith("Not ended after PT0S:\n"), told);
  }
}
