package io.featurebeam.pipelines;

import io.featurebeam.pipelines.cli.ExitCode;
import java.util.Objects;

/**
 * How a run ended that came to its end.
 *
 * @param exitCode {@link ExitCode#OK}, or {@link ExitCode#VERDICT} if a rule with {@code onFail:
 *     fail} was broken, so that nothing is published
 * @param text what the command line prints: the closing summary, or the plan of {@code --explain}
 * @param problem which rules objected; empty unless the code is {@link ExitCode#VERDICT}
 */
public record RunResult(ExitCode exitCode, String text, String problem) {

  public RunResult {
    Objects.requireNonNull(exitCode, "exitCode is null");
    Objects.requireNonNull(text, "text is null");
    Objects.requireNonNull(problem, "problem is null");
  }

  static RunResult of(String text) {
    return new RunResult(ExitCode.OK, text, "");
  }
}
