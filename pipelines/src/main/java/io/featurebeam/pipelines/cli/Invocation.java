package io.featurebeam.pipelines.cli;

import io.featurebeam.columnar.Spelling;
import io.featurebeam.pipelines.spec.Times;
import io.featurebeam.runners.LocalFlink;
import io.featurebeam.runners.RunnerChoice;
import io.featurebeam.runners.RunnerDefaults;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * Parsed arguments.
 *
 * @param options the options of Beam, the runner and this project
 * @param overrides the values of {@code --set}, in order
 * @param fromMicros {@code --from} in microseconds since 1970 UTC, if given
 * @param toMicros {@code --to}, likewise
 */
public record Invocation(
    FeaturePipelineOptions options,
    List<String> overrides,
    OptionalLong fromMicros,
    OptionalLong toMicros) {

  private static final String SET = "--set";

  public Invocation {
    overrides = List.copyOf(overrides);
    if (fromMicros.isPresent()
        && toMicros.isPresent()
        && fromMicros.getAsLong() >= toMicros.getAsLong()) {
      throw new UsageException(
          "Invalid --from: "
              + Times.format(fromMicros.getAsLong())
              + " (must be before --to="
              + Times.format(toMicros.getAsLong())
              + ")");
    }
  }

  /**
   * The invocation that {@code given} arguments stand for, with the defaults of their runner, or
   * {@link UsageException}.
   */
  public static Invocation parse(String... given) {
    PipelineOptionsFactory.register(FeaturePipelineOptions.class);
    String[] args = withDefaults(given);
    Set<String> known = optionNames();
    List<String> overrides = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      String arg = args[i];
      if (arg.equals(SET)) {
        throw new UsageException("Missing value: --set (use --set=path.to.key=value)");
      }
      if (arg.startsWith(SET + "=")) {
        overrides.add(arg.substring(SET.length() + 1)); // Beam would split it at commas
      } else {
        checkKnown(arg, known);
        rest.add(arg);
      }
    }
    FeaturePipelineOptions options = options(rest);
    if ("".equals(options.getSpec())) {
      throw new UsageException("Missing value: --spec (use --spec=FILE)");
    }
    options.setSet(List.copyOf(overrides));
    return new Invocation(
        options, overrides, time("--from", options.getFrom()), time("--to", options.getTo()));
  }

  /** The arguments with those that follow from the runner, which is one that can run here. */
  private static String[] withDefaults(String... args) {
    try {
      return LocalFlink.withConfiguration(RunnerDefaults.apply(RunnerChoice.resolve(args)));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The invocation that options stand for which were made in Java; those that name or change a spec
   * are refused.
   */
  public static Invocation of(PipelineOptions options) {
    FeaturePipelineOptions ours = options.as(FeaturePipelineOptions.class);
    refuseInJava("--spec", ours.getSpec());
    refuseInJava("--testSpec", ours.getTestSpec());
    refuseInJava("--writeSchema", ours.getWriteSchema());
    List<String> overrides = ours.getSet();
    refuseInJava("--set", overrides == null || overrides.isEmpty() ? null : overrides.get(0));
    return new Invocation(
        ours, List.of(), time("--from", ours.getFrom()), time("--to", ours.getTo()));
  }

  private static void refuseInJava(String flag, @Nullable String value) {
    if (value != null) {
      throw new UsageException(
          "Invalid option: " + flag + " (the spec is given in Java; change it there)");
    }
  }

  private static FeaturePipelineOptions options(List<String> args) {
    try {
      return PipelineOptionsFactory.fromArgs(args.toArray(String[]::new))
          .withValidation()
          .as(FeaturePipelineOptions.class);
    } catch (IllegalArgumentException e) {
      throw new UsageException("Invalid arguments: " + e.getMessage(), e);
    }
  }

  private static void checkKnown(String arg, Set<String> known) {
    if (!arg.startsWith("--") || arg.length() == 2) {
      throw new UsageException(
          "Invalid argument: '" + arg + "' (must be --name=value, such as --spec=FILE)");
    }
    int equals = arg.indexOf('=');
    String name = arg.substring(2, equals < 0 ? arg.length() : equals);
    if (!known.contains(name)) {
      String hint = Spelling.hint(name, known);
      throw new UsageException(
          "Unknown option: --"
              + name
              + (hint.contains("did you mean")
                  ? hint.replace("'", "").replace("mean ", "mean --")
                  : " (--help lists the options)"));
    }
  }

  /** The properties of every options interface on the classpath, so also those of the runner. */
  private static Set<String> optionNames() {
    Set<String> names = new TreeSet<>();
    for (Class<? extends PipelineOptions> type : PipelineOptionsFactory.getRegisteredOptions()) {
      for (Method method : type.getMethods()) {
        if (method.getName().startsWith("set") && method.getParameterCount() == 1) {
          String name = method.getName().substring(3);
          // As java.beans does: FasterCopy is fasterCopy, while URL stays URL.
          boolean acronym =
              name.length() > 1
                  && Character.isUpperCase(name.charAt(0))
                  && Character.isUpperCase(name.charAt(1));
          names.add(
              acronym ? name : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1));
        }
      }
    }
    return names;
  }

  private static OptionalLong time(String flag, @Nullable String text) {
    try {
      return text == null ? OptionalLong.empty() : OptionalLong.of(Times.parse(flag, text));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }
}
