package io.featurebeam.runners;

import java.beans.Introspector;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * The options that a runner should have unless the user says otherwise. They are data: {@code
 * flink.properties} and its neighbours say what and why; a runner without a file (Spark, Dataflow)
 * has none. What {@code args} already say, be it of the command line or of a spec, wins.
 *
 * <pre>{@code
 * RunnerDefaults.apply("--runner=FlinkRunner", "--fasterCopy=false")
 * // --runner=FlinkRunner --fasterCopy=false --objectReuse=true
 * }</pre>
 *
 * <p>Only the chosen runner's defaults are added, and only where that runner is on the class path:
 * if it is not, Beam shall say so rather than call an option unknown that nobody gave.
 */
public final class RunnerDefaults {

  private RunnerDefaults() {}

  /** Returns {@code args}, followed by the defaults of their runner that they do not set. */
  public static String[] apply(String... args) {
    Objects.requireNonNull(args, "args is null");
    return apply(args, knownOptions());
  }

  static String[] apply(String[] args, Set<String> known) {
    Properties defaults = read(RunnerName.of(args));
    Set<String> given = new HashSet<>();
    for (String arg : args) {
      given.add(arg.split("=", 2)[0]);
    }
    List<String> extended = new ArrayList<>(Arrays.asList(args));
    for (String name : new TreeSet<>(defaults.stringPropertyNames())) {
      if (known.contains(name) && !given.contains("--" + name)) {
        extended.add("--" + name + "=" + defaults.getProperty(name));
      }
    }
    return extended.toArray(String[]::new);
  }

  private static Properties read(String runner) {
    Properties defaults = new Properties();
    // A runner's name is the user's: only a plain one can be the name of a file of ours.
    String file = runner.matches("[a-z]+") ? runner + ".properties" : "none";
    try (InputStream in = RunnerDefaults.class.getResourceAsStream(file)) {
      if (in != null) {
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
        defaults.load(reader);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the defaults of runner " + runner, e);
    }
    return defaults;
  }

  private static Set<String> knownOptions() {
    Set<String> known = new HashSet<>();
    for (Class<? extends PipelineOptions> type : PipelineOptionsFactory.getRegisteredOptions()) {
      for (Method method : type.getMethods()) {
        if (method.getName().startsWith("set") && method.getParameterCount() == 1) {
          known.add(Introspector.decapitalize(method.getName().substring("set".length())));
        }
      }
    }
    return known;
  }
}
