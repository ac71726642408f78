package io.featurebeam.benchmarks.flinknative;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.time.LocalDate;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads messages with Jackson's streaming parser. */
final class PaymentParser implements KafkaRecordDeserializationSchema<Payment> {
  private static final long serialVersionUID = 1L;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build();

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<Payment> out)
      throws IOException {
    // Not one that is used again: the source hands on by reference and reads ahead.
    out.collect(parse(message.value(), new Payment()));
  }

  static Payment parse(byte[] json, Payment payment) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        switch (name) {
          case "id" -> payment.id = parser.getLongValue();
          case "card" -> payment.card = parser.getText();
          case "paid_at" ->
              payment.paidAt =
                  micros(
                      parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
          case "amount" -> payment.amount = parser.getDoubleValue();
          case "channel" -> payment.channel = Payment.channel(parser.getText());
          default -> {
            if (token.isStructStart()) {
              parser.skipChildren();
            }
          }
        }
      }
    }
    return payment;
  }

  /** Of {@code 2024-01-31T12:34:56.123456Z}, with up to six decimals. */
  static long micros(char[] text, int from, int length) {
    long day =
        LocalDate.of(digits(text, from, 4), digits(text, from + 5, 2), digits(text, from + 8, 2))
            .toEpochDay();
    long seconds =
        day * 86_400
            + digits(text, from + 11, 2) * 3_600L
            + digits(text, from + 14, 2) * 60L
            + digits(text, from + 17, 2);
    long decimals = 0;
    int scale = 6;
    if (text[from + 19] == '.') {
      for (int i = from + 20; i < from + length - 1; i++) {
        decimals = 10 * decimals + digit(text[i]);
        scale--;
      }
    }
    if (text[from + length - 1] != 'Z' || scale < 0) {
      throw new IllegalArgumentException("Unknown time: " + new String(text, from, length));
    }
    for (; scale > 0; scale--) {
      decimals *= 10;
    }
    return seconds * 1_000_000 + decimals;
  }

  private static int digits(char[] text, int from, int count) {
    int value = 0;
    for (int i = from; i < from + count; i++) {
      value = 10 * value + digit(text[i]);
    }
    return value;
  }

  private static int digit(char c) {
    if (c < '0' || c > '9') {
      throw new IllegalArgumentException("No digit: " + c);
    }
    return c - '0';
  }

  @Override
  public TypeInformation<Payment> getProducedType() {
    return new HandWrittenType<>(Payment.class, PaymentSerializer.INSTANCE);
  }
}
