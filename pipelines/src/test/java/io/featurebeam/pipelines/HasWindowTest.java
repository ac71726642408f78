package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.rule.Checker;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HasWindowTest {

  private static final RecordSchema SCHEMA = RecordSchema.of(Field.of("t", FieldType.TIMESTAMP));
  private static final HasWindow RULE =
      new HasWindow("t", 3_600_000_000L, 9_223_372_036_799_999_999L);

  @Test
  void timesUpToTheLastAndNullPass() {
    RecordBatch.Builder times = RecordBatch.builder(SCHEMA);
    for (int i = 0; i < 70; i++) {
      times.add(0L);
    }
    RecordBatch batch =
        times
            .add(Long.MIN_VALUE)
            .add(RULE.last())
            .add(RULE.last() + 1)
            .add((Object) null)
            .add(Long.MAX_VALUE)
            .build();
    assertEquals("[72, 74]", failing(RULE.bind(SCHEMA), batch));
  }

  private static String failing(Checker checker, RecordBatch batch) {
    return Arrays.toString(checker.check(batch).not().indexes());
  }

  @Test
  void theReasonSaysWhyAndFromWhenOn() {
    RecordBatch batch = RecordBatch.builder(SCHEMA).add(Long.MAX_VALUE).build();
    assertEquals("has_window(t, 1h)", RULE.id());
    assertEquals(
        "t is +294247-01-10T04:00:54.775807Z (must be at most +294247-01-10T03:59:59.999999Z: of a"
            + " later time the window of 1h ends after the last timestamp there is)",
        RULE.bind(SCHEMA).reason(batch, 0));
  }
}
