package io.featurebeam.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamEventsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MESSAGES = 5_000;

  private static StreamEvents events() {
    return new StreamEvents(100, 0.5, 1_000_000, 7);
  }

  @Test
  void theSameSeedGivesTheSameMessages() {
    StreamEvents one = events();
    StreamEvents other = events();
    for (int i = 0; i < MESSAGES; i++) {
      assertArrayEquals(one.next(), other.next());
    }
  }

  @Test
  void aMessageIsOneObjectWithWhatAUserWouldSend() throws IOException {
    JsonNode message = JSON.readTree(events().next());
    assertEquals(0, message.get("id").intValue());
    assertTrue(message.get("card").textValue().matches("c\\d{7}"), message::toString);
    assertTrue(message.get("amount").doubleValue() > 0, message::toString);
    assertEquals(8, message.size(), message::toString);
  }

  @Test
  void timesAreOutOfOrderWithinTheirBoundAndACardStaysInItsPartition() throws IOException {
    StreamEvents events = events();
    Map<String, Integer> partitions = new HashMap<>();
    Instant latest = Instant.MIN;
    int behind = 0;
    for (int i = 0; i < MESSAGES; i++) {
      JsonNode message = JSON.readTree(events.next());
      assertEquals(i, message.get("id").intValue());
      String card = message.get("card").textValue();
      assertEquals(card, new String(events.key(), US_ASCII));
      int partition = events.partition(2);
      assertEquals(partition, partitions.merge(card, partition, (old, now) -> old));
      Instant time = Instant.parse(message.get("paid_at").textValue());
      behind += time.isBefore(latest) ? 1 : 0;
      latest = time.isAfter(latest) ? time : latest;
      assertTrue(Duration.between(time, latest).compareTo(Duration.ofMinutes(3)) < 0);
    }
    assertTrue(behind > MESSAGES / 10, "out of order: " + behind);
    assertEquals(100, partitions.size());
  }

  @Test
  void theClosingEventIsLaterThanAllBeforeAndTheDisorder() throws IOException {
    StreamEvents events = events();
    for (int i = 0; i < 60; i++) {
      byte[] unused = events.next();
    }
    JsonNode closing = JSON.readTree(events.closing(1));
    assertEquals("closing-1", closing.get("card").textValue());
    assertEquals(
        Instant.parse("2024-01-01T00:06:00Z"), Instant.parse(closing.get("paid_at").textValue()));
  }
}
