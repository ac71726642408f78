package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/**
 * What every rule keeps. A rule's test implements this with records that pass and records that fail
 * (each an Object[] in the order of the schema, or one value), and adds its own cases.
 */
interface RuleLaws {

  Rule rule();

  RecordSchema schema();

  List<?> passing();

  List<?> failing();

  /** The provider's name and the settings that make the same rule from YAML. */
  Map.Entry<String, Map<String, Object>> yaml();

  /** What the rule says of a record of nulls. */
  default boolean passesNull() {
    return true;
  }

  static RecordSchema column(FieldType type) {
    return RecordSchema.of(Field.of("x", type));
  }

  static RecordBatch batch(RecordSchema schema, List<?> records) {
    RecordBatch.Builder builder = RecordBatch.builder(schema);
    for (Object record : records) {
      builder.add(record instanceof Object[] values ? values : new Object[] {record});
    }
    return builder.build();
  }

  /** The bits as text: 1 for each record that passes. */
  static String check(Rule rule, RecordSchema schema, Object... records) {
    RecordBatch batch = batch(schema, Arrays.asList(records));
    return rule.bind(schema).check(batch).toString();
  }

  /** String columns with a dictionary, in which some entries are not used. */
  static RecordBatch coded(RecordBatch batch) {
    List<Column> columns = new ArrayList<>();
    for (Column column : batch.columns()) {
      if (column instanceof BytesColumn text && !text.isCoded()) {
        List<byte[]> entries =
            new ArrayList<>(List.of("never used".getBytes(StandardCharsets.UTF_8)));
        int[] codes = new int[text.size()];
        for (int row = 0; row < codes.length; row++) {
          codes[row] = entries.size();
          entries.add(text.bytes(row));
        }
        column =
            BytesColumn.coded(
                text.type(), Slices.of(entries), codes, codes.length, text.validity());
      }
      columns.add(column);
    }
    return RecordBatch.of(batch.schema(), batch.size(), columns, batch.positions());
  }

  /** Passing, failing and null records in a seeded order, and what is expected of each. */
  private RecordBatch mixed(List<Boolean> expected) {
    Random random = new Random(7);
    List<Object> records = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int kind = random.nextInt(5);
      List<?> from = kind < 2 ? passing() : failing();
      if (kind == 4) {
        records.add(new Object[schema().size()]);
        expected.add(passesNull());
      } else {
        records.add(from.get(random.nextInt(from.size())));
        expected.add(kind < 2);
      }
    }
    return batch(schema(), records);
  }

  @Test
  default void everyPassingRecordPasses() {
    Bitmap bits = rule().bind(schema()).check(batch(schema(), passing()));
    assertEquals("1".repeat(passing().size()), bits.toString());
  }

  @Test
  default void everyFailingRecordFailsWithAReason() {
    if (rule().scope() == Rule.Scope.RUN) {
      return; // a record fails only beside another: the rule's own test
    }
    RecordBatch batch = batch(schema(), failing());
    Checker checker = rule().bind(schema());
    assertEquals("0".repeat(failing().size()), checker.check(batch).toString());
    for (int row = 0; row < batch.size(); row++) {
      assertTrue(checker.reason(batch, row).contains(checker.observed(batch, row)));
      assertFalse(checker.observed(batch, row).isEmpty() && passing().isEmpty());
    }
  }

  @Test
  default void nullIsAsTheRuleSays() {
    Object[] nulls = new Object[schema().size()];
    assertEquals(passesNull() ? "111" : "000", check(rule(), schema(), nulls, nulls, nulls));
  }

  @Test
  default void anEmptyBatchGivesNoBits() {
    assertEquals(0, rule().bind(schema()).check(batch(schema(), List.of())).length());
  }

  @Test
  default void mixedRecordsAreToldApartCodedOrNot() {
    if (rule().scope() == Rule.Scope.RUN) {
      return;
    }
    List<Boolean> expected = new ArrayList<>();
    RecordBatch batch = mixed(expected);
    Checker checker = rule().bind(schema());
    List<Boolean> actual = new ArrayList<>();
    Bitmap bits = checker.check(batch);
    for (int i = 0; i < bits.length(); i++) {
      actual.add(bits.get(i));
    }
    assertEquals(expected, actual);
    assertEquals(bits, checker.check(coded(batch)));
    assertEquals(bits, checker.check(batch), "a checker may be used again");
  }

  @Test
  default void slicesOfABatchGiveSlicesOfTheBits() {
    if (rule().scope() == Rule.Scope.RUN) {
      return;
    }
    RecordBatch batch = coded(mixed(new ArrayList<>()));
    Checker checker = rule().bind(schema());
    Bitmap whole = checker.check(batch);
    for (int from : new int[] {0, 1, 63, 64, 150}) {
      for (int to : new int[] {150, 191, 200}) {
        assertEquals(whole.slice(from, to), checker.check(batch.slice(from, to)));
      }
    }
  }

  @Test
  default void aMissingColumnIsAnErrorWhenBound() {
    RecordSchema other = RecordSchema.of(Field.of("elsewhere", FieldType.INT64));
    String message =
        assertThrows(IllegalArgumentException.class, () -> rule().bind(other)).getMessage();
    assertTrue(
        message.contains("Unknown column: '" + rule().columns().get(0) + "'; known: elsewhere"),
        message);
  }

  @Test
  default void yamlMakesTheSameRule() {
    RuleProvider provider =
        ServiceLoader.load(RuleProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(p -> p.name().equals(yaml().getKey()))
            .findFirst()
            .orElseThrow();
    Rule rule = provider.create(new Settings(yaml().getValue()));
    assertEquals(rule(), rule);
    assertEquals(rule().id(), rule.id());
    assertTrue(
        provider.parameters().stream()
            .map(p -> p.name())
            .toList()
            .containsAll(yaml().getValue().keySet()));
    assertFalse(provider.description().isBlank());
  }

  @Test
  default void itSurvivesSerialization() throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(rule());
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertEquals(rule(), in.readObject());
    }
  }
}
