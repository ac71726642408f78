package com.example.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.rule.Checker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LuhnRuleTest {

  private static final RecordSchema SCHEMA = RecordSchema.of(Field.of("card", FieldType.STRING));

  private static final Checker LUHN = new LuhnRule("card").bind(SCHEMA);

  private static RecordBatch batch(String... cards) {
    return RecordBatch.of(SCHEMA, cards.length, List.of(BytesColumn.ofStrings(cards)));
  }

  private static boolean passes(String card) {
    return LUHN.check(batch(card)).get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"79927398713", "4539578763621486", "378282246310005", "18", "0"})
  void rightCheckDigitPasses(String card) {
    assertTrue(passes(card));
  }

  @ParameterizedTest
  @ValueSource(strings = {"79927398710", "4539578763621487", "1", "", "4539 5787 6362 1486", "x"})
  void anythingElseFails(String card) {
    assertFalse(passes(card));
  }

  @Test
  void nullPasses() {
    assertTrue(passes(null));
  }

  @Test
  void cardsThatShareADictionaryAreJudgedAsOthers() {
    Slices cards =
        Slices.of(
            Stream.of("18", "19").map(card -> card.getBytes(StandardCharsets.UTF_8)).toList());
    int[] codes = new int[130]; // more than two words of bits
    codes[64] = 1;
    codes[129] = 1;
    BytesColumn column = BytesColumn.coded(FieldType.STRING, cards, codes, codes.length, null);
    RecordBatch batch = RecordBatch.of(SCHEMA, codes.length, List.of(column));
    assertEquals(128, LUHN.check(batch).cardinality());
    assertFalse(LUHN.check(batch).get(64));
    assertFalse(LUHN.check(batch).get(129));
  }

  @Test
  void rejectSaysWhatIsWrong() {
    RecordBatch batch = batch("79927398710");
    assertEquals("luhn(card)", new LuhnRule("card").id());
    assertEquals("79927398710", LUHN.observed(batch, 0));
    assertEquals("card is 79927398710 (must end in its check digit)", LUHN.reason(batch, 0));
  }

  @Test
  void numbersAreRefused() {
    RecordSchema schema = RecordSchema.of(Field.of("card", FieldType.INT64));
    assertEquals(
        "luhn(card) cannot judge column 'card' of int64 (must be string)",
        assertThrows(IllegalArgumentException.class, () -> new LuhnRule("card").bind(schema))
            .getMessage());
  }
}
