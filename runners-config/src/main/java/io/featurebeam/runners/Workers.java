package io.featurebeam.runners;

import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Objects;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where a run's records are worked on. Two things follow: whose counts are those of the run, and
 * whether the run ends when this process does.
 */
public enum Workers {
  /** In this JVM. */
  HERE,
  /**
   * In other processes, which count for themselves, and which this one directs: they end with it.
   */
  DIRECTED,
  /** In other processes, which count for themselves and go on without this one. */
  ELSEWHERE;

  /** Of a run with these options. */
  public static Workers of(PipelineOptions options) {
    Objects.requireNonNull(options, "options is null");
    String runner = RunnerName.of("--runner=" + options.getRunner().getSimpleName());
    return of(runner, option(options, runner + "Master"), Submission.engine());
  }

  /** Of a run with these arguments. */
  static Workers of(String[] args, @Nullable String submittedTo) {
    String runner = RunnerName.of(args);
    String flag = "--" + runner + "master=";
    String master = null;
    for (String arg : args) {
      if (arg.toLowerCase(Locale.ROOT).startsWith(flag)) {
        master = arg.substring(flag.length());
      }
    }
    return of(runner, master, submittedTo);
  }

  /**
   * @param master what the runner's option for that says; null if nothing, which is local
   * @param submittedTo the engine whose client started this program, if one did: flink, spark
   */
  private static Workers of(String runner, @Nullable String master, @Nullable String submittedTo) {
    String local = master == null ? "" : master.toLowerCase(Locale.ROOT);
    return switch (runner) {
      case "flink" ->
          submittedTo == null && local.matches("|\\[(local|auto|collection)\\]") ? HERE : ELSEWHERE;
      case "spark" -> submittedTo == null && local.matches("|local(\\[.*\\])?") ? HERE : DIRECTED;
      case "dataflow" -> ELSEWHERE;
      default -> HERE;
    };
  }

  /** By name: the runner is on the class path when it is chosen, not when this is compiled. */
  private static @Nullable String option(PipelineOptions options, String name) {
    for (Class<? extends PipelineOptions> type : PipelineOptionsFactory.getRegisteredOptions()) {
      for (Method method : type.getMethods()) {
        if (method.getName().equalsIgnoreCase("get" + name)) {
          try {
            return (String) method.invoke(options.as(type));
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot ask for option " + name, e);
          }
        }
      }
    }
    return null;
  }
}
