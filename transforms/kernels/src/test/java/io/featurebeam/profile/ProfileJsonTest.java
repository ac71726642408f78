package io.featurebeam.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RandomBatches;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.profile.BatchProfile.Pair;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileJsonTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("amount", FieldType.FLOAT64),
          Field.of("fee", FieldType.INT64),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("card", FieldType.STRING),
          Field.of("shop", FieldType.STRING),
          Field.of("fraud", FieldType.BOOLEAN),
          Field.of("items", FieldType.listOf(FieldType.INT64)));

  private static BatchProfile profile() {
    RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
    rows.add(1.5, 1L, 0L, "4111 1111 1111 1111", "a", true, List.of(1L, 2L));
    rows.add(2.5, 2L, 60_000_000L, "5500 0000 0000 0004", "b", false, List.of());
    rows.add(Double.NaN, null, null, null, "a", null, null);
    BatchProfile profile =
        BatchProfile.of(SCHEMA, List.of("card"), List.of(new Pair("amount", "fee")));
    profile.add(rows.build());
    return profile;
  }

  @Test
  void peopleReadWhatColumnsHold() {
    String json = ProfileJson.write(profile());

    assertEquals(
        """
        {
          "format" : "featurebeam-profile",
          "version" : 1,
          "records" : 3,
          "columns" : [ {
            "name" : "amount",
            "type" : "float64",
            "masked" : false,
            "nulls" : 0,
            "finite" : 2,
            "nan" : 1,
            "infinite" : 0,
            "zeros" : 0,
            "min" : 1.5,
            "max" : 2.5,
            "mean" : 2.0,
            "stddev" : 0.7071067811865476,
            "skewness" : null,
            "kurtosis" : null,
            "distinct" : 3,
            "distinctExact" : true,
            "estimated" : false,
        """,
        json.substring(0, json.indexOf("    \"quantiles\"")));
    assertEquals(
        """
          "correlations" : [ {
            "first" : "amount",
            "second" : "fee",
            "pairs" : 2,
            "pearson" : 1.0
          } ],
        """,
        json.substring(json.indexOf("  \"correlations\""), json.indexOf("  \"state\"")));
    assertEquals(
        """
            "min" : "1970-01-01T00:00:00Z",
            "max" : "1970-01-01T00:01:00Z",
        """,
        json.lines()
            .filter(line -> line.matches(".*(min|max).*1970.*"))
            .map(line -> line + "\n")
            .reduce("", String::concat));
  }

  @Test
  void nothingOfAMaskedColumnIsThere() {
    BatchProfile read = ProfileJson.read(ProfileJson.write(profile()));
    String bytes = new String(read.toBytes(), StandardCharsets.ISO_8859_1);

    assertFalse(ProfileJson.write(profile()).contains("4111"));
    assertFalse(bytes.contains("4111"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whatWasWrittenIsReadBackAndAddsUp(int seed) {
    RandomBatches random = new RandomBatches(new SplittableRandom(seed));
    RecordSchema schema = random.schema();
    BatchProfile profile = BatchProfile.of(schema);
    profile.add(random.batch(schema, 40));
    BatchProfile read = ProfileJson.read(ProfileJson.write(profile));

    assertEquals(profile.columns(), read.columns());
    assertEquals(profile.records(), read.records());
    BatchProfile other = BatchProfile.of(schema);
    other.add(random.batch(schema, 40));
    profile.merge(other);
    read.merge(ProfileJson.read(ProfileJson.write(other)));
    assertEquals(profile.columns(), read.columns());
  }

  private static String refusal(String json) {
    return assertThrows(IllegalArgumentException.class, () -> ProfileJson.read(json)).getMessage();
  }

  @Test
  void whatIsNoProfileIsRefusedWithTheReason() {
    String json = ProfileJson.write(profile());

    assertEquals("Invalid profile: its format is not featurebeam-profile", refusal("{}"));
    assertEquals("Invalid profile: its format is not featurebeam-profile", refusal(""));
    assertEquals(
        "Invalid profile: its version is 2 (this release reads 1)",
        refusal(json.replace("\"version\" : 1", "\"version\" : 2")));
    assertEquals("Invalid profile: state is missing", refusal(json.replace("\"state\"", "\"s\"")));
    assertEquals(
        "Invalid profile at byte 0 of 3: it does not start with the mark of a profile",
        refusal(json.replaceAll("\"state\" : \".*\"", "\"state\" : \"AAAA\"")));
    assertEquals(
        "Unexpected character ('n' (code 110)): was expecting double-quote to start field name",
        refusal("{no").replace("Invalid profile: ", ""));
  }
}
