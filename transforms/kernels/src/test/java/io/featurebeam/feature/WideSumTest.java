package io.featurebeam.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class WideSumTest {

  @Property(seed = "1")
  void sumsOfAnyDoublesEqualExactDecimals(@ForAll("doubles") List<Double> values) {
    WideSum sum = WideSum.ofDoubles();
    WideSum squares = WideSum.ofSquares();
    BigDecimal exactSum = BigDecimal.ZERO;
    BigDecimal exactSquares = BigDecimal.ZERO;
    for (double value : values) {
      sum.reserve(1 << 27); // as if many came between: digits are carried at every other
      squares.reserve(1 << 27);
      sum.add(value);
      squares.addSquare(value);
      BigDecimal exact = new BigDecimal(value);
      exactSum = exactSum.add(exact);
      exactSquares = exactSquares.add(exact.multiply(exact));
    }
    assertEquals(0, exactSum.compareTo(sum.value()), exactSum + " is not " + sum.value());
    assertEquals(0, exactSquares.compareTo(squares.value()));
  }

  @Provide
  Arbitrary<List<Double>> doubles() {
    return Arbitraries.longs()
        .map(Double::longBitsToDouble)
        .filter(Double::isFinite)
        .list()
        .ofMaxSize(50);
  }

  @Test
  void theEndsOfTheDoublesHaveTheirPlaces() {
    for (double value : new double[] {Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE}) {
      WideSum sum = WideSum.ofDoubles();
      WideSum squares = WideSum.ofSquares();
      for (int i = 0; i < 3; i++) {
        sum.add(-value);
        squares.addSquare(-value);
      }
      BigDecimal exact = new BigDecimal(value);
      BigDecimal three = BigDecimal.valueOf(3);
      assertEquals(0, exact.multiply(three).negate().compareTo(sum.value()));
      assertEquals(0, exact.multiply(exact).multiply(three).compareTo(squares.value()));
    }
  }

  @Test
  void theDecimalIsAsShortAsItCanBe() {
    WideSum sum = WideSum.ofDoubles();
    assertEquals("0", sum.value().toString());
    sum.add(2.5);
    assertEquals("2.5", sum.value().toString());
    sum.add(1e22);
    assertEquals("10000000000000000000002.5", sum.value().toString());
  }
}
