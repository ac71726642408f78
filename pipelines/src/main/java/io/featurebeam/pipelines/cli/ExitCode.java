package io.featurebeam.pipelines.cli;

import io.featurebeam.pipelines.spec.SpecException;

/**
 * What a process ends with, so that a scheduler can tell a bad spec from bad data from a bad day. A
 * signal ends it with 128 and its number: 130 after Ctrl-C, 143 after {@code kill}.
 */
public enum ExitCode {
  /** The run is complete and published. */
  OK(0),
  /** The run failed. */
  FAILED(1),
  /** The arguments or the spec are wrong; nothing ran. */
  USAGE(2),
  /** A rule with {@code onFail: fail} was broken; nothing was published. */
  VERDICT(3),
  /** What was compared is not the same: a data set built again, or two versions of one. */
  DIFFERENT(4);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The code of what a command threw, also if a runner wrapped it. */
  static ExitCode of(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof VerdictException) {
        return VERDICT;
      }
      if (t instanceof SpecException || t instanceof UsageException) {
        return USAGE;
      }
    }
    // An argument that was refused before anything ran; what is thrown on a worker comes wrapped.
    return thrown instanceof IllegalArgumentException ? USAGE : FAILED;
  }
}
