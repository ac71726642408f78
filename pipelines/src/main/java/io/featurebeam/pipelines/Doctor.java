package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.pipelines.cli.Console;
import io.featurebeam.pipelines.cli.Invocation;
import io.featurebeam.pipelines.cli.UsageException;
import io.featurebeam.pipelines.spec.ParsedSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.SinkSpec;
import io.featurebeam.pipelines.spec.SpecChecker;
import io.featurebeam.pipelines.spec.SpecException;
import io.featurebeam.pipelines.spec.SpecParser;
import io.featurebeam.pipelines.spec.SpecProblem;
import io.featurebeam.runners.JavaOpens;
import io.featurebeam.runners.RunnerChoice;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.beam.sdk.io.FileSystems;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether pipelines can run here, and a spec in particular: one line per finding, with how to
 * put it right. Takes the arguments of {@link FeaturePipeline}, runs nothing and leaves nothing.
 *
 * <pre>{@code
 * java -cp JAR io.featurebeam.pipelines.Doctor --spec=flights.yaml
 *
 * ok    java      Java 17
 * ok    runner    DirectRunner
 * ok    opens     nothing is closed that DirectRunner needs
 * WARN  memory    256 MiB of heap (runs want 1024 MiB: add -Xmx2g to the java command)
 * ok    spec      flight-delays
 * ok    source    parquet, 5 columns
 * FAIL  sink      Cannot write to output path: ...
 * }</pre>
 */
public final class Doctor {

  private static final int TESTED_JAVA = 17;
  private static final long WANTED_HEAP = 1L << 30;

  /** How a finding is. */
  enum Level {
    OK("ok"),
    WARN("WARN"),
    FAIL("FAIL");

    private final String shown;

    Level(String shown) {
      this.shown = shown;
    }
  }

  /**
   * What was found.
   *
   * @param subject what was looked at, in a word
   * @param text how it is, and the way out if it is not well
   */
  record Finding(Level level, String subject, String text) {
    static Finding ok(String subject, String text) {
      return new Finding(Level.OK, subject, text);
    }

    static Finding warn(String subject, String text) {
      return new Finding(Level.WARN, subject, text);
    }

    static Finding fail(String subject, String text) {
      return new Finding(Level.FAIL, subject, text);
    }

    @Override
    public String toString() {
      String line = text.replaceAll("\\s*\n\\s*", " ");
      return String.format("%-4s  %-8s  %s", level.shown, subject, line);
    }
  }

  private final List<Finding> findings = new ArrayList<>();

  private Doctor() {}

  /** Exits with 0, or with 1 if something is wrong. */
  public static void main(String[] args) {
    System.exit(run(args, System.out));
  }

  static int run(String[] args, PrintStream out) {
    if (Arrays.asList(args).contains("--help")) {
      out.println("Usage: Doctor [--spec=FILE] [--runner=NAME] [--option=value ...]");
      out.println("Says whether pipelines can run here: exit code 0, or 1 if a line says FAIL.");
      return 0;
    }
    try (Console console = Console.open()) {
      List<Finding> findings = new Doctor().examine(args, console);
      findings.forEach(out::println);
      return findings.stream().anyMatch(f -> f.level == Level.FAIL) ? 1 : 0;
    }
  }

  private List<Finding> examine(String[] args, Console console) {
    findings.add(java(Runtime.version().feature()));
    Invocation invocation = invocation(args);
    if (invocation != null) {
      String runner = invocation.options().getRunner().getSimpleName();
      findings.add(Finding.ok("runner", runner));
      findings.add(opens(runner, JavaOpens.missing("--runner=" + runner)));
    }
    findings.add(memory(Runtime.getRuntime().maxMemory()));
    if (invocation != null && invocation.options().getSpec() != null) {
      spec(invocation, console);
    } else if (invocation == null) {
      findings.add(Finding.warn("spec", "not looked at (put right what fails above first)"));
    }
    return findings;
  }

  private @Nullable Invocation invocation(String... args) {
    try {
      var unused = RunnerChoice.resolve(args);
    } catch (IllegalArgumentException e) {
      findings.add(Finding.fail("runner", String.valueOf(e.getMessage())));
      return null;
    }
    try {
      return Invocation.parse(args);
    } catch (UsageException e) {
      findings.add(Finding.fail("options", String.valueOf(e.getMessage())));
      return null;
    }
  }

  private void spec(Invocation invocation, Console console) {
    FileSystems.setDefaultPipelineOptions(invocation.options());
    Providers providers = Providers.discovered();
    List<ParsedSpec> read = new ArrayList<>();
    attempt(
        "spec",
        () -> {
          ParsedSpec parsed =
              SpecParser.withDefaults()
                  .withProviders(providers)
                  .withOverrides(invocation.overrides())
                  .readFile(invocation.options().getSpec());
          console.hide(parsed.spec().secrets());
          Places.check(parsed);
          new SpecRun(invocation, console, System.out).withOptionsOf(parsed);
          read.add(parsed);
          return parsed.spec().name();
        });
    for (ParsedSpec parsed : read) {
      PipelineSpec spec = parsed.spec();
      attempt("source", () -> source(parsed, providers));
      for (SinkSpec sink : spec.sinks()) {
        attempt(
            "sink",
            () ->
                sink.isStore()
                    ? StorePlans.of(spec, sink).look()
                    : sink.kafka() == null
                        ? output(spec, sink.path(), sink.overwrite())
                        : KafkaPlans.look(sink.kafka()));
      }
      if (spec.rejects() != null) {
        attempt("rejects", () -> output(spec, spec.rejects().path(), spec.rejects().overwrite()));
      }
      if (spec.report() != null) {
        attempt("report", () -> report(spec.report()));
      }
    }
  }

  /** Also whether the spec fits its columns. */
  private static String source(ParsedSpec parsed, Providers providers) {
    SourcePlan source = Sources.plan(parsed.spec().source(), providers);
    SpecChecker.check(parsed, source::schema, providers);
    return parsed.spec().source().kind() + ", " + source.schema().size() + " columns";
  }

  private static String output(PipelineSpec spec, String path, boolean overwrite) {
    Publication publication =
        Publication.of(path, RecordSchema.of())
            .withOverwrite(overwrite)
            .withSpec(spec.name(), SpecHash.of(spec));
    publication.check();
    publication.checkWritable();
    return path + " can be written";
  }

  private static String report(String path) {
    new ReportFile(path).check();
    return path + " can be written";
  }

  private void attempt(String subject, Supplier<String> look) {
    try {
      findings.add(Finding.ok(subject, look.get()));
    } catch (SpecException e) {
      for (SpecProblem problem : e.problems()) {
        findings.add(Finding.fail(subject, problem.line()));
      }
    } catch (IllegalArgumentException | UncheckedIOException e) {
      findings.add(Finding.fail(subject, String.valueOf(e.getMessage())));
    }
  }

  static Finding java(int version) {
    if (version == TESTED_JAVA) {
      return Finding.ok("java", "Java " + version);
    }
    return version == 21
        ? Finding.warn(
            "java", "Java 21 (tested is 17: if a run fails in Java's own classes, use it)")
        : Finding.fail(
            "java",
            "Java " + version + " (the sketches' memory takes 17 and 21 alone: use JDK 17)");
  }

  static Finding opens(String runner, List<String> missing) {
    return missing.isEmpty()
        ? Finding.ok("opens", "nothing is closed that " + runner + " needs")
        : Finding.fail(
            "opens",
            missing.size()
                + " packages of Java are closed to "
                + runner
                + " (run with java -jar or mvn, which open them, or add to the java command: "
                + missing.stream()
                    .map(name -> "--add-opens=" + name + "=ALL-UNNAMED")
                    .collect(Collectors.joining(" "))
                + ")");
  }

  static Finding memory(long heapBytes) {
    String heap = (heapBytes >> 20) + " MiB of heap";
    return heapBytes >= WANTED_HEAP
        ? Finding.ok("memory", heap)
        : Finding.warn(
            "memory",
            heap
                + " (runs want "
                + (WANTED_HEAP >> 20)
                + " MiB: add -Xmx2g to the java command, or to MAVEN_OPTS)");
  }
}
