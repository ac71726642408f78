package io.featurebeam.io.file.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParsersTest {

  private final IsoTimes iso = new IsoTimes();

  @Property
  void everyInstantIsReadAsTheJdkPrintsIt(
      @ForAll @LongRange(min = -9_000_000_000_000_000_000L, max = 9_000_000_000_000_000_000L)
          long micros) {
    Instant instant =
        Instant.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    byte[] text = ascii(instant.toString());
    assertTrue(iso.timestamp(text, 0, text.length), instant.toString());
    assertEquals(micros, iso.value);
  }

  @Property
  void everyDateAndTimeIsReadAsTheJdkPrintsIt(
      @ForAll @LongRange(min = -3_000_000, max = 3_000_000) long days,
      @ForAll @LongRange(min = 0, max = 86_399_999_999L) long micros) {
    byte[] date = ascii(LocalDate.ofEpochDay(days).toString());
    assertTrue(iso.date(date, 0, date.length));
    assertEquals(days, iso.value);
    byte[] time = ascii(LocalTime.ofNanoOfDay(micros * 1000).toString());
    assertTrue(iso.time(time, 0, time.length));
    assertEquals(micros, iso.value);
  }

  @Test
  void everyDayOfFourCenturiesExistsOrNotAsInTheJdk() {
    for (int year = 1900; year < 2300; year += 1) {
      for (int month = 0; month <= 13; month++) {
        for (int day = 28; day <= 32; day++) {
          String text = String.format(java.util.Locale.ROOT, "%d-%02d-%02d", year, month, day);
          boolean exists =
              month >= 1
                  && month <= 12
                  && day <= java.time.YearMonth.of(year, month).lengthOfMonth();
          assertEquals(exists, iso.date(ascii(text), 0, text.length()), text);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2001-01-01T00:00:60Z",
        "2001-01-01T24:00:00Z",
        "2001-1-1",
        "2001-01-01T",
        "2001-01-01T1:00",
        "2001-01-01T00:00:00+19:00",
        "2001-01-01T00:00:00ZZ",
        "2001-01-01T00:00:00.Z",
        "",
        "T",
        "+",
        "2001-01-01T00:00:00.0000000001Z",
        "999999-01-01",
        "01-01-01",
        "+999999-12-31T00:00:00Z"
      })
  void whatIsNoTimestampIsNone(String text) {
    assertFalse(iso.timestamp(ascii(text), 0, text.length()));
  }

  @Test
  void doublesAreTheNearestAsTheJdkFindsThem() {
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < 200_000; i++) {
      String text =
          switch (i % 4) {
            case 0 -> Double.toString(Double.longBitsToDouble(random.nextLong()));
            case 1 -> random.nextInt(1_000_000) / 100.0 + "";
            case 2 ->
                random.nextLong() + "." + random.nextInt(1000) + "e" + (random.nextInt(60) - 30);
            default -> "-0." + random.nextInt(1000) + "E+" + random.nextInt(5);
          };
      if (!text.equals("-Infinity") && !text.equals("NaN") && !text.equals("Infinity")) {
        assertEquals(Double.parseDouble(text), parsed(text), text);
      }
    }
    assertEquals(-0.0, parsed("-0"));
    assertEquals(Double.NaN, parsed("NaN"));
    assertEquals(Double.NEGATIVE_INFINITY, parsed("-Infinity"));
    assertEquals(0.5, parsed(".5"));
    assertEquals(5.0, parsed("5."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-", ".", "e5", "1e", "1e+", "1f", "1d", "0x1", "1 ", " 1", "1,5", "nan", "-NaN",
        "1.2.3"
      })
  void whatIsNoFloatIsNone(String text) {
    assertNotNull(
        Decimals.parse(ascii(text), 0, text.length(), ColumnBuilder.of(FieldType.FLOAT64)));
  }

  @Test
  void utf8IsCheckedAsTheJdkDoes() {
    SplittableRandom random = new SplittableRandom(4);
    byte[][] parts = {
      {'a'},
      {(byte) 0xC3, (byte) 0xA9},
      {(byte) 0xE2, (byte) 0x82, (byte) 0xAC},
      {(byte) 0xF0, (byte) 0x9F, (byte) 0x99, (byte) 0x82},
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
      {(byte) 0xC0, (byte) 0x80},
      {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
      {(byte) 0xE0, (byte) 0x80, (byte) 0x80},
      {(byte) 0x80},
      {(byte) 0xF0, (byte) 0x8F, (byte) 0x80},
      ascii("more than a word"),
    };
    for (int i = 0; i < 100_000; i++) {
      ByteBuffer bytes = ByteBuffer.allocate(100);
      for (int p = random.nextInt(5); p > 0; p--) {
        byte[] part = parts[random.nextInt(random.nextBoolean() ? 4 : parts.length)];
        bytes.put(part, 0, random.nextInt(20) == 0 ? random.nextInt(part.length + 1) : part.length);
      }
      bytes.flip();
      byte[] array = new byte[bytes.limit()];
      bytes.duplicate().get(array);
      assertEquals(
          jdkAccepts(bytes),
          Text.invalidUtf8(array, 0, array.length) < 0,
          () -> HexFormat.of().formatHex(array));
      boolean ascii =
          StandardCharsets.US_ASCII
              .newEncoder()
              .canEncode(new String(array, StandardCharsets.ISO_8859_1));
      assertEquals(
          ascii, Text.isAscii(array, 0, array.length), () -> HexFormat.of().formatHex(array));
    }
  }

  private static boolean jdkAccepts(ByteBuffer bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static double parsed(String text) {
    ColumnBuilder column = ColumnBuilder.of(FieldType.FLOAT64);
    assertEquals(null, Decimals.parse(ascii(text), 0, text.length(), column), text);
    return ((DoubleColumn) column.build()).get(0);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
