package io.featurebeam.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** Short forms for tests of one feature over one column. */
final class FeatureTests {

  private FeatureTests() {}

  static RecordBatch column(FieldType type, @Nullable Object... values) {
    RecordBatch.Builder rows = RecordBatch.builder(RecordSchema.of(Field.of("c", type)));
    for (Object value : values) {
      rows.add(value);
    }
    return rows.build();
  }

  /** What the feature gives for {@code batch} after it was fitted on {@code training}. */
  static RecordBatch apply(Feature feature, RecordBatch training, RecordBatch batch) {
    FeatureSet set = FeatureSet.builder().add("f", feature).build();
    FittedFeatures fitted =
        set.fitted(training.schema(), TrainingRange.everything(), List.of(training));
    return FeatureLaws.map(set, FittedFeatures.parse(fitted.toJson()), batch);
  }

  /** The single column that {@link #apply} gives. */
  static List<@Nullable Object> values(Feature feature, RecordBatch training, RecordBatch batch) {
    return values(apply(feature, training, batch), "f");
  }

  static List<@Nullable Object> values(Feature feature, RecordBatch batch) {
    return values(feature, batch, batch);
  }

  static List<@Nullable Object> values(RecordBatch batch, String column) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      values.add(batch.value(i, column));
    }
    return values;
  }

  static List<@Nullable Object> list(@Nullable Object... values) {
    List<@Nullable Object> list = new ArrayList<>();
    for (Object value : values) {
      list.add(value);
    }
    return list;
  }

  static Feature fromYaml(String name, Map<String, Object> settings) {
    return ServiceLoader.load(FeatureProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow()
        .create(new Settings(settings));
  }

  static void assertRefused(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }
}
