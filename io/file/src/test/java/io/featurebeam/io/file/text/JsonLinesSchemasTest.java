package io.featurebeam.io.file.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonLinesSchemasTest {

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** So many bytes that take no memory of their own. */
  private static InputStream spaces(long count) {
    return new InputStream() {
      private long left = count;

      @Override
      public int read() {
        return left-- > 0 ? ' ' : -1;
      }

      @Override
      public int read(byte[] into, int from, int length) {
        int n = (int) Math.min(left, length);
        Arrays.fill(into, from, from + n, (byte) ' ');
        left -= n;
        return n == 0 ? -1 : n;
      }
    };
  }

  private static JsonLinesSchemas.Inferred infer(String... lines) throws IOException {
    return JsonLinesSchemas.infer("f", stream(String.join("\n", lines)), 1000, 1 << 20);
  }

  /** The schema, and the records that it reads of the very lines; none of them is malformed. */
  private static void assertReads(String schema, List<Object> records, String... lines)
      throws IOException {
    JsonLinesSchemas.Inferred inferred = infer(lines);
    assertEquals(schema, inferred.schema().toString());
    TextFiles file =
        TextFiles.json(
            JsonLinesOptions.of(inferred.schema()).withTexts(inferred.texts()),
            String.join("\n", lines));
    assertEquals(List.of(), file.malformed);
    assertEquals(
        records.stream().map(Object::toString).toList(),
        file.records.stream().map(r -> r.substring(r.indexOf(' ') + 1)).toList());
  }

  @Test
  void typesAreTheNarrowestThatHoldAllValues() throws IOException {
    assertReads(
        "(i int64, f float64, b boolean, t timestamp, s string, u.n string, l list<int64>)",
        List.of(
            "[1, 1.0, true, 1000000, 1970-01-01T00:00:01Z, a, [1]]",
            "[2, 2.5, false, 0, x, null, [2, null]]"),
        "{\"i\":1,\"f\":1,\"b\":true,\"t\":\"1970-01-01T00:00:01Z\",\"s\":\"1970-01-01T00:00:01Z\",\"u\":{\"n\":\"a\"},\"l\":[1]}",
        "{\"i\":2,\"f\":2.5,\"b\":false,\"t\":\"1970-01-01T00:00:00Z\",\"s\":\"x\",\"u\":null,\"l\":[2,null]}");
  }

  @Test
  void wholeNumbersAndOthersAreFloats() throws IOException {
    assertReads(
        "(x float64, l list<float64>, n float64)",
        List.of("[1.0, [1.0, 2.0], 1.5]", "[0.5, [0.5], NaN]", "[1.0E19, [], Infinity]"),
        "{\"x\":1,\"l\":[1,2],\"n\":1.5}",
        "{\"x\":0.5,\"l\":[0.5],\"n\":\"NaN\"}",
        "{\"x\":10000000000000000000,\"l\":[],\"n\":\"Infinity\"}");
  }

  @Test
  void scalarsOfSeveralKindsAreTheTextThatStandsThere() throws IOException {
    assertReads(
        "(m string, l list<string>, huge string)",
        List.of("[1.50, [a, 2], 1e999]", "[true, [false, null], 1]", "[x, [], null]"),
        "{\"m\":1.50,\"l\":[\"a\",2],\"huge\":1e999}",
        "{\"m\":true,\"l\":[false,null],\"huge\":1}",
        "{\"m\":\"x\",\"l\":[]}");
  }

  @Test
  void aMemberWithoutAValueAndAnArrayWithoutElementsTakeAnyScalarLater() throws IOException {
    JsonLinesSchemas.Inferred inferred = infer("{\"n\":null,\"e\":[]}");
    assertEquals("(n string, e list<string>)", inferred.schema().toString());
    TextFiles later =
        TextFiles.json(
            JsonLinesOptions.of(inferred.schema()).withTexts(inferred.texts()),
            "{\"n\":5,\"e\":[1,\"a\"]}\n{\"n\":{},\"e\":[[]]}");
    assertEquals(List.of("0 [5, [1, a]]"), later.records);
    assertEquals(
        List.of("f:1 [{\"n\":{},\"e\":[[]]}] column 'n': an object is not a string"),
        later.malformed);
  }

  @Test
  void whatNoColumnCanHoldIsLeftOutWithTheReason() throws IOException {
    String[] lines = {
      "{\"n\":1,\"os\":[{\"a\":1}],\"aa\":[[1]],\"mix\":1,\"arr\":[1],\"o\":{\"p\":[{}],\"q\":2},\"e\":{},\"\":5}",
      "{\"n\":2,\"os\":[1],\"mix\":[1],\"arr\":{\"x\":1},\"o\":{\"q\":3},\"e\":4}",
    };
    assertEquals(
        List.of(
            "os (an array of objects)",
            "aa (an array of arrays)",
            "mix (an array in some records and not in others)",
            "arr (an array in some records and not in others)",
            "o.p (an array of objects)",
            "e (an object in some records and a value in others)",
            "'' (a member without a name)"),
        infer(lines).leftOut());
    assertReads("(n int64, o.q int64)", List.of("[1, 2]", "[2, 3]"), lines);
  }

  @Test
  void anObjectInSomeRecordsAndAValueInOthersIsBoth() throws IOException {
    assertReads(
        "(a int64, a.b int64)",
        List.of("[1, null]", "[null, 2]", "[null, null]"),
        "{\"a\":1}",
        "{\"a\":{\"b\":2}}",
        "{\"a\":null}");
  }

  @Test
  void aDottedMemberIsTheColumnOfThatName() throws IOException {
    assertReads(
        "(a int64, a.b int64, c.d string)",
        List.of("[1, 2, x]", "[null, 3, y]"),
        "{\"a\":1,\"a.b\":2,\"c.d\":\"x\"}",
        "{\"a\":{\"b\":3},\"c\":{\"d\":\"y\"}}");
  }

  @Test
  void linesThatAreNoObjectsAreLeftToTheReader() throws IOException {
    assertEquals("(a int64)", infer("[1]", "{\"a\":", "\u0000", "{\"a\":1}").schema().toString());
    assertEquals(
        "No JSON object in the first 1000 lines of f (must hold one object a line)",
        assertThrows(IOException.class, () -> infer("[1]")).getMessage());
  }

  @Test
  void keysThatAreDataAreRefused() throws IOException {
    String line =
        IntStream.rangeClosed(0, 10_000)
            .mapToObj(i -> "\"user" + i + "\":1")
            .collect(Collectors.joining(",", "{", "}"));
    assertEquals(
        "File f has more than 10000 different members in its first lines (declare the columns to"
            + " read)",
        assertThrows(IllegalArgumentException.class, () -> infer(line)).getMessage());
    String deep = "{\"a" + ".a".repeat(60) + "\":1,\"b\":2}";
    assertEquals(
        List.of("a" + ".a".repeat(60) + " (nested more than 50 deep)"), infer(deep).leftOut());
    assertReads("(b int64)", List.of("[2]"), deep);
  }

  /** Whatever the values: of a file that is all sample, no line is malformed. */
  @Test
  void noLineOfTheSampleIsMalformed() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    int columns = 0;
    for (int i = 0; i < 2000; i++) {
      List<String> lines = new ArrayList<>();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        lines.add(object(random, 0));
      }
      String text = String.join("\n", lines);
      JsonLinesSchemas.Inferred inferred = infer(text);
      columns += inferred.schema().size();
      TextFiles file =
          TextFiles.json(JsonLinesOptions.of(inferred.schema()).withTexts(inferred.texts()), text);
      assertEquals(List.of(), file.malformed, text);
      assertEquals(lines.size(), file.records.size(), text);
    }
    assertTrue(columns > 2000, columns + " columns");
  }

  /** No two members of one dotted name: such a record is malformed whatever the schema. */
  private static String object(SplittableRandom random, int depth) {
    Set<String> names = new TreeSet<>();
    for (int n = random.nextInt(4); n > 0; n--) {
      names.add(
          depth == 0 && random.nextInt(6) == 0
              ? "d." + "ef".charAt(random.nextInt(2))
              : "abc".charAt(random.nextInt(3)) + "");
    }
    return names.stream()
        .map(name -> "\"" + name + "\":" + value(random, depth + 1))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String value(SplittableRandom random, int depth) {
    String[] scalars = {
      "null",
      "true",
      "1",
      "-9223372036854775809",
      "1.5",
      "1e400",
      "-2E-400",
      "\"x\"",
      "\"NaN\"",
      "\"2001-02-03T04:05:06Z\"",
      "\"+1000000-01-01T00:00:00Z\"",
      "\"2001-02-03\"",
      "\"\""
    };
    if (depth < 4 && random.nextInt(3) == 0) {
      if (random.nextBoolean()) {
        return object(random, depth);
      }
      List<String> items = new ArrayList<>();
      for (int n = random.nextInt(3); n > 0; n--) {
        items.add(value(random, depth + 1));
      }
      return items.toString();
    }
    return scalars[random.nextInt(random.nextBoolean() ? 3 : scalars.length)];
  }

  @Test
  void aLineWithoutEndTakesNoMoreMemoryThanALineMay() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    JsonLinesSchemas.infer(
        "f", stream("{\"a\":1}\n"), 10, 1 << 20); // loads classes, which allocates too
    long before = threads.getCurrentThreadAllocatedBytes();
    InputStream file = new SequenceInputStream(spaces(300L << 20), stream("\n{\"a\":1}\n"));
    assertEquals("(a int64)", JsonLinesSchemas.infer("f", file, 10, 1 << 20).schema().toString());
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 8 << 20, allocated + " bytes");
  }
}
