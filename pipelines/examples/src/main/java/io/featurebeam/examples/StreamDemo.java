package io.featurebeam.examples;

import io.featurebeam.io.kafka.EmbeddedBroker;
import io.featurebeam.io.lookup.EmbeddedRedis;
import io.featurebeam.pipelines.FeaturePipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shows a stream at work: starts a broker and a store, sends generated events, follows them with
 * the example's spec on Flink, all in this process, and prints rows as they come out and as a
 * service finds them in the store. Goes on until Ctrl-C.
 *
 * <pre>
 * mvn -q -pl pipelines/examples -am compile exec:java@demo -Dexec.args="card-fraud --rate=500"
 * </pre>
 *
 * <p>Arguments: the example; {@code --rate} in messages a second; {@code --seed} of the generator;
 * {@code --messages} after how many no more are sent. The others go to {@link FeaturePipeline}.
 */
public final class StreamDemo {

  /** When the first event may happen: long past, so that none lies ahead of the clock. */
  public static final Instant START = Instant.parse("2025-01-06T00:00:00Z");

  /** Servers tell much as they go down, and so does who still writes to one. */
  private static final List<String> QUIET =
      List.of("kafka", "state", "org.apache.kafka", "org.apache.flink", "io.featurebeam.io.redis");

  private StreamDemo() {}

  /** What the command line asks for. */
  record Request(Example example, long seed, int rate, long messages, List<String> others) {

    static Request of(String... args) {
      List<String> others = new ArrayList<>();
      Example example = null;
      long seed = 1;
      long rate = 0;
      long messages = Long.MAX_VALUE;
      for (String arg : args) {
        String value = arg.substring(arg.indexOf('=') + 1);
        if (arg.startsWith("--seed=")) {
          seed = number(arg, value);
        } else if (arg.startsWith("--rate=")) {
          rate = number(arg, value);
        } else if (arg.startsWith("--messages=")) {
          messages = number(arg, value);
        } else if (arg.startsWith("--")) {
          others.add(arg);
        } else {
          example = example(arg);
        }
      }
      if (example == null) {
        throw new IllegalArgumentException("Missing example (must be " + names() + ")");
      }
      return new Request(
          example, seed, rate == 0 ? example.rate() : (int) rate, messages, List.copyOf(others));
    }

    private static long number(String arg, String value) {
      if (!value.matches("[1-9][0-9]{0,8}")) {
        throw new IllegalArgumentException(
            "Invalid argument: " + arg + " (must be a whole number above zero)");
      }
      return Long.parseLong(value);
    }

    private static Example example(String name) {
      return Example.all().stream()
          .filter(e -> e.name().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "Unknown example: '" + name + "' (must be " + names() + ")"));
    }

    private static String names() {
      return Example.all().stream().map(Example::name).collect(Collectors.joining(", "))
          + ", "
          + String.join(" or ", TrainingDemo.NAMES);
    }

    /** The spec, from this folder or one around it. */
    Path spec() {
      return Examples.find(Path.of(example.name(), example.name() + ".yaml"));
    }

    /**
     * The same spec with this broker, and what else was asked for.
     *
     * @param store the server that keeps rows; null if the example has none
     */
    String[] pipelineArgs(String servers, @Nullable String store) {
      List<String> args = new ArrayList<>();
      args.add("--runner=FlinkRunner");
      args.add("--spec=" + spec());
      args.add("--set=source.kafka.servers=" + servers);
      for (int topic = 0; topic <= example.alerts().size(); topic++) {
        args.add("--set=sink." + topic + ".kafka.servers=" + servers);
      }
      if (store != null) { // behind the topics and the files
        args.add("--set=sink." + (example.alerts().size() + 2) + ".redis.server=" + store);
      }
      args.addAll(others);
      return args.toArray(String[]::new);
    }
  }

  public static void main(String[] args) throws IOException {
    for (String name : QUIET) {
      System.setProperty("org.slf4j.simpleLogger.log." + name, "off");
    }
    if (args.length > 0 && TrainingDemo.has(args[0])) {
      System.exit(TrainingDemo.run(args[0], Arrays.copyOfRange(args, 1, args.length)));
    }
    Request request;
    try {
      request = Request.of(args);
      Path unused = request.spec();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    System.exit(run(request));
  }

  private static int run(Request request) throws IOException {
    Path folder = Files.createTempDirectory("featurebeam-demo");
    EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"));
    Example example = request.example();
    broker.createTopic(example.input(), 2);
    broker.createTopic(example.rows(), 1);
    example.alerts().keySet().forEach(topic -> broker.createTopic(topic, 1));
    EmbeddedRedis redis = example.stored().isPresent() ? EmbeddedRedis.started() : null;
    String store = redis == null ? null : redis.address();
    Scoreboard scores = new Scoreboard(example);
    Screen screen = new Screen(example, scores);
    System.out.print(head(request, broker, store));
    Generator generator = Generator.start(broker, request, scores);
    RowReader reader = RowReader.start(broker, example, screen, generator);
    StoreReader asking =
        redis == null
            ? null
            : StoreReader.start(
                redis.connection(),
                example.name(),
                example.stored().orElseThrow(),
                screen,
                generator::now);
    Thread end =
        new Thread(
            () -> {
              generator.stop();
              reader.stop();
              if (asking != null) {
                asking.stop();
              }
              System.out.print(scores.text() + (asking == null ? "" : asking.text()));
              System.out.flush();
              broker.close();
              if (redis != null) {
                redis.close();
              }
              delete(folder);
            },
            "demo-end");
    Runtime.getRuntime().addShutdownHook(end);
    // Only a stream that cannot begin, or fails, ends by itself; the hook clears up behind it.
    return FeaturePipeline.run(request.pipelineArgs(broker.servers(), store));
  }

  private static String head(Request request, EmbeddedBroker broker, @Nullable String store) {
    Example example = request.example();
    Optional<String> key = example.stored().map(Example.Stored::key);
    String paced =
        String.format(
            Locale.ROOT,
            "%s; %,d messages a second (seed %d)",
            example.generator(),
            request.rate(),
            request.seed());
    return """

    %s: a broker, a generator of %s and the stream, all in this process

      generator  %s;
                 some come out of order, twice, far too late, unreadable or against a rule
      broker     %s with the topics %s, %s, %s
    %s  spec       %s

    Each line is a row that came out of the stream: an event, and what went before it. %s
    are rows for which a "where" of the spec is true, the others one in %d of all. Behind it stands
    what the generator planted there. %sCtrl-C ends it all.

    """
        .formatted(
            example.name(),
            example.events(),
            paced,
            broker.servers(),
            example.input(),
            example.rows(),
            String.join(", ", example.alerts().keySet()),
            key.map(
                    k ->
                        "  store      Redis at "
                            + store
                            + " with the newest row of each "
                            + k
                            + "\n")
                .orElse(""),
            request.spec(),
            String.join(" and ", example.alerts().values()),
            example.oneIn(),
            key.map(k -> "STORE is what a service finds of the " + k + " above it.\n").orElse(""));
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("Cannot delete " + folder + ": " + e.getMessage());
    }
  }
}
