package io.featurebeam.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestedRuleTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("id", FieldType.INT64),
          Field.of("amount", FieldType.FLOAT64),
          Field.of("balance", FieldType.FLOAT64),
          Field.of("channel", FieldType.STRING),
          Field.of("card number", FieldType.STRING),
          Field.of("at", FieldType.TIMESTAMP));

  private static BatchProfile profile(int records) {
    RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
    for (long i = 0; i < records; i++) {
      rows.add(
          i,
          i % 7 + 0.5,
          i % 5 - 2.0,
          i % 10 == 0 ? null : List.of("web", "no", "in shop").get((int) i % 3),
          "card-" + i % 90,
          i);
    }
    BatchProfile profile = BatchProfile.of(SCHEMA, List.of("card number"));
    profile.add(rows.build());
    return profile;
  }

  @Test
  void whatAllRecordsKeepIsSuggestedWithItsEvidence() {
    assertEquals(
        """
        validate:
          - { column: id, rule: not_null } # no value was missing; at most 0.30 % break it
          - { column: id, rule: between, min: 0 } # 0 to 999 was seen; at most 0.30 % break it
          - { columns: [id], rule: unique } # 1,000 values were all different; at most 0.30 % break it
          - { column: amount, rule: not_null } # no value was missing; at most 0.30 % break it
          - { column: amount, rule: between, min: 0 } # 0.5 to 6.5 was seen; at most 0.30 % break it
          - { column: balance, rule: not_null } # no value was missing; at most 0.30 % break it
          - { column: channel, rule: in_set, values: ["in shop", "no", web] } # 900 values have 3 different ones; at most 0.33 % break it
          - { column: "card number", rule: not_null } # no value was missing; at most 0.30 % break it
          - { column: at, rule: not_null } # no value was missing; at most 0.30 % break it
          - { columns: [at], rule: unique } # 1,000 values were all different; at most 0.30 % break it
        """,
        SuggestedRule.yaml(SuggestedRule.of(profile(1_000))));
  }

  @Test
  void fewRecordsSayLittle() {
    List<SuggestedRule> rules = SuggestedRule.of(profile(10));

    assertEquals(
        List.of("not_null", "between", "not_null", "between", "not_null", "not_null", "not_null"),
        rules.stream().map(SuggestedRule::rule).toList());
    assertEquals(0.2589, rules.get(0).mostBroken(), 1e-4, "1 - 0.05^(1/10)");
  }

  @Test
  void ofNoRecordsNothingIsKnown() {
    assertEquals("validate: []\n", SuggestedRule.yaml(SuggestedRule.of(profile(0))));
  }
}
