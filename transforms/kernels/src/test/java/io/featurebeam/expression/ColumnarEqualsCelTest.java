package io.featurebeam.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * The nodes give what the CEL runtime gives, on random expressions over random records without
 * nulls. What CEL cannot compute (a division by zero) is null in both.
 */
class ColumnarEqualsCelTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("i", FieldType.INT64),
          Field.of("j", FieldType.INT64),
          Field.of("x", FieldType.FLOAT64),
          Field.of("y", FieldType.FLOAT64),
          Field.of("s", FieldType.STRING),
          Field.of("u", FieldType.STRING),
          Field.of("b", FieldType.BOOLEAN),
          Field.of("t", FieldType.TIMESTAMP),
          Field.of("l", FieldType.listOf(FieldType.INT64)));

  private static final String[] WORDS = {"", "a", "ab", "SFO", "Zürich", "12", "-7", "1.5", "日本"};
  private static final long[] NUMBERS = {
    0, 1, -1, 2, 7, -13, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE
  };

  // No NaN, and none computed, and no comparison of -0.0 (hence the + 0.0): there CEL for Java is
  // as
  // Double.equals says, and not as IEEE 754.
  private static final double[] FRACTIONS = {0, 1, -1.5, 1e18, 1e-9};

  private static RecordBatch batch(Random random) {
    int size = random.nextInt(140);
    RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
    for (int row = 0; row < size; row++) {
      List<Long> list = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        list.add(number(random));
      }
      builder.add(
          number(random),
          number(random),
          fraction(random),
          fraction(random),
          WORDS[random.nextInt(WORDS.length)],
          WORDS[random.nextInt(WORDS.length)],
          random.nextBoolean(),
          random.nextLong(-2_000_000_000_000_000L, 4_000_000_000_000_000L),
          list);
    }
    return coded(builder.build());
  }

  private static long number(Random random) {
    return random.nextBoolean() ? random.nextInt(20) : NUMBERS[random.nextInt(NUMBERS.length)];
  }

  private static double fraction(Random random) {
    return random.nextBoolean()
        ? random.nextInt(40) / 4.0
        : FRACTIONS[random.nextInt(FRACTIONS.length)];
  }

  /** The batch with column s as codes into a dictionary. */
  private static RecordBatch coded(RecordBatch batch) {
    BytesColumn text = batch.bytes("s");
    List<byte[]> entries = new ArrayList<>();
    for (String word : WORDS) {
      entries.add(word.getBytes(StandardCharsets.UTF_8));
    }
    int[] codes = new int[text.size()];
    for (int row = 0; row < codes.length; row++) {
      codes[row] = List.of(WORDS).indexOf(text.string(row));
    }
    Column column =
        BytesColumn.coded(FieldType.STRING, Slices.of(entries), codes, codes.length, null);
    return batch.with(SCHEMA.field("s"), column);
  }

  private static String bool(Random random, int depth) {
    if (depth == 0) {
      return List.of("b", "true", "i < j", "s == u", "x + 0.0 >= y + 0.0").get(random.nextInt(5));
    }
    int d = depth - 1;
    return switch (random.nextInt(16)) {
      case 0 -> "(" + bool(random, d) + " && " + bool(random, d) + ")";
      case 1 -> "(" + bool(random, d) + " || " + bool(random, d) + ")";
      case 2 -> "!(" + bool(random, d) + ")";
      case 3 -> "(" + integer(random, d) + comparison(random) + integer(random, d) + ")";
      case 4 -> "(" + real(random, d) + " + 0.0" + comparison(random) + real(random, d) + " + 0.0)";
      case 5 -> "(" + text(random, d) + comparison(random) + text(random, d) + ")";
      case 6 -> text(random, d) + ".startsWith('a')";
      case 7 -> text(random, d) + ".endsWith('o')";
      case 8 -> text(random, d) + ".contains('r')";
      case 9 -> text(random, d) + ".matches('[a-z]+|本')";
      case 10 -> "(" + text(random, d) + " in ['ab', 'SFO', '12'])";
      case 11 -> "(" + integer(random, d) + " in [0, 7, 9223372036854775807])";
      case 12 -> "(" + integer(random, d) + " in l)";
      case 13 -> "l.exists(e, e" + comparison(random) + integer(random, d) + ")";
      case 14 -> "l.all(e, e" + comparison(random) + "j)";
      default -> "(" + time(random, d) + comparison(random) + time(random, d) + ")";
    };
  }

  private static String comparison(Random random) {
    return List.of(" == ", " != ", " < ", " <= ", " > ", " >= ").get(random.nextInt(6));
  }

  private static String integer(Random random, int depth) {
    if (depth == 0) {
      return List.of("i", "j", "3", "size(s)", "l.size()").get(random.nextInt(5));
    }
    int d = depth - 1;
    return switch (random.nextInt(9)) {
      case 0 -> "(" + integer(random, d) + " + " + integer(random, d) + ")";
      case 1 -> "(" + integer(random, d) + " - " + integer(random, d) + ")";
      case 2 -> "(" + integer(random, d) + " * " + integer(random, d) + ")";
      case 3 -> "(" + integer(random, d) + " / " + integer(random, d) + ")";
      case 4 -> "(" + integer(random, d) + " % " + integer(random, d) + ")";
      case 5 -> "(-(" + integer(random, d) + "))";
      case 6 -> "size(" + text(random, d) + ")";
      case 7 -> "(" + bool(random, d) + " ? " + integer(random, d) + " : i)";
      default -> time(random, d) + "." + part(random) + "()";
    };
  }

  private static String part(Random random) {
    Times.Part[] parts = Times.Part.values();
    return parts[random.nextInt(parts.length)].name();
  }

  private static String real(Random random, int depth) {
    if (depth == 0) {
      return List.of("x", "y", "1.5", "double(i)").get(random.nextInt(4));
    }
    int d = depth - 1;
    return switch (random.nextInt(6)) {
      case 0 -> "(" + real(random, d) + " + " + real(random, d) + ")";
      case 1 -> "(" + real(random, d) + " - " + real(random, d) + ")";
      case 2 -> "(" + real(random, d) + " * " + real(random, d) + ")";
      case 3 -> "(" + real(random, d) + " / 4.0)";
      case 4 -> "(-" + real(random, d) + ")";
      default -> "(" + bool(random, d) + " ? " + real(random, d) + " : y)";
    };
  }

  private static String text(Random random, int depth) {
    if (depth == 0) {
      return List.of("s", "u", "'ab'", "string(j)").get(random.nextInt(4));
    }
    int d = depth - 1;
    return random.nextBoolean()
        ? "(" + text(random, d) + " + " + text(random, d) + ")"
        : "(" + bool(random, d) + " ? " + text(random, d) + " : u)";
  }

  private static String time(Random random, int depth) {
    if (depth == 0) {
      return List.of("t", "timestamp('2001-02-03T04:05:06.789Z')").get(random.nextInt(2));
    }
    return "("
        + time(random, depth - 1)
        + (random.nextBoolean() ? " + " : " - ")
        + "duration('36h30m'))";
  }

  @Property(tries = 400, shrinking = ShrinkingMode.OFF)
  void columnsEqualCel(@ForAll long seed) {
    Random random = new Random(seed);
    int depth = 1 + random.nextInt(3);
    String cel =
        switch (random.nextInt(4)) {
          case 0 -> integer(random, depth);
          case 1 -> real(random, depth);
          case 2 -> text(random, depth);
          default -> bool(random, depth);
        };
    Source source = Source.of(cel);
    Expression columnar = Expressions.compile(cel, SCHEMA);
    assertInstanceOf(ColumnarExpression.class, columnar, cel);
    Expression rows = RowExpression.compile(source, SCHEMA, Expressions.columns(cel));
    assertEquals(rows.type(), columnar.type(), cel);
    for (int round = 0; round < 2; round++) {
      RecordBatch batch = batch(random);
      Column expected = rows.evaluate(batch);
      Column actual = columnar.evaluate(batch);
      assertEquals(expected.size(), actual.size());
      for (int row = 0; row < batch.size(); row++) {
        if (!Objects.equals(expected.value(row), actual.value(row))) {
          fail(
              cel
                  + " of\n"
                  + batch.slice(row, row + 1)
                  + "is "
                  + actual.value(row)
                  + ", in CEL "
                  + expected.value(row));
        }
      }
    }
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void aRecordDoesNotDependOnItsNeighbours(@ForAll long seed) {
    Random random = new Random(seed);
    Expression expression = Expressions.compile(bool(random, 3), SCHEMA);
    RecordBatch batch = batch(random);
    Column whole = expression.evaluate(batch);
    Bitmap mask = Bitmap.of(bits(random, batch.size()));
    Column some = expression.evaluate(batch.select(mask));
    int[] rows = mask.indexes();
    for (int i = 0; i < rows.length; i++) {
      assertEquals(whole.value(rows[i]), some.value(i), expression.source());
    }
  }

  private static boolean[] bits(Random random, int size) {
    boolean[] bits = new boolean[size];
    for (int i = 0; i < size; i++) {
      bits[i] = random.nextBoolean();
    }
    return bits;
  }
}
