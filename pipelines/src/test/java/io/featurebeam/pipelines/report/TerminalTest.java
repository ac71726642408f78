package io.featurebeam.pipelines.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TerminalTest {

  @Test
  void theWidthIsTheSecondNumber() {
    assertEquals(132, Terminal.width("echo", "40 132"));
  }

  @Test
  void whatSaysNothingLeavesTheUsualWidth() {
    assertEquals(100, Terminal.width("echo", "0 0"));
    assertEquals(100, Terminal.width("echo", "not a tty"));
    assertEquals(100, Terminal.width("no-such-command-here"));
  }
}
