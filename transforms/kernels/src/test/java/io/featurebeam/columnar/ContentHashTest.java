package io.featurebeam.columnar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContentHashTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("user", FieldType.STRING),
          Field.of("amount", FieldType.FLOAT64),
          Field.of("ok", FieldType.BOOLEAN),
          Field.of("seen", FieldType.parse("list<int64>")));

  private static RecordBatch batch(List<Object[]> rows) {
    RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
    rows.forEach(builder::add);
    return builder.build();
  }

  private static Object[] row(@Nullable Object... values) {
    return values;
  }

  private static String hash(RecordBatch... batches) {
    ContentHash hash = new ContentHash();
    Arrays.asList(batches).forEach(hash::add);
    return hash.toString();
  }

  private static String of(Object[]... rows) {
    return hash(batch(List.of(rows)));
  }

  private static List<Object[]> someRows() {
    Random random = new Random(5);
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      rows.add(
          row(
              random.nextInt(9) == 0 ? null : random.nextLong(),
              random.nextInt(9) == 0 ? null : "user-" + random.nextInt(50) + "é",
              random.nextInt(9) == 0 ? null : random.nextGaussian(),
              random.nextInt(9) == 0 ? null : random.nextBoolean(),
              random.nextInt(9) == 0 ? null : List.of(random.nextLong(), 7L)));
    }
    return rows;
  }

  /** As the class says it, in other words. */
  private static String oracle(List<Object[]> rows) throws IOException, GeneralSecurityException {
    BigInteger sum = BigInteger.ZERO;
    for (Object[] row : rows) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      for (Object value : row) {
        write(value, out);
      }
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
      sum = sum.add(new BigInteger(1, Arrays.copyOf(digest, 16)));
    }
    return String.format("%032x", sum.mod(BigInteger.ONE.shiftLeft(128)));
  }

  private static void write(@Nullable Object value, DataOutputStream out) throws IOException {
    if (value == null) {
      out.writeByte(0);
    } else if (value instanceof Long number) {
      out.writeByte(1);
      out.writeLong(number);
    } else if (value instanceof Double number) {
      out.writeByte(2);
      out.writeDouble(number);
    } else if (value instanceof Boolean flag) {
      out.writeByte(3);
      out.writeBoolean(flag);
    } else if (value instanceof String text) {
      out.writeByte(4);
      out.writeInt(text.getBytes(UTF_8).length);
      out.write(text.getBytes(UTF_8));
    } else {
      out.writeByte(5);
      out.writeInt(((List<?>) value).size());
      for (Object element : (List<?>) value) {
        write(element, out);
      }
    }
  }

  @Test
  void isTheSumOfWhatEachRowsDigestBeginsWith() throws Exception {
    assertEquals(oracle(someRows()), hash(batch(someRows())));
  }

  @Test
  void isThisForever() {
    assertEquals("00000000000000000000000000000000", of());
    assertEquals(
        "d106b2416d121e6955f503e34150f072",
        of(row(1L, "a", 0.5, true, List.of(1L, 2L)), row(null, null, null, null, null)));
  }

  @Test
  void orderAndBatchesDoNotMatter() {
    List<Object[]> rows = someRows();
    List<Object[]> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(1));

    assertEquals(
        hash(batch(rows)), hash(batch(shuffled.subList(0, 10)), batch(shuffled.subList(10, 1000))));

    ContentHash parts = ContentHash.parse(hash(batch(rows.subList(0, 400))));
    parts.add(ContentHash.parse(hash(batch(rows.subList(400, 1000)))));
    assertEquals(hash(batch(rows)), parts.toString());
  }

  @Test
  void howTextIsHeldDoesNotMatter() {
    Slices words = Slices.of(List.of("a".getBytes(UTF_8), "b".getBytes(UTF_8)));
    RecordSchema schema = RecordSchema.of(Field.of("w", FieldType.STRING));
    Column coded = BytesColumn.coded(FieldType.STRING, words, new int[] {1, 0, 1}, 3, null);
    Column sliced = BytesColumn.sliced(FieldType.STRING, words.gather(new int[] {1, 0, 1}), null);

    assertEquals(
        hash(RecordBatch.of(schema, 3, List.of(coded))),
        hash(RecordBatch.of(schema, 3, List.of(sliced))));
  }

  @Test
  void everyChangedCellShows() {
    List<Object[]> rows = someRows();
    String before = hash(batch(rows));
    for (int column = 0; column < SCHEMA.size(); column++) {
      Object[] row = rows.get(500).clone();
      row[column] = row[column] == null ? rows.get(2)[column] : null;
      List<Object[]> changed = new ArrayList<>(rows);
      changed.set(500, row);
      assertNotEquals(before, hash(batch(changed)), SCHEMA.field(column).name());
    }
  }

  @Test
  void copiesCountAndValuesBelongToTheirRow() {
    Object[] one = row(1L, "a", 1.0, true, null);
    Object[] two = row(2L, "b", 1.0, true, null);

    assertNotEquals(of(one), of(one, one));
    assertNotEquals(of(), of(one, one));
    assertNotEquals(of(one, two), of(row(1L, "b", 1.0, true, null), row(2L, "a", 1.0, true, null)));
  }

  @Test
  void nothingIsTakenForSomethingElse() {
    assertNotEquals(of(row(null, null, null, null, null)), of(row(0L, null, null, null, null)));
    assertNotEquals(of(row(null, "", null, null, null)), of(row(null, null, null, null, null)));
    assertNotEquals(
        of(row(null, null, null, null, List.of())), of(row(null, null, null, null, null)));
  }

  @Test
  void zerosAreOneNumberAndAllNansOneValue() {
    assertEquals(of(row(null, null, 0.0, null, null)), of(row(null, null, -0.0, null, null)));
    assertEquals(
        of(row(null, null, Double.NaN, null, null)),
        of(row(null, null, Double.longBitsToDouble(-1L), null, null)));
  }

  @Test
  void textThatIsNoHashIsRefused() {
    assertEquals(
        "Invalid content hash: '12' (must be 32 hexadecimal digits)",
        assertThrows(IllegalArgumentException.class, () -> ContentHash.parse("12")).getMessage());
  }
}
