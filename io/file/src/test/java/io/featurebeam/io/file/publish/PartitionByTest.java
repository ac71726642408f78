package io.featurebeam.io.file.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionByTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("day", FieldType.DATE),
          Field.of("country", FieldType.STRING),
          Field.of("x", FieldType.FLOAT64));

  private static String folder(@Nullable String value) {
    return PartitionBy.parse("country").folder(Collections.singletonList(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "NZ                  | country=NZ/",
        "a b'c               | country=a b%27c/",
        "../..               | country=..%2F../",
        "..                  | country=../",
        "/etc/passwd         | country=%2Fetc%2Fpasswd/",
        "%2F                 | country=%252F/",
        "a=b*?[x]{y}         | country=a%3Db%2A%3F%5Bx%5D%7By%7D/",
        "\\..\\x             | country=%5C..%5Cx/",
        "été                 | country=%C3%A9t%C3%A9/",
        "__HIVE_DEFAULT_PARTITION__ | country=__HIVE_DEFAULT_PARTITION__/"
      })
  void valueIsOneFolderNameWhateverItHolds(String value, String expected) {
    assertEquals(expected, folder(value));
  }

  @Test
  void controlCharactersAreEscaped() {
    assertEquals("country=a%0A%00%7F/", folder("a\n\0\u007f"));
  }

  @Test
  void nullAndTheEmptyStringAreTheDefaultPartition() {
    assertEquals("country=__HIVE_DEFAULT_PARTITION__/", folder(null));
    assertEquals("country=__HIVE_DEFAULT_PARTITION__/", folder(""));
  }

  @Test
  void longValuesAreCutAtAWholeCharacterAndStayApart() {
    String first = folder("é".repeat(5000) + "a");
    String second = folder("é".repeat(5000) + "b");
    assertTrue(first.matches("country=(%C3%A9)+(%C3)?~[0-9a-f]{16}/"), first);
    assertTrue(!first.equals(second) && first.length() < 130, second);
    assertEquals("country=" + "a".repeat(110) + "/", folder("a".repeat(110)));
    assertTrue(folder("a".repeat(111)).startsWith("country=" + "a".repeat(93) + "~"));
  }

  @Test
  void anyValueIsOneShortAsciiNameInItsFolder() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder value = new StringBuilder();
      for (int n = random.nextInt(60); n > 0; n--) {
        int kind = random.nextInt(4);
        value.appendCodePoint(
            kind == 0
                ? "./\\%:*?\0".codePointAt(random.nextInt(8))
                : random.nextInt(kind == 1 ? 128 : kind == 2 ? 0x800 : 0xD800));
      }
      String folder = folder(value.toString());
      assertTrue(folder.matches("country=[-\\w.,+@$~!()& %]+/"), folder);
      assertTrue(folder.getBytes(StandardCharsets.UTF_8).length <= 255, folder);
      OutputFolder.checkInside(folder + "x");
    }
  }

  @Test
  void columnsAndUnitsNestInOrder() {
    PartitionBy by = PartitionBy.parse("country", "month( at )");
    assertEquals("country=NZ/at_month=2001-01/", by.folder(List.of("NZ", "2001-01")));
    assertEquals(List.of("country", "month(at)"), by.declarations());
    assertEquals(by, PartitionBy.ofDeclarations(by.declarations()));
  }

  @Test
  void finestUnitOfAColumnIsTheShortest() {
    PartitionBy by = PartitionBy.parse("year(at)", "hour(at)", "day(at)", "day(day)");
    assertEquals("hour(at)", by.finest("at").orElseThrow().toString());
    assertEquals("day(day)", by.finest("day").orElseThrow().toString());
    assertTrue(PartitionBy.parse("country").finest("country").isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"x | float64 | x", "at | timestamp | at", "hour(day) | date | day"})
  void columnThatCannotPartFilesIsRefused(String declared, String type, String column) {
    PartitionBy by = PartitionBy.parse(declared);
    assertEquals(
        "Invalid partitionBy: "
            + declared
            + " ("
            + column
            + " is "
            + type
            + "; must be a string, int64, boolean or date column, or hour, day, month or year of a"
            + " timestamp column as in day("
            + column
            + "))",
        assertThrows(IllegalArgumentException.class, () -> by.check(SCHEMA)).getMessage());
  }

  @Test
  void unknownUnitSuggestsTheNearest() {
    assertEquals(
        "Unknown time unit: 'dya'; did you mean 'day'?",
        assertThrows(IllegalArgumentException.class, () -> PartitionBy.parse("dya(at)"))
            .getMessage());
  }

  @Test
  void twoPartsOfOneNameAreRefused() {
    assertEquals(
        "Invalid partitionBy: [at_day, day(at)] (a folder name repeats)",
        assertThrows(IllegalArgumentException.class, () -> PartitionBy.parse("at_day", "day(at)"))
            .getMessage());
  }
}
