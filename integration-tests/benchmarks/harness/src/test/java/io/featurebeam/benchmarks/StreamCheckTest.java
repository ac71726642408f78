package io.featurebeam.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamCheckTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Map<String, JsonNode> row(String json) {
    try {
      return Map.of("1", JSON.readTree(json.getBytes(UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }

  private static String refusal(String ours, String peers) {
    return assertThrows(
            IllegalStateException.class, () -> StreamCheck.agreed(row(ours), row(peers)))
        .getMessage();
  }

  @Test
  void numbersMayDifferByRoundingAndTimesByTheirDigits() {
    assertEquals(
        1,
        StreamCheck.agreed(
            row("{\"spent_1h\":3.3,\"paid_at\":\"2024-01-01T00:00:00.5Z\",\"revision\":1}"),
            row(
                "{\"spent_1h\":3.3000000000000003,\"paid_at\":\"2024-01-01T00:00:00.500000Z\",\"revision\":2}")));
  }

  @Test
  void aNullIsAsGoodAsNoColumnAndNoNumber() {
    assertEquals(1, StreamCheck.agreed(row("{\"mean_1h\":null}"), row("{}")));
    assertEquals(
        "Rows differ in mean_1h:\n  ours {\"mean_1h\":null}\n  peer {\"mean_1h\":0.0}",
        refusal("{\"mean_1h\":null}", "{\"mean_1h\":0.0}"));
  }

  @Test
  void aDifferentNumberIsRefused() {
    assertEquals(
        "Rows differ in spent_1h:\n  ours {\"spent_1h\":3.3}\n  peer {\"spent_1h\":3.30001}",
        refusal("{\"spent_1h\":3.3}", "{\"spent_1h\":3.30001}"));
  }

  @Test
  void aDeviationMayDifferByWhatCancels() {
    assertEquals(
        1,
        StreamCheck.agreed(
            row("{\"mean_1h\":100.0,\"deviation_1h\":1e-5}"),
            row("{\"mean_1h\":100.0,\"deviation_1h\":2e-5}")));
    assertEquals(
        """
        Rows differ in deviation_1h:
          ours {"mean_1h":100.0,"deviation_1h":1.0}
          peer {"mean_1h":100.0,"deviation_1h":1.0001}\
        """,
        refusal(
            "{\"mean_1h\":100.0,\"deviation_1h\":1.0}",
            "{\"mean_1h\":100.0,\"deviation_1h\":1.0001}"));
  }

  @Test
  void aMissingRowIsNamed() {
    assertEquals(
        "Rows differ: 1 of ours and 0 of the peer's; ours alone has 1, such as 1; the peer alone"
            + " has 0, such as none",
        assertThrows(IllegalStateException.class, () -> StreamCheck.agreed(row("{}"), Map.of()))
            .getMessage());
  }

  @Test
  void theIdIsFoundWhereverItStands() {
    assertEquals(42, StreamOutput.id("{\"card\":\"id\",\"id\":42}".getBytes(UTF_8)));
    assertEquals(7, StreamOutput.id("{\"id\":7,\"card\":\"c\"}".getBytes(UTF_8)));
    assertEquals(-1, StreamOutput.id("{\"card\":\"c\"}".getBytes(UTF_8)));
    assertEquals(-1, StreamOutput.id("{\"id\":-1}".getBytes(UTF_8)));
  }
}
