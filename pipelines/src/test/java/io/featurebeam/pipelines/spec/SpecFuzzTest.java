package io.featurebeam.pipelines.spec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Any text either parses or is refused with a {@link SpecException}; nothing hangs or overflows.
 */
final class SpecFuzzTest {

  private static final String ALPHABET =
      "abkn019 \n\n:::,-[]{}&*!|>'\"%@`#$~?<.\\/\t\u0000\u00e9\ud83d\ude00\ufeff()=";
  private static final String[] WORDS = {
    "${A}",
    "${",
    "$${",
    "&a ",
    "*a",
    "!!str ",
    "!x ",
    "<<: ",
    "? ",
    "--- ",
    "...",
    "null",
    ".nan",
    "0x7fffffffffffffffff",
    "1e999",
    "-1",
    "0h",
    "9999999999999999999w",
    "window: ",
    "features: ",
    "rule: ",
    "where: ",
    "per: ",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "{ ",
    "\u2028",
    "\ud800",
    "|2\n"
  };

  private final SpecParser parser =
      Specs.parser().withEnvironment(java.util.Map.of("A", "1h\u0000\n: {"));
  private int accepted;
  private int refused;

  @Test
  void mutatedSpecsParseOrAreRefused() {
    run(42, 20_000);
    assertTrue(accepted > 0, "none was accepted");
    assertTrue(refused > accepted, "too few were refused");
  }

  /** By hand: {@code SpecFuzzTest <seed> <inputs>}. */
  public static void main(String[] args) {
    SpecFuzzTest fuzz = new SpecFuzzTest();
    long start = System.nanoTime();
    fuzz.run(Long.parseLong(args[0]), Integer.parseInt(args[1]));
    System.out.printf(
        java.util.Locale.ROOT,
        "%d accepted, %d refused, %.1f s%n",
        fuzz.accepted,
        fuzz.refused,
        (System.nanoTime() - start) / 1e9);
  }

  private void run(long seed, int inputs) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < inputs; i++) {
      String text = random.nextInt(20) == 0 ? noise(random) : mutated(random);
      try {
        PipelineSpec spec = parser.parse(text, "fuzz.yaml");
        assertFalse(SpecWriter.toYaml(spec).isEmpty());
        accepted++;
      } catch (SpecException e) {
        assertFalse(e.problems().isEmpty(), text);
        refused++;
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("Seed " + seed + ", input " + i + ":\n" + text, e);
      }
    }
  }

  private static String noise(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(200); i >= 0; i--) {
      insert(text, text.length(), random);
    }
    return text.toString();
  }

  private static String mutated(SplittableRandom random) {
    StringBuilder text = new StringBuilder(Specs.FLIGHTS);
    for (int i = random.nextInt(6); i >= 0; i--) {
      int at = random.nextInt(text.length());
      int to = Math.min(text.length(), at + 1 + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> insert(text, at, random);
        case 1 -> text.delete(at, to);
        case 2 -> text.insert(random.nextInt(text.length()), text.substring(at, to));
        default -> text.setCharAt(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
    }
    return text.toString();
  }

  private static void insert(StringBuilder text, int at, SplittableRandom random) {
    if (random.nextBoolean()) {
      text.insert(at, WORDS[random.nextInt(WORDS.length)]);
    } else {
      text.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
  }
}
