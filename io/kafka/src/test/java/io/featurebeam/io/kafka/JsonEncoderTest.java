package io.featurebeam.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonGenerator;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.records.Rejects;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Jackson is the oracle. */
class JsonEncoderTest {

  @Test
  void wholeNumbersAreAsJacksonWritesThem() throws IOException {
    List<Object> values = new ArrayList<>(List.of(0L, Long.MIN_VALUE, Long.MAX_VALUE));
    for (int bits = 0; bits < 63; bits++) {
      for (long near = -1; near <= 1; near++) {
        values.add((1L << bits) + near);
        values.add(-(1L << bits) + near);
      }
    }
    for (long ten = 1; ten < 1e18; ten *= 10) {
      values.addAll(List.of(ten - 1, ten, -ten, 1 - ten));
    }
    assertLikeJackson(FieldType.INT64, values);
  }

  @Test
  void decimalsAreAsJacksonWritesThem() throws IOException {
    List<Object> values =
        new ArrayList<>(
            List.of(
                0.0, -0.0, 0.01, 0.001, 0.009999999999999998, 0.005, 9_999_999.99, 1e7, 1e-300));
    values.addAll(List.of(Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, 1 / 0.0, -1 / 0.0));
    for (long hundredths = -20_000; hundredths <= 20_000; hundredths++) {
      double decimal = hundredths / 100.0;
      values.addAll(List.of(decimal, Math.nextUp(decimal), Math.nextDown(decimal)));
    }
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      values.add(random.nextInt(1_000_000_000) / 100.0 * (random.nextBoolean() ? 1 : -1));
      values.add(random.nextInt(1_000_000_000) / 1000.0);
      values.add(Double.longBitsToDouble(random.nextLong()));
      values.add(random.nextDouble() * 1e4);
    }
    assertLikeJackson(FieldType.FLOAT64, values);
  }

  @Test
  void timesAreAsJacksonWritesThem() throws IOException {
    long day = 86_400_000_000L;
    List<Object> values = new ArrayList<>(List.of(Long.MIN_VALUE, Long.MAX_VALUE));
    for (long days : List.of(-719_529L, -719_528L, -1L, 0L, 11_016L, 2_932_896L, 2_932_897L)) {
      for (long micros : List.of(0L, 1L, 999L, 1000L, 120_000L, 1_000_000L, 45_296_789_012L)) {
        values.add(days * day + micros);
        values.add((days + 1) * day - 1 - micros);
      }
    }
    assertLikeJackson(FieldType.TIMESTAMP, values);
  }

  @Test
  void textsOfAllCharactersAreAsJacksonWritesThem() throws IOException {
    List<Object> values = new ArrayList<>(List.of("", "plain", "a\"b\\c/d", "\u00fc \ud83d\ude00"));
    for (char c = 0; c < 0x800; c++) {
      values.add("<" + c + ">");
    }
    values.add("long ".repeat(1000));
    assertLikeJackson(FieldType.STRING, values);
  }

  @Test
  void otherTypesAndNullsAreAsJacksonWritesThem() throws IOException {
    assertLikeJackson(FieldType.BOOLEAN, List.of(true, false));
    assertLikeJackson(FieldType.DATE, List.of(0L, 11_016L));
    assertLikeJackson(FieldType.TIME, List.of(0L, 45_296_789_012L));
    assertLikeJackson(FieldType.BYTES, List.of(new byte[] {1, -1}, new byte[0]));
    assertLikeJackson(FieldType.listOf(FieldType.STRING), List.of(List.of("a\"", ""), List.of()));
    assertLikeJackson(FieldType.FLOAT64, Collections.singletonList(null));
  }

  private static void assertLikeJackson(FieldType type, List<? extends @Nullable Object> values)
      throws IOException {
    RecordSchema schema =
        RecordSchema.of(List.of(Field.of("first", type), Field.of("a \"name\"\u00fc", type)));
    RecordBatch.Builder builder = RecordBatch.builder(schema);
    values.forEach(value -> builder.add(value, value));
    RecordBatch batch = builder.build();
    JsonEncoder encoder = new JsonEncoder(schema);
    for (int row = 0; row < values.size(); row++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (JsonGenerator json = JsonEncoder.FACTORY.createGenerator(bytes)) {
        json.writeStartObject();
        for (String name : schema.names()) {
          json.writeFieldName(name);
          if (values.get(row) instanceof String text) {
            byte[] utf8 = text.getBytes(UTF_8);
            json.writeUTF8String(utf8, 0, utf8.length);
          } else {
            Rejects.writeJson(json, type, values.get(row));
          }
        }
        json.writeEndObject();
      }
      assertEquals(bytes.toString(UTF_8), new String(encoder.encode(batch, row), UTF_8));
    }
  }
}
