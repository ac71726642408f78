package io.featurebeam.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpellingTest {

  private static final List<String> KNOWN = List.of("between", "in_set", "not_null");

  @Test
  void nearMissesSuggest() {
    assertEquals("; did you mean 'between'?", Spelling.hint("betwen", KNOWN));
    assertEquals("; did you mean 'between'?", Spelling.hint("ebtween", KNOWN));
    assertEquals("; did you mean 'not_null'?", Spelling.hint("NOT_NULL", KNOWN));
    assertEquals("; did you mean 'in_set'?", Spelling.hint("inset", KNOWN));
    assertEquals("; did you mean 'ts'?", Spelling.hint("t", List.of("ts")));
  }

  @Test
  void farNamesListWhatIsKnown() {
    assertEquals("; known: between, in_set, not_null", Spelling.hint("quantile", KNOWN));
    assertEquals("", Spelling.hint("x", List.of()));
  }

  @Test
  void theListIsCutAtForty() {
    List<String> many = IntStream.range(0, 100).mapToObj(i -> "column" + i).toList();
    String hint = Spelling.hint("zzz", many);
    assertEquals(40, hint.split(",", -1).length);
  }
}
