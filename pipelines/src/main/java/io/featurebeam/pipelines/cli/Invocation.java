package io.featurebeam.pipelines.cli;

import io.featurebeam.columnar.Spelling;
import io.featurebeam.pipelines.spec.Times;
import io.featurebeam.runners.LocalFlink;
import io.featurebeam.runners.RunnerChoice;
import io.featurebeam.runners.RunnerDefaults;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
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
 * @param settings the arguments, first the flags, then the spec's, then the defaults of the runner;
 *     none if the options were made in Java
 */
public record Invocation(
    FeaturePipelineOptions options,
    List<String> overrides,
    OptionalLong fromMicros,
    OptionalLong toMicros,
    List<Setting> settings) {

  private static final String SET = "--set";

  public Invocation {
    overrides = List.copyOf(overrides);
    settings = List.copyOf(settings);
    if (options.isDryRun()) {
      refuseDry("--testSpec", options.getTestSpec());
      refuseDry("--writeSchema", options.getWriteSchema());
      refuseDry("--templateLocation", options.getTemplateLocation());
    }
    if (options.getReproduce() != null) {
      refuseToReproduce("--replay", options.getReplay());
      refuseToReproduce("--from", options.getFrom());
      refuseToReproduce("--to", options.getTo());
      refuseToReproduce("--testSpec", options.getTestSpec());
      refuseToReproduce("--writeSchema", options.getWriteSchema());
      refuseToReproduce("--templateLocation", options.getTemplateLocation());
      refuseToReproduce("--explain", options.isExplain() ? "" : null);
      refuseToReproduce("--dry-run", options.isDryRun() ? "" : null);
    }
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
    return parse(Map.of(), given);
  }

  /** With the options that a spec has for the runner, which give way to flags. */
  public Invocation with(Map<String, String> ofSpec) {
    return parse(
        ofSpec,
        settings.stream()
            .filter(setting -> setting.origin() == Setting.Origin.FLAG)
            .map(Setting::argument)
            .toArray(String[]::new));
  }

  private static Invocation parse(Map<String, String> ofSpec, String... given) {
    List<Setting> settings = settings(ofSpec, given); // first, as Beam may not load here
    PipelineOptionsFactory.register(FeaturePipelineOptions.class);
    String[] args =
        LocalFlink.withConfiguration(
            settings.stream().map(Setting::argument).toArray(String[]::new));
    Set<String> known = optionTypes().keySet();
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
        options,
        overrides,
        time("--from", options.getFrom()),
        time("--to", options.getTo()),
        settings);
  }

  /** The arguments with those that follow from the runner, which is one that can run here. */
  private static List<Setting> settings(Map<String, String> ofSpec, String... given) {
    String[] flags;
    try {
      flags =
          RunnerChoice.resolve(
              Arrays.stream(given)
                  .map(flag -> flag.replaceFirst("^--dry-run(?==|$)", "--dryRun"))
                  .toArray(String[]::new));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
    List<Setting> settings = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    for (String flag : flags) {
      settings.add(new Setting(flag, Setting.Origin.FLAG));
      names.add(flag.split("=", 2)[0]);
    }
    ofSpec.forEach(
        (name, value) -> {
          if (!names.contains("--" + name)) {
            settings.add(new Setting("--" + name + "=" + value, Setting.Origin.SPEC));
          }
        });
    String[] all =
        RunnerDefaults.apply(settings.stream().map(Setting::argument).toArray(String[]::new));
    for (String added : Arrays.asList(all).subList(settings.size(), all.length)) {
      settings.add(new Setting(added, Setting.Origin.DEFAULT));
    }
    return settings;
  }

  /**
   * Refuses what a spec may not say for its runner: an option that is not there, one of the command
   * line alone, a value that does not fit.
   *
   * @return the value
   */
  public static String checkOption(String name, String value) {
    Map<String, Class<?>> types = optionTypes();
    if (name.equals("runner") || Setting.isOfThisProject(name)) {
      throw new UsageException(
          "Invalid option: '"
              + name
              + "' (is of the command line alone: give it as --"
              + name
              + ")");
    }
    Class<?> type = types.get(name);
    if (type == null) {
      throw new UsageException(
          "Unknown option: '" + name + "'" + didYouMean(name, types.keySet(), "'", "'"));
    }
    try {
      var unused =
          PipelineOptionsFactory.fromArgs("--" + name + "=" + value)
              .as(FeaturePipelineOptions.class);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "Invalid " + name + ": '" + value + "' (must be " + type.getSimpleName() + ")", e);
    }
    return value;
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
    refuseInJava("--reproduce", ours.getReproduce());
    List<String> overrides = ours.getSet();
    refuseInJava("--set", overrides == null || overrides.isEmpty() ? null : overrides.get(0));
    return new Invocation(
        ours, List.of(), time("--from", ours.getFrom()), time("--to", ours.getTo()), List.of());
  }

  private static void refuseInJava(String flag, @Nullable String value) {
    if (value != null) {
      throw new UsageException(
          "Invalid option: " + flag + " (the spec is given in Java; change it there)");
    }
  }

  private static void refuseToReproduce(String flag, @Nullable String value) {
    if (value != null) {
      throw new UsageException(
          "Invalid --reproduce with "
              + flag
              + " (what is built is what the manifest says; leave one of them out)");
    }
  }

  private static void refuseDry(String flag, @Nullable String value) {
    if (value != null) {
      throw new UsageException(
          "Invalid --dry-run with " + flag + " (it is of runs alone; leave one of them out)");
    }
  }

  /** The same over a part of event time, if given: no flag says it. */
  public Invocation over(OptionalLong from, OptionalLong to) {
    return new Invocation(options, overrides, from, to, settings);
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
      throw new UsageException("Unknown option: --" + name + didYouMean(name, known, "--", ""));
    }
  }

  /** The option that is meant, with what stands around names here. */
  private static String didYouMean(String name, Set<String> known, String before, String after) {
    String hint = Spelling.hint(name, known);
    return hint.contains("did you mean")
        ? hint.replaceFirst("'(.*)'", before + "$1" + after)
        : " (--help lists the options)";
  }

  /** The properties of every options interface on the classpath, so also those of the runner. */
  private static Map<String, Class<?>> optionTypes() {
    Map<String, Class<?>> types = new TreeMap<>();
    for (Class<? extends PipelineOptions> type : PipelineOptionsFactory.getRegisteredOptions()) {
      for (Method method : type.getMethods()) {
        if (method.getName().startsWith("set") && method.getParameterCount() == 1) {
          String name = method.getName().substring(3);
          // As java.beans does: FasterCopy is fasterCopy, while URL stays URL.
          boolean acronym =
              name.length() > 1
                  && Character.isUpperCase(name.charAt(0))
                  && Character.isUpperCase(name.charAt(1));
          types.put(
              acronym ? name : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1),
              method.getParameterTypes()[0]);
        }
      }
    }
    return types;
  }

  private static OptionalLong time(String flag, @Nullable String text) {
    try {
      return text == null ? OptionalLong.empty() : OptionalLong.of(Times.parse(flag, text));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }
}
