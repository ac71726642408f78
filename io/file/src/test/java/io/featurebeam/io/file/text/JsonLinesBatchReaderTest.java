package io.featurebeam.io.file.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@SuppressWarnings("StringConcatToTextBlock") // line ends and escapes must show
class JsonLinesBatchReaderTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("i", FieldType.INT64),
          Field.of("d", FieldType.FLOAT64),
          Field.of("o", FieldType.BOOLEAN),
          Field.of("user.name", FieldType.STRING),
          Field.of("t", FieldType.TIMESTAMP),
          Field.of("tags", FieldType.listOf(FieldType.STRING)));
  private static final JsonLinesOptions OPTIONS = JsonLinesOptions.of(SCHEMA);

  @Test
  void membersBecomeColumnsInAnyOrder() throws IOException {
    TextFiles file =
        TextFiles.json(
            OPTIONS,
            "{\"i\":1,\"d\":2,\"o\":true,\"user\":{\"name\":\"\\u00e9\\ud83d\\ude42\",\"x\":[{}]},\"t\":\"1970-01-01T00:00:01Z\",\"tags\":[\"a\",null]}\r\n"
                + "\n"
                + "{\"other\":[1,{\"i\":9}],\"tags\":[],\"user\":null,\"d\":\"-Infinity\",\"i\":-2}\n"
                + "{\"i\":3,\"d\":null}");
    assertEquals(
        List.of(
            "0 [1, 2.0, true, é🙂, 1000000, [a, null]]",
            "2 [-2, -Infinity, null, null, null, []]",
            "3 [3, null, null, null, null, null]"),
        file.records);
    assertEquals(List.of(), file.malformed);
  }

  @Test
  void eachMalformedLineIsRejectedAndTheRestGoesOn() throws IOException {
    String[] lines = {
      "{\"i\":1}",
      "{\"i\":1.0}",
      "{\"i\":9223372036854775808}",
      "{\"d\":1}",
      "{\"i\":null}",
      "{\"i\":1,\"d\":1e400}",
      "{\"i\":1,\"d\":\"1\"}",
      "{\"i\":1,\"o\":1}",
      "{\"i\":1,\"i\":2}",
      "{\"i\":1,\"user\":{\"name\":\"a\"},\"user\":{}}",
      "{\"i\":1,\"user\":3}",
      "{\"i\":1,\"t\":\"2001-02-30T00:00:00Z\"}",
      "{\"i\":1,\"tags\":[\"a\",3]}",
      "{\"i\":1,\"tags\":\"a\"}",
      "{\"i\":1,\"user\":{\"name\":\"\\ud83d\"}}",
      "[1]",
      "{\"i\":1} {}",
      "{\"i\":2}",
    };
    TextFiles file = TextFiles.json(OPTIONS, String.join("\n", lines));
    assertEquals(
        List.of("0 [1, null, null, null, null, null]", "17 [2, null, null, null, null, null]"),
        file.records);
    assertEquals(
        List.of(
            "column 'i': '1.0' is not an int64",
            "column 'i': '9223372036854775808' is too large for an int64 (must be between"
                + " -9223372036854775808 and 9223372036854775807)",
            "column 'i' is missing (must not be null)",
            "column 'i' is null (must not be)",
            "column 'd': '1e400' is too large for a float64",
            "column 'd': the string '1' is not a float64",
            "column 'o': '1' is not a boolean",
            "the member 'i' comes twice",
            "the member 'user' comes twice",
            "the member 'user' is not an object",
            "column 't': '2001-02-30T00:00:00Z' is not a timestamp (must be an ISO 8601 timestamp"
                + " that exists, such as 2001-01-31T23:59:59Z)",
            "column 'tags': '3' is not a string",
            "column 'tags': a value that is not an array (must be list<string>)",
            "column 'user.name': a string with half a surrogate pair",
            "the line is not a JSON object",
            "text follows the JSON object"),
        file.malformed.stream()
            .map(
                m ->
                    m.substring(
                        m.indexOf("] ", m.lastIndexOf('}')) < 0
                            ? m.lastIndexOf("] ") + 2
                            : m.indexOf("] ", m.lastIndexOf('}')) + 2))
            .toList());
    assertEquals("f:1 [{\"i\":1.0}] column 'i': '1.0' is not an int64", file.malformed.get(0));
  }

  @Test
  void brokenSyntaxAndUtf8AreMalformed() throws IOException {
    TextFiles file =
        TextFiles.json(
            OPTIONS,
            "{\"i\":\n{\"i\":1,\"x\":\"\u00e9\"}\n{\"i\":2}\n"
                .getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(List.of("2 [2, null, null, null, null, null]"), file.records);
    assertEquals(2, file.malformed.size());
    assertEquals(
        "f:0 [{\"i\":] the line is not JSON: Unexpected end-of-input within/between Object entries",
        file.malformed.get(0));
    assertEquals(
        "f:1 [{\"i\":1,\"x\":\"\u00e9\"}] the line is not UTF-8 (byte 12)", file.malformed.get(1));
  }

  @Test
  void anOverLongLineIsCutAndTheRestGoesOn() throws IOException {
    String longLine = "{\"i\":1,\"x\":\"" + "y".repeat(300_000) + "\"}";
    TextFiles file =
        TextFiles.json(
            OPTIONS.withMaxLineBytes(20),
            "{\"i\":1,\"x\":\"12345\"}\r\n" + longLine + "\n{\"i\":2}");
    assertEquals(List.of("0", "2"), file.records.stream().map(r -> r.substring(0, 1)).toList());
    assertEquals(
        List.of("f:1 [" + longLine.substring(0, 20) + "] the line is longer than 20 bytes"),
        file.malformed);
  }

  @Test
  void malformedLinesEndABatchLikeGoodOnes() throws IOException {
    TextFiles file = TextFiles.json(OPTIONS, "[]\n".repeat(100_000) + "{\"i\":1}\n");
    assertEquals(100_000, file.malformed.size());
    assertEquals(1, file.records.size());
    assertEquals(1000, file.mostMalformed);
  }

  @Test
  void epochFormatsTakeNumbers() throws IOException {
    RecordSchema schema = RecordSchema.of(Field.of("t", FieldType.TIMESTAMP));
    TextFiles file =
        TextFiles.json(
            JsonLinesOptions.of(schema).withFormats(Map.of("t", "epoch-millis")),
            "{\"t\":1500}\n{\"t\":\"1500\"}\n");
    assertEquals(List.of("0 [1500000]"), file.records);
    assertEquals(
        List.of("f:1 [{\"t\":\"1500\"}] column 't': the string '1500' is not a timestamp"),
        file.malformed);
  }

  @Test
  void aDottedColumnIsTheMemberOfThatNameOrANestedOne() throws IOException {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("host", FieldType.STRING),
            Field.of("host.name", FieldType.STRING),
            Field.of("a.b.c", FieldType.INT64));
    TextFiles file =
        TextFiles.json(
            JsonLinesOptions.of(schema),
            "{\"host\":\"h\",\"host.name\":\"n\",\"a.b.c\":1}\n"
                + "{\"host\":{\"name\":\"n\"},\"a.b\":{\"c\":2}}\n"
                + "{\"a\":{\"b.c\":3}}\n"
                + "{\"a\":{\"b\":{\"c\":4}}}\n"
                + "{\"a.b.c\":5,\"a\":{\"b\":{\"c\":4}}}\n"
                + "{\"a.b\":[],\"a.b.c\":6}\n"
                + "{\"a.b\":[]}\n");
    assertEquals(
        List.of(
            "0 [h, n, 1]",
            "1 [null, n, 2]",
            "2 [null, null, 3]",
            "3 [null, null, 4]",
            "5 [null, null, 6]"),
        file.records);
    assertEquals(
        List.of(
            "f:4 [{\"a.b.c\":5,\"a\":{\"b\":{\"c\":4}}}] the member 'a.b.c' comes twice",
            "f:6 [{\"a.b\":[]}] the member 'a.b' is not an object"),
        file.malformed);
  }

  @Test
  void textsTakeAnyScalarAsItStandsThere() throws IOException {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("s", FieldType.STRING), Field.of("l", FieldType.listOf(FieldType.STRING)));
    TextFiles file =
        TextFiles.json(
            JsonLinesOptions.of(schema).withTexts(Set.of("s", "l")),
            "{\"s\":1.50,\"l\":[true,\"a\",null]}\n{\"s\":[1]}");
    assertEquals(List.of("0 [1.50, [true, a, null]]"), file.records);
    assertEquals(List.of("f:1 [{\"s\":[1]}] column 's': an array is not a string"), file.malformed);
  }

  @Test
  void optionsAreChecked() {
    assertEquals(
        "Column 'i' is int64 (only a string can be any text)",
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withTexts(Set.of("i")))
            .getMessage());
    String deep = "a" + ".a".repeat(50);
    assertEquals(
        "Invalid column of JSON: '" + deep + "' (must be at most 50 names joined by dots)",
        assertThrows(
                IllegalArgumentException.class,
                () -> JsonLinesOptions.of(RecordSchema.of(Field.of(deep, FieldType.INT64))))
            .getMessage());
    assertEquals(1 << 20, OPTIONS.maxLineBytes());
    assertEquals(Set.of(), OPTIONS.texts());
  }
}
