package io.featurebeam.io.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureGroupTest {

  private static final RecordSchema ROWS =
      RecordSchema.of(
          Field.required("card", FieldType.STRING),
          Field.of("spent_1h", FieldType.FLOAT64),
          Field.of("payments_1h", FieldType.INT64));
  private static final FeatureGroup GROUP =
      FeatureGroup.of("cards", ROWS, List.of("card"), List.of("spent_1h", "payments_1h"))
          .withSpecHash("abc")
          .withTtl(60_000_000);

  @Test
  void jsonIsReadBack() {
    assertEquals(
        "{\"format\":1,\"name\":\"cards\",\"schema\":\""
            + GROUP.schemaId()
            + "\",\"keys\":[{\"name\":\"card\",\"type\":\"string\"}],\"features\":"
            + "[{\"name\":\"spent_1h\",\"type\":\"float64\"},{\"name\":\"payments_1h\",\"type\":\"int64\"}],"
            + "\"spec\":\"abc\",\"ttlMicros\":60000000}",
        GROUP.json());
    assertEquals(GROUP, FeatureGroup.parse(GROUP.json()));
  }

  @Test
  void schemaIdIsOfColumnsAlone() {
    assertEquals(GROUP.schemaId(), GROUP.withTtl(0).withSpecHash("").schemaId());
    assertEquals(16, GROUP.schemaId().length());
    assertNotEquals(GROUP.schemaId(), only("spent_1h").schemaId());
    assertNotEquals(
        GROUP.schemaId(),
        FeatureGroup.of("cards", ROWS, List.of("card"), List.of("payments_1h", "spent_1h"))
            .schemaId());
  }

  @Test
  void addedColumnsMayFollow() {
    GROUP.checkFollows(only("spent_1h"), "redis");
  }

  @Test
  void removedColumnIsRefused() {
    assertEquals(
        "Group 'cards' in redis has another schema: it has a column 'payments_1h', which this run"
            + " has not (take another group, or set overwrite: true to go on with this run's)",
        refusal(() -> only("spent_1h").checkFollows(GROUP, "redis")));
  }

  @Test
  void columnOfAnotherTypeIsRefused() {
    RecordSchema rows = ROWS.with(Field.of("spent_1h", FieldType.INT64));
    assertEquals(
        "Group 'cards' in redis has another schema: its column 'spent_1h' is float64, that of this"
            + " run is int64 (take another group, or set overwrite: true to go on with this run's)",
        refusal(
            () ->
                FeatureGroup.of("cards", rows, List.of("card"), List.of("spent_1h", "payments_1h"))
                    .checkFollows(GROUP, "redis")));
  }

  @Test
  void otherKeysAreRefused() {
    assertEquals(
        "Group 'cards' in redis has another schema: its keys are [card string], those of this run"
            + " are [payments_1h int64] (take another group, or set overwrite: true to go on with"
            + " this run's)",
        refusal(
            () ->
                FeatureGroup.of("cards", ROWS, List.of("payments_1h"), List.of("spent_1h"))
                    .checkFollows(GROUP, "redis")));
  }

  @Test
  void whatCannotBeAGroupIsRefused() {
    assertEquals(
        "Invalid group: 'a:b' (must be letters, digits, . _ -, at most 200)",
        refusal(() -> FeatureGroup.of("a:b", ROWS, List.of("card"), List.of())));
    assertEquals(
        "Invalid keys of group 'cards': none (a store keeps one row of each key)",
        refusal(() -> FeatureGroup.of("cards", ROWS, List.of(), List.of("card"))));
    assertEquals(
        "Invalid key of group 'cards': 'spent_1h' is float64 (must be boolean, int64, string,"
            + " bytes, timestamp, date or time)",
        refusal(() -> FeatureGroup.of("cards", ROWS, List.of("spent_1h"), List.of("card"))));
    assertEquals(
        "Invalid ttl of group 'cards': -1 (must be >= 0)", refusal(() -> GROUP.withTtl(-1)));
    assertEquals(
        "Invalid feature group: its format is 2 (this release reads 1)",
        refusal(() -> FeatureGroup.parse("{\"format\":2}")));
    assertEquals(
        "Invalid feature group: its format is missing (this release reads 1)",
        refusal(() -> FeatureGroup.parse("[]")));
  }

  private static FeatureGroup only(String... features) {
    return FeatureGroup.of("cards", ROWS, List.of("card"), List.of(features));
  }

  private static String refusal(Runnable what) {
    return assertThrows(IllegalArgumentException.class, what::run).getMessage();
  }
}
