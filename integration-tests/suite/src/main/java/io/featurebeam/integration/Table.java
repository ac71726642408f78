package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;

/** Rows in a fixed order: what two ways of computing are compared by. */
record Table(List<String> columns, List<Object[]> rows) {

  /** Allowed between floating-point numbers, relative to the larger. */
  private static final double TOLERANCE = 1e-12;

  private static final int SHOWN = 5;

  /** Equal row by row: everything exactly, floating-point numbers within {@value #TOLERANCE}. */
  static void assertSame(Table expected, Table actual) {
    assertEquals(expected.columns, actual.columns, "columns");
    List<String> differences = new ArrayList<>();
    int most = Math.max(expected.rows.size(), actual.rows.size());
    for (int row = 0; row < most && differences.size() < SHOWN; row++) {
      if (!same(expected.row(row), actual.row(row))) {
        differences.add(
            "row "
                + row
                + "\n  expected "
                + Arrays.toString(expected.row(row))
                + "\n  but was  "
                + Arrays.toString(actual.row(row)));
      }
    }
    if (!differences.isEmpty()) {
      fail(
          expected.rows.size()
              + " rows expected, "
              + actual.rows.size()
              + " there; columns "
              + expected.columns
              + "\n"
              + String.join("\n", differences));
    }
  }

  /** Empty behind the last. */
  private Object[] row(int index) {
    return index < rows.size() ? rows.get(index) : new Object[0];
  }

  private static boolean same(Object[] expected, Object[] actual) {
    if (expected.length != actual.length) {
      return false;
    }
    for (int column = 0; column < expected.length; column++) {
      if (!same(expected[column], actual[column])) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(Object expected, Object actual) {
    if (expected instanceof Double x && actual instanceof Double y) {
      return x.equals(y) || Math.abs(x - y) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(y));
    }
    return Objects.equals(expected, actual);
  }

  /** The values of one column, from the first row on. */
  List<Object> column(String name) {
    int index = columns.indexOf(name);
    return rows.stream().map(row -> row[index]).toList();
  }

  /** Some letters that differ if any value does, by a bit. */
  String digest() {
    CRC32C crc = new CRC32C();
    for (Object[] row : rows) {
      for (Object value : row) {
        String text =
            value instanceof Double number
                ? Long.toHexString(Double.doubleToRawLongBits(number))
                : String.valueOf(value);
        crc.update((text + '\n').getBytes(StandardCharsets.UTF_8));
      }
    }
    return Long.toHexString(crc.getValue());
  }

  /** The only value. */
  Object value() {
    assertEquals(1, rows.size(), "rows");
    assertEquals(1, columns.size(), "columns");
    return rows.get(0)[0];
  }
}
