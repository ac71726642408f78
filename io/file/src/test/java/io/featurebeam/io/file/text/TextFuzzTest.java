package io.featurebeam.io.file.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes, each record is either read or malformed, none twice, and nothing else is
 * thrown. {@code -Dfuzz.inputs=1000000} sets how many inputs are tried, {@code -Dfuzz.seed} which.
 */
@SuppressWarnings("StringConcatToTextBlock") // line ends and escapes must show
class TextFuzzTest {

  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 20_000);
  private static final long SEED = Long.getLong("fuzz.seed", 1L);
  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("a", FieldType.INT64),
          Field.of("b", FieldType.STRING),
          Field.of("c", FieldType.TIMESTAMP),
          Field.of("d", FieldType.FLOAT64));
  private static final String CSV =
      "1,\"x\"\"y\",2001-02-03T04:05:06Z,1.5\r\n2,é,,\"-3\"\n3,\"a\nb\",2001-01-01,NaN\n";
  private static final String JSON =
      "{\"a\":1,\"b\":\"x\\u00e9\",\"c\":\"2001-02-03T04:05:06Z\",\"d\":1.5}\r\n"
          + "{\"d\":-2e3,\"x\":{\"a\":[1]},\"a\":null}\n{\"b\":\"é\"}\n";

  @Test
  void csvReadsOrRejectsEveryRecord() throws IOException {
    CsvOptions plain = CsvOptions.of(SCHEMA).withColumns(SCHEMA.names()).withMaxRecordBytes(64);
    CsvOptions odd = plain.withDialect(new CsvOptions.Dialect(',', '"', '\\', '#', true));
    SplittableRandom random = new SplittableRandom(SEED);
    long records = 0;
    for (int i = 0; i < INPUTS; i++) {
      TextFiles file = TextFiles.csv(i % 2 == 0 ? plain : odd, damaged(CSV, random));
      assertPlaces(file);
      records += file.records.size();
    }
    assertTrue(records > INPUTS, "the rest goes on");
  }

  @Test
  void jsonReadsOrRejectsEveryLine() throws IOException {
    JsonLinesOptions options = JsonLinesOptions.of(SCHEMA).withMaxLineBytes(128);
    SplittableRandom random = new SplittableRandom(SEED);
    long records = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = damaged(JSON, random);
      TextFiles file = TextFiles.json(options, input);
      long lines = new String(input, StandardCharsets.ISO_8859_1).lines().count();
      assertTrue(file.records.size() + file.malformed.size() <= lines + 1);
      records += file.records.size();
    }
    assertTrue(records > INPUTS, "the rest goes on");
  }

  /** Records and malformed ones have the places 0, 1, 2 ... between them. */
  private static void assertPlaces(TextFiles file) {
    boolean[] seen = new boolean[file.records.size() + file.malformed.size()];
    file.records.forEach(r -> seen[Integer.parseInt(r.substring(0, r.indexOf(' ')))] = true);
    file.malformed.forEach(m -> seen[Integer.parseInt(m.substring(2, m.indexOf(' ')))] = true);
    int count = 0;
    for (boolean place : seen) {
      count += place ? 1 : 0;
    }
    assertEquals(seen.length, count);
  }

  private static byte[] damaged(String valid, SplittableRandom random) {
    byte[] bytes = valid.repeat(1 + random.nextInt(2)).getBytes(StandardCharsets.UTF_8);
    byte[] likely = "\",\n\r\\#{}[]:0-eé\t ".getBytes(StandardCharsets.UTF_8);
    for (int n = random.nextInt(6); n > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = likely[random.nextInt(likely.length)];
        default -> bytes = java.util.Arrays.copyOf(bytes, Math.max(1, at));
      }
    }
    return bytes;
  }
}
