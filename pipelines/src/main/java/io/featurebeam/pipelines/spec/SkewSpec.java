package io.featurebeam.pipelines.spec;

import io.featurebeam.skew.SkewLimits;
import io.featurebeam.skew.Tolerance;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A skew check: what was logged at serving time against what is computed later.
 *
 * <pre>{@code
 * SkewSpec spec =
 *     SkewSpec.of("card-skew", SourceSpec.parquet("logged"), SourceSpec.parquet("out/features"))
 *         .on("card", "paid_at")
 *         .withTolerance(new Tolerance(1e-9, 0, 0))
 *         .withVerdict("out/skew.json");
 * }</pre>
 *
 * @param on the columns that identify a row
 * @param columns the columns to compare; all that both sides have if there are none
 * @param revision see {@link io.featurebeam.skew.SkewPlan#withRevision}; null for the default
 * @param limits when the verdict is fail
 * @param mask columns of which no value is shown
 * @param report the HTML file, if any
 * @param verdict the JSON file; beside the report if null
 */
public record SkewSpec(
    String name,
    SourceSpec logged,
    SourceSpec recomputed,
    List<String> on,
    List<String> columns,
    @Nullable String revision,
    Tolerance tolerance,
    SkewLimits limits,
    List<String> mask,
    @Nullable String report,
    @Nullable String verdict,
    Secrets secrets) {

  public SkewSpec {
    Names.check("name", name);
    Objects.requireNonNull(logged, "logged is null");
    Objects.requireNonNull(recomputed, "recomputed is null");
    on = List.copyOf(on);
    columns = List.copyOf(columns);
    mask = List.copyOf(mask);
    Objects.requireNonNull(tolerance, "tolerance is null");
    Objects.requireNonNull(limits, "limits is null");
    Objects.requireNonNull(secrets, "secrets is null");
    if (report != null && report.equals(verdict)) {
      throw new IllegalArgumentException(
          "Invalid verdict path: '" + verdict + "' is the report's (must be another file)");
    }
  }

  /** Compares all columns that both have, exactly. */
  public static SkewSpec of(String name, SourceSpec logged, SourceSpec recomputed) {
    return new SkewSpec(
        name,
        logged,
        recomputed,
        List.of(),
        List.of(),
        null,
        Tolerance.NONE,
        SkewLimits.DEFAULT,
        List.of(),
        null,
        null,
        Secrets.NONE);
  }

  /** The columns that identify a row. */
  public SkewSpec on(String... names) {
    return new SkewSpec(
        name,
        logged,
        recomputed,
        List.of(names),
        columns,
        revision,
        tolerance,
        limits,
        mask,
        report,
        verdict,
        secrets);
  }

  /** Compares these columns alone. */
  public SkewSpec withColumns(String... names) {
    return new SkewSpec(
        name,
        logged,
        recomputed,
        on,
        List.of(names),
        revision,
        tolerance,
        limits,
        mask,
        report,
        verdict,
        secrets);
  }

  /** Of several rows of one key, the one with the highest value of this column counts. */
  public SkewSpec withRevision(String column) {
    return new SkewSpec(
        name,
        logged,
        recomputed,
        on,
        columns,
        column,
        tolerance,
        limits,
        mask,
        report,
        verdict,
        secrets);
  }

  public SkewSpec withTolerance(Tolerance newTolerance) {
    return new SkewSpec(
        name,
        logged,
        recomputed,
        on,
        columns,
        revision,
        newTolerance,
        limits,
        mask,
        report,
        verdict,
        secrets);
  }

  /** When the verdict is fail. */
  public SkewSpec withLimits(SkewLimits newLimits) {
    return new SkewSpec(
        name,
        logged,
        recomputed,
        on,
        columns,
        revision,
        tolerance,
        newLimits,
        mask,
        report,
        verdict,
        secrets);
  }

  /** Columns of which no value is shown. */
  public SkewSpec withMask(String... names) {
    return new SkewSpec(
        name,
        logged,
        recomputed,
        on,
        columns,
        revision,
        tolerance,
        limits,
        List.of(names),
        report,
        verdict,
        secrets);
  }

  /** The HTML file. */
  public SkewSpec withReport(String path) {
    return new SkewSpec(
        name,
        logged,
        recomputed,
        on,
        columns,
        revision,
        tolerance,
        limits,
        mask,
        path,
        verdict,
        secrets);
  }

  /** The JSON file. */
  public SkewSpec withVerdict(String path) {
    return new SkewSpec(
        name,
        logged,
        recomputed,
        on,
        columns,
        revision,
        tolerance,
        limits,
        mask,
        report,
        path,
        secrets);
  }

  /** Where the verdict is written. */
  public String verdictPath() {
    if (verdict != null) {
      return verdict;
    }
    if (report == null) {
      throw new IllegalArgumentException(
          "Missing verdict: {path: FILE}, the JSON file that says how it ended (or report: {path:"
              + " FILE}, beside which it then is)");
    }
    return report.replaceFirst("\\.html?$", "") + ".json";
  }
}
