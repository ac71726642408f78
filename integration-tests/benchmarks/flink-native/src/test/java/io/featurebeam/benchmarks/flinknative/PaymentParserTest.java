package io.featurebeam.benchmarks.flinknative;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaymentParserTest {

  @Test
  void whatTheJobNeedsIsReadAndTheRestSkipped() throws IOException {
    Payment payment =
        PaymentParser.parse(
            """
            {"id":12,"card":"c1","merchant":{"city":["x"]},"paid_at":"2024-02-29T23:59:58.000123Z",
             "amount":12.34,"channel":"web","country":"DE"}
            """
                .getBytes(UTF_8),
            new Payment());
    assertEquals(12, payment.id);
    assertEquals("c1", payment.card);
    assertEquals(12.34, payment.amount);
    assertEquals(Payment.WEB, payment.channel);
    assertEquals(micros("2024-02-29T23:59:58.000123Z"), payment.paidAt);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2024-01-01T00:00:00Z", "2001-12-31T12:34:56.5Z", "1999-03-01T01:02:03.000001Z"})
  void timesAreThoseOfTheJdk(String text) {
    assertEquals(micros(text), PaymentParser.micros(text.toCharArray(), 0, text.length()));
  }

  @Test
  void anotherFormOfTimeIsRefused() {
    assertEquals(
        "Unknown time: 2024-01-01T00:00:00+01:00",
        assertThrows(
                IllegalArgumentException.class,
                () -> PaymentParser.micros("2024-01-01T00:00:00+01:00".toCharArray(), 0, 25))
            .getMessage());
  }

  @Test
  void anUnknownChannelIsRefused() {
    assertEquals(
        "Unknown channel: fax",
        assertThrows(IllegalArgumentException.class, () -> Payment.channel("fax")).getMessage());
  }

  private static long micros(String text) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text));
  }
}
