package io.featurebeam.pipelines.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class UsageTest {

  @Test
  void everyOptionIsInOneGroup() {
    List<String> grouped = Usage.grouped();
    assertEquals(Usage.descriptions().keySet().size(), grouped.size());
    assertEquals(new TreeSet<>(Usage.descriptions().keySet()), new TreeSet<>(grouped));
  }

  @Test
  void noLineIsLongerThanATerminal() {
    assertEquals(List.of(), Usage.text().lines().filter(line -> line.length() > 100).toList());
  }

  @Test
  void exitCodesAreThoseOfTheRun() {
    for (ExitCode code : ExitCode.values()) {
      assertTrue(Usage.text().lines().anyMatch(l -> l.startsWith("  " + code.code() + "    ")));
    }
  }

  @Test
  void dryRunIsShownAsItIsGiven() {
    assertTrue(Usage.text().contains("\n  --dry-run           Check all that can be checked"));
  }
}
