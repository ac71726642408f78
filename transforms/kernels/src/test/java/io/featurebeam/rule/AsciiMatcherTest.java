package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Matcher;
import io.featurebeam.columnar.Slices;
import io.featurebeam.expression.Regex;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What it answers is what RE2/J answers. */
class AsciiMatcherTest {

  private static AsciiMatcher.Answer ask(AsciiMatcher matcher, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return matcher.ask(bytes, 0, bytes.length);
  }

  private static void assertAgrees(String pattern, boolean partial, String text) {
    AsciiMatcher matcher = AsciiMatcher.of(pattern, partial);
    assertNotNull(matcher, pattern);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Matcher re2 = Regex.compile(pattern).matcher(bytes);
    boolean expected = partial ? re2.find() : re2.matches();
    assertEquals(
        expected ? AsciiMatcher.Answer.YES : AsciiMatcher.Answer.NO,
        ask(matcher, text),
        () -> pattern + (partial ? " in " : " on ") + text);
  }

  private static String piece(Random random, int depth) {
    String[] atoms = {
      "a", "b", "-", ".", "[ab]", "[^a]", "[a-c-]", "[]a]", "\\d", "\\w", "\\s", "\\.", "[\\d_]",
      "ü", "%"
    };
    String[] times = {"", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,}", "*?", "{0}"};
    String atom =
        depth > 0 && random.nextInt(3) == 0
            ? (random.nextBoolean() ? "(" : "(?:") + pattern(random, depth - 1) + ")"
            : atoms[random.nextInt(atoms.length)];
    return atom + times[random.nextInt(times.length)];
  }

  private static String pattern(Random random, int depth) {
    StringBuilder pattern = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      pattern.append(piece(random, depth));
      if (i > 0 && random.nextInt(5) == 0) {
        pattern.append('|');
      }
    }
    return pattern.toString();
  }

  @Property(tries = 3_000)
  void itAnswersAsRe2(@ForAll long seed) {
    Random random = new Random(seed);
    String pattern = pattern(random, 2);
    for (int i = 0; i < 20; i++) {
      StringBuilder text = new StringBuilder();
      for (int c = random.nextInt(8); c > 0; c--) {
        text.append("abc-.0_ \n%".charAt(random.nextInt(10)));
      }
      assertAgrees(pattern, random.nextBoolean(), text.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^ab", "ab$", "^ab$", "^", "$", "", "a\\$", "a\\\\$", "a|b", "(a|b)$", "^(a|b)", "a{2,3}b"
      })
  void endsAndEmptyPatterns(String pattern) {
    for (String text :
        new String[] {"", "a", "b", "ab", "xab", "abx", "a$", "a\\", "aab", "aaaab", "ab\n"}) {
      assertAgrees(pattern, true, text);
      assertAgrees(pattern, false, text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?i)a",
        "a^b",
        "a$b",
        "^a|b",
        "a|b$",
        "\\bword\\b",
        "\\pL",
        "[[:alpha:]]",
        "\\x41",
        "(?P<n>a)",
        "x{,3}",
        "\\Aa",
        "\\Qa.b\\E"
      })
  void whatIsBeyondItIsLeftToRe2(String pattern) {
    Regex.compile(pattern);
    assertNull(AsciiMatcher.of(pattern, false), pattern);
  }

  @Test
  void textBeyondAsciiIsLeftToRe2UnlessTheAnswerIsKnownBefore() {
    AsciiMatcher whole = AsciiMatcher.of("a.c", false);
    assertEquals(AsciiMatcher.Answer.UNKNOWN, ask(whole, "aüc"));
    assertEquals(AsciiMatcher.Answer.NO, ask(whole, "bbü"));
    AsciiMatcher part = AsciiMatcher.of("b", true);
    assertEquals(AsciiMatcher.Answer.YES, ask(part, "abü"));
    assertEquals(AsciiMatcher.Answer.UNKNOWN, ask(part, "üb"));
  }

  @Test
  void statesThatExplodeAreLeftToRe2() {
    AsciiMatcher matcher = AsciiMatcher.of("a.{14}b", true);
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      text.append(random.nextBoolean() ? 'a' : 'c');
    }
    assertEquals(AsciiMatcher.Answer.UNKNOWN, ask(matcher, text.toString()));
    assertEquals(AsciiMatcher.Answer.NO, ask(matcher, "a"));
  }

  @Test
  void deepAndLargePatternsAreRefusedSoon() {
    assertNull(AsciiMatcher.of("(".repeat(500) + "a" + ")".repeat(500), false));
    assertNull(AsciiMatcher.of("(a{100}){100}", false));
    long start = System.nanoTime();
    assertNotNull(AsciiMatcher.of("(".repeat(90) + "a" + ")*".repeat(90), false));
    assertTrue(System.nanoTime() - start < 5_000_000_000L);
  }

  @Test
  void rulesAskRe2WhereItDoesNotKnow() {
    TextPattern pattern = new TextPattern("a.c", false);
    Slices slices =
        Slices.of(
            List.of(
                "aüc".getBytes(StandardCharsets.UTF_8), "abc".getBytes(StandardCharsets.UTF_8)));
    assertTrue(pattern.found(slices, 0) && pattern.found(slices, 1));
  }
}
