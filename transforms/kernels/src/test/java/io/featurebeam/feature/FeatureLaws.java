package io.featurebeam.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * What every feature must hold, checked on {@link #DATA}: 1,500 records with nulls, NaN,
 * infinities, negative zero, an empty text and times before 1970.
 */
final class FeatureLaws {

  static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("x", FieldType.FLOAT64),
          Field.of("n", FieldType.INT64),
          Field.of("s", FieldType.STRING),
          Field.required("t", FieldType.TIMESTAMP),
          Field.of("d", FieldType.DATE));

  static final RecordBatch DATA = data();

  private FeatureLaws() {}

  private static RecordBatch data() {
    Random random = new Random(7);
    double[] odd = {
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      -0.0,
      Double.MIN_VALUE,
      -1,
      1e17
    };
    RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
    for (int i = 0; i < 1500; i++) {
      Double x =
          i % 50 == 0 ? odd[i / 50 % odd.length] : Double.valueOf(random.nextGaussian() * 40);
      String s = "abcdefghijklm".substring(0, (int) Math.abs(random.nextGaussian() * 3)) + "é";
      rows.add(
          i % 11 == 3 ? null : x,
          i % 13 == 5 ? null : Long.valueOf(random.nextInt(9) - 3),
          i % 7 == 2 ? null : i % 31 == 0 ? "" : s,
          (random.nextLong() >> 12),
          i % 17 == 4 ? null : Long.valueOf(random.nextInt(60_000) - 20_000));
    }
    return rows.build();
  }

  /** One test per law. */
  static Stream<DynamicTest> of(Feature feature) {
    FeatureSet set = FeatureSet.builder().add("f", feature).build();
    FittedFeatures fitted = set.fitted(SCHEMA, TrainingRange.everything(), List.of(DATA));
    return Stream.of(
        dynamicTest("a provider has its name", () -> provided(feature)),
        dynamicTest("survives serialisation", () -> survivesSerialisation(feature, fitted)),
        dynamicTest("makes the columns it says", () -> makesItsColumns(feature, fitted)),
        dynamicTest("leaves its input as it was", () -> leavesInput(set, fitted)),
        dynamicTest("an unknown column is refused", () -> unknownColumn(set)),
        dynamicTest("unfitted is refused by name", () -> unfitted(set)),
        dynamicTest("saved state maps alike", () -> savedState(set, fitted)),
        dynamicTest("parts merged equal the whole", () -> parts(set, fitted)),
        dynamicTest("the fit goes on from saved state", () -> continued(set, fitted)),
        dynamicTest("a batch equals its records one by one", () -> oneByOne(set, fitted)),
        dynamicTest("coded text equals sliced text", () -> coded(set, fitted)),
        dynamicTest("nulls alone and no records at all are mapped", () -> nulls(set, fitted)));
  }

  static RecordBatch map(FeatureSet set, FittedFeatures fitted, RecordBatch batch) {
    return set.bind(batch.schema(), fitted).map(batch);
  }

  private static void provided(Feature feature) {
    String name = feature.id().substring(0, feature.id().indexOf('('));
    FeatureProvider provider =
        ServiceLoader.load(FeatureProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(p -> p.name().equals(name))
            .findFirst()
            .orElseThrow();
    assertTrue(List.of("column", "cel").contains(provider.parameters().get(0).name()));
    assertTrue(provider.parameters().get(0).required());
    assertFalse(provider.description().isEmpty());
  }

  private static void survivesSerialisation(Feature feature, FittedFeatures fitted)
      throws IOException, ClassNotFoundException {
    Feature copy = (Feature) copy(feature);
    assertEquals(feature, copy);
    assertEquals(feature.id(), copy.id());
    assertEquals(fitted.toJson(), ((FittedFeatures) copy(fitted)).toJson());
  }

  private static Object copy(Object value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  private static void makesItsColumns(Feature feature, FittedFeatures fitted) {
    var state = fitted.state("f", feature.id());
    List<Field> fields = feature.outputs("f", SCHEMA, state);
    List<Column> columns = feature.bind(SCHEMA, state).map(DATA);
    assertFalse(fields.isEmpty());
    assertEquals(
        fields.stream().map(Field::type).toList(), columns.stream().map(Column::type).toList());
    for (int i = 0; i < columns.size(); i++) {
      assertEquals(DATA.size(), columns.get(i).size());
      assertTrue(fields.get(i).nullable() || columns.get(i).nullCount() == 0);
      assertTrue(fields.get(i).name().equals("f") || fields.get(i).name().startsWith("f_"));
    }
  }

  private static void leavesInput(FeatureSet set, FittedFeatures fitted) {
    RecordBatch before = DATA.gather(IntStream.range(0, DATA.size()).toArray());
    RecordBatch mapped = map(set, fitted, DATA);
    assertEquals(before, DATA);
    assertEquals(DATA, mapped.project(SCHEMA.names()));
  }

  private static void unknownColumn(FeatureSet set) {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> set.check(RecordSchema.of(Field.of("other", FieldType.FLOAT64))));
    String column = set.features().get("f").inputs().get(0);
    assertEquals("Feature 'f': Unknown column: '" + column + "'; known: other", e.getMessage());
  }

  private static void unfitted(FeatureSet set) {
    if (set.needsFit()) {
      Exception e =
          assertThrows(
              IllegalArgumentException.class, () -> set.bind(SCHEMA, FittedFeatures.none()));
      assertEquals("Feature 'f': not fitted (fit it, or give its fitted state)", e.getMessage());
    } else {
      assertEquals(List.of(), set.passes(SCHEMA, FittedFeatures.none()));
    }
  }

  private static void savedState(FeatureSet set, FittedFeatures fitted) {
    FittedFeatures read = FittedFeatures.parse(fitted.toJson());
    assertEquals(fitted.toJson(), read.toJson());
    assertEquals(map(set, fitted, DATA), map(set, read, DATA));
  }

  private static void parts(FeatureSet set, FittedFeatures fitted) {
    FeatureFit merged = set.fit(SCHEMA, TrainingRange.everything(), FittedFeatures.none());
    for (int[] part : new int[][] {{900, 1500}, {0, 1}, {1, 1}, {1, 900}}) {
      FeatureFit fit = set.fit(SCHEMA, TrainingRange.everything(), FittedFeatures.none());
      fit.accumulate(DATA.slice(part[0], part[1]));
      merged.merge(FittedFeatures.parse(fit.result().toJson()));
    }
    assertEquals(map(set, fitted, DATA), map(set, merged.result(), DATA));
    fitted
        .features()
        .forEach(
            (name, feature) ->
                assertEquals(
                    feature.trainedRows(), merged.result().features().get(name).trainedRows()));
  }

  private static void continued(FeatureSet set, FittedFeatures fitted) {
    FeatureFit first = set.fit(SCHEMA, TrainingRange.everything(), FittedFeatures.none());
    first.accumulate(DATA.slice(0, 800));
    FeatureFit second = set.fit(SCHEMA, TrainingRange.everything(), FittedFeatures.none());
    second.accumulate(DATA.slice(800, 1500));
    second.continueFrom(FittedFeatures.parse(first.result().toJson()));
    assertEquals(map(set, fitted, DATA), map(set, second.result(), DATA));
  }

  private static void oneByOne(FeatureSet set, FittedFeatures fitted) {
    FeatureMapper mapper = set.bind(SCHEMA, fitted);
    List<RecordBatch> single = new ArrayList<>();
    for (int i = 0; i < DATA.size(); i++) {
      single.add(mapper.map(DATA.slice(i, i + 1)));
    }
    assertEquals(mapper.map(DATA), RecordBatch.concat(single));
  }

  private static void coded(FeatureSet set, FittedFeatures fitted) {
    RecordBatch coded = DATA.with(SCHEMA.field("s"), code(DATA.bytes("s")));
    assertEquals(DATA, coded);
    assertEquals(
        set.fitted(
                SCHEMA,
                TrainingRange.everything(),
                List.of(coded.slice(0, 700), coded.slice(700, 1500)))
            .features()
            .keySet(),
        fitted.features().keySet());
    FeatureFit fit = set.fit(SCHEMA, TrainingRange.everything(), FittedFeatures.none());
    fit.accumulate(coded.slice(0, 700));
    fit.accumulate(coded.slice(700, 1500));
    assertEquals(map(set, fitted, DATA), map(set, fit.result(), DATA));
    FeatureMapper mapper = set.bind(SCHEMA, fitted);
    assertEquals(mapper.map(DATA), mapper.map(coded));
    assertEquals(mapper.map(DATA), mapper.map(coded)); // from what it remembers
  }

  /** The same text by codes, over a dictionary that also holds what no row has. */
  static BytesColumn code(BytesColumn column) {
    List<String> entries = new ArrayList<>(List.of("unused", "é"));
    int[] codes = new int[column.size()];
    for (int i = 0; i < codes.length; i++) {
      if (column.isNull(i)) {
        continue;
      }
      String text = column.string(i);
      if (!entries.contains(text)) {
        entries.add(text);
      }
      codes[i] = entries.indexOf(text);
    }
    Slices dictionary = BytesColumn.ofStrings(entries.toArray(String[]::new)).slices();
    return BytesColumn.coded(FieldType.STRING, dictionary, codes, codes.length, column.validity());
  }

  private static void nulls(FeatureSet set, FittedFeatures fitted) {
    RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
    for (int i = 0; i < 70; i++) {
      rows.add(null, null, null, 0L, null);
    }
    RecordBatch nulls = rows.build();
    assertEquals(70, map(set, fitted, nulls).size());
    assertEquals(0, map(set, fitted, DATA.slice(3, 3)).size());
  }
}
