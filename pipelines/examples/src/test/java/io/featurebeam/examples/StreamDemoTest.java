package io.featurebeam.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamDemoTest {

  private static String refusal(String... args) {
    return assertThrows(
            IllegalArgumentException.class, () -> StreamDemo.Request.of(args), "no refusal")
        .getMessage();
  }

  @Test
  void whatIsNoneOfTheDemosGoesToThePipeline() {
    StreamDemo.Request request =
        StreamDemo.Request.of("--seed=3", "card-fraud", "--rate=50", "--set=name=other");

    assertEquals(3, request.seed());
    assertEquals(50, request.rate());
    List<String> args = List.of(request.pipelineArgs("localhost:1", "localhost:2"));
    assertTrue(args.contains("--runner=FlinkRunner"), args::toString);
    assertTrue(args.contains("--set=source.kafka.servers=localhost:1"), args::toString);
    assertTrue(args.contains("--set=sink.3.redis.server=localhost:2"), args::toString);
    assertEquals("--set=name=other", args.get(args.size() - 1));
  }

  @Test
  void whatIsMissingOrUnknownIsToldWithWhatThereIs() {
    String names = "card-fraud, patient-vitals, card-fraud-training or demand";

    assertEquals("Missing example (must be " + names + ")", refusal("--rate=5"));
    assertEquals("Unknown example: 'fraud' (must be " + names + ")", refusal("fraud"));
    assertEquals(
        "Invalid argument: --rate=0 (must be a whole number above zero)",
        refusal("card-fraud", "--rate=0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"card-fraud", "patient-vitals"})
  void theSpecIsFoundFromTheModulesFolder(String example) {
    assertTrue(Files.exists(StreamDemo.Request.of(example).spec()));
  }
}
