package io.featurebeam.pipelines.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A union made in Java. */
class UnionSourceTest {

  private static final SourceSpec FILE = SourceSpec.parquet("a.parquet");
  private static final UnionSource TWO = UnionSource.of("a", FILE, "b", FILE);

  private static void assertRefused(String message, Executable made) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, made).getMessage());
  }

  @Test
  void inputsStayInTheirOrder() {
    UnionSource three = TWO.and("c", FILE).renaming("a", Map.of("x", "y"));

    assertEquals(List.of("a", "b", "c"), List.copyOf(three.inputs().keySet()));
    assertEquals(Map.of("x", "y"), three.inputs().get("a").columns());
    assertEquals(Map.of(), three.inputs().get("b").columns());
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    assertRefused("Invalid input: 'a' (is given twice)", () -> TWO.and("a", FILE));
    assertRefused("Unknown input: 'z' (must be one of [a, b])", () -> TWO.renaming("z", Map.of()));
    assertRefused(
        "Invalid union: 'c' is a union itself (name its inputs beside the others)",
        () -> TWO.and("c", TWO));
    assertRefused(
        "Invalid input: '1' (must start with a letter or _, then letters, digits, _ . or -, at most"
            + " 128)",
        () -> TWO.and("1", FILE));
  }
}
