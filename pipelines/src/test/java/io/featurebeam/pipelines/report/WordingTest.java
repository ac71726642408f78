package io.featurebeam.pipelines.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "-0.0 | 0",
        "3 | 3",
        "1234567 | 1,234,567",
        "-1500.26 | -1,500.3",
        "0.123456789 | 0.12346",
        "12345.678 | 12,345.7",
        "99999.99 | 100,000",
        "0.00001234 | 1.234e-05",
        "1e300 | 1.000e+300",
        "123456789012345 | 123,456,789,012,345",
        "NaN | –",
        "Infinity | ∞",
        "-Infinity | −∞",
        "4.9e-324 | 4.900e-324"
      })
  void numbersHaveFiveDigits(double value, String text) {
    assertEquals(text, Wording.number(value));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, 0 %",
    "10, 10, 100 %",
    "1, 3, 33.33 %",
    "1, 1000000, < 0.01 %",
    "999999, 1000000, > 99.99 %",
    "1, 0, –"
  })
  void aShareIsNeverRoundedToNoneOrAll(long part, long whole, String text) {
    assertEquals(text, Wording.share(part, whole));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0 bytes",
        "1 | 1 byte",
        "999 | 999 bytes",
        "1000 | 1.0 kB",
        "999949 | 999.9 kB",
        "999950 | 1.0 MB",
        "3284112 | 3.3 MB",
        "9223372036854775807 | 9.2 EB"
      })
  void sizesArePowersOfAThousand(long bytes, String text) {
    assertEquals(text, Wording.bytes(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "999, 999 ms",
    "1000, 1.0 s",
    "59949, 59.9 s",
    "59950, 1 min 00 s",
    "125000, 2 min 05 s",
    "3599499, 59 min 59 s",
    "3600000, 1 h 00 min",
    "360000000, 100 h 00 min"
  })
  void durationsHaveTwoUnits(long millis, String text) {
    assertEquals(text, Wording.duration(Duration.ofMillis(millis)));
  }

  @Test
  void foreignTextIsShortenedAndItsInvisibleCharactersShow() {
    assertEquals("a\\u202eb\\u0007\\u000a", Wording.foreign("a\u202eb\u0007\n", 10));
    assertEquals("xxxxx…", Wording.foreign("x".repeat(1 << 20), 5));
    assertEquals("xxxx…", Wording.foreign("xxxx😀", 5), "a pair of surrogates is not split");
    assertEquals("\\ud83d", Wording.foreign("\ud83d", 5), "a lone surrogate");
  }

  @Test
  void anEmptyValueIsNamed() {
    assertEquals("(empty)", Wording.value("", 5));
    assertEquals("a", Wording.value("a", 5));
  }

  @Test
  void foreignLinesStayLines() {
    assertEquals("a:\n    b\\u0000\n", Wording.foreignLines("a:\r\n\tb\u0000\n", 100));
    assertEquals("ab\n… (shortened)", Wording.foreignLines("abc", 2));
  }
}
