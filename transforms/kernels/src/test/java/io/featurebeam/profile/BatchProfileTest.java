package io.featurebeam.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.profile.BatchProfile.Pair;
import io.featurebeam.profile.ColumnProfile.Bin;
import io.featurebeam.profile.ColumnProfile.Distinct;
import io.featurebeam.profile.ColumnProfile.Flags;
import io.featurebeam.profile.ColumnProfile.Hidden;
import io.featurebeam.profile.ColumnProfile.Histogram;
import io.featurebeam.profile.ColumnProfile.Lists;
import io.featurebeam.profile.ColumnProfile.Numbers;
import io.featurebeam.profile.ColumnProfile.Quantile;
import io.featurebeam.profile.ColumnProfile.Texts;
import io.featurebeam.profile.ColumnProfile.TopValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchProfileTest {

  private static ColumnProfile profile(FieldType type, @Nullable Object... values) {
    RecordBatch.Builder rows = RecordBatch.builder(RecordSchema.of(Field.of("x", type)));
    for (Object value : values) {
      rows.add(value);
    }
    return profile(rows.build());
  }

  private static ColumnProfile profile(RecordBatch batch) {
    BatchProfile profile = BatchProfile.of(batch.schema());
    profile.add(batch);
    return profile.column("x");
  }

  private static RecordBatch batch(FieldType type, Column column) {
    return RecordBatch.of(RecordSchema.of(Field.of("x", type)), column.size(), List.of(column));
  }

  private static Texts texts(ColumnProfile profile) {
    return (Texts) profile.detail();
  }

  private static Numbers numbers(ColumnProfile profile) {
    return (Numbers) profile.detail();
  }

  @Test
  void nullNanAndInfinitiesAreCountedApartFromFloats() {
    ColumnProfile profile =
        profile(
            FieldType.FLOAT64,
            null,
            1.0,
            Double.NaN,
            -0.0,
            3.0,
            Double.POSITIVE_INFINITY,
            0.0,
            Double.NEGATIVE_INFINITY,
            null);

    assertEquals(9, profile.records());
    assertEquals(2, profile.nulls());
    assertEquals(7, profile.values());
    Numbers numbers = numbers(profile);
    assertEquals(4, numbers.finite());
    assertEquals(1, numbers.nan());
    assertEquals(2, numbers.infinite());
    assertEquals(2, numbers.zeros());
    assertEquals(0.0, numbers.min());
    assertEquals(3.0, numbers.max());
    assertEquals(1.0, numbers.mean());
    assertEquals(Math.sqrt(2), numbers.stddev(), 1e-15);
    assertEquals(new Distinct(6, true), numbers.distinct(), "0, 1, 3, NaN and both infinities");
    assertEquals(
        List.of(new TopValue("0.0", 2), new TopValue("1.0", 1), new TopValue("3.0", 1)),
        numbers.top());
  }

  @Test
  void quantilesAreTheNearestRanks() {
    Object[] values = new Object[100];
    for (int i = 0; i < 100; i++) {
      values[i] = (i * 37L) % 100 + 1; // 1 to 100, shuffled
    }
    assertEquals(
        List.of(
            new Quantile(0.01, 1),
            new Quantile(0.05, 5),
            new Quantile(0.25, 25),
            new Quantile(0.5, 50),
            new Quantile(0.75, 75),
            new Quantile(0.95, 95),
            new Quantile(0.99, 99)),
        numbers(profile(FieldType.INT64, values)).quantiles());
  }

  @Test
  void wholeNumbersHaveOneBinEachWhileTheyFit() {
    assertEquals(
        new Histogram(List.of(new Bin(3, 4, 2), new Bin(4, 5, 0), new Bin(5, 6, 1)), 0, 0),
        numbers(profile(FieldType.INT64, 3, 5, 3)).histogram());
  }

  @Test
  void aConstantHasOneBin() {
    assertEquals(
        new Histogram(List.of(new Bin(2.5, 2.5, 3)), 0, 0),
        numbers(profile(FieldType.FLOAT64, 2.5, 2.5, 2.5)).histogram());
  }

  @Test
  void farOutliersDoNotStretchTheHistogram() {
    double[] values = new double[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 1000;
    }
    values[17] = 1e9;
    values[18] = -1e9;
    Histogram histogram =
        numbers(profile(batch(FieldType.FLOAT64, DoubleColumn.of(values)))).histogram();

    assertEquals(24, histogram.bins().size());
    assertTrue(histogram.bins().get(0).from() > -300, histogram.toString());
    assertTrue(histogram.bins().get(23).to() < 1300, histogram.toString());
    double drawn = histogram.bins().stream().mapToDouble(Bin::count).sum();
    assertEquals(10_000, drawn + histogram.below() + histogram.above(), 1e-6);
  }

  @Test
  void binsOfAHistogramAddUpToTheFiniteValues() {
    double[] values = new double[3000];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.sqrt(i);
    }
    Histogram histogram =
        numbers(profile(batch(FieldType.FLOAT64, DoubleColumn.of(values)))).histogram();

    assertEquals(0, histogram.bins().get(0).from());
    assertEquals(Math.sqrt(2999), histogram.bins().get(23).to());
    assertEquals(3000, histogram.bins().stream().mapToDouble(Bin::count).sum(), 1e-9);
  }

  @Test
  void extremeLongsKeepTheirRange() {
    Numbers numbers = numbers(profile(FieldType.INT64, Long.MIN_VALUE, Long.MAX_VALUE, 0L));

    assertEquals(Long.MIN_VALUE, numbers.min());
    assertEquals(Long.MAX_VALUE, numbers.max());
    assertEquals(0.0, numbers.mean(), 1e-15);
    assertEquals(3, numbers.histogram().bins().stream().mapToDouble(Bin::count).sum());
  }

  @Test
  void momentsDoNotCancel() {
    Numbers numbers = numbers(profile(FieldType.FLOAT64, 1e9 + 1, 1e9 + 2, 1e9 + 3));

    assertEquals(1e9 + 2, numbers.mean());
    assertEquals(1.0, numbers.stddev());
  }

  /** What pandas 2 gives for skew and kurt of 1, 2, 3, 4, 10. */
  @Test
  void skewnessAndKurtosisAreThoseOfASample() {
    Numbers numbers = numbers(profile(FieldType.INT64, 10, 1, 4, 2, 3));

    assertEquals(1.697056274848, numbers.skewness());
    assertEquals(3.152, numbers.kurtosis());
  }

  @Test
  void skewnessAndKurtosisOfTimesDoNotCancel() {
    Numbers numbers = numbers(profile(FieldType.INT64, timesApart(3_600_000_000L)));

    assertEquals(1.6970562748477143, numbers.skewness(), 1e-6);
    assertEquals(3.152, numbers.kurtosis(), 1e-6);
  }

  @Test
  void whatCannotBeToldIsNoNumber() {
    Numbers numbers = numbers(profile(FieldType.INT64, timesApart(1)));

    assertTrue(Double.isNaN(numbers.skewness()), numbers.toString());
    assertTrue(Double.isNaN(numbers.kurtosis()), numbers.toString());
  }

  private static Object[] timesApart(long micros) {
    long from = 1_700_000_000_000_000L;
    return Stream.of(10, 1, 4, 2, 3).map(i -> from + i * micros).toArray();
  }

  @Test
  void fewOrEqualValuesHaveNoShape() {
    for (Object[] values : new Object[][] {{}, {1.0}, {1.0, 2.0}, {0.1, 0.1, 0.1, 0.1, 0.1}}) {
      Numbers numbers = numbers(profile(FieldType.FLOAT64, values));
      assertTrue(Double.isNaN(numbers.skewness()), numbers.toString());
      assertTrue(Double.isNaN(numbers.kurtosis()), numbers.toString());
    }
    Numbers three = numbers(profile(FieldType.FLOAT64, 1.0, 2.0, 4.0));
    assertEquals(0.935219529583, three.skewness());
    assertTrue(Double.isNaN(three.kurtosis()));
  }

  @Test
  void aConstantHasNoDeviationHoweverItsSumsRound() {
    Object[] values = new Object[1000];
    Arrays.fill(values, 0.1);

    assertEquals(0, numbers(profile(FieldType.FLOAT64, values)).stddev());
  }

  @Test
  void squaresThatOverflowGiveNoDeviation() {
    Numbers numbers = numbers(profile(FieldType.FLOAT64, 1e200, 3e200));

    assertEquals(2e200, numbers.mean());
    assertTrue(Double.isNaN(numbers.stddev()));
  }

  @Test
  void aColumnOfNullsHasNoRange() {
    Numbers numbers = numbers(profile(FieldType.FLOAT64, null, null));

    assertEquals(0, numbers.finite());
    assertNull(numbers.min());
    assertNull(numbers.max());
    assertTrue(Double.isNaN(numbers.mean()) && Double.isNaN(numbers.stddev()));
    assertEquals(List.of(), numbers.quantiles());
    assertEquals(List.of(), numbers.histogram().bins());
    assertEquals(new Distinct(0, true), numbers.distinct());
  }

  @Test
  void timesHaveARangeAndReadableValues() {
    Numbers numbers = numbers(profile(FieldType.TIMESTAMP, 1_000_000L, -1L, null));

    assertEquals(-1L, numbers.min());
    assertEquals(1_000_000L, numbers.max());
    assertEquals(
        List.of(
            new TopValue("1969-12-31T23:59:59.999999Z", 1),
            new TopValue("1970-01-01T00:00:01Z", 1)),
        numbers.top());
  }

  @Test
  void moreThanFiftyDifferentNumbersAreNotListed() {
    Object[] values = new Object[51];
    for (int i = 0; i < 51; i++) {
      values[i] = (long) i;
    }
    assertNull(numbers(profile(FieldType.INT64, values)).top());
    values[50] = 49L;
    List<TopValue> top = numbers(profile(FieldType.INT64, values)).top();
    assertEquals(50, top == null ? 0 : top.size());
  }

  @Test
  void flagsKnowTheirTrueShare() {
    ColumnProfile profile = profile(FieldType.BOOLEAN, true, null, false, true, true);

    assertEquals(new Flags(3, 1), profile.detail());
    assertEquals(0.75, ((Flags) profile.detail()).trueShare());
    assertEquals(1, profile.nulls());
  }

  @Test
  void stringsAreMeasuredInCharacters() {
    Texts texts = texts(profile(FieldType.STRING, "é", "", null, "日本語", "😀", "é"));

    assertEquals(1, texts.empty());
    assertEquals(0, texts.minLength());
    assertEquals(3, texts.maxLength());
    assertEquals(6 / 5.0, texts.meanLength());
    assertEquals(new Distinct(4, true), texts.distinct());
    assertEquals(new TopValue("é", 2), texts.top().get(0));
    assertEquals(4, texts.top().size());
    assertEquals(0, texts.topError());
  }

  @Test
  void bytesAreMeasuredInBytesAndShownInHex() {
    Texts texts = texts(profile(FieldType.BYTES, new byte[] {1, (byte) 0xAB}, new byte[40]));

    assertEquals(2, texts.minLength());
    assertEquals(40, texts.maxLength());
    assertTrue(
        texts.top().contains(new TopValue("0x" + "00".repeat(32) + "… (40 bytes)", 1)),
        texts.toString());
    assertTrue(texts.top().contains(new TopValue("0x01ab", 1)), texts.toString());
  }

  @Test
  void aDictionaryGivesWhatItsStringsGive() {
    Slices dictionary =
        Slices.of(
            List.of(
                "never used".getBytes(StandardCharsets.UTF_8),
                "a".getBytes(StandardCharsets.UTF_8),
                "bb".getBytes(StandardCharsets.UTF_8)));
    Bitmap valid = Bitmap.of(true, true, true, false, true);
    RecordBatch coded =
        batch(
            FieldType.STRING,
            BytesColumn.coded(
                FieldType.STRING, dictionary, new int[] {1, 2, 1, 0, 1, 0}, 5, valid));

    assertEquals(profile(FieldType.STRING, "a", "bb", "a", null, "a"), profile(coded));
    assertEquals(List.of(new TopValue("a", 3), new TopValue("bb", 1)), texts(profile(coded)).top());
  }

  @Test
  void dictionariesThatChangeAndReturnAreCountedOnce() {
    BytesColumn one = (BytesColumn) profileColumn("a", "b", "a");
    BytesColumn two = (BytesColumn) profileColumn("b", "c");
    BatchProfile profile = BatchProfile.of(RecordSchema.of(Field.of("x", FieldType.STRING)));
    profile.add(batch(FieldType.STRING, one));
    assertEquals(2, texts(profile.column("x")).top().get(0).count(), "asked in between");
    profile.add(batch(FieldType.STRING, one));
    profile.add(batch(FieldType.STRING, two));
    profile.add(batch(FieldType.STRING, one));

    assertEquals(
        List.of(new TopValue("a", 6), new TopValue("b", 4), new TopValue("c", 1)),
        texts(profile.column("x")).top());
    assertEquals(new Distinct(3, true), texts(profile.column("x")).distinct());
  }

  private static Column profileColumn(String... values) {
    List<byte[]> distinct =
        List.of(values).stream().distinct().map(v -> v.getBytes(StandardCharsets.UTF_8)).toList();
    List<String> names = List.of(values).stream().distinct().toList();
    int[] codes = List.of(values).stream().mapToInt(names::indexOf).toArray();
    return BytesColumn.coded(FieldType.STRING, Slices.of(distinct), codes, codes.length, null);
  }

  @Test
  void aMegabyteIsShownByItsStartAndToldFromItsLike() {
    String start = "x".repeat(1 << 20);
    Texts texts = texts(profile(FieldType.STRING, start + "1", start + "2", start + "2"));

    assertEquals(new Distinct(2, true), texts.distinct());
    assertEquals(
        List.of(
            new TopValue("x".repeat(120) + "… (1048577 bytes)", 2),
            new TopValue("x".repeat(120) + "… (1048577 bytes)", 1)),
        texts.top());
  }

  @Test
  void aLongStringIsCutBetweenCharacters() {
    Texts texts = texts(profile(FieldType.STRING, "x" + "é".repeat(100)));

    assertEquals("x" + "é".repeat(59) + "… (201 bytes)", texts.top().get(0).text());
  }

  @Test
  void invisibleCharactersAreShownAsEscapes() {
    assertEquals(
        "a\\u202eb\\u0000", texts(profile(FieldType.STRING, "a\u202eb\u0000")).top().get(0).text());
  }

  @Test
  void listsAreMeasured() {
    ColumnProfile profile =
        profile(FieldType.listOf(FieldType.INT64), List.of(1L, 2L, 3L), List.of(), null);

    assertEquals(new Lists(1, 0, 3, 1.5), profile.detail());
    assertEquals(1, profile.nulls());
  }

  @Test
  void aMaskedColumnIsOnlyCounted() {
    RecordSchema schema =
        RecordSchema.of(Field.of("card", FieldType.STRING), Field.of("n", FieldType.INT64));
    BatchProfile profile = BatchProfile.of(schema, List.of("card"));
    profile.add(RecordBatch.builder(schema).add("4111-1111", 1).add(null, 2).build());

    assertEquals(
        new ColumnProfile("card", FieldType.STRING, true, 2, 1, new Hidden()),
        profile.column("card"));
    assertTrue(
        !new String(profile.toBytes(), StandardCharsets.ISO_8859_1).contains("4111"),
        "the binary form holds no masked value");
  }

  @Test
  void anUnknownMaskedColumnIsRefused() {
    RecordSchema schema = RecordSchema.of(Field.of("card", FieldType.STRING));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> BatchProfile.of(schema, List.of("crad")));
    assertEquals("Unknown column: 'crad'; did you mean 'card'?", e.getMessage());
  }

  @Test
  void aBatchOfAnotherSchemaIsRefused() {
    RecordSchema schema = RecordSchema.of(Field.of("a", FieldType.STRING));
    RecordSchema other = RecordSchema.of(Field.of("a", FieldType.INT64));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> BatchProfile.of(schema).add(RecordBatch.builder(other).build()));
    assertEquals("Cannot profile a batch of (a int64) (must be (a string))", e.getMessage());
  }

  @Test
  void profilesOfDifferentMasksDoNotMerge() {
    RecordSchema schema = RecordSchema.of(Field.of("a", FieldType.STRING));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> BatchProfile.of(schema).merge(BatchProfile.of(schema, List.of("a"))));
    assertEquals(
        "Cannot merge profiles of (a string) with [a] masked and (a string)", e.getMessage());
  }

  private static final RecordSchema PAIR =
      RecordSchema.of(
          Field.of("x", FieldType.INT64),
          Field.of("y", FieldType.FLOAT64),
          Field.of("text", FieldType.STRING));

  private static BatchProfile correlating(Object[]... rows) {
    BatchProfile profile = BatchProfile.of(PAIR, List.of(), List.of(new Pair("x", "y")));
    for (Object[] row : rows) {
      profile.add(RecordBatch.builder(PAIR).add(row).build());
    }
    return profile;
  }

  /** By hand: products about the means add up to 7, squares to 10 and 6.5. */
  @Test
  void correlationIsOfTheRecordsWithBothValues() {
    BatchProfile profile =
        correlating(
            new Object[] {1L, 1.5, null},
            new Object[] {2L, 1.0, null},
            new Object[] {null, 700.0, null},
            new Object[] {3L, 2.5, null},
            new Object[] {1000L, Double.NaN, null},
            new Object[] {4L, 4.0, null},
            new Object[] {5L, 3.5, null},
            new Object[] {77L, null, null});

    Correlation correlation = profile.correlations().get(0);
    assertEquals(5, correlation.pairs());
    assertEquals(7.0 / Math.sqrt(65), correlation.pearson(), 1e-15);
    BatchProfile loaded = BatchProfile.fromBytes(profile.toBytes());
    assertEquals(profile.correlations(), loaded.correlations());
    loaded.merge(profile);
    assertEquals(correlation.pearson(), loaded.correlations().get(0).pearson(), 1e-15);
    assertEquals(10, loaded.correlations().get(0).pairs());
  }

  @Test
  void whatDoesNotVaryDoesNotCorrelate() {
    BatchProfile profile = correlating(new Object[] {1L, 1.5, null}, new Object[] {1L, 2.5, null});

    assertTrue(Double.isNaN(profile.correlations().get(0).pearson()));
    assertTrue(Double.isNaN(correlating().correlations().get(0).pearson()));
  }

  @Test
  void whatIsNoNumberOrMaskedCannotBeCorrelated() {
    assertEquals(
        "Cannot correlate 'text': it is string (must be int64 or float64)",
        assertThrows(
                IllegalArgumentException.class,
                () -> BatchProfile.of(PAIR, List.of(), List.of(new Pair("x", "text"))))
            .getMessage());
    assertEquals(
        "Cannot correlate 'y': it is masked",
        assertThrows(
                IllegalArgumentException.class,
                () -> BatchProfile.of(PAIR, List.of("y"), List.of(new Pair("x", "y"))))
            .getMessage());
  }
}
