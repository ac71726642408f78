package io.featurebeam.runners;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * What a runner cannot do at all, which is data: {@code limits.properties} says what and why. Who
 * asks for it is told before anything runs, and which runners can.
 *
 * <pre>{@code
 * RunnerLimits.refusal(Need.STREAM, "SparkRunner", "the source 'ticks' has no end");
 * // Spark runner cannot run a streaming pipeline: the source 'ticks' has no end (...; use ...)
 * }</pre>
 */
public final class RunnerLimits {

  /** What a pipeline may ask for that not every runner has. */
  public enum Need {
    STREAM("run a streaming pipeline"),
    TEMPLATE("write a template"),
    EXACTLY_ONCE("write a topic exactly once");

    private final String words;

    Need(String words) {
      this.words = words;
    }
  }

  private RunnerLimits() {}

  /**
   * Why the runner cannot do it, as an error says it; empty if it can.
   *
   * @param runner the runner's class name
   * @param because what asks for it
   */
  public static Optional<String> refusal(Need need, String runner, String because) {
    Objects.requireNonNull(need, "need is null");
    Objects.requireNonNull(because, "because is null");
    Properties limits = read();
    String name = RunnerName.of("--runner=" + runner);
    return Arrays.stream(RunnerChoice.Known.values())
        .filter(known -> known.id().equals(name) && limits.containsKey(key(need, known)))
        .findAny()
        .map(
            known ->
                known.label()
                    + " runner cannot "
                    + need.words
                    + ": "
                    + because
                    + " ("
                    + limits.getProperty(key(need, known))
                    + "; use "
                    + String.join(" or ", able(need, limits))
                    + ")");
  }

  /** The runners that can, the one for tests and samples last. */
  private static List<String> able(Need need, Properties limits) {
    List<String> able = new ArrayList<>();
    for (RunnerChoice.Known known : RunnerChoice.Known.values()) {
      if (!limits.containsKey(key(need, known))) {
        able.add("--runner=" + known.runner());
      }
    }
    if (able.size() > 1 && able.remove("--runner=" + RunnerChoice.Known.DIRECT.runner())) {
      able.add("--runner=" + RunnerChoice.Known.DIRECT.runner());
    }
    return able;
  }

  private static String key(Need need, RunnerChoice.Known known) {
    return known.id() + "." + need.name().toLowerCase(Locale.ROOT);
  }

  private static Properties read() {
    Properties limits = new Properties();
    try (InputStream in = RunnerLimits.class.getResourceAsStream("limits.properties");
        Reader reader = new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8)) {
      limits.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the limits of runners", e);
    }
    return limits;
  }
}
