package io.featurebeam.pipelines.report;

import io.featurebeam.pipelines.spec.RuleSpec.OnFail;
import io.featurebeam.profile.ColumnProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a run did, as a value: made by the pipeline, shown by {@link SummaryPrinter} and {@link
 * HtmlReport}.
 *
 * <pre>{@code
 * RunSummary summary = RunSummary.builder("flight-delays")
 *     .ran(started, elapsed)
 *     .balance(new Balance(50_012, 49_800, 200, 10, 2))
 *     .step(new Step("Validate", 50_012, 49_812, 200, Duration.ofMillis(900)))
 *     .rule(new RuleCount("between(delay, -180, 1440)", OnFail.REJECT, 50_012, 200, List.of("-300.0")))
 *     .output(new Output("features", "out/features", 3, 49_800, 1_200_000))
 *     .columns(profile.columns())
 *     .spec(yaml)
 *     .versions(new Versions("0.1.0", "2.70.0", "17.0.9", "DirectRunner"))
 *     .build();
 * }</pre>
 *
 * @param name the pipeline's name
 * @param problem why the run failed, in words; null if it did not
 * @param running whether it has not ended yet, so that nothing is known but name, start and spec
 * @param range which rows were computed, if not all; null for all
 * @param started when
 * @param elapsed how long it took
 * @param firstRecord how long after the start the first record was read; null if there was none
 * @param balance where every record went
 * @param steps in the order of the plan
 * @param rules in the order of the spec
 * @param outputs what was written and where
 * @param report the path of the HTML report; null for none
 * @param columns what the columns hold; empty if the run made no profile
 * @param spec the spec as text, secrets left out; empty for none
 * @param versions of what ran
 */
public record RunSummary(
    String name,
    @Nullable String problem,
    boolean running,
    @Nullable String range,
    Instant started,
    Duration elapsed,
    @Nullable Duration firstRecord,
    Balance balance,
    List<Step> steps,
    List<RuleCount> rules,
    List<Output> outputs,
    @Nullable String report,
    List<ColumnProfile> columns,
    String spec,
    Versions versions) {

  public RunSummary {
    Objects.requireNonNull(name, "name is null");
    Objects.requireNonNull(started, "started is null");
    Objects.requireNonNull(elapsed, "elapsed is null");
    Objects.requireNonNull(balance, "balance is null");
    steps = List.copyOf(steps);
    rules = List.copyOf(rules);
    outputs = List.copyOf(outputs);
    columns = List.copyOf(columns);
    Objects.requireNonNull(spec, "spec is null");
    Objects.requireNonNull(versions, "versions is null");
  }

  public static RunSummaryBuilder builder(String name) {
    return new RunSummaryBuilder(name);
  }

  /** How a run ended. */
  public enum Verdict {
    SUCCEEDED,
    /** It has not ended, or was stopped before it could say so. */
    RUNNING,
    /** It ended well, but records are not accounted for: an error of the program. */
    UNBALANCED,
    FAILED
  }

  public Verdict verdict() {
    if (problem != null) {
      return Verdict.FAILED;
    }
    if (running) {
      return Verdict.RUNNING;
    }
    return balance.holds() ? Verdict.SUCCEEDED : Verdict.UNBALANCED;
  }

  /** Where every record went: {@code in = used + rejected + late + duplicate}. */
  public record Balance(long in, long used, long rejected, long late, long duplicate) {

    public Balance {
      for (long count : new long[] {in, used, rejected, late, duplicate}) {
        if (count < 0) {
          throw new IllegalArgumentException(
              "Invalid count of records: " + count + " (must be >= 0)");
        }
      }
    }

    public boolean holds() {
      return unaccounted() == 0;
    }

    /** Records in that are in no other count; negative if some are in more than one. */
    public long unaccounted() {
      return in - used - rejected - late - duplicate;
    }
  }

  /**
   * What passed through a step.
   *
   * @param time the time it took, over all threads; null if it was not measured
   */
  public record Step(String name, long in, long out, long rejected, @Nullable Duration time) {
    public Step {
      Objects.requireNonNull(name, "name is null");
    }
  }

  /**
   * How often a rule held.
   *
   * @param samples some values that failed, masked ones as {@code ***}
   */
  public record RuleCount(
      String id, OnFail onFail, long checked, long failed, List<String> samples) {

    public RuleCount {
      Objects.requireNonNull(id, "id is null");
      Objects.requireNonNull(onFail, "onFail is null");
      samples = List.copyOf(samples);
      if (failed < 0 || failed > checked) {
        throw new IllegalArgumentException(
            "Invalid count of failures of "
                + id
                + ": "
                + failed
                + " (must be 0 to "
                + checked
                + ")");
      }
    }

    public long passed() {
      return checked - failed;
    }
  }

  /**
   * What was written.
   *
   * @param kind {@code features}, {@code rejects}, {@code fitted}; {@code store} and {@code left
   *     out}, which have no files
   */
  public record Output(String kind, String path, long files, long rows, long bytes) {
    private static final long MANY_FILES = 1000;
    private static final long FEW_ROWS = 1000;

    public Output {
      Objects.requireNonNull(kind, "kind is null");
      Objects.requireNonNull(path, "path is null");
    }

    boolean isInFiles() {
      return !kind.equals("store") && !kind.equals("left out");
    }

    /** Whether it is so many files of so few rows each that reading them takes long. */
    boolean isScattered() {
      return files >= MANY_FILES && rows / files < FEW_ROWS;
    }
  }

  /** Of what ran. */
  public record Versions(String featureBeam, String beam, String java, String runner) {
    public Versions {
      Objects.requireNonNull(featureBeam, "featureBeam is null");
      Objects.requireNonNull(beam, "beam is null");
      Objects.requireNonNull(java, "java is null");
      Objects.requireNonNull(runner, "runner is null");
    }
  }
}
