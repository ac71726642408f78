package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of the documentation says what the tests of all runners showed in this build. */
class CapabilityTableIT {

  private static final Path PAGE = Path.of("..", "..", "docs", "capabilities.md");

  /** Asked for alone, it takes the results of the build before. */
  private static final String OWN_NAME = CapabilityTableIT.class.getSimpleName();

  private static final String WHOLE = "mvn verify -pl integration-tests/capabilities -am";

  @Test
  void thePageIsWhatTheTestsShow() throws IOException {
    // Else what the build was narrowed to says nothing of the rest.
    String asked = System.getProperty("it.test", OWN_NAME);
    assumeTrue(asked.equals(OWN_NAME), () -> "only some tests were asked for: " + asked);
    assumeTrue(System.getProperty("groups") == null, "only some groups of tests were asked for");
    Map<Runner, List<Shown>> shown = new EnumMap<>(Runner.class);
    for (Runner runner : Runner.values()) {
      shown.put(runner, read(runner));
    }
    String page = CapabilityTable.of(Capabilities.all(), shown);
    if (Boolean.getBoolean("featurebeam.renew")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(
        Files.exists(PAGE) ? Files.readString(PAGE) : "",
        page,
        "renew it: " + WHOLE + " -Dfeaturebeam.renew=true");
  }

  private static List<Shown> read(Runner runner) throws IOException {
    String module = runner.name().toLowerCase(Locale.ROOT);
    Path file = Path.of("..", module).resolve(ShownListener.FILE);
    assertTrue(Files.exists(file), "no results of " + module + "; run them: " + WHOLE);
    List<Shown> shown = Files.readAllLines(file).stream().map(Shown::parse).toList();
    List<String> missing =
        shown.stream()
            .filter(one -> one.outcome() == Shown.Outcome.MISSING)
            .map(Shown::test)
            .distinct()
            .toList();
    assertEquals(List.of(), missing, "not run on " + module + "; run them: " + WHOLE);
    return shown;
  }
}
