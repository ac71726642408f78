package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Aggregates over many events, against what is known of them: costs and errors as documented. */
class LongWindowsTest {

  private static final long SECOND = 1_000_000L;
  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("user", FieldType.STRING),
          Field.required("time", FieldType.TIMESTAMP),
          Field.of("x", FieldType.FLOAT64));

  @Test
  void drawdownOfValuesThatOnlyRiseTakesConstantSteps() {
    int events = 30_000; // all of them are peaks and troughs: a list of them per event takes 14 GB
    List<List<@Nullable Object>> rising =
        LongStream.range(0, events)
            .mapToObj(i -> Arrays.<@Nullable Object>asList("a", i * SECOND, (double) i))
            .toList();
    List<@Nullable Object> falls =
        column(Aggregates.drawdown("x"), Emission.everyEvent(), Window.of("10h"), rising);
    assertEquals(events, falls.size());
    assertEquals(1, falls.stream().filter(fall -> fall == null).count());
    assertEquals(events - 1, falls.stream().filter(fall -> Double.valueOf(0).equals(fall)).count());
  }

  @Test
  void drawdownOfValuesThatOnlyFallIsThatOfTheWindow() {
    List<List<@Nullable Object>> falling =
        LongStream.range(0, 5_000)
            .mapToObj(i -> Arrays.<@Nullable Object>asList("a", i * SECOND, (double) -i))
            .toList();
    List<@Nullable Object> falls =
        column(Aggregates.drawdown("x"), Emission.everyEvent(), Window.of("1000s"), falling);
    assertEquals(4_000, falls.stream().filter(fall -> Double.valueOf(999).equals(fall)).count());
  }

  @Test
  void ewmaIsWithinItsErrorOfTheExactOne() {
    MathContext digits = new MathContext(50);
    BigDecimal eighth = BigDecimal.valueOf(2).sqrt(digits).sqrt(digits).sqrt(digits);
    Random random = new Random(3);
    for (int round = 0; round < 50; round++) {
      List<List<@Nullable Object>> events = new ArrayList<>();
      BigDecimal weights = BigDecimal.ZERO;
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal magnitudes = BigDecimal.ZERO;
      for (int i = 0; i < 200; i++) {
        int eighths = random.nextInt(300);
        double x = random.nextGaussian() * Math.pow(10, random.nextInt(9));
        BigDecimal weight = eighth.pow(eighths, digits);
        weights = weights.add(weight);
        sum = sum.add(weight.multiply(new BigDecimal(x)));
        magnitudes = magnitudes.add(weight.multiply(new BigDecimal(Math.abs(x))));
        events.add(Arrays.asList("a", eighths * SECOND, x));
      }
      double exact = sum.divide(weights, digits).doubleValue();
      double bound = 1e-15 * magnitudes.divide(weights, digits).doubleValue();
      Object ewma =
          column(
                  Aggregates.ewma("x", 8 * SECOND),
                  Emission.every(1000 * SECOND),
                  Window.LIFETIME,
                  events)
              .get(0);
      assertEquals(exact, (Double) ewma, bound);
    }
  }

  @Test
  void ewmaLeavesOutWhatIsMoreThan64HalfLivesOld() {
    assertEquals(1.0, ewma(Double.NaN, 65));
    assertEquals(Double.NaN, ewma(Double.NaN, 64));
    assertEquals(1 + Math.pow(2, -52), ewma(Math.pow(2, 12), 64), 0x1p-53);
  }

  /** Of a value that many half-lives before a 1. */
  private static double ewma(double x, int halfLives) {
    List<List<@Nullable Object>> events =
        List.of(Arrays.asList("a", 0L, x), Arrays.asList("a", halfLives * SECOND, 1.0));
    return (Double)
        column(Aggregates.ewma("x", SECOND), Emission.every(1000 * SECOND), Window.LIFETIME, events)
            .get(0);
  }

  @Test
  void topKOfManyKeepsTheLargest() {
    List<List<@Nullable Object>> events = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      events.add(Arrays.asList("a", i * SECOND, (double) (i * 7919L % 20_000)));
    }
    assertEquals(
        List.of(List.of(19_999.0, 19_998.0, 19_997.0)),
        column(Aggregates.topK("x", 3), Emission.every(86_400 * SECOND), Window.of("1d"), events));
  }

  /** The values of the feature, in no order. */
  private static List<@Nullable Object> column(
      Aggregate aggregate, Emission emission, Window window, List<List<@Nullable Object>> events) {
    Group group =
        new Group(List.of(window), WindowBounds.DEFAULT, List.of(Feature.of("f", aggregate)));
    WindowedAggregates spec =
        new WindowedAggregates(List.of("user"), "time", null, emission, List.of(group));
    BoundAggregates plan = BoundAggregates.bind(spec, SCHEMA);
    int last = plan.outputSchema().size() - 1;
    List<@Nullable Object> values = new ArrayList<>();
    Plans.all(1).rows(plan, Plans.events(SCHEMA, events), 1).forEach(r -> values.add(r.get(last)));
    return values;
  }
}
