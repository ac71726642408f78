package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineDiffTest {

  private static List<String> diff(String old, String now) {
    return LineDiff.of(List.of(old.split("")), List.of(now.split("")));
  }

  @Test
  void linesOfBothAreLeftOut() {
    assertEquals(List.of(), diff("abc", "abc"));
    assertEquals(List.of("- b", "+ x"), diff("abc", "axc"));
    assertEquals(List.of("+ a"), diff("aa", "aaa"));
    assertEquals(List.of("- c", "+ e"), diff("abcd", "abde"));
    assertEquals(List.of("- a", "+ x", "+ y"), diff("ab", "xby"));
    assertEquals(List.of("- a"), LineDiff.of(List.of("a"), List.of()));
  }
}
