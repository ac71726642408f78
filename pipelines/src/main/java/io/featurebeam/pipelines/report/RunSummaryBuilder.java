package io.featurebeam.pipelines.report;

import io.featurebeam.pipelines.report.RunSummary.Balance;
import io.featurebeam.pipelines.report.RunSummary.Output;
import io.featurebeam.pipelines.report.RunSummary.RuleCount;
import io.featurebeam.pipelines.report.RunSummary.Step;
import io.featurebeam.pipelines.report.RunSummary.Versions;
import io.featurebeam.profile.ColumnProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects a {@link RunSummary}; what is not given is empty, unknown or 0. */
public final class RunSummaryBuilder {

  private final String name;
  private @Nullable String problem;
  private boolean running;
  private @Nullable String range;
  private Instant started = Instant.EPOCH;
  private Duration elapsed = Duration.ZERO;
  private @Nullable Duration firstRecord;
  private Balance balance = new Balance(0, 0, 0, 0, 0);
  private final List<Step> steps = new ArrayList<>();
  private final List<RuleCount> rules = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();
  private @Nullable String report;
  private List<ColumnProfile> columns = List.of();
  private String spec = "";
  private Versions versions = new Versions("unknown", "unknown", "unknown", "unknown");

  RunSummaryBuilder(String name) {
    this.name = name;
  }

  /** Why the run failed, in words. */
  public RunSummaryBuilder failed(String why) {
    this.problem = why;
    return this;
  }

  /** It has not ended yet. */
  public RunSummaryBuilder running() {
    this.running = true;
    return this;
  }

  /** Which rows were computed: {@code window_end from 2001-01-02 to before 2001-01-03}. */
  public RunSummaryBuilder range(@Nullable String rows) {
    this.range = rows;
    return this;
  }

  public RunSummaryBuilder ran(Instant from, Duration howLong) {
    this.started = from;
    this.elapsed = howLong;
    return this;
  }

  /** How long after the start the first record was read. */
  public RunSummaryBuilder firstRecord(Duration afterStart) {
    this.firstRecord = afterStart;
    return this;
  }

  public RunSummaryBuilder balance(Balance newBalance) {
    this.balance = newBalance;
    return this;
  }

  public RunSummaryBuilder step(Step step) {
    steps.add(step);
    return this;
  }

  public RunSummaryBuilder rule(RuleCount rule) {
    rules.add(rule);
    return this;
  }

  public RunSummaryBuilder output(Output output) {
    outputs.add(output);
    return this;
  }

  /** The path of the HTML report. */
  public RunSummaryBuilder report(String path) {
    this.report = path;
    return this;
  }

  public RunSummaryBuilder columns(List<ColumnProfile> profiles) {
    this.columns = profiles;
    return this;
  }

  /** The spec as text, secrets left out. */
  public RunSummaryBuilder spec(String text) {
    this.spec = text;
    return this;
  }

  public RunSummaryBuilder versions(Versions newVersions) {
    this.versions = newVersions;
    return this;
  }

  public RunSummary build() {
    return new RunSummary(
        name,
        problem,
        running,
        range,
        started,
        elapsed,
        firstRecord,
        balance,
        steps,
        rules,
        outputs,
        report,
        columns,
        spec,
        versions);
  }
}
